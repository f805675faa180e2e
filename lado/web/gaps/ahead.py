"""What other pages say of the gaps ahead: the strip, the banner, and the warning before a change is saved."""

from datetime import datetime

from lado.act import Act
from lado.domain.cover import Rota
from lado.queries import gaps, practices
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.gaps import presenters
from lado.web.gaps.strip import Strip, strip_of
from workflows.practice import Practice


def strip_for(act: Act, rota: Rota, practice: Practice) -> Strip:
    """The strip of the coming weeks, for the page of the cover."""
    return strip_of(gaps.read(act, act.who.authority or 0, rota, practice), act.today)


def banner_for(act: Act, rota: Rota, practice: Practice) -> str:
    """The gaps ahead in one sentence, for those who can close them; empty for everybody else."""
    if not can(act.who, Permission.COVER_ARRANGE):
        return ""
    return presenters.banner(gaps.read(act, act.who.authority or 0, rota, practice))


def warnings_for(act: Act, before: Rota, after: Rota, from_at: datetime, until_at: datetime) -> list[str]:
    """What a change of the rota would leave open over a span of time, and what would close it."""
    authority = act.who.authority or 0
    practice = practices.in_force(act.session, authority, act.at)
    return presenters.warnings(gaps.made(act, authority, before, after, (from_at, until_at), practice))

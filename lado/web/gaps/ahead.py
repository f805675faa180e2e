"""What other pages say of the gaps ahead: the strip, the banner, and the warning before a change is saved."""

from dataclasses import replace

from lado.act import Act
from lado.domain.cover import Rota
from lado.domain.rota_changes import New, applied
from lado.queries import cover, gaps, practices
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import rota_effects
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


def warnings_of(act: Act, new: New, replaces: int = 0) -> list[str]:
    """The gaps that a change of the rota would make, and what would close each, before it is saved.

    `replaces` is the absence (by number) in whose place a new one would stand: the gaps of both count as new.
    """
    authority, span = act.who.authority or 0, rota_effects.span(act, new)
    found = cover.rota(act.session, authority, min(act.at, span[0]))
    before = replace(found, absences=tuple(one for one in found.absences if not replaces or one.id != replaces))
    practice = practices.in_force(act.session, authority, act.at)
    return presenters.warnings(gaps.made(act, authority, before, applied(before, new), span, practice))

"""A manager's day in one message: counts and a link, once each working day, as soon as the office is open.

That it is daily, in office hours, and not sent when there is nothing to say are defaults of this product.
"""

from sqlalchemy import select

from lado.act import Act
from lado.domain.cover import on_cover
from lado.domain.urgency import bounds
from lado.models import Notice
from lado.queries import cover, digest, gaps, practices
from lado.queries.digest import Counts
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices

TOLD = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
"""Who has a digest; the director where a council has neither."""

SAID = {
    "lapsed": ("1 open case has lapsed", "{} open cases have lapsed"),
    "today": ("1 open case is due today", "{} open cases are due today"),
    "unanswered": ("1 lapse has reached somebody and is not answered", "{} lapses have reached somebody, not answered"),
    "not_accepted": ("1 case handed over is not accepted", "{} cases handed over are not accepted"),
    "failed": ("1 message could not be delivered", "{} messages could not be delivered"),
    "gaps": ("1 gap stands in the cover ahead", "{} gaps stand in the cover ahead"),
}


def tell(act: Act, authority_id: int) -> int:
    """Write today's digest for each manager who is there and has none yet. Returns how many were written now."""
    ensure(act.who, Permission.NOTICE_SEND)
    practice = practices.in_force(act.session, authority_id, act.at)
    hours = practice.rules.office.open_on(act.today, practice.calendar)
    if hours is None or not hours[0] <= act.at < hours[1]:
        return 0
    team = cover.team(act.session, authority_id, act.at)
    managers = [person for role in TOLD for person in team.in_role.get(role.value, ())]
    people = {_key(act, person): person for person in managers or team.in_role.get(Role.DIRECTOR.value, ())}
    have = set(act.session.scalars(select(Notice.message_id).where(Notice.message_id.in_(people))))
    there = {
        key: person
        for key, person in people.items()
        if key not in have and on_cover(person, act.at, team.rota).person == person
    }
    if not there:
        return 0
    ahead = {who: len(gaps.read(act, authority_id, team.rota, practice, who).outlook.gaps) for who in there.values()}
    until_at = bounds(act.at, practice.calendar).tomorrow_at
    found = {
        key: digest.counts(act.session, authority_id, who, act.at, until_at, ahead[who]) for key, who in there.items()
    }
    return sum(
        notices.queue(act, there[key], None, "Your day: what is late, due or waiting", _body(counts), key=key)
        for key, counts in found.items()
        if any(counts)
    )


def _key(act: Act, person: int) -> str:
    return f"{notices.DIGEST}{person}.{act.today}"


def _body(counts: Counts) -> str:
    lines = [
        f"- {one if number == 1 else many.format(number)}"
        for (one, many), number in ((SAID[name], number) for name, number in counts._asdict().items())
        if number
    ]
    return "\n".join(["In your council at this moment:", *lines])

"""The weekly word to managers that gaps in the cover stand, for as long as they do."""

from lado.act import Act
from lado.domain.demand import monday_of
from lado.domain.gaps import Gap
from lado.queries import cover, gaps, practices
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from workflows.london import LONDON

TOLD = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
"""Who hears of gaps; the director where a council has neither."""


def tell(act: Act, authority_id: int) -> int:
    """Tell each manager once a week, in office hours, of the gaps that they may know of; returns how many were told.

    On Monday, or on the first day of the week on which the office is open and this is asked.
    """
    ensure(act.who, Permission.COVER_WATCH)
    practice = practices.in_force(act.session, authority_id, act.at)
    hours = practice.rules.office.open_on(act.today, practice.calendar)
    if hours is None or not hours[0] <= act.at < hours[1]:
        return 0
    team = cover.team(act.session, authority_id, act.at)
    managers = [person for role in TOLD for person in team.in_role.get(role.value, ())]
    told = managers or list(team.in_role.get(Role.DIRECTOR.value, ()))
    week = f"gaps.{authority_id}.{monday_of(act.today)}"
    found = {person: gaps.read(act, authority_id, team.rota, practice, person).outlook.gaps for person in told}
    return sum(
        notices.queue(act, person, None, "Gaps in the cover ahead", _body(theirs), key=f"{week}.{person}")
        for person, theirs in found.items()
        if theirs
    )


def _body(found: tuple[Gap, ...]) -> str:
    first = found[0].from_at.astimezone(LONDON)
    many = "1 gap stands" if len(found) == 1 else f"{len(found)} gaps stand"
    return (
        f"{many} in the cover of the next {gaps.WEEKS} weeks. The first begins on {first:%A} {first.day} {first:%B}. "
        "What would close each is said under Cover, Gaps ahead."
    )

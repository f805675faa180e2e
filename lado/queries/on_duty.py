"""Who takes a referral that nobody chose an officer for: whoever is there, as the one resolver says."""

from datetime import datetime

from sqlalchemy.orm import Session

from lado.domain.cover import on_cover
from lado.queries import cover
from lado.security.identity import Role


def officer_on_duty(session: Session, authority_id: int, at: datetime) -> int | None:
    """The first designated officer who is there, or a cover officer, or whoever covers for one of them.

    Where nobody is there at all it is the first officer, and the case goes up the ladder from there. None: the
    authority has no officer.
    """
    team = cover.team(session, authority_id, at)
    officers = [
        person for role in (Role.DESIGNATED_OFFICER, Role.COVER_OFFICER) for person in team.in_role.get(role.value, ())
    ]
    there = (person for person in officers if team.rota.is_there(person, at))
    covering = (found for person in officers if (found := on_cover(person, at, team.rota).person) is not None)
    return next(iter([*there, *covering, *officers]), None)

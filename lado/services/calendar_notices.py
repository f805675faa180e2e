"""What a manager is told about bank holidays: that the known ones end soon, and that a day was announced too late."""

from datetime import timedelta

from sqlalchemy import func, select

from lado.act import Act
from lado.domain.escalation import leader
from lado.models import Authority, Change, HolidayReview
from lado.queries import cover, practices
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices

WARN_BEFORE = timedelta(days=60)
"""How long before the known bank holidays end somebody is told (a default of this product)."""

NOBODY = 0
"""In place of the person whom a leader must not be: any leader will do."""


def ends_soon(act: Act) -> bool:
    """Whether the newest list of bank holidays comes to its end. Before the first one is kept there is none."""
    if act.session.scalar(practices.NEWEST_HOLIDAYS) is None:
        return False
    return practices.england(act.session).known_to - act.today < WARN_BEFORE


def tell_of_end(act: Act) -> int:
    """Tell one leader of each council, once for each list, that its bank holidays end soon. Returns how many."""
    ensure(act.who, Permission.CHANGE_APPLY)
    if not ends_soon(act):
        return 0
    known = practices.england(act.session)
    body = (
        "The list of bank holidays comes to its end. Dates beyond it count every weekday as a working day, so they are "
        "never too late, but they may be too early. Ask whoever runs this service to keep the newest list."
    )
    authorities = act.session.scalars(select(Authority.id).order_by(Authority.id)).all()
    told = [
        _tell(act, authority_id, "Bank holidays end soon", body, f"holidays.{known.version}.{authority_id}")
        for authority_id in authorities
    ]
    return sum(told)


def tell_of_reviews(act: Act, change: Change) -> bool:
    """Tell one leader, once, how many time limits a day that was announced too late leaves to look at."""
    count = act.session.scalar(select(func.count(HolidayReview.id)).where(HolidayReview.change_id == change.id)) or 0
    if not count:
        return False
    limits = "1 time limit" if count == 1 else f"{count} time limits"
    body = (
        f"A bank holiday was announced after the day. {limits} ended or lapsed over it. Nothing of them was changed; "
        "please look at them under Our rules, Bank holidays and closures."
    )
    return _tell(act, change.authority_id, "A bank holiday was announced late", body, f"late.{change.id}")


def _tell(act: Act, authority_id: int, subject: str, body: str, key: str) -> bool:
    found = leader(cover.team(act.session, authority_id, act.at), act.at, besides=NOBODY)
    return found.person is not None and notices.queue(act, found.person, None, subject, body, key=key)

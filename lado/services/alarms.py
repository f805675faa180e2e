"""Telling managers that something stored does not open: it was changed or moved from outside, or a key is gone."""

from sqlalchemy import select

from lado.act import Act
from lado.models import Account
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import MANAGERS
from lado.services import notices

SUBJECT = "Something stored does not open"
BODY = (
    "Something that is stored here does not open: it was changed or moved from outside, or a key is missing. "
    "Nothing of it was shown. Please ask whoever keeps your system to look at its log now{code}."
)


def sealed_part_refused(act: Act, code: str = "") -> int:
    """Tell every council's managers, once in an hour however much does not open; how many were told now.

    `code` is what the page gave to whoever met it, and stands in the log with the place. A notice names neither.
    """
    ensure(act.who, Permission.RECORD_VERIFY)
    people = select(Account.id).where(Account.disabled_at.is_(None), Account.role.in_(role.value for role in MANAGERS))
    body = BODY.format(code=f", for the code {code}" if code else "")
    hour = f"{act.at:%Y%m%d%H}"
    return sum(
        notices.queue(act, person, None, SUBJECT, body, key=f"{notices.ABOUT_THE_RECORD}sealed.{hour}.{person}")
        for person in act.session.scalars(people.order_by(Account.id)).all()
    )

"""The weekly word to managers that accounts end soon, or that nobody uses them."""

from lado.act import Act
from lado.domain.demand import monday_of
from lado.queries import cover, people, practices
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices

SUBJECT = "Accounts that end soon or are unused"


def tell(act: Act, authority_id: int) -> int:
    """Tell each service manager once a week, in office hours, of accounts that end or are unused; how many were told.

    The head of service hears where a council has no manager. It is on Monday, or on the first day of the week on which
    the office is open and this is asked.
    """
    ensure(act.who, Permission.NOTICE_SEND)
    practice = practices.in_force(act.session, authority_id, act.at)
    hours = practice.rules.office.open_on(act.today, practice.calendar)
    if hours is None or not hours[0] <= act.at < hours[1]:
        return 0
    if not (number := people.ending_of(act, authority_id)):
        return 0
    in_role = cover.team(act.session, authority_id, act.at).in_role
    told = in_role.get(Role.SERVICE_MANAGER.value) or in_role.get(Role.HEAD_OF_SERVICE.value, ())
    week = f"accounts.{authority_id}.{monday_of(act.today)}"
    return sum(notices.queue(act, person, None, SUBJECT, _body(number), key=f"{week}.{person}") for person in told)


def _body(number: int) -> str:
    many = "1 account is" if number == 1 else f"{number} accounts are"
    return f"{many} suspended, or near the end. Which, is said under People, Accounts that end soon or are unused."

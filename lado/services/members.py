"""What becomes of somebody of a partner organisation: they go to another one, their account ends, or it is shut."""

from datetime import date

from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, Agency
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import access, accounts, grants, invitations


def move(act: Act, account_id: int, agency_id: int, why: str) -> None:
    """Let somebody belong to another organisation: whatever they followed for the last one, they follow no more.

    Raises BadInput by field (agency, why), Refused, NotAllowed, NotFound.
    """
    account = held(act, account_id)
    agency = act.session.get(Agency, agency_id)
    problems = {}
    if agency is None or agency.authority_id != account.authority_id or agency.id == account.agency_id:
        problems["agency"] = "Choose another organisation."
    if problem := grants.problem_with_reason(why):
        problems["why"] = problem
    if problems:
        raise BadInput(problems)
    access.end_all(act, account, why)
    account.agency_id = agency_id
    act.session.flush()


def set_end(act: Act, account_id: int, ends_on: date | None) -> None:
    """Let an account end by itself after its last day, or (None) stand until it is shut.

    Raises BadInput by field (ends_on), Refused, NotAllowed, NotFound.
    """
    account = held(act, account_id)
    if ends_on is not None and ends_on < act.today:
        raise BadInput({"ends_on": "The last day is in the past. Choose today or a later day."})
    account.ends_at = grants.end_of(ends_on)
    act.session.flush()


def shut(act: Act, account_id: int, why: str) -> None:
    """Shut an account for good, from the next request on, and end whatever access it had.

    Raises BadInput by field (why), Refused, NotAllowed, NotFound.
    """
    account = held(act, account_id)
    if problem := grants.problem_with_reason(why):
        raise BadInput({"why": problem})
    access.end_all(act, account, why)
    invitations.withdraw(act, account)
    accounts.disable(act, account)
    act.session.flush()


def held(act: Act, account_id: int) -> Account:
    """A partner's account, held until the act ends. Raises NotFound, NotAllowed, and Refused where it is shut."""
    query = select(Account).where(Account.id == account_id, Account.role == Role.PARTNER.value)
    account = act.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise NotFound("no such partner")
    ensure(act.who, Permission.PARTNER_KEEP, account)
    if account.disabled_at is not None:
        raise Refused("This account is shut. What its person did stays theirs.")
    return account

"""How long accounts stand: the last day of whoever is here for a time, and the end of what nobody uses.

Accounts that nobody used were how Hackney was entered in 2020 (the Information Commissioner's reprimand of July 2024).
Ninety days and forty-five days are defaults of this product, in the spirit of OWASP ASVS 5.0 item 7.4.2.
"""

from datetime import date, timedelta

from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Account
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import open_sessions
from lado.services.grants import end_of

LONGEST_STAY = timedelta(days=90)
"""How far ahead the last day may be of whoever covers or is here for a time; it can be put off again and again."""

UNUSED = timedelta(days=45)
"""An account that nobody signs in to for so long is suspended until an administrator wakes it."""

NEEDS_END = "This person is here for a time. Enter their last day."
TOO_FAR = f"Choose a day within the next {LONGEST_STAY.days} days. It can be put off when it comes near."
PAST = "The last day is in the past. Choose today or a later day."


def needs_end(role: Role, *, is_temporary: bool) -> bool:
    """Whether an account has to have a last day."""
    return role is Role.COVER_OFFICER or is_temporary


def problem_with_end(act: Act, role: Role, ends_on: date | None, *, is_temporary: bool) -> str | None:
    """What is wrong with a last day, or None."""
    has_to_end = needs_end(role, is_temporary=is_temporary)
    if ends_on is None:
        return NEEDS_END if has_to_end else None
    if ends_on < act.today:
        return PAST
    return TOO_FAR if has_to_end and ends_on > act.today + LONGEST_STAY else None


def is_suspended(act: Act, account: Account) -> bool:
    """Whether nobody may sign in because nobody did for so long."""
    return account.suspends_at is not None and account.suspends_at <= act.at


def used(act: Act, account: Account) -> None:
    """Note that somebody signs in: what is used is not suspended."""
    account.used_at = act.at
    counted_anew(act, account)


def counted_anew(act: Act, account: Account) -> None:
    """Count from now on for how long nobody signs in, as when somebody proved that their address is still theirs."""
    if account.suspends_at is not None:
        account.suspends_at = act.at + UNUSED


def wake(act: Act, account: Account) -> None:
    """Let somebody sign in again whose account was suspended. Raises Refused, NotAllowed."""
    ensure(act.who, Permission.ACCOUNT_MANAGE, account)
    if not is_suspended(act, account):
        raise Refused("This account is not suspended.")
    account.suspends_at = act.at + UNUSED
    act.session.flush()


def set_end(act: Act, account: Account, ends_on: date | None, *, is_temporary: bool) -> None:
    """Let an account end by itself after its last day, or (None) stand until it is shut.

    Raises BadInput by field (ends_on), NotAllowed.
    """
    ensure(act.who, Permission.ACCOUNT_MANAGE, account)
    if problem := problem_with_end(act, Role(account.role), ends_on, is_temporary=is_temporary):
        raise BadInput({"ends_on": problem})
    account.is_temporary = is_temporary
    account.ends_at = end_of(ends_on)
    act.session.flush()


def shut_ended(act: Act, authority_id: int) -> int:
    """Shut the council's own accounts whose last day has passed: from now on their cases go to cover.

    Nobody could sign in with them since that day ended. Returns how many were shut now.
    """
    ensure(act.who, Permission.COVER_WATCH)
    query = select(Account).where(
        Account.authority_id == authority_id,
        Account.agency_id.is_(None),
        Account.ends_at.is_not(None),
        Account.ends_at <= act.at,
        Account.disabled_at.is_(None),
    )
    ended = list(act.session.scalars(query.with_for_update()))
    for account in ended:
        account.disabled_at = act.at
        open_sessions.end_others(act, account.id, because=open_sessions.SIGNED_OUT)
    act.session.flush()
    return len(ended)

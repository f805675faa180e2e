"""Keeping how somebody is reached: their numbers are sealed with their name and address."""

from dataclasses import dataclass

from sqlalchemy import select

from lado.act import Act
from lado.domain import telephone
from lado.errors import BadInput, NotFound, Stale
from lado.models import Account
from lado.queries import reach
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.accounts import directory_key, person_of, place_of

STALE = "Somebody else has changed these numbers since you opened the form. Both are below; send yours again."


@dataclass(frozen=True, slots=True)
class Numbers:
    """The telephone in the office, and the one to ring out of hours; empty: none is known."""

    phone: str
    night_phone: str


def keep(act: Act, account_id: int, new: Numbers, *, seen: int) -> None:
    """Keep somebody's numbers in place of those of the version that was seen.

    Raises NotFound, NotAllowed, BadInput (phone, night_phone), and Stale when somebody else changed them meanwhile.
    """
    held = select(Account).where(Account.id == account_id).with_for_update()
    account = act.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    found = reach.find(act, account_id)
    if account is None or found is None:
        raise NotFound("no such person")
    ensure(act.who, Permission.REACH_KEEP, found)
    typed = {"phone": new.phone.strip(), "night_phone": new.night_phone.strip()}
    if problems := {name: words for name, text in typed.items() if (words := telephone.problem(text))}:
        raise BadInput(problems)
    if account.version != seen:
        raise Stale(STALE)
    key, place = directory_key(act, account.authority_id), place_of(account.email_token)
    account.sealed = act.vault.seal(key, place, person_of(act.vault, key, account) | typed)
    act.session.flush()

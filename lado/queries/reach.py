"""Reading how people are reached: the telephone in the office, and the one to ring out of hours."""

from typing import NamedTuple

from sqlalchemy import Select, select

from lado.act import Act
from lado.models import Account, Authority, SealingKey
from lado.queries.reads import LARGEST_ID
from lado.security.identity import Role

WHO = frozenset(
    {
        Role.DESIGNATED_OFFICER,
        Role.COVER_OFFICER,
        Role.SERVICE_MANAGER,
        Role.HEAD_OF_SERVICE,
        Role.DIRECTOR,
    }
)
"""The roles whose people have to be reached: those who cover, and those whom a lapse or the night can ask for."""


class Reach(NamedTuple):
    """How one person is reached; a number that is not known is empty. `version` counts the changes of the account."""

    account_id: int
    authority_id: int
    name: str
    role: Role
    phone: str
    night_phone: str
    version: int


def listed(act: Act) -> list[Reach]:
    """Everybody of the person's own authority who has to be reached, in order of name."""
    return sorted(_opened(act, _people(act)), key=lambda one: (one.name, one.account_id))


def find(act: Act, account_id: int) -> Reach | None:
    """One of them, or None."""
    if account_id > LARGEST_ID:
        return None
    return next(iter(_opened(act, _people(act).where(Account.id == account_id))), None)


def _people(act: Act) -> Select[Account, bytes]:
    return (
        select(Account, SealingKey.wrapped)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(
            Account.authority_id == act.who.authority,
            Account.disabled_at.is_(None),
            Account.role.in_([role.value for role in WHO]),
        )
    )


def _opened(act: Act, query: Select[Account, bytes]) -> list[Reach]:
    found = []
    for row in act.session.execute(query):
        account = row.Account
        person = act.vault.open(row.wrapped, f"account/{account.email_token.hex()}", account.sealed)
        numbers = person.get("phone", "").strip(), person.get("night_phone", "").strip()
        who = account.id, account.authority_id, person["name"], Role(account.role)
        found.append(Reach(*who, *numbers, account.version))
    return found

"""Reading about the council's own people as administrators and managers keep them: accounts, requests, what ends."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select

from lado.act import Act
from lado.models import Account, Authority, RoleRequest, SealingKey
from lado.queries.conflicts import LARGEST_ID
from lado.security.identity import Role

PAGE = 50
"""Accounts on one page of the list."""

AHEAD = timedelta(days=14)
"""How far ahead the weekly list of ending and unused accounts looks: two of them name each (a default)."""

MOST = 200
"""Rows of a list that is short by what it is."""

ASKED = "asked"


class Entry(NamedTuple):
    """Somebody of the council who signs in, opened."""

    id: int
    authority_id: int
    role: Role
    name: str
    email: str
    phone: str
    used_at: datetime | None
    suspends_at: datetime | None
    ends_at: datetime | None
    disabled_at: datetime | None
    is_temporary: bool

    @property
    def account_id(self) -> int:
        """Whom it is about, for the policy."""
        return self.id


class Request(NamedTuple):
    """A role that waits for a second person, opened; `account_id` is None for somebody who has no account yet."""

    id: int
    authority_id: int
    account_id: int | None
    role: Role
    name: str
    email: str
    phone: str
    ends_on: str
    is_temporary: bool
    why: str
    asked_at: datetime
    asked_by_id: int
    asked_by: str


def page(act: Act, after: int = 0, limit: int = PAGE) -> tuple[list[Entry], int | None]:
    """A page of the council's own accounts in the order in which they were made, and where the next one begins."""
    query = _entries(act).where(Account.id > after).order_by(Account.id).limit(limit + 1)
    found = _opened(act, query)
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find(act: Act, person_id: int) -> Entry | None:
    """Somebody of the council's own people, or None."""
    if person_id > LARGEST_ID:
        return None
    return next(iter(_opened(act, _entries(act).where(Account.id == person_id))), None)


def of_email(act: Act, email: str) -> Entry | None:
    """Whoever of the council's own people signs in with this address, or None."""
    token = act.vault.token("email", email.strip())
    return next(iter(_opened(act, _entries(act).where(Account.email_token == token))), None)


def ending(act: Act) -> list[Entry]:
    """Who is suspended, or ends or is suspended within a fortnight unless somebody does something; soonest first."""
    found = _opened(act, _entries(act).where(*_ends_soon(act)).limit(MOST))
    return sorted(found, key=lambda one: min(at for at in (one.ends_at, one.suspends_at) if at is not None))


def ending_of(act: Act, authority_id: int) -> int:
    """How many of an authority's accounts that is, without a name of them."""
    own = Account.authority_id == authority_id, Account.agency_id.is_(None)
    return act.session.scalar(select(func.count(Account.id)).where(*own, *_ends_soon(act))) or 0


def _ends_soon(act: Act) -> tuple[ColumnElement[bool], ...]:
    until = act.at + AHEAD
    return Account.disabled_at.is_(None), or_(Account.ends_at <= until, Account.suspends_at <= until)


def waiting(act: Act) -> list[Request]:
    """The roles of one's council that wait for a second person, the oldest first."""
    query = _requests().where(RoleRequest.authority_id == (act.who.authority or 0)).order_by(RoleRequest.id).limit(MOST)
    return _read(act, query)


def find_request(act: Act, role_request_id: int) -> Request | None:
    """A role that waits, or None."""
    if role_request_id > LARGEST_ID:
        return None
    return next(iter(_read(act, _requests().where(RoleRequest.id == role_request_id))), None)


def waits_for(act: Act, account_id: int) -> Request | None:
    """The role that waits for somebody, or None."""
    return next(iter(_read(act, _requests().where(RoleRequest.account_id == account_id))), None)


def place_of(request: RoleRequest) -> str:
    """Where the sealed part of a request is bound to."""
    return f"role_request/{request.email_token.hex()}/{request.asked_at.timestamp():.0f}"


def _entries(act: Act) -> Select[Account, bytes]:
    return (
        select(Account, SealingKey.wrapped)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.authority_id == (act.who.authority or 0), Account.agency_id.is_(None))
    )


def _opened(act: Act, query: Select[Account, bytes]) -> list[Entry]:
    return [_entry(act, account, wrapped) for account, wrapped in act.session.execute(query)]


def _entry(act: Act, account: Account, wrapped: bytes) -> Entry:
    opened = act.vault.open(wrapped, f"account/{account.email_token.hex()}", account.sealed)
    return Entry(
        account.id,
        account.authority_id,
        Role(account.role),
        opened["name"],
        opened["email"],
        opened.get("phone", ""),
        account.used_at,
        account.suspends_at,
        account.ends_at,
        account.disabled_at,
        account.is_temporary,
    )


def _requests() -> Select[RoleRequest, Account, bytes]:
    return (
        select(RoleRequest, Account, SealingKey.wrapped)
        .join(Account, Account.id == RoleRequest.asked_by_id)
        .join(Authority, Authority.id == RoleRequest.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(RoleRequest.stage == ASKED)
    )


def _read(act: Act, query: Select[RoleRequest, Account, bytes]) -> list[Request]:
    return [_request(act, *row) for row in act.session.execute(query)]


def _request(act: Act, request: RoleRequest, asked_by: Account, wrapped: bytes) -> Request:
    opened = act.vault.open(wrapped, place_of(request), request.sealed)
    asker = act.vault.open(wrapped, f"account/{asked_by.email_token.hex()}", asked_by.sealed)
    return Request(
        request.id,
        request.authority_id,
        request.account_id,
        Role(request.role),
        opened["name"],
        opened["email"],
        opened["phone"],
        opened["ends_on"],
        bool(opened["is_temporary"]),
        opened["why"],
        request.asked_at,
        request.asked_by_id,
        asker["name"],
    )

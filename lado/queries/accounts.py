"""Reading about people who sign in: who a session belongs to, and the names of officers."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import Account, Agency, Authority, BrokenGlass, EdtAuthority, LoginSession, SealingKey
from lado.queries.grants import can_sign_in
from lado.queries.wall import BARRED
from lado.security.identity import Identity, Role
from lado.security.session_limits import Lasts, is_over, lasts
from lado.vault import Vault


class Council(NamedTuple):
    """What every page shows of the council."""

    name: str
    colour: str
    phone: str


class SignedInPerson(NamedTuple):
    """Who a session belongs to, their council, when the session was last seen, how long it lasts, and when a
    second factor was last proved in it."""

    identity: Identity
    council: Council
    seen_at: datetime
    lasts: Lasts
    proved_at: datetime | None


class Person(NamedTuple):
    """Someone of the directory, opened."""

    id: int
    role: Role
    name: str
    email: str
    is_active: bool


OPENED = (
    select(func.aggregate_strings(cast(BrokenGlass.case_id, String), ","))
    .where(
        BrokenGlass.asked_by_id == Account.id,
        BrokenGlass.ends_at > bindparam("now"),
        ~select(BARRED.c.id)
        .where(
            BARRED.c.account_id == BrokenGlass.asked_by_id,
            BARRED.c.referral_id == BrokenGlass.case_id,
            BARRED.c.conflict_id.is_not(None),
            BARRED.c.ended_at.is_(None),
        )
        .correlate(BrokenGlass)
        .exists(),
    )
    .correlate(Account)
    .scalar_subquery()
)
"""The restricted cases that two people let somebody read at this instant, and that no conflict keeps them from."""

SIGNED_IN = (
    select(
        Account.id,
        Account.role,
        Account.authority_id,
        Account.agency_id,
        Account.email_token,
        Account.sealed,
        SealingKey.wrapped,
        Authority.name,
        Authority.colour,
        Authority.phone,
        LoginSession.digest,
        LoginSession.created_at,
        LoginSession.seen_at,
        LoginSession.proved_at,
        OPENED.label("opened"),
    )
    .join(Account, Account.id == LoginSession.account_id)
    .join(Authority, Authority.id == Account.authority_id)
    .join(SealingKey, SealingKey.id == Authority.key_id)
    .where(LoginSession.ended_at.is_(None))
)


def signed_in(session: Session, vault: Vault, digest: bytes, at: datetime) -> SignedInPerson | None:
    """Who the session belongs to now; None when it has ended, is idle or too old, or the account is shut."""
    row = session.execute(SIGNED_IN.where(LoginSession.digest == digest, can_sign_in(at)), {"now": at}).one_or_none()
    if row is None:
        return None
    role = Role(row.role)
    if is_over(role, row.created_at, row.seen_at, at):
        return None
    name = vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed)["name"]
    opened = tuple(int(case) for case in (row.opened or "").split(",") if case)
    serves = served_by(session, row.id) if role is Role.EDT_WORKER else ()
    identity = Identity(row.id, role, row.authority_id, name, row.agency_id, row.digest.hex()[:16], opened, serves)
    until = lasts(role, row.created_at, row.seen_at)
    return SignedInPerson(identity, Council(row.name, row.colour, row.phone), row.seen_at, until, row.proved_at)


def served_by(session: Session, account_id: int) -> tuple[int, ...]:
    """The authorities that an emergency duty worker serves besides their own."""
    query = select(EdtAuthority.authority_id).where(EdtAuthority.account_id == account_id)
    return tuple(session.scalars(query.order_by(EdtAuthority.authority_id)))


def people_of(act: Act, authority_id: int, roles: frozenset[Role] | None = None) -> list[Person]:
    """The people of an authority with their names, those of some roles if said, in order of name."""
    query = (
        select(Account.id, Account.role, Account.email_token, Account.sealed, Account.disabled_at, SealingKey.wrapped)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.authority_id == authority_id)
    )
    if roles is not None:
        query = query.where(Account.role.in_([role.value for role in roles]))
    people = []
    for row in act.session.execute(query):
        opened = act.vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed)
        people.append(Person(row.id, Role(row.role), opened["name"], opened["email"], row.disabled_at is None))
    return sorted(people, key=lambda person: person.name)


class AgencyPerson(NamedTuple):
    """Someone of a partner agency who signs in."""

    id: int
    name: str
    agency: str


def partners_of(act: Act, authority_id: int) -> list[AgencyPerson]:
    """The people of an authority's partner agencies who can sign in, in order of agency and name."""
    query = (
        select(Account.id, Account.email_token, Account.sealed, SealingKey.wrapped, Agency.name)
        .join(Agency, Agency.id == Account.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.authority_id == authority_id, can_sign_in(act.at))
    )
    people = [AgencyPerson(row.id, name_of(act, row), row.name) for row in act.session.execute(query)]
    return sorted(people, key=lambda person: (person.agency, person.name))


def name_of(act: Act, row: Any) -> str:
    """The name in a row that has an account's token and sealed part, and its authority's wrapped key."""
    return str(act.vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed)["name"])


def names_of(act: Act, ids: set[int]) -> dict[int, str]:
    """The names of these accounts."""
    if not ids:
        return {}
    query = (
        select(Account.id, Account.email_token, Account.sealed, SealingKey.wrapped)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.id.in_(ids))
    )
    return {row.id: name_of(act, row) for row in act.session.execute(query)}

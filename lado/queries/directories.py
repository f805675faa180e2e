"""Reading about councils' own directories: which account a person of one is, and what somebody connected."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.models import Account, Authority, DirectoryLink
from lado.security.identity import Role
from lado.vault import Vault

STAFF = tuple(role.value for role in Role if role not in {Role.PARTNER, Role.SYSTEM})
"""A council's directory speaks for the council's own people and for nobody of another body (ASVS 6.8.1)."""


class Connected(NamedTuple):
    """What somebody connected: since when, and when they last signed in by it."""

    made_at: datetime
    used_at: datetime | None


def token_of(vault: Vault, issuer: str, subject: str) -> bytes:
    """The blind index of a person of a directory. Every character of both counts, so what is folded is their digest."""
    return vault.token("directory", sha256(f"{issuer}\n{subject}".encode()).hexdigest())


def name_of(session: Session, authority: str) -> str | None:
    """The full name of the council of this short name."""
    return session.scalar(select(Authority.name).where(Authority.key == authority))


def names_of(session: Session, authorities: tuple[str, ...]) -> dict[str, str]:
    """The full names of these councils that there are, by their short names."""
    query = select(Authority.key, Authority.name).where(Authority.key.in_(authorities)).order_by(Authority.name)
    return {row.key: row.name for row in session.execute(query)}


def key_of(session: Session, authority_id: int) -> str:
    """The short name of a council."""
    return session.scalars(select(Authority.key).where(Authority.id == authority_id)).one()


def account_of(session: Session, authority: str, issuer: str, token: bytes) -> Account | None:
    """The account that this person of this council's directory is connected with: never one of another council, and
    never a partner's."""
    query = (
        select(Account)
        .join(DirectoryLink, DirectoryLink.account_id == Account.id)
        .join(Authority, Authority.id == Account.authority_id)
        .where(
            DirectoryLink.token == token,
            DirectoryLink.issuer == issuer,
            DirectoryLink.ended_at.is_(None),
            Authority.key == authority,
            Account.role.in_(STAFF),
        )
    )
    return session.scalars(query).one_or_none()


def connected(session: Session, account_id: int) -> Connected | None:
    """What this account is connected with now."""
    query = select(DirectoryLink.made_at, DirectoryLink.used_at).where(
        DirectoryLink.account_id == account_id, DirectoryLink.ended_at.is_(None)
    )
    row = session.execute(query).one_or_none()
    return Connected(row.made_at, row.used_at) if row else None

"""Reading invitations: the link of one when it is sent, and whose it is when somebody opens it."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.models import Account, Agency, Authority, Invitation, SealingKey
from lado.queries.accounts import name_of
from lado.queries.grants import can_sign_in
from lado.vault import Vault

KEY = "invitation."
"""How the key of the notice begins that carries the link of an invitation; its number follows."""


class Opened(NamedTuple):
    """An invitation that can be accepted: whose it is, of which organisation and council, and until when.

    `agency` is empty for the council's own people.
    `wants_news` is what they chose before about e-mails; None: nothing yet.
    """

    id: int
    account_id: int
    name: str
    agency: str
    council: str
    ends_at: datetime
    wants_news: bool | None


def secret_of(vault: Vault, nonce: bytes) -> str:
    """The secret in the link: 128 bits that only the vault's keys can make of the nonce."""
    return vault.token("invitation", nonce.hex()).hex()


def digest_of(secret: str) -> bytes:
    """What is stored of the secret."""
    return hashlib.sha256(secret.encode()).digest()


def path_of(act: Act, key: str) -> str:
    """The path of the link that the notice of this key carries."""
    number = int(key.removeprefix(KEY))
    nonce = act.session.execute(select(Invitation.nonce).where(Invitation.id == number)).scalar_one()
    return f"/invited/{secret_of(act.vault, nonce)}"


def find(act: Act, secret: str) -> Opened | None:
    """The invitation of this secret if it can be accepted now; None whatever else may be."""
    query = (
        select(
            Invitation.id,
            Invitation.account_id,
            Invitation.ends_at,
            Account.email_token,
            Account.sealed,
            Account.wants_news,
            SealingKey.wrapped,
            Agency.name.label("agency"),
            Authority.name.label("council"),
        )
        .join(Account, Account.id == Invitation.account_id)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(
            Invitation.digest == digest_of(secret),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.ends_at > act.at,
            can_sign_in(act.at),
        )
    )
    row = act.session.execute(query).one_or_none()
    if row is None:
        return None
    return Opened(row.id, row.account_id, name_of(act, row), row.agency or "", row.council, row.ends_at, row.wants_news)

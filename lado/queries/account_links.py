"""Reading the links of accounts: the secret that one carries when it is sent, and what is stored of it."""

import hashlib

from sqlalchemy import select

from lado.act import Act
from lado.models import AccountLink
from lado.vault import Vault

KEY = "account-link."
"""How the key of the notice begins that carries such a link; its number follows."""

PATHS = {"password": "/new-password/", "factor": "/set-up/"}


def secret_of(vault: Vault, nonce: bytes) -> str:
    """The secret in the link: 128 bits that only the vault's keys can make of the nonce."""
    return vault.token("account link", nonce.hex()).hex()


def digest_of(secret: str) -> bytes:
    """What is stored of the secret."""
    return hashlib.sha256(secret.encode()).digest()


def path_of(act: Act, key: str) -> str:
    """The path of the link that the notice of this key carries."""
    number = int(key.removeprefix(KEY))
    row = act.session.execute(select(AccountLink.kind, AccountLink.nonce).where(AccountLink.id == number)).one()
    return f"{PATHS[row.kind]}{secret_of(act.vault, row.nonce)}"

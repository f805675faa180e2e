"""The one module that seals, opens, links and signs: whatever needs a key that is not in the database.

Names and words are sealed under a key per case, wrapped by the master key. A sealed part is bound to where it stands
(table, row, part), so that a copy moved elsewhere does not open. Names are found through a keyed blind index. It must
never log, print or cache an opened value.
"""

import hashlib
import hmac
import json
import os
import unicodedata
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

NONCE = 12
VERSION = b"\x01"
PASSPHRASE_ROUNDS = 600_000
"""How often a passphrase is hashed before it is a key: OWASP's figure for PBKDF2 with SHA-256, which browsers have."""


class CannotOpen(Exception):
    """A sealed part or a wrapped key does not open: a wrong key, or bytes that were changed or moved."""


class Vault:
    """Holds four keys from outside the database, each for one purpose.

    One wraps the case keys, one makes the blind index, one links the entries of the record, one signs checkpoints.
    """

    def __init__(self, master_key: bytes, index_key: bytes, record_key: bytes, signing_key: bytes) -> None:
        """Take the keys, 32 bytes each."""
        if {len(key) for key in (master_key, index_key, record_key, signing_key)} != {32}:
            raise ValueError("each key is 32 bytes")
        self._master = AESGCM(master_key)
        self.fingerprint = hashlib.sha256(b"fingerprint" + master_key + index_key).digest()[:16]
        """Tells whether these are the keys that a database was sealed with; says nothing about them."""
        self._index_key = index_key
        self._record_key = record_key
        self._signing_key = Ed25519PrivateKey.from_private_bytes(signing_key)
        self._unwrap = lru_cache(maxsize=4096)(self._unwrap_uncached)

    def new_key(self) -> bytes:
        """Make a key for one case and return it wrapped; only the wrapped form is ever stored."""
        return self._encrypt(self._master, os.urandom(32), b"case key")

    def seal(self, wrapped: bytes, where: str, what: Any) -> bytes:
        """Seal a JSON value for one place, e.g. `ledger/7/12`. The same value sealed twice gives different bytes."""
        return self.seal_bytes(wrapped, where, json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode())

    def open(self, wrapped: bytes, where: str, sealed: bytes) -> Any:
        """Open what was sealed for this place. Raises CannotOpen."""
        return json.loads(self.open_bytes(wrapped, where, sealed))

    def seal_bytes(self, wrapped: bytes, where: str, plain: bytes) -> bytes:
        """Seal bytes as they are, such as a file, for one place."""
        return self._encrypt(self._unwrap(wrapped), plain, where.encode())

    def open_bytes(self, wrapped: bytes, where: str, sealed: bytes) -> bytes:
        """Open bytes that were sealed for this place. Raises CannotOpen."""
        return self._decrypt(self._unwrap(wrapped), sealed, where.encode())

    def token(self, kind: str, text: str) -> bytes:
        """Make the blind index token of a word: the same for every spelling that `folded` makes equal.

        Of an e-mail address every character counts but its case.
        """
        plain = text.strip().casefold() if kind == "email" else folded(text)
        return hmac.digest(self._index_key, f"{kind}:{plain}".encode(), hashlib.sha256)[:16]

    def link(self, previous: bytes, entry: bytes) -> bytes:
        """Link an entry of the record to the one before: HMAC-SHA-256 over that one's link and the entry's bytes."""
        return hmac.digest(self._record_key, previous + entry, hashlib.sha256)

    def sign(self, statement: bytes) -> bytes:
        """Sign a checkpoint (Ed25519, 64 bytes)."""
        return self._signing_key.sign(statement)

    def holds(self, statement: bytes, signature: bytes) -> bool:
        """Whether this is our own signature of the statement."""
        try:
            self.public_key.verify(signature, statement)
        except InvalidSignature:
            return False
        return True

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key by which anybody can check a signed checkpoint."""
        return self._signing_key.public_key()

    def _unwrap_uncached(self, wrapped: bytes) -> AESGCM:
        return AESGCM(self._decrypt(self._master, wrapped, b"case key"))

    @staticmethod
    def _encrypt(key: AESGCM, plain: bytes, where: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return VERSION + nonce + key.encrypt(nonce, plain, where)

    @staticmethod
    def _decrypt(key: AESGCM, sealed: bytes, where: bytes) -> bytes:
        try:
            return key.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], where)
        except InvalidTag as cause:
            raise CannotOpen("a sealed part does not open") from cause


def lock(passphrase: str, plain: bytes, header: bytes) -> dict[str, bytes]:
    """Lock bytes with a passphrase so that a browser alone can open them: PBKDF2-HMAC-SHA256, then AES-256-GCM.

    The header stands in clear and cannot be changed unnoticed. Returns salt, nonce and locked bytes.
    """
    salt, nonce = os.urandom(16), os.urandom(NONCE)
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, PASSPHRASE_ROUNDS).derive(passphrase.encode())
    return {"salt": salt, "nonce": nonce, "locked": AESGCM(key).encrypt(nonce, plain, header)}


def folded(text: str) -> str:
    """Fold a name for searching: case, accents, apostrophes and spaces do not count (O’Brien is Obrien)."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())

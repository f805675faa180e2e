"""The one module that seals, opens, links and signs: whatever needs a key that is not in the database.

Names and words are sealed under a key per case, wrapped by a master key. A sealed part is bound to where it stands
(table, row, part), so that a copy moved elsewhere does not open. A wrapped key says which master key wrapped it, so
that two can be in use while one takes the place of the other. Names are found through a keyed blind index. It must
never log, print or cache an opened value.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from config import Settings

NONCE = 12
VERSION = b"\x01"
NAMED = b"\x02"
"""How a wrapped key begins that says which master key wrapped it; one that begins with `VERSION` does not."""
NAME = 8
"""Bytes of a master key's name: a digest of it, which says nothing about the key."""
CASE_KEY = b"case key"
SHORTEST = 1 + NONCE + 16
"""Bytes of a sealed part without a content: its version, the nonce and the tag."""
PASSPHRASE_ROUNDS = 600_000
"""How often a passphrase is hashed before it is a key: OWASP's figure for PBKDF2 with SHA-256, which browsers have."""


class CannotOpen(Exception):
    """A sealed part or a wrapped key does not open: a wrong key, or bytes that were changed or moved.

    `where` is the place it was to be opened for: a table and a row, never a name.
    """

    def __init__(self, where: str) -> None:
        """Say which place."""
        super().__init__("a sealed part does not open")
        self.where = where


class NoSuchKey(Exception):
    """A master key is asked for that is not at hand."""


class Vault:
    """Holds keys from outside the database, each for one purpose.

    One wraps the case keys, one makes the blind index, one links the entries of the record, one signs checkpoints.
    While one master key takes another's place both are held, and what either wrapped is opened.
    """

    def __init__(
        self,
        master_key: bytes,
        index_key: bytes,
        record_key: bytes,
        signing_key: bytes,
        *,
        others: Iterable[bytes] = (),
        read_again: Callable[[], Iterable[bytes]] = tuple,
    ) -> None:
        """Take the keys, 32 bytes each; `others` are further master keys.

        `read_again` says which master keys there are now: it is asked when one is met that is not held yet.
        """
        masters = (master_key, *others)
        if {len(key) for key in (*masters, index_key, record_key, signing_key)} != {32}:
            raise ValueError("each key is 32 bytes")
        self._index_key = index_key
        self._masters: Mapping[bytes, bytes] = {name_of(key): key for key in masters}
        self._read_again = read_again
        self.master = name_of(master_key)
        """The name of the master key that is used until the database names another."""
        self.fingerprint = self.fingerprint_of(self.master)
        """Tells whether these are the keys that a database was sealed with; says nothing about them."""
        self._record_key = record_key
        self._signing_key = Ed25519PrivateKey.from_private_bytes(signing_key)
        self._unwrap = lru_cache(maxsize=4096)(self._unwrap_uncached)

    def holds_master(self, name: bytes) -> bool:
        """Whether the master key of this name is at hand, perhaps since a moment ago."""
        if name not in self._masters:
            self._masters = {**self._masters, **{name_of(key): key for key in self._read_again()}}
        return name in self._masters

    @property
    def masters(self) -> tuple[bytes, ...]:
        """The names of all master keys that are at hand now."""
        self._masters = {**self._masters, **{name_of(key): key for key in self._read_again()}}
        return tuple(self._masters)

    def fingerprint_of(self, name: bytes) -> bytes:
        """Tell whether a database was sealed with this master key and our key of the blind index. Raises NoSuchKey."""
        return hashlib.sha256(b"fingerprint" + self._master(name) + self._index_key).digest()[:16]

    def new_key(self, master: bytes | None = None) -> bytes:
        """Make a key for one case and return it wrapped by a master key; only the wrapped form is ever stored."""
        return self._wrap(os.urandom(32), master or self.master)

    def rewrapped(self, wrapped: bytes, master: bytes) -> bytes:
        """Wrap the same key by another master key. What it seals stays as it is. Raises CannotOpen, NoSuchKey."""
        return self._wrap(self._unwrapped(wrapped), master)

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
        return self._decrypt(self._unwrap(wrapped), sealed, where.encode(), where)

    def token(self, kind: str, text: str) -> bytes:
        """Make the blind index token of a word: the same for every spelling that `folded` makes equal.

        Of an e-mail address and of the name of a message every character counts but its case.
        """
        plain = text.strip().casefold() if kind in ("email", "message") else folded(text)
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

    def _master(self, name: bytes) -> bytes:
        if not self.holds_master(name):
            raise NoSuchKey(f"the master key {name.hex()} is not at hand")
        return self._masters[name]

    def _wrap(self, key: bytes, master: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return NAMED + master + nonce + AESGCM(self._master(master)).encrypt(nonce, key, CASE_KEY + master)

    def _unwrap_uncached(self, wrapped: bytes) -> AESGCM:
        return AESGCM(self._unwrapped(wrapped))

    def _unwrapped(self, wrapped: bytes) -> bytes:
        """The key of a case in clear: wrapped by the master key it names or, where it names none, by one of ours."""
        if (name := wrapper_of(wrapped)) is not None:
            if not self.holds_master(name):
                raise CannotOpen("sealing_key")
            return self._decrypt(
                AESGCM(self._masters[name]), VERSION + wrapped[1 + NAME :], CASE_KEY + name, "sealing_key"
            )
        for master in self._masters.values():
            try:
                return self._decrypt(AESGCM(master), wrapped, CASE_KEY, "sealing_key")
            except CannotOpen:
                continue
        raise CannotOpen("sealing_key")

    @staticmethod
    def _encrypt(key: AESGCM, plain: bytes, where: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return VERSION + nonce + key.encrypt(nonce, plain, where)

    @staticmethod
    def _decrypt(key: AESGCM, sealed: bytes, where: bytes, place: str) -> bytes:
        if sealed[:1] != VERSION or len(sealed) < SHORTEST:
            raise CannotOpen(place)
        try:
            return key.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], where)
        except InvalidTag as cause:
            raise CannotOpen(place) from cause


def vault_of(settings: Settings) -> Vault:
    """The vault of an installation. Master keys that are put into its file later are found without a new start."""
    return Vault(*settings.vault_keys, others=settings.other_master_keys, read_again=settings.master_keys_on_file)


def name_of(master_key: bytes) -> bytes:
    """The name of a master key: it stands before each key that the master key wraps."""
    return hashlib.sha256(b"master key" + master_key).digest()[:NAME]


def wrapper_of(wrapped: bytes) -> bytes | None:
    """The name of the master key that wrapped a key, or None where the first version did, which wrote none."""
    return wrapped[1 : 1 + NAME] if wrapped[:1] == NAMED else None


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


class HiddenNumbers:
    """Numbers of rows as they may be shown: from two of them nobody can tell how many lie between.

    One block of AES under a key of its own: every number has one name, and a name that was made up is none (NIST
    SP 800-38A, of which one block alone needs no more than the cipher).
    """

    _BEGINS = bytes(8)

    def __init__(self, secret: bytes) -> None:
        """Take a secret that every process of the installation has; the key is made from it."""
        self._cipher = Cipher(AES256(hmac.digest(secret, b"numbers in addresses", hashlib.sha256)), ECB())  # noqa: S305

    def hidden(self, number: int) -> str:
        """The name of a number."""
        block = self._cipher.encryptor().update(self._BEGINS + number.to_bytes(8, "big"))
        return base64.urlsafe_b64encode(block).rstrip(b"=").decode()

    def shown(self, name: str) -> int | None:
        """The number of a name; None where nothing has this one."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{22}", name):
            return None
        block = self._cipher.decryptor().update(base64.urlsafe_b64decode(name + "=="))
        return int.from_bytes(block[8:], "big") if block[:8] == self._BEGINS else None

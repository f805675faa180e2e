"""What a directory says of itself, and its public keys: read strictly, since everything else rests on it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from config import LOOPBACK

KINDS_OF_KEYS = ("RSA", "EC", "OKP")
"""Those that have a public half: a key that both sides know could sign as well as check."""


class NotAsItShould(Exception):
    """What came is not a directory's. The words are our own."""


@dataclass(frozen=True, slots=True)
class Document:
    """The addresses of a directory, and what it says that it can (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    algorithms: tuple[str, ...]
    challenges: tuple[str, ...]
    way_to_authenticate: str


def document_of(said: Any, issuer: str) -> Document:
    """Read it. Raises NotAsItShould when it is another issuer's or lacks an address."""
    if not isinstance(said, dict):
        raise NotAsItShould("It does not describe itself as a directory does.")
    if said.get("issuer") != issuer:
        raise NotAsItShould("It gives another issuer than the one that was set.")
    ways = _words(said, "token_endpoint_auth_methods_supported")
    only_posted = "client_secret_post" in ways and "client_secret_basic" not in ways
    return Document(
        _address(said, "authorization_endpoint"),
        _address(said, "token_endpoint"),
        _address(said, "jwks_uri"),
        _address(said, "end_session_endpoint") if said.get("end_session_endpoint") else None,
        _words(said, "id_token_signing_alg_values_supported"),
        _words(said, "code_challenge_methods_supported"),
        "client_secret_post" if only_posted else "client_secret_basic",
    )


def keys_of(said: Any) -> KeySet:
    """The keys that its tokens may be signed with. Raises NotAsItShould when there is none."""
    listed = said.get("keys") if isinstance(said, dict) else None
    public = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    public = [key for key in public if key.get("kty") in KINDS_OF_KEYS and key.get("use", "sig") == "sig"]
    if not public:
        raise NotAsItShould("It gives no key that its tokens could be checked with.")
    try:
        return KeySet.import_key_set({"keys": public})
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise NotAsItShould("It gives keys that cannot be read.") from problem


def _address(said: dict[str, Any], name: str) -> str:
    """An address that is encrypted, or on this machine."""
    given = said.get(name)
    try:
        found = urlsplit(given) if isinstance(given, str) else urlsplit("")
        is_safe = found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK)
    except ValueError:
        is_safe = False
    if not isinstance(given, str) or not is_safe:
        raise NotAsItShould(f"It gives no encrypted address as its {name}.")
    return given


def _words(said: dict[str, Any], name: str) -> tuple[str, ...]:
    given = said.get(name)
    return tuple(word for word in given if isinstance(word, str)) if isinstance(given, list) else ()

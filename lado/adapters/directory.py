"""A council's own directory, asked by OpenID Connect: where to send somebody, and who it says came back.

Nothing that it says is believed unless its token was signed by a key of this issuer, for us, for this very asking.
No token is kept. Sources: OpenID Connect Core 3.1, RFC 9700 (best current practice), OWASP ASVS 5.0 chapters 9 and 10.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from config import DirectorySettings, Settings
from lado.adapters.bounded import Bounded, TooMuch
from lado.adapters.directory_document import Document, NotAsItShould, document_of, keys_of

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""How a token may be signed: with a private key, whatever the token or the directory says of itself (ASVS 9.1.2)."""

LEEWAY = 60
"""Seconds that the directory's clock may differ from ours."""

LONGEST_SUBJECT = 255
"""Characters of a subject (OpenID Connect Core 2)."""

LASTS = timedelta(minutes=10)
"""How long somebody may take over signing in at the directory."""


class DirectoryProblem(Exception):
    """Nobody was signed in. The words are for an operator and hold nothing that the directory sent."""


class DirectoryUnavailable(DirectoryProblem):
    """The directory is down, slow, or does not answer as a directory does."""


class DirectoryNotBelieved(DirectoryProblem):
    """An answer came that is not to be believed: of somebody else, for somebody else, of another time."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking of the directory. All that has to fit together follows from a secret that one browser alone has."""

    secret: str
    back: str
    """The address that the directory sends people back to, one for each directory (RFC 9700 4.4.2.2)."""

    @property
    def state(self) -> str:
        """Ties the answer to the browser."""
        return self._part("state")

    @property
    def nonce(self) -> str:
        """Ties the token to the asking."""
        return self._part("nonce")

    @property
    def verifier(self) -> str:
        """Ties the code to the asking: PKCE, RFC 7636."""
        return self._part("verifier")

    def _part(self, name: str) -> str:
        return sha256(f"{name} {self.secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Found:
    """Who came: the directory's own name for them, and whether it proved a second factor, and when."""

    issuer: str
    subject: str
    is_strong: bool
    proved_at: datetime


class Directory(Protocol):
    """Says who somebody is."""

    @property
    def issuer(self) -> str:
        """Its own name, as it was set."""
        ...

    def page_for(self, asking: Asking) -> str:
        """The address to send somebody to. Raises DirectoryUnavailable."""
        ...

    def who_came(self, asking: Asking, code: str, at: datetime) -> Found:
        """Who came back with this code. Raises DirectoryProblem."""
        ...

    def page_to_sign_out(self, back: str) -> str | None:
        """The address at which somebody signs out there, if it has one. Raises DirectoryUnavailable."""
        ...

    def faults(self) -> list[str]:
        """What is wrong with it, in words for an operator."""
        ...


class OpenIdDirectory:
    """Asks a directory by OpenID Connect, with a code and PKCE, over connections that end in time."""

    def __init__(self, settings: DirectorySettings) -> None:
        """Take what was set. Nothing is asked yet."""
        self.settings = settings

    @property
    def issuer(self) -> str:
        """As it was set."""
        return self.settings.issuer

    def page_for(self, asking: Asking) -> str:
        """The directory's page to sign in on."""
        with self._session() as session:
            document = self._document(session)
        given = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": asking.back,
            "scope": "openid",  # who, and nothing about them
            "state": asking.state,
            "nonce": asking.nonce,
            "code_challenge": create_s256_code_challenge(asking.verifier),
            "code_challenge_method": "S256",
            **self._strength_asked_for(),
        }
        return str(add_params_to_uri(document.authorization_endpoint, list(given.items())))

    def who_came(self, asking: Asking, code: str, at: datetime) -> Found:
        """Change the code for a token and read it."""
        with self._session() as session:
            document = self._document(session)
            token = self._token(session, document, asking, code)
            keys = self._keys(session, document)
        return found_in(token, keys, self.settings, asking.nonce, at)

    def page_to_sign_out(self, back: str) -> str | None:
        """The directory's page to sign out on (OpenID Connect RP-Initiated Logout 1.0)."""
        with self._session() as session:
            page = self._document(session).end_session_endpoint
        given = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return str(add_params_to_uri(page, list(given.items()))) if page else None

    def faults(self) -> list[str]:
        """Ask it for everything but a person."""
        try:
            with self._session() as session:
                document = self._document(session)
                self._keys(session, document)
        except DirectoryUnavailable as problem:
            return [str(problem)]
        offered = document.algorithms
        faults = []
        if offered and not set(offered) & set(ALGORITHMS):
            faults.append("It signs its tokens in no way that is accepted here.")
        if document.challenges and "S256" not in document.challenges:
            faults.append("It says that it does not know PKCE with S256.")
        return faults

    def _strength_asked_for(self) -> dict[str, str]:
        """How a second factor is asked for: acr has a word for it, a context of Entra is asked for as a claim."""
        claim, strong = self.settings.claim, self.settings.strong
        if claim == "acr":
            return {"acr_values": " ".join(strong)}
        if claim == "acrs":
            return {"claims": json.dumps({"id_token": {"acrs": {"essential": True, "value": strong[0]}}})}
        return {}

    def _session(self) -> OAuth2Session:
        """A session of this asking's own: what it holds is gone with it."""
        session = OAuth2Session(self.settings.client_id, self.settings.client_secret)
        session.mount("https://", Bounded())
        session.mount("http://", Bounded())
        return session

    def _document(self, session: OAuth2Session) -> Document:
        """What the directory says of itself. Its issuer is the one that was set, to the letter (RFC 8414 3.3)."""
        said = self._get(session, self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        try:
            return document_of(said, self.settings.issuer)
        except NotAsItShould as problem:
            raise DirectoryUnavailable(str(problem)) from problem

    def _keys(self, session: OAuth2Session, document: Document) -> KeySet:
        said = self._get(session, document.jwks_uri)
        try:
            return keys_of(said)
        except NotAsItShould as problem:
            raise DirectoryUnavailable(str(problem)) from problem

    def _get(self, session: OAuth2Session, address: str) -> Any:
        try:
            answer = session.get(address, withhold_token=True, allow_redirects=False)
            if answer.status_code != 200:
                raise DirectoryUnavailable(f"It answered {answer.status_code} where it describes itself or its keys.")
            return answer.json()
        except TooMuch as problem:
            raise DirectoryUnavailable("It answers too slowly or without end.") from problem
        except RequestException as problem:
            raise DirectoryUnavailable(f"It cannot be asked: {type(problem).__name__}.") from problem

    def _token(self, session: OAuth2Session, document: Document, asking: Asking, code: str) -> str:
        """The identity token for this code. A refused code is somebody's who should not have had it, or was used."""
        session.token_endpoint_auth_method = document.way_to_authenticate
        try:
            answer = session.fetch_token(
                document.token_endpoint,
                grant_type="authorization_code",
                code=code,
                redirect_uri=asking.back,
                code_verifier=asking.verifier,
                allow_redirects=False,
            )
        except AuthlibBaseError as refused:
            raise DirectoryNotBelieved("It refused the code.") from refused
        except (RequestException, TooMuch) as problem:
            raise DirectoryUnavailable(f"It gave no token: {type(problem).__name__}.") from problem
        except (ValueError, TypeError, AttributeError, KeyError) as problem:
            raise DirectoryUnavailable("It answered a code with something that is no token.") from problem
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise DirectoryUnavailable("It answered a code without a token that says who came.")
        return token


def found_in(token: str, keys: KeySet, settings: DirectorySettings, nonce: str, at: datetime) -> Found:
    """Read a token, signed by one of these keys, for us, for this asking. Raises DirectoryNotBelieved."""
    wanted = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
        "sub": {"essential": True},
    }
    try:
        read = jwt.decode(token, keys, registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False))
        claims = CodeIDToken(read.claims, read.header, wanted, {"nonce": nonce, "client_id": settings.client_id})
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        issued_at = datetime.fromtimestamp(claims["iat"], UTC)
        proved_at = datetime.fromtimestamp(claims.get("auth_time") or claims["iat"], UTC)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError, OSError) as problem:
        raise DirectoryNotBelieved(f"Its token is not to be believed: {type(problem).__name__}.") from problem
    if at - issued_at > LASTS + timedelta(seconds=LEEWAY):
        raise DirectoryNotBelieved("Its token is an old one.")
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.isascii() or len(subject) > LONGEST_SUBJECT:
        raise DirectoryNotBelieved("Its token names nobody.")
    return Found(settings.issuer, subject, is_strong(claims, settings), min(proved_at, at))


def is_strong(claims: dict[str, Any], settings: DirectorySettings) -> bool:
    """Whether the token says, in the claim that was set, that a second factor was proved (ASVS 6.8.4)."""
    said = claims.get(settings.claim)
    words = said if isinstance(said, list) else [said]
    return any(word in words for word in settings.strong)


def directory_of(settings: Settings, authority: str) -> Directory | None:
    """The directory of this council, or None where it has none."""
    return next((OpenIdDirectory(one) for one in settings.directories if one.authority == authority), None)

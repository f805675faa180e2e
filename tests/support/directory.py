"""A council's directory on this machine: one that is written by hand and can be told to misbehave, over real HTTP."""

import hmac
import json
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from config import DirectorySettings
from lado.clock import Clock

CLIENT, SECRET = "lado-tracker", "kept between the two of us"
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})


@dataclass
class Provider:
    """Says who `subject` is, truthfully unless it is told otherwise: `claims` and `metadata` change what it says."""

    clock: Clock
    issuer: str = ""
    subject: str = "subject-of-olive"
    claims: dict[str, Any] = field(default_factory=lambda: {"amr": ["pwd", "mfa"]})
    metadata: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "ES256", "kid": "one"})
    key: Any = field(default_factory=lambda: KEY)
    keys: Any = None
    """Instead of the key set, where a test needs another."""
    instead: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    """By path: a status, bytes and headers to answer with instead."""
    waits: dict[str, float] = field(default_factory=dict)
    """By path: seconds between one byte and the next."""
    forgets: tuple[str, ...] = ()
    """Claims that are left out."""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def settings(self) -> DirectorySettings:
        """What the council enters."""
        return DirectorySettings("northbrook", self.issuer, CLIENT, SECRET)

    def document(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        } | self.metadata

    def sent_back(self, page: str) -> str:
        """Let the person sign in on this page of ours: the address that they are sent back to."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = given
        return given["redirect_uri"] + "?" + urlencode({"code": code, "state": given["state"]})

    def token_for(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, or None: used, never given, or asked for without the secret that its challenge is of."""
        given = self.codes.pop(sent.get("code", ""), None)
        fits = given is not None and (
            create_s256_code_challenge(sent.get("code_verifier", "")) == given["code_challenge"]
            and sent.get("redirect_uri") == given["redirect_uri"]
        )
        if given is None or not fits:
            return None
        now = int(self.clock.now().timestamp())
        said = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "nonce": given["nonce"],
            "iat": now,
            "exp": now + 300,
            "email": "olive@example.test",
        } | self.claims
        kept = {name: value for name, value in said.items() if name not in self.forgets}
        return {"access_token": "opens nothing here", "token_type": "Bearer", "id_token": self.signed(kept)}

    def signed(self, claims: dict[str, Any]) -> str:
        """The claims as a token: by a key of ours, or by hand with a secret or with nothing, as no library would."""
        if self.key is not None and not isinstance(self.key, bytes):
            return jwt.encode(self.header, claims, self.key, algorithms=["ES256"])
        body = b".".join(encoded(json.dumps(part).encode()) for part in (self.header, claims))
        mark = hmac.digest(self.key, body, "sha256") if self.key else b""
        return b".".join((body, encoded(mark))).decode()

    def published(self) -> Any:
        """Its public keys."""
        return self.keys if self.keys is not None else KeySet([KEY]).as_dict(private=False)


def forger() -> ECKey:
    """A key that is not the directory's, under its name."""
    return ECKey.generate_key("P-256", {"kid": "one"})


def encoded(part: bytes) -> bytes:
    """As bytes stand in a token."""
    return urlsafe_b64encode(part).rstrip(b"=")


def as_secret(secret: bytes) -> dict[str, str]:
    """A secret as an entry of a key set, where none should be."""
    return {"kty": "oct", "kid": "one", "k": encoded(secret).decode()}


@contextmanager
def provider_at_work(provider: Provider) -> Iterator[Provider]:
    """Serve it on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer({"/.well-known/openid-configuration": provider.document, "/keys": provider.published})

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            sent = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            told = b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            is_us = told == f"{CLIENT}:{SECRET.replace(' ', '+')}" or told == f"{CLIENT}:{SECRET}"
            self.answer({"/token": lambda: provider.token_for(sent) if is_us else None})

        def answer(self, known):
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path in provider.instead:
                return self.say(*provider.instead[path])
            said = known[path]() if path in known else None
            status = 200 if said is not None else 400
            return self.say(status, json.dumps(said or {"error": "invalid_grant"}).encode(), {})

        def say(self, status, body, headers):
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            pause = provider.waits.get(urlsplit(self.path).path)
            try:
                for byte in [body] if pause is None else [bytes([one]) for one in body]:
                    self.wfile.write(byte)
                    self.wfile.flush()
                    time.sleep(pause or 0)
            except OSError:  # whoever asked has gone
                return

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = provider.issuer or f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""The one cookie: what it is called, and which keys sign and verify it.

The newest key signs. A former one verifies until the end of its last day and no longer, and a cookie that it signed is
signed anew at its next use. The name and the marks are those of OWASP ASVS 5.0, 3.3.1 to 3.3.4.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from config import Settings
from lado.clock import Clock
from workflows.london import LONDON


class Former(NamedTuple):
    """A key that signed before, and the last day on which it verifies."""

    key: bytes
    until_on: date

    def verifies(self, at: datetime) -> bool:
        """Whether it still does, in London."""
        return at < datetime.combine(self.until_on + timedelta(days=1), time(0), tzinfo=LONDON)


class Cookies(SecureCookieSessionInterface):
    """Flask's own cookie, with keys that end."""

    def __init__(self, former: tuple[Former, ...], clock: Clock) -> None:
        """Keep the former keys, and the clock that says when they end."""
        self.former = former
        self.clock = clock

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs with the newest key, and verifies with that and with those former ones that have not ended."""
        at = self.clock.now()
        return self._of(app, [one.key for one in self.former if one.verifies(at)])

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open what the cookie holds; one that a former key signed is written anew with the answer."""
        opened = super().open_session(app, request)
        value = request.cookies.get(self.get_cookie_name(app))
        if opened and value and not self._is_of_the_newest(app, value):
            opened.modified = True
        return opened

    def _is_of_the_newest(self, app: Flask, value: str) -> bool:
        newest = self._of(app, [])
        try:
            return newest is not None and newest.loads(value) is not None
        except BadSignature:
            return False

    def _of(self, app: Flask, former: list[bytes]) -> URLSafeTimedSerializer | None:
        if not app.secret_key:
            return None
        newest = app.secret_key.encode() if isinstance(app.secret_key, str) else app.secret_key
        return URLSafeTimedSerializer(
            [*former, newest],  # the last one signs
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )


def install(app: Flask, settings: Settings, clock: Clock) -> None:
    """Put the cookie on the app: held to this very host and to https, except on a machine of one's own."""
    is_https = settings.production or settings.public_url.startswith("https://")
    pairs = zip(settings.secret_key_fallbacks, settings.secret_key_fallbacks_until, strict=True)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # A form that was open while the key changed is taken: its token is worth nothing without its cookie.
        WTF_CSRF_SECRET_KEY=[*settings.secret_key_fallbacks, settings.secret_key],
        SESSION_COOKIE_NAME="__Host-lado" if is_https else "lado",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.session_interface = Cookies(tuple(Former(key, until_on) for key, until_on in pairs), clock)

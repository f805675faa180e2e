"""One asking of a directory as the browser keeps it: begun by a press on a page of ours, answered once, in ten minutes.

All of it stands in the one cookie, signed. Nothing is written before somebody comes back.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from hmac import compare_digest

from flask import current_app, request, session, url_for

from lado.adapters.directory import LASTS, Asking, Directory, directory_of
from lado.errors import NotFound

PRESS, ASKED = "directory_press", "directory_asked"
TO_SIGN_IN, TO_CONNECT = "sign in", "connect"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, of whose directory, and what for."""

    secret: str
    council: str
    purpose: str
    at: float
    going_to: str = ""
    account_id: int | None = None
    """Who is connecting their account."""

    @property
    def asking(self) -> Asking:
        """As the directory knows it."""
        return Asking(self.secret, address_of("directory.back", self.council))


def directory(council: str) -> Directory:
    """The directory of this council. Raises NotFound where it has none."""
    found = directory_of(current_app.extensions["lado"].settings, council)
    if found is None:
        raise NotFound("no such directory")
    return found


def address_of(endpoint: str, council: str) -> str:
    """An address of ours as the directory knows it: by the name that was set, whatever name this was asked under."""
    settings = current_app.extensions["lado"].settings
    return str(settings.public_url) + url_for(endpoint, council=council)


def press() -> str:
    """What a link to a directory carries, so that only a press on a page of ours begins anything (ASVS 7.6.2)."""
    return str(session.setdefault(PRESS, secrets.token_urlsafe(16)))


def was_pressed() -> bool:
    """Whether this was asked for by a link on a page of ours, in this browser, for the first time."""
    kept = session.pop(PRESS, "")
    return bool(kept) and compare_digest(kept, request.args.get("press", ""))


def begin(council: str, purpose: str, at: datetime, going_to: str = "", account_id: int | None = None) -> str:
    """Begin an asking; the address to go to. Raises DirectoryUnavailable, NotFound."""
    asked = Asked(secrets.token_urlsafe(32), council, purpose, at.timestamp(), going_to, account_id)
    page = directory(council).page_for(asked.asking)
    session[ASKED] = asdict(asked)
    return page


def answered(council: str, at: datetime) -> Asked | None:
    """The asking that this return belongs to; None when it was not begun in this browser, or too long ago."""
    kept = session.pop(ASKED, None)
    asked = Asked(**kept) if kept else None
    if asked is None or asked.council != council or not 0 <= at.timestamp() - asked.at <= LASTS.total_seconds():
        return None
    return asked if compare_digest(asked.asking.state, request.args.get("state", "")) else None

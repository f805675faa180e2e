"""The mail of a demonstration: caught, sent nowhere, and shown here. Without a mail catcher there is no such page."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.adapters.mail_catcher import CaughtMail, caught
from lado.security.permissions import Permission
from lado.web.components import Fact
from lado.web.guards import needs
from lado.web.templating import moment_full

bp = Blueprint("mail", __name__, url_prefix="/mail")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class MailRow:
    """A message in the list: its subject, to whom it went, when, and where it is shown."""

    subject: str
    to: str
    at: datetime
    href: str


@bp.get("")
@needs(Permission.MAIL_READ)
def home() -> ResponseReturnValue:
    """What was caught, the newest first."""
    return render_template("mail/home.html", rows=[_row(message) for message in caught(_folder())])


@bp.get("/<microseconds:stamp>")
@needs(Permission.MAIL_READ)
def show(stamp: int) -> ResponseReturnValue:
    """One message, named by the microsecond of its arrival, which stays the same while more arrive."""
    message = next((message for message in caught(_folder()) if _stamp(message) == stamp), None)
    if message is None:
        abort(404)
    facts = [Fact("To", message.to), Fact("Arrived", moment_full(message.at))]
    return render_template("mail/message.html", subject=_subject(message), facts=facts, text=message.text)


def _row(message: CaughtMail) -> MailRow:
    return MailRow(_subject(message), message.to, message.at, url_for("mail.show", stamp=_stamp(message)))


def _subject(message: CaughtMail) -> str:
    return message.subject or "(without a subject)"


def _stamp(message: CaughtMail) -> int:
    return (message.at - EPOCH) // timedelta(microseconds=1)


def _folder() -> Path:
    folder: Path | None = current_app.extensions["lado"].settings.mail_catcher
    if folder is None:
        abort(404)
    return folder

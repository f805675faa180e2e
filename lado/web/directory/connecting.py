"""Connecting one's own account with the council's directory: said by the person, signed in here and signed in there."""

from functools import partial

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lado.act import Act
from lado.adapters.directory import LASTS, DirectoryUnavailable
from lado.errors import Refused
from lado.queries import directories as queries
from lado.security.permissions import Permission
from lado.services import directories
from lado.web.directory import asking
from lado.web.directory.asking import TO_CONNECT
from lado.web.directory.views import FOUND, unavailable
from lado.web.forms import Form
from lado.web.guards import needs, reading, whoever
from lado.web.sending import sent

bp = Blueprint("directory_connecting", __name__, url_prefix="/council-sign-in")

CONNECTED = (
    "Connected. From now on you can sign in with your council’s own sign-in, and as before. "
    "Other browsers that you were signed in with are signed out."
)
DISCONNECTED = (
    "Disconnected. You sign in here as before, and not with your council’s own sign-in any more. "
    "Other browsers that you were signed in with are signed out."
)
TOO_LATE = "You were found more than ten minutes ago, or this was connected already. Begin again."


@bp.get("")
@needs(Permission.DIRECTORY_CONNECT)
def home() -> ResponseReturnValue:
    """Is my account connected?"""
    act = reading()
    return render_template(
        "directory/home.html",
        council_name=queries.name_of(act.session, _council()),
        has_directory=any(one.authority == _council() for one in current_app.extensions["lado"].settings.directories),
        connected=queries.connected(act.session, whoever().id or 0),
    )


@bp.get("/begin")
@needs(Permission.DIRECTORY_CONNECT)
def begin() -> ResponseReturnValue:
    """Send somebody to the directory, to show which person of it they are."""
    if not asking.was_pressed():
        return redirect(url_for("directory_connecting.home"))
    try:
        return redirect(asking.begin(_council(), TO_CONNECT, reading().at, account_id=whoever().id))
    except DirectoryUnavailable as problem:
        return unavailable(_council(), problem)


@bp.route("/connect", methods=["GET", "POST"])
@needs(Permission.DIRECTORY_CONNECT, fresh=True)
def confirm() -> ResponseReturnValue:
    """Connect it, now that both are known."""
    form = Form()
    page = partial(render_template, "directory/confirm.html", form=form, council_name=_name())
    return sent(form, _connect, page) if FOUND in session else redirect(url_for("directory_connecting.home"))


@bp.route("/disconnect", methods=["GET", "POST"])
@needs(Permission.DIRECTORY_CONNECT, fresh=True)
def disconnect() -> ResponseReturnValue:
    """Disconnect it."""
    form = Form()
    return sent(
        form, _disconnect, partial(render_template, "directory/disconnect.html", form=form, council_name=_name())
    )


def _connect(act: Act) -> str:
    found = session.get(FOUND, {})
    if not 0 <= act.at.timestamp() - found.get("at", 0) <= LASTS.total_seconds():
        raise Refused(TOO_LATE)
    token = bytes.fromhex(found["token"])
    directories.connect(act, found["council"], found["issuer"], token, current_user.reference)
    session.pop(FOUND)
    flash(CONNECTED)
    return url_for("directory_connecting.home")


def _disconnect(act: Act) -> str:
    directories.disconnect(act, current_user.reference)
    flash(DISCONNECTED)
    return url_for("directory_connecting.home")


def _council() -> str:
    return queries.key_of(reading().session, whoever().authority or 0)


def _name() -> str:
    return queries.name_of(reading().session, _council()) or ""

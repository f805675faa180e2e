"""Where am I signed in, since when, and until when? Signing out elsewhere, and staying signed in here."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lado.act import Act
from lado.queries import logins
from lado.security.permissions import Permission
from lado.security.session_limits import MOST, limits_of
from lado.services import open_sessions
from lado.web.background import SCRIPT
from lado.web.guards import database, needs, reading, whoever
from lado.web.my_sessions.forms import EndForm
from lado.web.my_sessions.presenters import minutes, sessions_of
from lado.web.sending import sent
from lado.web.users import home_of

bp = Blueprint("my_sessions", __name__, url_prefix="/my-sessions")


@bp.route("", methods=["GET", "POST"])
@needs(Permission.SESSION_END)
def home() -> ResponseReturnValue:
    """Everywhere that one is signed in; one of them is signed out, or all others."""
    form = EndForm()
    return sent(form, partial(_end, form=form), partial(_page, form))


@bp.get("/left")
@needs(Permission.SESSION_END)
def left() -> ResponseReturnValue:
    """How many seconds are left, for the script that warns; asking makes it last no longer."""
    return _left()


@bp.post("/stay")
@needs(Permission.SESSION_END)
def stay() -> ResponseReturnValue:
    """Stay signed in: that this was asked for is use enough. A script is told how long; a person goes home."""
    return _left() if SCRIPT in request.headers else redirect(home_of(whoever()))


def _left() -> ResponseReturnValue:
    lasts = current_user.lasts
    at = database().clock.now()
    return {"left": max(0, int((lasts.until_at - at).total_seconds())), "last": lasts.is_last}


def _page(form: EndForm) -> str:
    act = reading()
    limits = limits_of(act.who.role)
    return render_template(
        "my_sessions/home.html",
        form=form,
        sessions=sessions_of(logins.alive(act, act.who.id or 0, act.who.role), current_user.reference),
        lasts=current_user.lasts,
        idle=minutes(limits.idle),
        longest=int(limits.longest.total_seconds() // 3600),
        most=MOST,
    )


def _end(act: Act, form: EndForm) -> str:
    if form.key.data:
        open_sessions.end_own(act, form.key.data)
        flash("Signed out there.")
    else:
        open_sessions.end_own_others(act, but=current_user.reference)
        flash("Signed out everywhere else.")
    return url_for("my_sessions.home")

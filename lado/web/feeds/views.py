"""The address of one's own calendar and of the team's: making, renewing, switching off; and what is read there."""

from collections.abc import Callable
from functools import partial

import structlog
from flask import Blueprint, Response, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.errors import NotFound
from lado.queries import feeds
from lado.queries.feeds import SCOPES
from lado.security.identity import SYSTEM
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import feeds as keeping
from lado.web.feeds import calendar
from lado.web.feeds.forms import FeedForm
from lado.web.guards import database, needs, public, reading
from lado.web.sending import sent

bp = Blueprint("feeds", __name__)
log = structlog.get_logger()

JUST_MADE = "feed"
"""Where the browser keeps an address until it was shown once: nobody else is told it, and it is kept nowhere."""


@bp.get("/cover/calendar")
@needs(Permission.COVER_READ)
def home() -> ResponseReturnValue:
    """Which calendars are switched on; an address that was just made, once."""
    just_made = session.pop(JUST_MADE, None) or {}
    return _page(just_made)


@bp.post("/cover/calendar")
@needs(Permission.COVER_READ)
def make() -> ResponseReturnValue:
    """Make an address, or a new one in place of the old."""
    return _sent(_make)


@bp.post("/cover/calendar/off")
@needs(Permission.COVER_READ)
def switch_off() -> ResponseReturnValue:
    """Answer an address no more."""
    return _sent(_switch_off)


@bp.get("/calendar/<secret>.ics")
@public
def read(secret: str) -> ResponseReturnValue:
    """What a telephone reads. The secret is the only key; one that is not known answers as a page that is not there."""
    with database().reading(SYSTEM) as act:
        found = feeds.find(act, keeping.digest(secret))
        if found is None or not can(found.who, Permission.COVER_READ):
            raise NotFound("no such feed")
        kept = feeds.sent(act, found.id)
        is_up_to_date = keeping.is_up_to_date(act, found, kept)
    if not is_up_to_date:
        with database().work(found.who) as act:
            kept = keeping.send(act, found)
    with database().reading(SYSTEM) as act:
        names = feeds.names(act, kept)
    log.info("calendar read", feed=found.id)
    name = "Cover" if found.scope == feeds.OWN else "Cover of the team"
    return Response(calendar.text_of(name, found.scope, kept, names), mimetype="text/calendar")


def _sent(do: Callable[..., str]) -> ResponseReturnValue:
    form = FeedForm()
    return sent(form, partial(do, form=form), partial(_page, {}, form))


def _make(act: Act, form: FeedForm) -> str:
    scope = form.scope.data or ""
    secret = keeping.make(act, scope)
    session[JUST_MADE] = {"scope": scope, "address": url_for("feeds.read", secret=secret, _external=True)}
    flash("The address is ready. Copy it now: it is shown this once, and an earlier one is answered no more.")
    return url_for("feeds.home")


def _switch_off(act: Act, form: FeedForm) -> str:
    keeping.switch_off(act, form.scope.data or "")
    flash("Switched off. The address is answered no more; what a telephone holds already it may keep.")
    return url_for("feeds.home")


def _page(just_made: dict[str, str], form: FeedForm | None = None) -> str:
    return render_template(
        "feeds/home.html",
        scopes=SCOPES,
        on=feeds.switched_on(reading()),
        just_made=just_made,
        form=form or FeedForm(),
    )

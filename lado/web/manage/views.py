"""Is anything drifting, and were people told the outcome?"""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.feedback import GROUPS, REFERRER
from lado.domain.periods import Period, chosen, offered
from lado.domain.urgency import bounds
from lado.queries import cover, demand, digest, feedback, gaps, practices, quality, standings
from lado.queries.feedback import After, Only
from lado.queries.queue import After as Place
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.guards import needs, reading
from lado.web.manage import feedback as telling
from lado.web.manage import presenters
from lado.web.quality.presenters import signals
from lado.web.queue.presenters import cursor, read_cursor
from workflows.calendar import Calendar
from workflows.facts import AUDIENCES

bp = Blueprint("manage", __name__, url_prefix="/manage")

ASKED = ("audience", "answer", "from", "to")
"""By which a list is asked for besides its period."""

LONGEST_NUMBER = 5
"""Digits of a number of working days that an address may hold."""


@bp.get("")
@needs(Permission.FIGURES_READ)
def home() -> ResponseReturnValue:
    """Late and about to be, who holds the ball, cover, demand, dates, and who was told the outcome."""
    act = reading()
    authority_id = act.who.authority or 0
    practice = practices.in_force(act.session, authority_id, act.at)
    calendar = practice.calendar
    ahead = gaps.read(act, authority_id, cover.rota(act.session, authority_id, act.at), practice).outlook
    dates = signals(quality.recent(act), calendar, {}, act.at)
    around = presenters.Around(
        len(ahead.gaps),
        ahead.score,
        demand.read(act.session, authority_id, act.at, calendar),
        sum(signal.count for signal in dates),
        can(act.who, Permission.LOOKS_ANSWER),
    )
    periods, period = _period(act)
    return render_template(
        "manage/home.html",
        late=presenters.late_facts(_counts(act, calendar), act.at),
        ball=presenters.ball_rows(standings.tallies(act, act.at), act.at),
        around=presenters.around_facts(around),
        told=telling.feedback_view(feedback.figures(act.session, authority_id, period), period, periods),
    )


@bp.get("/told")
@needs(Permission.FIGURES_READ)
def cases() -> ResponseReturnValue:
    """The closed cases behind one number."""
    act = reading()
    _, period = _period(act)
    audience, group = request.args.get("audience", ""), request.args.get("answer", "")
    audience = audience if audience in AUDIENCES else REFERRER
    first, last = _number("from"), _number("to")
    only = Only(audience, GROUPS[group], first, last) if group in GROUPS else Only(audience)
    after = read_cursor(request.args.get("after", ""))
    found = feedback.cases(act, period, only, After(*after) if after else None)
    shown = found[: feedback.PAGE]
    following = Place(shown[-1].closed_at, shown[-1].id) if len(found) > feedback.PAGE else None
    more: dict[str, Any] = {name: request.args[name] for name in ASKED if name in request.args}
    return render_template(
        "manage/told.html",
        title=telling.list_title(audience, group, first, last),
        period=period,
        rows=telling.case_rows(shown),
        back=url_for("manage.home", period=period.key) + "#told",
        next_url=url_for("manage.cases", period=period.key, after=cursor(following), **more) if following else None,
    )


def _period(act: Act) -> tuple[list[Period], Period]:
    first_at = feedback.first_closed_at(act.session, act.who.authority or 0, REFERRER)
    periods = offered(first_at, act.at)
    return periods, chosen(request.args.get("period", ""), periods)


def _counts(act: Act, calendar: Calendar) -> digest.Counts:
    tomorrow_at = bounds(act.at, calendar).tomorrow_at
    return digest.counts(act.session, act.who.authority or 0, act.who.id or 0, act.at, tomorrow_at)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None

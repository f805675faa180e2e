"""Which dates are worth a second look?"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.queries import practices, quality
from lado.queries.accounts import names_of
from lado.security.permissions import Permission
from lado.web.guards import needs, reading
from lado.web.quality.presenters import people_in, signals, window_words

bp = Blueprint("quality", __name__)


@bp.get("/manage/dates")
@needs(Permission.QUALITY_READ)
def dates() -> ResponseReturnValue:
    """Signals in the dates that were recorded lately."""
    act = reading()
    found = quality.recent(act)
    calendar = practices.in_force(act.session, act.who.authority or 0, act.at).calendar
    return render_template(
        "quality/dates.html",
        signals=signals(found, calendar, names_of(act, people_in(found)), act.at),
        since=window_words(act.at),
        cases=len(found.logged),
        is_cut=found.is_cut,
    )

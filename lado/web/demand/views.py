"""Is there more to do than is usual, and who was brought in?"""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.demand import MOST_OPEN
from lado.queries import accounts, demand, practices
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.security.predicates import OFFICERS
from lado.services import demand as deciding
from lado.web.demand import presenters
from lado.web.demand.chart import chart_of, rows_of
from lado.web.demand.forms import LimitForm
from lado.web.guards import needs, reading, whoever
from lado.web.sending import sent

bp = Blueprint("demand", __name__)


@bp.get("/manage/demand")
@needs(Permission.DEMAND_READ)
def show() -> ResponseReturnValue:
    """Arrivals on a control chart, open cases by officer, and the decisions to bring in second cover."""
    return _page(LimitForm())


@bp.post("/manage/demand")
@needs(Permission.DEMAND_LIMIT)
def limit() -> ResponseReturnValue:
    """Set how many open cases an officer may have."""
    form = LimitForm()
    return sent(form, partial(_set, form=form), partial(_page, form))


def _set(act: Act, form: LimitForm) -> str:
    deciding.set_limit(act, form.number)
    flash(f"Saved. More than {form.number} open cases of one officer bring in second cover.")
    return url_for("demand.show")


def _page(form: LimitForm) -> str:
    act = reading()
    authority = act.who.authority or 0
    calendar = practices.in_force(act.session, authority, act.at).calendar
    found = demand.read(act.session, authority, act.at, calendar)
    most = demand.most_open(act.session, authority)
    officers = {person.id: person.name for person in accounts.people_of(act, authority, OFFICERS) if person.is_active}
    alarms = demand.latest(act.session, authority)
    names = officers | accounts.names_of(act, {person for alarm in alarms for person in presenters.people_of(alarm)})
    if request.method == "GET":
        form.most_open.data = str(most)
    return render_template(
        "demand/show.html",
        form=form,
        chart=chart_of(found),
        weeks=rows_of(found),
        officers=presenters.officer_rows(demand.open_cases(act.session, officers), officers, most),
        most=most,
        usual_most=MOST_OPEN,
        standing=[presenters.alarm_words(alarm, names, act.at) for alarm in alarms if alarm.until_at > act.at],
        decisions=presenters.alarm_rows(alarms, names),
        may_limit=can(whoever(), Permission.DEMAND_LIMIT),
    )

"""The emergency duty team's pages: who is on call, the open cases of one council at a time, and what was recorded."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import night_contacts, nights, on_call
from lado.queries.nights import Safety, Served
from lado.security.permissions import Permission
from lado.services import nights as recording
from lado.web.due import point
from lado.web.guards import needs, reading
from lado.web.out_of_hours import presenters
from lado.web.out_of_hours.forms import ContactForm, FindForm, councils
from lado.web.sending import sent

bp = Blueprint("out_of_hours", __name__, url_prefix="/out-of-hours")


@bp.get("")
@needs(Permission.NIGHT_READ)
def home() -> ResponseReturnValue:
    """Whom the worker serves, who is on call there now and next, and what they recorded."""
    act = reading()
    found = []
    for council in nights.served(act):
        roster = on_call.roster(act, council.authority_id)
        gap = presenters.gap_now(roster, act.at)
        found.append((council, presenters.on_call_facts(roster, act.at), gap))
    recorded = presenters.recorded_rows(night_contacts.recorded_by(act), act.at)
    return render_template("out_of_hours/home.html", councils=found, recorded=recorded)


@bp.route("/councils/<council>", methods=["GET", "POST"])
@needs(Permission.NIGHT_READ, find=nights.council)
def cases(council: Served) -> ResponseReturnValue:
    """The open cases of one council: all of them, a page at a time, or those that a search finds."""
    act, form = reading(), FindForm()
    if request.method == "POST":
        if not form.validate():
            return _cases(council, form, nights.Cases([], None)), 400
        return _cases(council, form, nights.Cases(nights.find(act, council.authority_id, form.words.data or ""), None))
    after = request.args.get("after", "")[:20]
    return _cases(council, form, nights.open_cases(act, council.authority_id, after))


@bp.get("/cases/<reference>")
@needs(Permission.NIGHT_READ, find=nights.case)
def case(case: Safety) -> ResponseReturnValue:
    """What keeps people safe on one open case."""
    act = reading()
    return render_template(
        "out_of_hours/case.html", case=case, facts=presenters.safety_facts(case, partial(point, at=act.at), act.at)
    )


@bp.route("/contacts/new", methods=["GET", "POST"])
@needs(Permission.NIGHT_RECORD)
def contact() -> ResponseReturnValue:
    """Record who rang in the night and what was done."""
    act = reading()
    served = nights.served(act)
    form = ContactForm() if request.method == "POST" else _empty(act, served)
    form.council.choices = councils(served)
    return sent(form, partial(_record, form=form, served=served), partial(_contact, form))


def _cases(council: Served, form: FindForm, found: nights.Cases) -> str:
    following = url_for("out_of_hours.cases", council=council.key, after=found.following) if found.following else ""
    return render_template(
        "out_of_hours/cases.html",
        served=council,
        form=form,
        rows=presenters.case_rows(found.rows),
        is_search=request.method == "POST",
        next_url=following,
    )


def _empty(act: Act, served: list[Served]) -> ContactForm:
    """An empty form; from the page of a case it is about that case, and where there is one council, for that."""
    about = nights.case(act, request.args.get("reference", ""))
    chosen = about.authority_id if about else served[0].authority_id if len(served) == 1 else None
    key = next((one.key for one in served if one.authority_id == chosen), None)
    return ContactForm(happened=act.at, council=key, reference=about.reference if about else "")


def _contact(form: ContactForm) -> str:
    return render_template("out_of_hours/contact.html", form=form)


def _record(act: Act, form: ContactForm, served: list[Served]) -> str:
    made = recording.record(act, form.answers(served))
    name = next(one.name for one in served if one.authority_id == made.authority_id)
    noted = " It is noted on the case too." if made.referral_id else ""
    flash(f"Recorded. The day service of {name} sees it and takes it over by {point(made.due_at, act.at)}.{noted}")
    return url_for("out_of_hours.home")

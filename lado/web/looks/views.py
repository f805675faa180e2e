"""What is unusual in the log of reads, and what came of asking about it?"""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import unusual as queries
from lado.queries.unusual import Found
from lado.security.permissions import Permission
from lado.services import unusual
from lado.web.guards import needs, reading
from lado.web.looks import presenters
from lado.web.looks.forms import AnswerForm
from lado.web.sending import sent

bp = Blueprint("looks", __name__, url_prefix="/looks")


@bp.get("")
@needs(Permission.LOOKS_ANSWER)
def home() -> ResponseReturnValue:
    """The looks that this person asks about: those that wait for an answer, then the others."""
    act = reading()
    last = queries.last_week(act, act.who.authority or 0)
    return render_template(
        "looks/home.html", page=presenters.list_page(queries.list_of(act), act.at), last=last, most=queries.MOST
    )


@bp.route("/<int:finding_id>", methods=["GET", "POST"])
@needs(Permission.LOOKS_ANSWER, find=queries.find)
def answer(found: Found) -> ResponseReturnValue:
    """One finding, and what came of it."""
    form = AnswerForm()
    rows = presenters.facts(found, reading().at)
    show = partial(render_template, "looks/answer.html", form=form, found=found, rows=rows)
    return sent(form, partial(_answer, form=form, found=found), show)


def _answer(act: Act, form: AnswerForm, found: Found) -> str:
    unusual.answer(act, found, unusual.answer_named(form.answer.data or ""), form.note.data or "")
    flash("Answered. It stands here with what you wrote.")
    return url_for("looks.home")

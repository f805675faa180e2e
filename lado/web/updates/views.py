"""When does the referrer hear from us next?"""

from datetime import datetime
from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.models import Referral
from lado.queries import ledger, practices
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.services import updates
from lado.web.due import day_words, due_words
from lado.web.forms import made_from
from lado.web.guards import needs, reading
from lado.web.sending import sent
from lado.web.updates.forms import UpdateForm
from workflows.case import Case, Clock
from workflows.clocks import day_end
from workflows.model import NEXT_UPDATE
from workflows.practice import Practice

bp = Blueprint("updates", __name__, url_prefix="/referrals/<reference>/update")

TITLE = "Next update to the referrer"
GIVEN = "Recorded: the referrer has had an update."
NO_DAY = "No day is promised for the next one."


@bp.route("", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=find)
def show(referral: Referral) -> ResponseReturnValue:
    """Record an update to the referrer, and promise the day of the next one."""
    case, practice = _case(referral)
    if practice.flow.state_by_key[case.state].final:
        href, state = url_for("referrals.show", reference=referral.reference), practice.flow.state_by_key[case.state]
        return render_template("moves/not_open.html", move=TITLE, state=state.label, case_href=href), 409
    form = UpdateForm(case, practice, reading().at)
    return sent(form, partial(_saved, referral=referral, form=form), partial(_page, referral, form))


def _case(referral: Referral) -> tuple[Case, Practice]:
    session = reading().session
    return ledger.case_of(session, referral.id), practices.of_case(session, referral)


def _page(referral: Referral, form: UpdateForm) -> str:
    act = reading()
    fresh = find(act, referral.reference) or referral  # saving was tried: what was read before is gone
    case, practice = _case(fresh)
    clock = case.running.get(NEXT_UPDATE)
    stands = _stands(clock, practice, act.at) if clock is not None else ""
    clock_href = (
        url_for("clocks.show", reference=fresh.reference, clock=clock.key, occurrence=clock.occurrence) if clock else ""
    )
    return render_template(
        "updates/show.html",
        form=form,
        reference=fresh.reference,
        seen=fresh.events,
        stands=stands,
        clock_href=clock_href,
    )


def _stands(clock: Clock, practice: Practice, at: datetime) -> str:
    """How the promise stands, in a sentence."""
    text = due_words(clock.due_at, at, practice.calendar).text
    return f"The update that is promised is {text if clock.status(at) == 'lapsed' else f'due {text}'}."


def _saved(act: Act, referral: Referral, form: UpdateForm) -> str:
    seen, by_on, note = made_from(referral.events), form.update_by_on.data, form.note.data or ""
    if by_on is None:
        updates.give(act, referral.id, note, seen=seen)
        flash(f"{GIVEN} {NO_DAY}")
    else:
        updates.promise(act, referral.id, by_on, note, given=form.is_given, seen=seen)
        promised = f"The next one is promised by the end of {day_words(day_end(by_on), act.at)}."
        flash(f"{GIVEN} {promised}" if form.is_given else promised)
    return url_for("referrals.show", reference=referral.reference)

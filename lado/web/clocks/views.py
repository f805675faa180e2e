"""How was this date reached, and what can be changed about it?"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain import answers
from lado.domain.reads import Look
from lado.errors import Stale
from lado.queries import clocks
from lado.queries.case_file import CaseFile, ClockFile, find_clock
from lado.queries.clocks import Basis
from lado.security.permissions import Permission
from lado.web.clocks.exports import working_csv
from lado.web.clocks.forms import FORMS, AdjustForm, form_for
from lado.web.clocks.presenters import clock_page
from lado.web.components import TimelineItem
from lado.web.forms import made_from
from lado.web.guards import needs, reading, whoever
from lado.web.referrals.clock_words import address, clock_name, state_words
from lado.web.referrals.presenters import teller_of
from lado.web.referrals.record import record_of
from lado.web.sending import sent
from workflows.adjustments import why_not
from workflows.attempt import Refusal

bp = Blueprint("clocks", __name__, url_prefix="/referrals/<reference>/clocks/<clock>/<int:occurrence>")


@dataclass(frozen=True)
class Asked:
    """A change that somebody wants to make to a clock."""

    found: ClockFile
    adjustment: str

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.found.authority_id


def asked(act: Act, reference: str, clock: str, occurrence: int, adjustment: str) -> Asked | None:
    """The clock and the change, or None where there is no such thing."""
    found = find_clock(act, reference, clock, occurrence) if adjustment in FORMS else None
    return Asked(found, adjustment) if found is not None else None


@bp.get("")
@needs(Permission.REFERRAL_READ, find=find_clock)
def show(found: ClockFile) -> ResponseReturnValue:
    """The working of one due date, day by day."""
    act = reading()
    return render_template("clocks/show.html", page=clock_page(found, _basis(act, found), whoever(), act.at))


@bp.get("/working.csv")
@needs(Permission.REFERRAL_READ, find=find_clock, reads=Look.DOWNLOAD, fresh=True)
def export(found: ClockFile) -> ResponseReturnValue:
    """The same as a file for a spreadsheet; its name says the reference and nothing else."""
    act = reading()
    body = working_csv(found, _basis(act, found), act.at).encode("utf-8-sig")
    name = f"{found.file.reference}-working.csv"
    return Response(
        body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.route("/<adjustment>", methods=["GET", "POST"])
@needs(Permission.CLOCK_ADJUST, find=asked)
def adjust(wanted: Asked) -> ResponseReturnValue:
    """Show what would come of the change, then make it."""
    act = reading()
    form = _form(wanted, act)
    if reason := why_not(form.kind, wanted.found.file.case, wanted.found.clock, form.practice, act.at):
        return render_template("clocks/not_open.html", page=_page(wanted, act.at), form=form, reason=reason), 409
    if request.method == "GET":
        form.seen.data = str(wanted.found.file.events)
        return _show(wanted, form)
    outcome = _outcome(form)
    if not outcome:
        return _show(wanted, form), 400
    if form.shown.data != outcome:
        form.shown.data = outcome
        return _show(wanted, form, outcome=outcome)
    made = partial(_made, wanted=wanted, form=form, outcome=outcome)
    return sent(form, made, partial(_show, wanted, form), partial(_overtaken, wanted))


def _made(act: Act, wanted: Asked, form: AdjustForm, outcome: str) -> str:
    form.make(act, made_from(wanted.found.file.events))
    flash(f"Saved. {outcome}")
    return address(wanted.found.file, wanted.found.clock)


def _outcome(form: AdjustForm) -> str:
    """What would come of the form as it was filled in; empty when something is wrong with it, which it then says."""
    if not form.validate():
        return ""
    known = answers.Known(form.at, form.found.file.case.received_at or form.at)
    if problems := answers.problems(form.dates(), known):
        form.refuse(problems)
        return ""
    decided = form.decide()
    if isinstance(decided, Refusal):
        form.refuse(dict.fromkeys(decided.missing or ("clock",), decided.reason))
        return ""
    return form.outcome(decided)


def _overtaken(wanted: Asked, stale: Stale) -> str:
    """What others recorded since, and the form as it was filled in, ready to be sent again."""
    act, old = reading(), wanted.found
    fresh = find_clock(act, old.file.reference, old.clock.key, old.clock.occurrence) or old
    again = Asked(fresh, wanted.adjustment)
    form = _form(again, act)
    form.seen.data, form.shown.data = str(fresh.file.events), ""
    seen = made_from(fresh.file.events)
    since = record_of((made for made in fresh.file.made if made.head.number > seen), teller_of(fresh.file, act.at))
    return _show(again, form, since=since, token=secrets.token_urlsafe(24))


def _show(
    wanted: Asked,
    form: AdjustForm,
    *,
    outcome: str = "",
    since: tuple[TimelineItem, ...] = (),
    token: str | None = None,
) -> str:
    page = _page(wanted, form.at)
    return render_template("clocks/adjust.html", page=page, form=form, outcome=outcome, since=since, token=token)


@dataclass(frozen=True)
class AdjustPage:
    """What stands beside the form: the case by its reference, the clock and how it stands."""

    reference: str
    name: str
    stands: str
    href: str


def _page(wanted: Asked, at: datetime) -> AdjustPage:
    file, clock = wanted.found.file, wanted.found.clock
    text, _, _ = state_words(file, clock, at)
    return AdjustPage(file.reference, clock_name(file, clock), text, address(file, clock))


def _form(wanted: Asked, act: Act) -> AdjustForm:
    found = wanted.found
    # More time is counted in the limit that was promised; all else is asked of the rules that the case has now.
    practice = _basis(act, found).practice if wanted.adjustment == "extend" else found.file.practice
    return form_for(wanted.adjustment, found)(found, practice, act.at)


def _basis(act: Act, found: ClockFile) -> Basis:
    file: CaseFile = found.file
    return clocks.bases(act.session, file.authority_id, [found.clock], file.practice)[found.clock.rule]

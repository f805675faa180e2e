"""How the council words its letters and e-mails: what holds, proposing other wording, and a second person deciding."""

from functools import partial

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.letters import problems, tidied
from lado.queries import accounts, letter_wordings
from lado.queries.letter_wordings import KindWords, Proposal
from lado.queries.proposals import council_of, people_in
from lado.security.permissions import Permission
from lado.services import letter_words
from lado.services.letter_words import NewWording
from lado.web import signing_off
from lado.web.guards import needs, reading, whoever
from lado.web.letters import wording_presenters as presenters
from lado.web.letters.forms import WordingForm
from lado.web.sending import sent
from lado.web.signing_off import ApprovalForm

bp = Blueprint("letter_words", __name__, url_prefix="/settings/letters")


@bp.get("")
@needs(Permission.RULES_READ)
def home() -> ResponseReturnValue:
    """Which letters and e-mails are there, whose wording have they, and what waits for a second person?"""
    act = reading()
    waiting = letter_wordings.waiting(act)
    names = accounts.names_of(act, people_in(waiting))
    return render_template(
        "letters/wordings.html",
        rows=presenters.kind_rows(letter_wordings.kinds(act)),
        waiting=signing_off.waiting_rows(waiting, names, whoever(), partial(presenters.about, council_of(act))),
    )


@bp.get("/<council>/<audience>/<occasion>")
@needs(Permission.RULES_READ, find=letter_wordings.find_kind)
def show(found: KindWords) -> ResponseReturnValue:
    """How does this letter read now, and how did it before?"""
    act = reading()
    history = letter_wordings.history(act, found.place)
    names = accounts.names_of(act, people_in(history))
    return render_template(
        "letters/wording.html",
        found=found,
        label=presenters.label(found.kind),
        text=presenters.facts(found.text),
        example=presenters.example(found.text),
        came_with=presenters.facts(found.came_with) if found.text != found.came_with else (),
        history=signing_off.history(history, names, presenters.facts),
        change=presenters.href(found.council, found.kind, "propose"),
    )


@bp.route("/<council>/<audience>/<occasion>/propose", methods=["GET", "POST"])
@needs(Permission.SENTENCE_PROPOSE, find=letter_wordings.find_kind)
def propose(found: KindWords) -> ResponseReturnValue:
    """Propose other wording for this letter; `check` shows how it would read."""
    form = WordingForm() if request.method == "POST" else WordingForm(data=found.text._asdict())
    return sent(form, partial(_propose, found=found, form=form), partial(_propose_page, found, form))


@bp.route("/proposals/<int:letter_wording_id>", methods=["GET", "POST"])
@needs(Permission.SENTENCE_APPROVE, find=letter_wordings.find_proposal)
def decide(found: Proposal) -> ResponseReturnValue:
    """Approve a colleague's proposal, or refuse it."""
    form = ApprovalForm("letters of this kind are made from it from now on")
    return sent(form, partial(_decide, found=found, form=form), partial(_decide_page, found, form))


def _propose_page(found: KindWords, form: WordingForm) -> str:
    text = tidied(form.text)
    is_checked = "check" in request.form
    wrong = problems(found.kind, text) if is_checked else {}
    form.refuse(wrong)
    return render_template(
        "letters/propose.html",
        found=found,
        form=form,
        label=presenters.label(found.kind),
        example=presenters.example(text) if is_checked and not wrong else (),
        placeholders=presenters.placeholders(found.kind),
        here=presenters.href(found.council, found.kind),
    )


def _propose(act: Act, found: KindWords, form: WordingForm) -> str:
    letter_words.propose(act, NewWording(found.place, form.text, form.why.data or ""))
    flash("Proposed. Letters are made as before until a second person approves.")
    return presenters.href(found.council, found.kind)


def _decide_page(found: Proposal, form: ApprovalForm) -> str:
    act = reading()
    found = letter_wordings.find_proposal(act, found.id) or found
    names = accounts.names_of(act, people_in([found]))
    now = letter_wordings.in_force(act, found.authority_id)[found.place.kind].text
    return render_template(
        "letters/decide.html",
        label=presenters.label(found.place.kind),
        proposal=signing_off.proposal_view(found, names, whoever(), presenters.facts, letter_words.OWN),
        example=presenters.example(found.words),
        now=presenters.facts(now),
        form=form,
    )


def _decide(act: Act, found: Proposal, form: ApprovalForm) -> str:
    letter_words.decide(act, found.id, approve=form.approve, answer=form.answer.data or "")
    flash(
        "Approved. Letters of this kind are made from it from now on."
        if form.approve
        else "Refused. Letters are made as before."
    )
    return presenters.href(council_of(act), found.place.kind)

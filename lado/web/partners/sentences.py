"""The sentences that partners are told, state by state: what holds, proposing others, and a second person deciding."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import accounts, wordings
from lado.queries.proposals import council_of, people_in
from lado.queries.wordings import Proposal, StateWords
from lado.security.permissions import Permission
from lado.services import partner_words
from lado.services.partner_words import NewWording
from lado.web import signing_off
from lado.web.guards import needs, reading, whoever
from lado.web.partners import wording_views
from lado.web.partners.forms import WordingForm
from lado.web.sending import sent
from lado.web.signing_off import ApprovalForm
from workflows.registry import NAMED

bp = Blueprint("sentences", __name__, url_prefix="/settings/sentences")


@bp.get("")
@needs(Permission.RULES_READ)
def home() -> ResponseReturnValue:
    """What are partners told in each state, and what waits for a second person?"""
    act = reading()
    flow = NAMED.get(request.args.get("procedure", ""), wordings.flow_in_use(act))
    waiting = wordings.waiting(act)
    return render_template(
        "partners/sentences.html",
        flow=flow,
        versions=wording_views.versions(flow),
        rows=wording_views.state_rows(wordings.states(act, flow)),
        waiting=signing_off.waiting_rows(
            waiting,
            accounts.names_of(act, people_in(waiting)),
            whoever(),
            partial(wording_views.about, council_of(act)),
        ),
    )


@bp.get("/<council>/<procedure>/<state>")
@needs(Permission.RULES_READ, find=wordings.find_state)
def show(found: StateWords) -> ResponseReturnValue:
    """What are they told in this state, and what were they told before?"""
    act = reading()
    history = wordings.history(act, found.place)
    names = accounts.names_of(act, people_in(history))
    return render_template(
        "partners/sentence.html",
        found=found,
        told=wording_views.facts(found.words),
        came_with=wording_views.facts(found.came_with) if found.words != found.came_with else (),
        history=signing_off.history(history, names, wording_views.facts),
    )


@bp.route("/<council>/<procedure>/<state>/propose", methods=["GET", "POST"])
@needs(Permission.SENTENCE_PROPOSE, find=wordings.find_state)
def propose(found: StateWords) -> ResponseReturnValue:
    """Propose other sentences for this state; `check` shows how a partner would read them."""
    form = WordingForm() if request.method == "POST" else WordingForm(data=found.words._asdict())
    page = partial(_propose_page, found, form)
    return sent(form, partial(_propose, found=found, form=form), page)


@bp.route("/proposals/<int:wording_id>", methods=["GET", "POST"])
@needs(Permission.SENTENCE_APPROVE, find=wordings.find_proposal)
def decide(found: Proposal) -> ResponseReturnValue:
    """Approve a colleague's proposal, or refuse it."""
    form = ApprovalForm("partners are told this from now on")
    return sent(form, partial(_decide, found=found, form=form), partial(_decide_page, found, form))


def _propose_page(found: StateWords, form: WordingForm) -> str:
    as_read = wording_views.facts(form.words) if "check" in request.form else ()
    return render_template("partners/propose.html", found=found, form=form, as_read=as_read)


def _propose(act: Act, found: StateWords, form: WordingForm) -> str:
    partner_words.propose(act, NewWording(found.place, form.words, form.why.data or ""))
    flash("Proposed. Partners are told what they were told before until a second person approves.")
    return wording_views.href(found)


def _decide_page(found: Proposal, form: ApprovalForm) -> str:
    act = reading()
    found = wordings.find_proposal(act, found.id) or found
    names = accounts.names_of(act, people_in([found]))
    flow, state = wordings.state_of(found)
    now = wordings.find_state(act, council_of(act), flow.name, state.key)
    return render_template(
        "partners/decide.html",
        flow=flow,
        state=state,
        proposal=signing_off.proposal_view(found, names, whoever(), wording_views.facts, partner_words.OWN),
        now=wording_views.facts(now.words) if now else (),
        form=form,
    )


def _decide(act: Act, found: Proposal, form: ApprovalForm) -> str:
    partner_words.decide(act, found.id, approve=form.approve, answer=form.answer.data or "")
    flash(
        "Approved. Partners are told this from now on."
        if form.approve
        else "Refused. Partners are told what they were told before."
    )
    flow, state = wordings.state_of(found)
    return url_for("sentences.show", council=council_of(act), procedure=flow.name, state=state.key)

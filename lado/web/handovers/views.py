"""What have I just inherited? Accept each case or say why not; and what happened while I was away."""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.models import Referral
from lado.queries import accounts, briefings, handovers
from lado.queries.handovers import Offered
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.services import handovers as handing
from lado.web.components import Fact
from lado.web.due import counted
from lado.web.guards import needs, reading, save, whoever
from lado.web.handovers.forms import RefusalForm
from lado.web.handovers.presenters import brief, briefs, covering, covering_today, found_again, is_covered_by
from lado.web.sending import sent

bp = Blueprint("handovers", __name__, url_prefix="/cover")

NOTHING = "Nothing waits for your answer any more."


@bp.get("/handover")
@needs(Permission.REFERRAL_LIST)
def home() -> ResponseReturnValue:
    """What have I just inherited?"""
    act = reading()
    found = briefings.inherited(act)
    handed = {one.file.id for one in found}
    today = [file for file in briefings.briefed(act) if file.id not in handed]
    return render_template(
        "handovers/home.html",
        covering_today=covering_today(today, act.at),
        today=[brief(file, None, act.who.id, act.at) for file in today],
        covering=covering(found, act.at),
        waiting=briefs(found, act.who.id, act.at, "accept"),
        accepted=briefs(found, act.who.id, act.at, "accepted"),
    )


@bp.post("/handover/accept-all")
@needs(Permission.REFERRAL_WORK)
def accept_all() -> ResponseReturnValue:
    """Take up everything that waits for me."""
    return save(_accept_all)


@bp.get("/handover/<reference>")
@needs(Permission.REFERRAL_READ, find=find)
def show(referral: Referral) -> ResponseReturnValue:
    """One case as a briefing on one page, to read or to print."""
    return _page(referral, RefusalForm())


@bp.post("/handover/<reference>/accept")
@needs(Permission.REFERRAL_WORK, find=find)
def accept(referral: Referral) -> ResponseReturnValue:
    """Take this case up."""
    return save(partial(_accept, referral=referral))


@bp.post("/handover/<reference>/refuse")
@needs(Permission.REFERRAL_WORK, find=find)
def refuse(referral: Referral) -> ResponseReturnValue:
    """Say why not: it goes to the next person."""
    form = RefusalForm()
    return sent(form, partial(_refuse, referral=referral, form=form), partial(_page, referral, form))


@bp.get("/while-away")
@needs(Permission.REFERRAL_LIST)
def while_away() -> ResponseReturnValue:
    """What happened while I was away?"""
    act = reading()
    since = handovers.returned(act)
    missed = briefings.missed(act, since) if since else []
    shown = [found_again(one, since.from_at, since.returned_at, act.at) for one in missed] if since else []
    return render_template("handovers/away.html", since=since, cases=shown)


@bp.post("/while-away/read")
@needs(Permission.REFERRAL_LIST)
def read() -> ResponseReturnValue:
    """I have read what happened."""
    return save(_read)


def _accept_all(act: Act) -> str:
    cases = handing.accept_all(act)
    flash(f"Accepted: {counted(cases, 'case')}. They are with you until your colleague is back." if cases else NOTHING)
    return url_for("handovers.home")


def _accept(act: Act, referral: Referral) -> str:
    handing.accept(act, referral.id)
    flash(f"{referral.reference} is with you until your colleague is back.")
    return url_for("handovers.home")


def _refuse(act: Act, referral: Referral, form: RefusalForm) -> str:
    following = handing.refuse(act, referral.id, form.reason.data or "")
    name = accounts.names_of(act, {following}).get(following) if following is not None else None
    flash(
        f"{referral.reference} was offered to {name} instead, and your reason is on the record."
        if name
        else f"{referral.reference}: your reason is on the record. Nobody else is there to take it, which is raised."
    )
    return url_for("handovers.home")


def _read(act: Act) -> str:
    handing.read_what_happened(act)
    flash("Welcome back. Your cases are with you again.")
    return url_for("queue.home")


def _page(referral: Referral, form: RefusalForm) -> str:
    act = reading()
    file = briefings.read(act, [referral.id])[referral.id]
    offered = _mine(act, referral)
    shown = brief(file, offered, whoever().id, act.at, is_opened=True)
    may_refuse = offered is not None and offered.to == whoever().id
    typed = [Fact(form.reason.label.text, form.reason.data)] if form.reason.data and not may_refuse else []
    is_mine = offered is None and is_covered_by(file, whoever().id, act.at)
    return render_template(
        "handovers/show.html", brief=shown, form=form, may_refuse=may_refuse, is_mine=is_mine, typed=typed
    )


def _mine(act: Act, referral: Referral) -> Offered | None:
    return next((one for one in handovers.for_me(act) if one.case.id == referral.id), None)

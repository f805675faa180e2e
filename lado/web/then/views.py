"""What was known at a past moment: of the queue, and of one case."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.models import Referral
from lado.queries import then
from lado.queries.referrals import find
from lado.queries.standings import Only
from lado.security.permissions import Permission
from lado.web.guards import needs, reading, whoever
from lado.web.queue.presenters import read_cursor
from lado.web.then.cases import case_then_page
from lado.web.then.forms import Asked
from lado.web.then.moments import iso
from lado.web.then.presenters import queue_then_page

bp = Blueprint("then", __name__)

MOST_DIGITS = 15


@bp.get("/then")
@needs(Permission.REFERRAL_LIST)
def queue() -> ResponseReturnValue:
    """How did our cases stand at a past moment?"""
    act = reading()
    asked = Asked(act.at)
    if asked.chosen is not None:
        return redirect(url_for("then.queue", at=iso(asked.chosen)))
    found = then.queue(act, asked.at, _only(), read_cursor(request.args.get("after", "")))
    page = queue_then_page(found, act.at)
    return render_template("then/queue.html", page=page, form=asked.form), asked.status


@bp.get("/referrals/<reference>/then")
@needs(Permission.REFERRAL_READ, find=find)
def case(referral: Referral) -> ResponseReturnValue:
    """What was known of this case at a past moment, and what do we know of it now?"""
    act = reading()
    asked = Asked(act.at)
    if asked.chosen is not None:
        return redirect(url_for("then.case", reference=referral.reference, at=iso(asked.chosen)))
    page = case_then_page(then.case(act, referral, asked.at), whoever(), act.at)
    return render_template("then/case.html", page=page, form=asked.form), asked.status


def _only() -> Only:
    owner, lapsed = request.args.get("owner", ""), request.args.get("lapsed", "")
    return Only(
        request.args.get("state") or None,
        int(owner) if owner.isascii() and owner.isdigit() and len(owner) <= MOST_DIGITS else None,
        True if lapsed == "yes" else None,
    )

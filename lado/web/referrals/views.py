"""The pages of one case: where it stands, its record, and the whole of it for paper."""

from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.domain.files import NOTED
from lado.domain.reads import Look
from lado.models import Referral
from lado.queries import accounts, case_file, clocks, notices
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.web.guards import needs, reading, whoever
from lado.web.notices.presenters import people_in, undelivered
from lado.web.referrals.corrected import corrected_lines
from lado.web.referrals.presenters import case_page, identified, teller_of
from lado.web.referrals.record import record_of
from lado.web.referrals.workings import in_short, working_of
from workflows.events import Noted

bp = Blueprint("referrals", __name__, url_prefix="/referrals")


@bp.get("/<reference>")
@needs(Permission.REFERRAL_READ, find=find)
def show(referral: Referral) -> ResponseReturnValue:
    """Where does this stand, and what happens next?"""
    act = reading()
    file = case_file.read(act, referral)
    page = case_page(file, whoever(), act.at)
    failed = notices.failed_of_case(act.session, referral.id)
    names = accounts.names_of(act, people_in(failed)) if failed else {}
    told = undelivered(failed, names, act.at, act.who)
    files = sum(isinstance(entry.event, Noted) and entry.event.kind == NOTED for entry, _ in file.entries())
    return render_template("referrals/show.html", page=page, failed=told, is_urgent=referral.is_urgent, files=files)


@bp.get("/<reference>/record")
@needs(Permission.REFERRAL_READ, find=find)
def record(referral: Referral) -> ResponseReturnValue:
    """What was recorded, by whom, and when?"""
    act = reading()
    file = case_file.read(act, referral)
    bar = identified(file, act.at, whoever(), "record")
    items = record_of(file.made, teller_of(file, act.at), partial(corrected_lines, file))
    return render_template("referrals/record.html", bar=bar, items=items)


@bp.get("/<reference>/whole")
@needs(Permission.REFERRAL_READ, find=find, reads=Look.PRINT, fresh=True)
def whole(referral: Referral) -> ResponseReturnValue:
    """The whole case as one page, to print."""
    act = reading()
    file = case_file.read(act, referral)
    bases = clocks.bases(act.session, file.authority_id, file.clocks, file.practice)
    workings = [in_short(file, working_of(file, one, bases[one.rule], act.at), act.at) for one in file.clocks]
    page = case_page(file, whoever(), act.at, whole=True)
    return render_template("referrals/whole.html", page=page, workings=workings)

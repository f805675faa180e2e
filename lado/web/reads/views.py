"""Who has looked at this case?"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lado.models import Referral
from lado.queries import case_file, look_reasons, reads
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.web.guards import needs, reading, whoever
from lado.web.reads.presenters import looked_page
from lado.web.referrals.presenters import identified

bp = Blueprint("reads", __name__)


@bp.get("/referrals/<reference>/looked")
@needs(Permission.READS_READ, find=find)
def home(referral: Referral) -> ResponseReturnValue:
    """Everybody who has looked at the case, and each look, the latest first."""
    act = reading()
    before = request.args.get("before", type=int)
    found = reads.of_case(act, referral.id, before)
    return render_template(
        "reads/home.html",
        bar=identified(case_file.read(act, referral), act.at, whoever(), "looked"),
        page=looked_page(
            found, look_reasons.of_case(act, referral), referral.reference, act.at, is_first=before is None
        ),
    )

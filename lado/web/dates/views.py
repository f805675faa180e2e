"""Where does each date come from?"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.models import Referral
from lado.queries import dates
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.web.dates.presenters import COLUMNS, dates_page
from lado.web.guards import needs, reading, whoever

bp = Blueprint("dates", __name__)


@bp.get("/referrals/<reference>/dates")
@needs(Permission.REFERRAL_READ, find=find)
def show(referral: Referral) -> ResponseReturnValue:
    """Every date of the case, with its source, who entered it, and the original beside its correction."""
    act = reading()
    page = dates_page(dates.read(act, referral), whoever(), act.at)
    return render_template("dates/show.html", page=page, columns=COLUMNS)

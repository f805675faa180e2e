"""Where is nobody in the coming weeks, and what would close it?"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.queries import cover, demand, gaps, practices
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.gaps import presenters
from lado.web.gaps.presenters import Told
from lado.web.gaps.strip import strip_of
from lado.web.guards import needs, reading, whoever

bp = Blueprint("gaps", __name__)


@bp.get("/cover/gaps")
@needs(Permission.COVER_READ)
def show() -> ResponseReturnValue:
    """Every gap of the coming weeks with its span, why, how many referrals to expect, and what would close it."""
    act = reading()
    authority = act.who.authority or 0
    practice = practices.in_force(act.session, authority, act.at)
    found = gaps.read(act, authority, cover.rota(act.session, authority, act.at), practice)
    coming = demand.read(act.session, authority, act.at, practice.calendar)
    whose = [gap.what.person for gap in found.outlook.gaps if gap.what.person is not None]
    may_list = can(whoever(), Permission.REFERRAL_LIST)  # an administrator sees who is there, and no case
    told = Told(
        found,
        demand.open_cases(act.session, whose) if may_list else {},
        coming.rates if coming.level.is_known else (),
        can(whoever(), Permission.COVER_ARRANGE),
    )
    return render_template(
        "gaps/show.html",
        strip=strip_of(found, act.today),
        sections=presenters.sections(told),
        without_phone=presenters.without_phone(found),
        weeks=gaps.WEEKS,
    )

"""How was this date reached?"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.queries import practices
from lado.queries.case_file import ClockFile, find_clock
from lado.security.permissions import Permission
from lado.web.clocks.presenters import clock_page
from lado.web.guards import needs, reading, whoever

bp = Blueprint("clocks", __name__)


@bp.get("/referrals/<reference>/clocks/<clock>/<int:occurrence>")
@needs(Permission.REFERRAL_READ, find=find_clock)
def show(found: ClockFile) -> ResponseReturnValue:
    """The working of one due date, day by day."""
    act = reading()
    calendars = practices.known_calendars(act.session, found.file.practice.rules)
    return render_template("clocks/show.html", page=clock_page(found, calendars, whoever(), act.at))

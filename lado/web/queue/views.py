"""Home of the council's people: the queue, most urgent first."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lado.queries import home as homes
from lado.queries.home import Show
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.security.predicates import MANAGERS, OFFICERS
from lado.web.demand.standing import standing_words
from lado.web.gaps.ahead import banner_for
from lado.web.guards import needs, reading, whoever
from lado.web.handovers.on_home import on_home
from lado.web.out_of_hours.presenters import waiting_here
from lado.web.queue.presenters import home_page, read_cursor

bp = Blueprint("queue", __name__)


@bp.get("/")
@needs(Permission.REFERRAL_LIST)
def home() -> ResponseReturnValue:
    """What needs me now."""
    act = reading()
    after = read_cursor(request.args.get("after", ""))
    found = homes.read(act, chosen(request.args.get("show", ""), whoever()), after)
    return render_template(
        "queue/home.html",
        page=home_page(found, act.at, whoever(), after),
        gaps_ahead=banner_for(act, found.rota, found.practice) if after is None else "",
        second_cover=standing_words(act) if after is None else [],
        handed=on_home(act, found) if after is None else None,
        may_log=can(whoever(), Permission.REFERRAL_CREATE),
        from_the_night=waiting_here(act),
        wishes=found.wishes,
    )


def chosen(text: str, who: Identity) -> Show:
    """The part that was asked for; otherwise one's own work, or everyone's for those who own no cases."""
    if text in list(Show):
        return Show(text)
    return Show.FOR_ME if who.role in OFFICERS | MANAGERS else Show.EVERYONE

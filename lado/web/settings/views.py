"""Our rules, in sentences, for everyone of the council; the accounts for whoever keeps them."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from lado.queries import accounts, practices, rules
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import rules as changing
from lado.web.guards import needs, reading, whoever
from lado.web.headers import nonce
from lado.web.settings.presenters import people_rows, rules_view
from workflows.diagram import svg

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("")
@needs(Permission.RULES_READ)
def home() -> ResponseReturnValue:
    """The rules in force now, the procedure that they belong to, and the accounts."""
    act = reading()
    authority = act.who.authority or 0
    practice = practices.in_force(act.session, authority, act.at)
    may_see_people = can(whoever(), Permission.ACCOUNT_MANAGE)
    may_change = can(whoever(), Permission.RULES_CHANGE)
    return render_template(
        "settings/home.html",
        rules=rules_view(practice, act.at),
        in_force_since=rules.in_force(act.session, authority, act.at).published_at,
        has_draft=may_change and changing.draft(act).differs,
        people=people_rows(accounts.people_of(act, authority)) if may_see_people else [],
    )


@bp.get("/procedure.svg")
@needs(Permission.RULES_READ)
def procedure() -> ResponseReturnValue:
    """The procedure in force as a picture, its style under the one-time mark of this answer."""
    act = reading()
    flow = practices.in_force(act.session, act.who.authority or 0, act.at).flow
    drawn = svg(flow).replace("<style>", f'<style nonce="{nonce()}">', 1)
    return Response(drawn, mimetype="image/svg+xml")

"""The partners' pages: their list, one referral, and saying that an action of theirs is done."""

from functools import partial
from typing import NamedTuple

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.queries import portal, portal_news
from lado.queries.portal import PAGE, PortalAction, PortalCase
from lado.security.permissions import Permission
from lado.services import partner_views, partners
from lado.services.partners import Files
from lado.web.guards import kept_with_the_look, needs, reading, save
from lado.web.portal import presenters
from lado.web.portal.forms import LARGEST_IN_WORDS, DoneForm, chosen
from lado.web.uploads import takes_files

bp = Blueprint("portal", __name__, url_prefix="/portal")


class OwnAction(NamedTuple):
    """One action of a partner's referral. The policy is asked about the referral that it belongs to."""

    case: PortalCase
    action: PortalAction

    @property
    def follower_id(self) -> int:
        """Whom the referral was granted to."""
        return self.case.follower_id


def own_action(act: Act, reference: str, number: int) -> OwnAction | None:
    """The partner's own action of this number, or None."""
    case = portal.case(act, reference)
    found = [action for action in case.actions if action.number == number] if case else []
    return OwnAction(case, found[0]) if case and found else None


@bp.get("")
@needs(Permission.PORTAL_READ)
def home() -> ResponseReturnValue:
    """How are my referrals doing?"""
    after = request.args.get("after", "")
    found = portal.rows(reading(), after)
    shown = found[:PAGE]
    next_url = url_for("portal.home", after=shown[-1].reference) if len(found) > PAGE else None
    rows = [presenters.row_view(row, reading().at) for row in shown]
    kept_with_the_look(partial(partner_views.keep_list, shown=[presenters.shown_in_list(row) for row in rows]))
    return render_template(
        "portal/home.html",
        rows=rows,
        owed=presenters.owed(shown),
        next_url=next_url,
        is_first=not after,
        is_unasked=portal_news.chosen(reading()) is None,
    )


@bp.get("/<reference>")
@needs(Permission.PORTAL_READ, find=portal.case)
def case(found: PortalCase) -> ResponseReturnValue:
    """What happens now?"""
    addresses = [url_for("portal.action", reference=found.reference, number=action.number) for action in found.actions]
    view = presenters.case_view(found, addresses, reading().at)
    kept_with_the_look(partial(partner_views.keep_page, shown=presenters.shown_on_page(view)))
    return render_template("portal/case.html", case=view)


@bp.route("/<reference>/actions/<int:number>", methods=["GET", "POST"])
@needs(Permission.PORTAL_READ, find=own_action)
@takes_files
def action(found: OwnAction) -> ResponseReturnValue:
    """Say that one's own action is done."""
    form = DoneForm()
    reference, number = found.case.reference, found.action.number

    def complete(act: Act, files: Files) -> str:
        partners.complete(act, reference, number, form.reply.data or "", files)
        is_there = " and has your file" if files else ""
        flash(f"The officer is told that this is done{is_there}. What is still open stands below.")
        return url_for("portal.case", reference=reference)

    if form.validate_on_submit():
        try:
            return save(partial(complete, files=chosen(form.file)))
        except BadInput as bad:
            form.refuse(bad.problems)
        except Refused as refused:
            form.refuse({"": str(refused)})
    view = presenters.action_view(found.case, found.action)
    page = render_template("portal/action.html", form=form, action=view, largest=LARGEST_IN_WORDS)
    return page, 400 if form.errors else 200

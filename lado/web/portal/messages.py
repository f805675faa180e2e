"""A partner writes to the officers about a referral of theirs, and says that they have read the outcome."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.errors import NotFound, Refused
from lado.queries import portal, portal_news
from lado.queries.portal import PortalCase
from lado.security.permissions import Permission
from lado.services import partner_messages, partner_outcomes
from lado.services.partners import Files
from lado.web.guards import needs, reading, save
from lado.web.portal import presenters
from lado.web.portal.forms import LARGEST_IN_WORDS, MessageForm, chosen
from lado.web.sending import tried
from lado.web.uploads import takes_files

bp = Blueprint("portal_messages", __name__, url_prefix="/portal")

SENT = "Your message is sent. The answer appears on this page, and we tell you by e-mail that there is one."
SENT_WITHOUT_NEWS = "Your message is sent. The answer appears on this page. Look here for it: we do not e-mail you."


@bp.route("/<reference>/messages", methods=["GET", "POST"])
@needs(Permission.PORTAL_READ, find=portal.case)
@takes_files
def write(found: PortalCase) -> ResponseReturnValue:
    """Write to the officer."""
    form = MessageForm()
    page = partial(_page, found, form)
    return tried(form, partial(_send, found, form), page) if request.method == "POST" else page()


@bp.post("/<reference>/read")
@needs(Permission.PORTAL_READ, find=portal.case)
def acknowledge(found: PortalCase) -> ResponseReturnValue:
    """Say that one has read the outcome."""
    return save(partial(_acknowledge, found=found))


def _page(found: PortalCase, form: MessageForm) -> str:
    found = portal.case(reading(), found.reference) or found
    view = presenters.case_view(found, [""] * len(found.actions), reading().at)
    return render_template("portal/message.html", case=view, form=form, largest=LARGEST_IN_WORDS)


def _send(found: PortalCase, form: MessageForm) -> ResponseReturnValue:
    """Look at the file first, outside of any transaction: a scanner may take its time."""
    return save(partial(_write, found=found, form=form, files=chosen(form.file)))


def _write(act: Act, found: PortalCase, form: MessageForm, files: Files) -> str:
    partner_messages.write(act, found.reference, form.message.data or "", files)
    flash(SENT if portal_news.chosen(act) else SENT_WITHOUT_NEWS)
    return url_for("portal.case", reference=found.reference)


def _acknowledge(act: Act, found: PortalCase) -> str:
    try:
        partner_outcomes.acknowledge(act, found.reference)
        flash("Thank you. The officer sees that you have read the outcome.")
    except Refused as refused:
        flash(str(refused))
    except NotFound:
        flash("There is nothing on this page now that you need to say that you have read.")
    return url_for("portal.case", reference=found.reference)

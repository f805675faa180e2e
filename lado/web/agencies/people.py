"""Who of an organisation signs in? Inviting somebody, and what becomes of them: another place, a last day, the end."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import agencies
from lado.queries.agencies import Body, Member
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import invitations, members, subjects
from lado.web.agencies import presenters
from lado.web.agencies.forms import BirthForm, InviteForm, MoveForm, ReasonForm, SureForm, UntilForm
from lado.web.fields import choices
from lado.web.forms import Form
from lado.web.guards import needs, reading, whoever
from lado.web.sending import sent

bp = Blueprint("agency_people", __name__, url_prefix="/organisations")


@bp.route("/<int:agency_id>/invite", methods=["GET", "POST"])
@needs(Permission.PARTNER_KEEP, find=agencies.find, fresh=True)
def invite(found: Body) -> ResponseReturnValue:
    """Invite somebody of it."""
    form = InviteForm()
    page = partial(render_template, "agencies/invite.html", form=form, body=found)
    return sent(form, partial(_invite, form=form, found=found), page)


@bp.get("/people/<int:partner_id>")
@needs(Permission.PARTNER_KEEP, find=agencies.find_member)
def show(found: Member) -> ResponseReturnValue:
    """How one person stands, and what can be done about it."""
    return render_template(
        "agencies/member.html",
        person=found,
        facts=presenters.member_facts(found),
        stands=presenters.stands(found),
        may_tell_apart=can(whoever(), Permission.CONFLICT_MANAGE, found),
    )


@bp.route("/people/<int:partner_id>/move", methods=["GET", "POST"])
@needs(Permission.PARTNER_KEEP, find=agencies.find_member, fresh=True)
def move(found: Member) -> ResponseReturnValue:
    """They work for another organisation now."""
    form = MoveForm()
    others = {str(key): name for key, name in agencies.names(reading()).items() if key != found.agency_id}
    form.agency.choices = choices(others, empty="Choose")
    return _sent(form, found, "agencies/move.html", partial(_move, form=form, found=found))


@bp.route("/people/<int:partner_id>/until", methods=["GET", "POST"])
@needs(Permission.PARTNER_KEEP, find=agencies.find_member, fresh=True)
def until(found: Member) -> ResponseReturnValue:
    """The last day of their account."""
    form = UntilForm(ends_on=presenters.last_day(found)) if request.method == "GET" else UntilForm()
    return _sent(form, found, "agencies/until.html", partial(_until, form=form, found=found))


@bp.route("/people/<int:partner_id>/link", methods=["GET", "POST"])
@needs(Permission.PARTNER_KEEP, find=agencies.find_member, fresh=True)
def link(found: Member) -> ResponseReturnValue:
    """Send them a new link to choose a password."""
    return _sent(SureForm(), found, "agencies/link.html", partial(_link, found=found))


@bp.route("/people/<int:partner_id>/shut", methods=["GET", "POST"])
@needs(Permission.PARTNER_KEEP, find=agencies.find_member, fresh=True)
def shut(found: Member) -> ResponseReturnValue:
    """Shut their account."""
    form = ReasonForm()
    return _sent(form, found, "agencies/shut.html", partial(_shut, form=form, found=found))


@bp.route("/people/<int:partner_id>/birth", methods=["GET", "POST"])
@needs(Permission.CONFLICT_MANAGE, find=agencies.find_member)
def birth(found: Member) -> ResponseReturnValue:
    """Tell them apart from somebody of the same name."""
    form = BirthForm()
    return _sent(form, found, "agencies/birth.html", partial(_birth, form=form, found=found))


def _sent(form: Form, found: Member, template: str, do: Callable[[Act], str], **more: Any) -> ResponseReturnValue:
    return sent(form, do, partial(render_template, template, form=form, person=found, **more))


def _invite(act: Act, form: InviteForm, found: Body) -> str:
    account = invitations.invite(act, form.answers(found.id))
    flash("Invited. A link goes to their address; it works once, for seven days.")
    return _person(account.id)


def _move(act: Act, form: MoveForm, found: Member) -> str:
    members.move(act, found.id, int(form.agency.data), form.why.data or "")
    flash("Saved. They follow nothing of the last organisation any more; give them access to what they need now.")
    return _person(found.id)


def _until(act: Act, form: UntilForm, found: Member) -> str:
    members.set_end(act, found.id, form.ends_on.data)
    flash("Saved.")
    return _person(found.id)


def _link(act: Act, found: Member) -> str:
    invitations.send_link(act, members.held(act, found.id))
    flash("A new link goes to their address. Earlier ones do not work any more.")
    return _person(found.id)


def _shut(act: Act, form: ReasonForm, found: Member) -> str:
    members.shut(act, found.id, form.why.data or "")
    flash("Shut. They are signed out, and follow nothing any more.")
    return _person(found.id)


def _birth(act: Act, form: BirthForm, found: Member) -> str:
    subjects.tell_apart(act, members.held(act, found.id), form.born_on.data)
    flash("Saved. Cases about somebody of this name and another date of birth are not kept from them.")
    return _person(found.id)


def _person(account_id: int) -> str:
    return url_for("agency_people.show", partner_id=account_id)

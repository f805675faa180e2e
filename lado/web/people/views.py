"""Who of the council signs in, with which role, until when? What gives somebody more, a second person agrees to."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import logins, people
from lado.queries.people import Entry
from lado.security.permissions import Permission
from lado.services import invitations, open_sessions, roles, standing_accounts
from lado.web.guards import needs, reading
from lado.web.people import presenters
from lado.web.people.forms import FindForm, NewForm, RoleForm, SessionForm, SureForm, UntilForm
from lado.web.sending import sent

bp = Blueprint("people", __name__, url_prefix="/people")

NOT_FOUND = "Nobody of the council signs in with this address. Check it letter by letter."
MOST_DIGITS = 9


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE)
def home() -> ResponseReturnValue:
    """Everybody of the council who has an account, a page at a time; or one of them, by their address."""
    form = FindForm()
    if request.method == "POST" and form.validate():
        found = people.of_email(reading(), form.email.data or "")
        if found is not None:
            return redirect(url_for("people.show", person_id=found.id))
        form.refuse({"email": NOT_FOUND})
    return _list(form), 400 if form.errors else 200


def _list(form: FindForm) -> str:
    after = request.args.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) <= MOST_DIGITS
    act = reading()
    found, next_after = people.page(act, int(after) if is_number else 0)
    return render_template(
        "people/home.html",
        form=form,
        rows=presenters.rows(found, act.at),
        waiting=len(people.waiting(act)),
        next_url=url_for("people.home", after=next_after) if next_after else None,
        is_first=not is_number,
    )


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, fresh=True)
def new() -> ResponseReturnValue:
    """Ask that somebody be invited with a role."""
    form = NewForm()
    return sent(form, partial(_ask_for_new, form=form), partial(render_template, "people/new.html", form=form))


@bp.get("/<int:person_id>")
@needs(Permission.ACCOUNT_MANAGE, find=people.find)
def show(found: Entry) -> ResponseReturnValue:
    """How one account stands, where its person is signed in, and what can be done about it."""
    act = reading()
    return render_template(
        "people/show.html",
        person=found,
        facts=presenters.facts(found, act.at),
        waits=people.waits_for(act, found.id),
        sessions=[(one.key, presenters.session_words(one)) for one in logins.alive(act, found.id, found.role)],
        is_shut=found.disabled_at is not None,
        is_suspended=presenters.is_suspended(found, act.at),
        is_oneself=found.id == act.who.id,
        form=SessionForm(),
    )


@bp.route("/<int:person_id>/role", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find, fresh=True)
def role(found: Entry) -> ResponseReturnValue:
    """Ask that somebody be given another role."""
    given = {"role": found.role.value, "is_temporary": found.is_temporary, "ends_on": presenters.last_day(found)}
    form = RoleForm(**given) if request.method == "GET" else RoleForm()
    page = partial(render_template, "people/role.html", form=form, person=found)
    return sent(form, partial(_ask_for, form=form, found=found), page)


@bp.route("/<int:person_id>/until", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find, fresh=True)
def until(found: Entry) -> ResponseReturnValue:
    """The last day of an account."""
    given = {"is_temporary": found.is_temporary, "ends_on": presenters.last_day(found)}
    form = UntilForm(**given) if request.method == "GET" else UntilForm()
    must = standing_accounts.needs_end(found.role, is_temporary=False)
    page = partial(render_template, "people/until.html", form=form, person=found, must=must)
    return sent(form, partial(_until, form=form, found=found), page)


@bp.route("/<int:person_id>/wake", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find, fresh=True)
def wake(found: Entry) -> ResponseReturnValue:
    """Let somebody sign in again whose account was suspended."""
    form = SureForm()
    return sent(form, partial(_wake, found=found), partial(_page, "people/wake.html", form, found))


@bp.route("/<int:person_id>/link", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find)
def link(found: Entry) -> ResponseReturnValue:
    """Send somebody who never signed in a new link."""
    form = SureForm()
    return sent(form, partial(_link, found=found), partial(_page, "people/link.html", form, found))


@bp.route("/<int:person_id>/shut", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find)
def shut(found: Entry) -> ResponseReturnValue:
    """Shut an account at once."""
    form = SureForm()
    return sent(form, partial(_shut, found=found), partial(_page, "people/shut.html", form, found))


@bp.route("/<int:person_id>/sign-out", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find)
def sign_out(found: Entry) -> ResponseReturnValue:
    """Sign somebody out of one browser, or of all of them."""
    form = SessionForm()
    return sent(form, partial(_sign_out, form=form, found=found), partial(_page, "people/sign_out.html", form, found))


def _page(template: str, form: SureForm | SessionForm, found: Entry) -> str:
    return render_template(template, form=form, person=found)


def _ask_for_new(act: Act, form: NewForm) -> str:
    roles.ask_for_new(act, form.person(), form.wanted())
    flash("Asked. When a second person agrees, a link goes to their address.")
    return url_for("people_waiting.home")


def _ask_for(act: Act, form: RoleForm, found: Entry) -> str:
    roles.ask_for(act, found.id, form.wanted())
    flash("Asked. They keep the role that they have until a second person agrees.")
    return url_for("people_waiting.home")


def _until(act: Act, form: UntilForm, found: Entry) -> str:
    standing_accounts.set_end(act, roles.held(act, found.id), form.ends_on.data, is_temporary=form.is_temporary.data)
    flash("Saved.")
    return _person(found)


def _wake(act: Act, found: Entry) -> str:
    standing_accounts.wake(act, roles.held(act, found.id))
    flash("They can sign in again.")
    return _person(found)


def _link(act: Act, found: Entry) -> str:
    invitations.send_first_link(act, roles.held(act, found.id))
    flash("A new link goes to their address. Earlier ones do not work any more.")
    return _person(found)


def _shut(act: Act, found: Entry) -> str:
    roles.shut(act, found.id)
    flash("Shut. They are signed out everywhere, and their cases go to whoever covers.")
    return _person(found)


def _sign_out(act: Act, form: SessionForm, found: Entry) -> str:
    open_sessions.end_of(act, roles.held(act, found.id), form.key.data or "")
    flash("Signed out.")
    return _person(found)


def _person(found: Entry) -> str:
    return url_for("people.show", person_id=found.id)

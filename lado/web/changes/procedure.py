"""The versions of the procedure: which is in force, what another would do to the running cases, and moving them."""

from functools import partial

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.rehearsal import Rehearsed
from lado.errors import NotFound, Stale
from lado.queries import accounts, changes, practices
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import changes as changing
from lado.web.changes import presenters, words
from lado.web.changes.forms import MoveForm
from lado.web.guards import needs, reading, save, whoever
from lado.web.headers import nonce
from workflows.changing import PROCEDURE
from workflows.diagram import svg
from workflows.model import Workflow
from workflows.registry import NAMED

bp = Blueprint("procedure", __name__, url_prefix="/settings/procedure")

PER_PAGE = 25


@bp.get("")
@needs(Permission.RULES_READ)
def home() -> ResponseReturnValue:
    """The versions, which one new cases begin with, how many open cases run under each, and every move so far."""
    act = reading()
    authority = act.who.authority or 0
    current = practices.in_force(act.session, authority, act.at).flow
    listed = changes.listing(act.session, authority, PROCEDURE)
    names = accounts.names_of(act, {row.asked_by_id for row in listed if row.asked_by_id is not None})
    counts = changes.open_by_version(act.session, authority)
    return render_template(
        "changes/procedure.html",
        versions=presenters.version_views(current, counts, NAMED.values()),
        history=presenters.move_rows(listed, names, may_look=can(whoever(), Permission.QUALITY_READ)),
    )


@bp.get("/<procedure>.svg")
@needs(Permission.RULES_READ)
def picture(procedure: str) -> ResponseReturnValue:
    """One version as a picture, its style under the one-time mark of this answer."""
    drawn = svg(_known(procedure)).replace("<style>", f'<style nonce="{nonce()}">', 1)
    return Response(drawn, mimetype="image/svg+xml")


@bp.route("/<procedure>/rehearsal", methods=["GET", "POST"])
@needs(Permission.PROCEDURE_CHANGE)
def rehearsal(procedure: str) -> ResponseReturnValue:
    """The plan, and what it would do case by case; sent, it begins."""
    flow, form = _known(procedure), MoveForm()
    current = _in_force(reading())
    if request.method == "POST" and form.validate() and current != flow:
        try:
            return save(partial(_begin, flow=flow, seen=form.seen.data or ""))
        except Stale as stale:
            form.refuse({"form": str(stale)})
    return _page(form, flow), 409 if request.method == "POST" else 200


def _page(form: MoveForm, flow: Workflow) -> str:
    act = reading()
    current = _in_force(act)
    rehearsed = list(changing.rehearse(act, act.who.authority or 0, PROCEDURE, flow.name))
    ordered = sorted(rehearsed, key=_is_plain)
    pages = max(1, -(-len(ordered) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = ordered[(page - 1) * PER_PAGE : page * PER_PAGE]
    form.seen.data = current.name
    return render_template(
        "changes/rehearsal.html",
        form=form,
        name=flow.name,
        is_in_force=current == flow,
        plan=presenters.plan_of(current, flow),
        is_back=flow.version < current.version,
        summary=presenters.summary(rehearsed),
        rows=presenters.case_rows(shown, act.at),
        page=page,
        pages=pages,
    )


def _is_plain(found: Rehearsed) -> bool:
    """Whether nothing is to be said of the case but that it moves: such cases come last."""
    return found.is_unchanged and found.kept_because in ("", "already")


def _begin(act: Act, flow: Workflow, seen: str) -> str:
    authority = act.who.authority or 0
    current = _in_force(act)
    if current.name != seen:
        raise Stale(
            "Somebody else has changed the version since you opened this page. Look at it again before you go on."
        )
    taken_back = changes.last_between(act.session, authority, flow.name, current.name)
    change = changing.begin(act, authority, PROCEDURE, current.name, flow.name, taken_back)
    flash(f"{words.procedure_name(flow.name)} is in force. Running cases follow, one after the other.")
    return url_for("changes.show", change_id=change.id)


def _in_force(act: Act) -> Workflow:
    return practices.in_force(act.session, act.who.authority or 0, act.at).flow


def _known(name: str) -> Workflow:
    """The version of this name: the same ones for every council. Raises NotFound."""
    if name not in NAMED:
        raise NotFound(name)
    return NAMED[name]

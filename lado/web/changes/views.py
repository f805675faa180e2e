"""One change: how far it has come, and what it did case by case."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lado.models import Change
from lado.queries import accounts, changes
from lado.security.permissions import Permission
from lado.web.changes import presenters, words
from lado.web.guards import needs, reading

bp = Blueprint("changes", __name__, url_prefix="/settings/changes")


@bp.get("/<int:change_id>")
@needs(Permission.QUALITY_READ, find=changes.here)
def show(change: Change) -> ResponseReturnValue:
    """Progress, what failed and what was kept first, and every case in order."""
    act = reading()
    after = max(0, min(request.args.get("after", 0, type=int), changes.LARGEST_ID))
    listed = changes.listed(act.session, change)
    rows = changes.results(act.session, change.id, after=after)
    apart = changes.results(act.session, change.id, only=(changes.FAILED, changes.KEPT)) if not after else []
    by = {change.asked_by_id} if change.asked_by_id is not None else set()
    return render_template(
        "changes/show.html",
        title=words.KINDS[change.kind],
        facts=presenters.change_facts(listed, accounts.names_of(act, by)),
        is_done=change.done_at is not None,
        apart=presenters.result_rows([row for row in apart if row.said != "already"]),
        rows=presenters.result_rows(rows),
        change_id=change.id,
        next_after=rows[-1].referral_id if len(rows) == changes.SHOWN else None,
    )

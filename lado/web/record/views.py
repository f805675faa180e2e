"""Can the record be trusted? The certificate, corrections that wait, checkpoints and their witnesses."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.queries import record
from lado.security.permissions import Permission
from lado.web.guards import needs, reading
from lado.web.record.presenters import record_page

bp = Blueprint("record", __name__, url_prefix="/record")


@bp.get("")
@needs(Permission.RECORD_READ)
def home() -> ResponseReturnValue:
    """What was proved of the reader's own council, and how to prove it oneself."""
    act = reading()
    found = record.read(act, act.who.authority or 0)
    return render_template("record/home.html", page=record_page(found, act.at))

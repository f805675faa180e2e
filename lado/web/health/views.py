"""Health: up or not, and nothing more."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lado.queries import front
from lado.security.identity import SYSTEM
from lado.web.guards import database, public

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """The process answers."""
    return {"up": True}


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """The database answers and the scheduler has been heard lately."""
    with database().reading(SYSTEM) as act:
        is_ready = not front.alarms(act)
    return {"up": is_ready}, 200 if is_ready else 503

"""Was something on a page of ours blocked by its content policy? A browser says so, and no address is kept."""

import re

import structlog
from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue

from lado.web.guards import database, public

log = structlog.get_logger()

bp = Blueprint("policy_reports", __name__)

LARGEST = 10_000
"""Bytes of one report."""

MOST_A_MINUTE = 20
"""Reports that one process writes down in a minute; whoever sends more is answered and not heard."""

DIRECTIVE = re.compile(r"[a-z]+(-[a-z]+){1,3}")


@bp.post("/policy-report")
@public
def report() -> ResponseReturnValue:
    """Take one report, and say nothing. What was blocked where is left out: an address may be anything."""
    if (request.content_length or 0) <= LARGEST and _is_heard():
        sent = request.get_json(force=True, silent=True)
        said = sent.get("csp-report") if isinstance(sent, dict) else None
        violated = str(said.get("effective-directive", "")) if isinstance(said, dict) else ""
        log.warning("blocked by policy", kind=violated if DIRECTIVE.fullmatch(violated) else "unknown")
    return "", 204


def install(app: Flask) -> None:
    """Count from nothing, and ask for no token: a browser that reports has none."""
    app.extensions["policy_reports"] = (None, 0)
    app.extensions["csrf"].exempt(bp)


def _is_heard() -> bool:
    minute, times = current_app.extensions["policy_reports"]
    now = database().clock.now().replace(second=0, microsecond=0)
    times = times + 1 if minute == now else 1
    current_app.extensions["policy_reports"] = (now, times)
    return times <= MOST_A_MINUTE

"""One line for what leaves the building as a file and for what is changed in accounts, roles, access and rules.

Who did it, on which page: never what, of whom, or with which words. The lines are listed in docs/security-events.md.
"""

import structlog
from flask import Flask, Response, current_app, request
from flask_login import current_user

from lado.security.permissions import Permission

log = structlog.get_logger()

ADMINISTRATION = frozenset(
    {
        Permission.ACCESS_GIVE,
        Permission.ACCOUNT_MANAGE,
        Permission.AGENCY_KEEP,
        Permission.CALENDAR_KEEP,
        Permission.CONFLICT_MANAGE,
        Permission.CORRECTION_DECIDE,
        Permission.DIRECTORY_CONNECT,
        Permission.GLASS_ANSWER,
        Permission.GLASS_BREAK,
        Permission.LOOKS_ANSWER,
        Permission.PARTNER_KEEP,
        Permission.PROCEDURE_CHANGE,
        Permission.RESTRICTION_KEEP,
        Permission.ROLE_AGREE,
        Permission.ROLE_GRANT,
        Permission.RULES_CHANGE,
        Permission.SENTENCE_APPROVE,
    }
)
"""The permissions by which somebody changes what others may do or see."""


def install(app: Flask) -> None:
    """Write a line after each such answer."""
    app.after_request(_say)


def _say(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if response.status_code == 200 and response.headers.get("Content-Disposition", "").startswith("attachment"):
        log.info("export", endpoint=request.endpoint, account=_who())
    is_done = request.method == "POST" and response.status_code in (302, 303)
    if is_done and getattr(view, "needs", None) in ADMINISTRATION:
        log.info("administration", endpoint=request.endpoint, account=_who())
    return response


def _who() -> int | None:
    found: int | None = current_user.identity.id if current_user.is_authenticated else None
    return found

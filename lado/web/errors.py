"""Which page answers which error: one table. Errors show a reference code and never what went wrong inside."""

import secrets

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from lado import logs
from lado.errors import BadInput, LadoError, NotAllowed, NotFound, ReadInBulk, Refused, Stale, TooFast
from lado.security.identity import SYSTEM
from lado.services import alarms
from lado.vault import CannotOpen
from lado.web.given_back import typed
from lado.web.guards import database, stop_reading

log = structlog.get_logger()

STATUS: dict[type[LadoError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Refused: 409,
    BadInput: 400,
    Stale: 409,
    ReadInBulk: 429,
    TooFast: 429,
}
OWN_PAGES: dict[type[LadoError], str] = {ReadInBulk: "429_reading", TooFast: "429_pace"}
"""The errors that have a page of their own beside those of their status."""

PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def install(app: Flask) -> None:
    """Answer every error with a page that says what to do."""
    app.register_error_handler(LadoError, _known)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(CannotOpen, _sealed)
    app.register_error_handler(Exception, _unknown)


def _known(error: LadoError) -> ResponseReturnValue:
    if isinstance(error, NotAllowed | NotFound):
        who = current_user.identity.id if current_user.is_authenticated else None
        log.info("refused", kind=type(error).__name__, endpoint=request.endpoint, account=who)
    if isinstance(error, ReadInBulk | TooFast):
        log.warning("braked", kind=type(error).__name__, endpoint=request.endpoint, account=current_user.identity.id)
    words = str(error) if isinstance(error, Refused | BadInput | Stale) else ""
    return page(STATUS[type(error)], words, own=OWN_PAGES.get(type(error), ""))


def _forged(error: CSRFError) -> ResponseReturnValue:
    log.warning("form without its token", endpoint=request.endpoint)
    return page(
        400, "This form was open for too long or came from elsewhere. Go back, reload the page and send it again."
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return page(status if status in PAGES else 400)


def _unknown_host(error: SecurityError) -> ResponseReturnValue:
    """Answer in plain words: under a name that is not ours no address of a page can be made."""
    return "This host name is not known here.\n", 400, PLAIN_TEXT


def _unknown(error: Exception) -> ResponseReturnValue:
    code = secrets.token_hex(4)
    places = logs.places(error.__traceback__)
    log.error("fault", code=code, kind=type(error).__name__, endpoint=request.endpoint, places=places)
    return page(500, code=code)


def _sealed(error: CannotOpen) -> ResponseReturnValue:
    """Say no more than of any other fault, and raise the alarm: what is stored was changed or moved from outside."""
    code = secrets.token_hex(4)
    stop_reading()
    log.critical("sealed part refused", code=code, endpoint=request.endpoint, places=[error.where])
    try:
        with database().work(SYSTEM) as act:
            alarms.sealed_part_refused(act, code)
    except Exception as problem:  # the page is answered whatever becomes of the alarm; the log has both
        log.critical("alarm not raised", code=code, problem=type(problem).__name__)
    try:
        return page(500, code=code)
    except CannotOpen:  # what does not open is the account of whoever asks, whose name stands on every page
        return f"Something went wrong. If you ring about this, give the code {code}.\n", 500, PLAIN_TEXT


def page(status: int, words: str = "", code: str = "", own: str = "") -> ResponseReturnValue:
    """The error page for a status; `words` say how to mend it, `code` is what to quote on the telephone.

    It is read anew: the view that the page was read from may be what broke.
    """
    stop_reading()
    given_back = typed() if status in (400, 429) else []
    return render_template(f"errors/{own or status}.html", words=words, code=code, typed=given_back), status

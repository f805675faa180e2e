"""The door of every page: who is there, what the page needs, and one way to read and to save."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import wraps
from typing import Any, cast

import structlog
from flask import Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import ServiceUnavailable

from lado.act import Act
from lado.db import Database
from lado.domain.reads import Look
from lado.errors import BadInput, NotAllowed, NotExplained, NotFound, NotProved, PasskeyNeeded, ReadInBulk, Refused
from lado.queries import look_reasons, restrictions
from lado.security.identity import SYSTEM, Identity, Role
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import installation, once, still_there, unusual
from lado.services import look_reasons as explaining
from lado.services import reads as log_of_reads
from lado.web.background import is_a_form
from lado.web.given_back import keep, not_sent_yet, say_why, typed, way_back

log = structlog.get_logger()

View = Callable[..., ResponseReturnValue]
Find = Callable[..., Any]


PROVED_WITHIN = timedelta(minutes=5)
"""For how long a second factor counts as fresh (a default of this product)."""


BY_PASSKEY = "passkey"
"""Under which name the signed cookie says that a passkey was proved in the session that it is for."""


class RouteNotGuarded(Exception):
    """A page declares neither what it needs nor that it is public: the app does not start."""


def public(view: View) -> View:
    """Declare that a page is for anybody. The list of such pages is short, and a test holds it."""
    view.needs = None  # type: ignore[attr-defined]
    return view


LISTS_OF_CASES = frozenset(
    {
        Permission.CORRECTION_DECIDE,
        Permission.ESCALATION_READ,
        Permission.NIGHT_READ,
        Permission.NIGHT_TAKE,
        Permission.PORTAL_READ,
        Permission.PROCEDURE_CHANGE,
        Permission.QUALITY_READ,
        Permission.RECORD_READ,
        Permission.REFERRAL_LIST,
    }
)
"""The permissions whose pages show several cases, where they do not show one."""


AT_A_PACE = frozenset({Permission.PORTAL_READ})
"""The permissions of pages about referrals that a partner may ask for so many times a minute, and no more."""


def needs(
    permission: Permission,
    find: Find | None = None,
    reads: Look | None = None,
    *,
    fresh: bool = False,
    asks_why: bool = True,
) -> Callable[[View], View]:
    """Declare what a page needs.

    With `find`, the values of the address are looked up as one thing, which the policy is asked about and the view is
    given. What may not be known of answers exactly as what does not exist. A page of a case or of a list of cases is
    written into the log of reads as a view, and so is any other that names a kind of look; a search is one when it is
    posted. Which case it is stands in the address, or else the thing says it (`reference`).

    A `fresh` page asks for a second factor again when it was proved more than PROVED_WITHIN ago (OWASP ASVS 5.0 7.5.3):
    when its form is sent, or, where it has none, before it is shown.

    Whoever opens a page of a case that is nothing to them says why first (ADR 34), on the one page that `asks_why` not.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _signed_out()
            if whoever().role is Role.PARTNER and permission in AT_A_PACE:
                with database().work(whoever()) as act:
                    log_of_reads.hold_pace(act)
            if find is None:
                if not can(whoever(), permission):
                    raise NotAllowed(permission)
                if fresh:
                    _ensure_proved()
                return _looked(view(**values), permission, reads, "", permission)
            thing = find(reading(), **values)
            if thing is None or not can(whoever(), permission, thing):
                raise NotFound(permission)
            case = str(values.get("reference") or getattr(thing, "reference", ""))
            _ensure_passkey(case)
            right = _right_to(case, permission) if asks_why and case else permission
            if fresh:
                _ensure_proved()
            return _looked(view(thing), permission, reads, case, right)

        guarded.needs = permission  # type: ignore[attr-defined]
        guarded.finds = find is not None  # type: ignore[attr-defined]
        guarded.fresh = fresh  # type: ignore[attr-defined]
        guarded.reads = reads  # type: ignore[attr-defined]
        return cast(View, guarded)

    return declare


def _ensure_proved() -> None:
    """Raise NotProved when the last second factor of this session is too long ago for what is asked for."""
    if request.method != "POST" and "POST" in (request.url_rule.methods or () if request.url_rule else ()):
        return
    proved_at = current_user.proved_at
    if proved_at is None or database().clock.now() - proved_at > PROVED_WITHIN:
        raise NotProved


def _right_to(case: str, permission: Permission) -> str:
    """Name the right by which a case is opened. Raises NotExplained where it takes a reason that was not given yet.

    Asked after the policy and the wall: a case that is kept from somebody is not there, before anybody asks them why.
    """
    found = look_reasons.right(reading(), case)
    if found is None:
        raise NotExplained(case)
    g.case_in_hand = case
    return found.named(permission)


def _ensure_passkey(case: str) -> None:
    """Raise PasskeyNeeded where a restricted case is opened and no passkey was proved in this session.

    Asked after the policy: whoever may not know of the case is told that it is not there, as everybody is. A partner
    is shown nothing of a list, and this neither.
    """
    if session.get(BY_PASSKEY) or not current_app.extensions["lado"].settings.passkeys_required:
        return
    if whoever().role is not Role.PARTNER and restrictions.is_restricted(reading().session, case):
        raise PasskeyNeeded


def _looked(
    answer: ResponseReturnValue, permission: Permission, reads: Look | None, reference: str, right: str
) -> ResponseReturnValue:
    """Write down that somebody looks, before they do: what cannot be written down is not shown.

    Going elsewhere shows nothing, and neither do the headers alone.
    """
    shows_cases = reads is not None or bool(reference) or permission in LISTS_OF_CASES
    is_look = request.method == "POST" if reads is Look.SEARCH else shows_cases
    response = current_app.make_response(answer)
    if is_look and request.method != "HEAD" and not 300 <= response.status_code < 400:
        stop_reading()
        try:
            with database().work(whoever()) as act:
                log_of_reads.record(act, reads or Look.VIEW, request.endpoint or "", right, reference)
                for do in g.pop("beside_the_look", ()):
                    do(act)
        except ReadInBulk:
            with database().work(whoever()) as act:
                unusual.tell_of_bulk(act)
            raise
    return response


def kept_with_the_look(do: Callable[[Act], None]) -> None:
    """Have this written down with the look itself: what was shown is kept before it is shown, or it is not shown."""
    g.setdefault("beside_the_look", []).append(do)


def _signed_out() -> ResponseReturnValue:
    """Ask to sign in; whoever had typed something is first given it back."""
    if request.method == "GET":
        say_why()
        return redirect(url_for("sessions.sign_in", next=request.full_path))
    given_back = typed()
    if not given_back:
        return redirect(url_for("sessions.sign_in"))
    number = keep() if is_a_form() else None
    going_to = way_back(number)
    page = {"typed": given_back, "going_to": going_to, "is_kept": number is not None, "has_files": bool(request.files)}
    return render_template("errors/401.html", **page), 401


def whoever() -> Identity:
    """Who is signed in, as the policy sees them."""
    return cast(Identity, current_user.identity)


def database() -> Database:
    """The database of this app."""
    return cast(Database, current_app.extensions["lado"].database)


def reading() -> Act:
    """The one consistent view that this request reads from, at one instant."""
    if "reading" not in g:
        g.reading_block = database().reading(whoever())
        g.reading = g.reading_block.__enter__()
    return cast(Act, g.reading)


def stop_reading(problem: BaseException | None = None) -> None:
    """Close the request's view, if it opened one."""
    block: AbstractContextManager[Act] | None = g.pop("reading_block", None)
    g.pop("reading", None)
    if block is not None:
        block.__exit__(None, None, None)


def save(do: Callable[[Act], str]) -> Response:
    """Do it in one transaction, once for each form that was sent, and go to the address that it returns.

    A second sending of the same form does nothing and goes to the same place.
    """
    if g.get("given_back"):
        raise BadInput({"form": not_sent_yet()})
    token = request.form.get("form_token", "")
    stop_reading()
    with database().work(whoever()) as act:
        still_there.ensure(act, current_user.reference)
        if case := g.get("case_in_hand"):
            explaining.ensure_right(act, case)
        address = once.claim(act, token)
        if address is None:
            address = do(act)
            once.keep(act, token, address)
    return cast(Response, redirect(address))


def refuse_wrong_database() -> None:
    """Answer nothing from a database that other keys sealed, or from a demonstration's in production (503).

    Asked of the database until it was once found right; a monitor still hears that the process is alive.
    """
    if "right_database" in current_app.extensions or request.endpoint in ("health.live", "static"):
        return
    settings = current_app.extensions["lado"].settings
    try:
        with database().reading(SYSTEM) as act:
            installation.ensure_keys(act)
            installation.refuse_demonstration_in_production(act, production=settings.production)
    except Refused as refusal:
        log.error(str(refusal))
        raise ServiceUnavailable(str(refusal)) from refusal
    current_app.extensions["right_database"] = True


def check_routes(app: Flask) -> None:
    """Refuse to start while a page declares neither what it needs nor that it is public. Raises RouteNotGuarded."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and not hasattr(view, "needs"):
            raise RouteNotGuarded(f"{rule.rule} ({rule.endpoint}) declares no permission")

"""What every page knows without being told: the council, who is there, and what is wrong."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from lado.act import Act
from lado.queries import front
from lado.security.identity import SYSTEM, Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.security.session_limits import WARNED
from lado.web.forms import form_token
from lado.web.guards import database, reading
from lado.web.headers import nonce
from lado.web.let_in import banner
from lado.web.users import home_of


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in, as the frame of the page shows it."""

    name: str
    role_label: str
    is_partner: bool


def install(app: Flask) -> None:
    """Give every template the frame's values."""
    app.context_processor(frame)
    app.jinja_env.globals["form_token"] = form_token


def frame() -> dict[str, Any]:
    """The values that the frame of every page needs."""
    is_in = current_user is not None and current_user.is_authenticated
    identity = current_user.identity if is_in else None
    with nullcontext(reading()) if identity else database().reading(SYSTEM) as act:
        anywhere = replace(identity, is_let_in=False) if identity else None
        found = front.outside(act) if anywhere is None or anywhere.agency is not None else _staff(act, anywhere)
        council = current_user.council if identity else front.council(act)
    return {
        "council": council,
        "who": Who(identity.name, identity.role.label, identity.agency is not None) if identity else None,
        **(_session(act.at) if identity else {}),
        "csp_nonce": nonce(),
        "demonstration": found.is_demonstration,
        "scheduler_at": found.heard_at,
        "alarms": found.alarms,
        "home": home_of(identity).removeprefix(request.script_root) if identity else "/",
        "may": _may(identity),
        "may_go": _may(anywhere),
        "let_in": banner(act, current_user.let_in) if is_in and current_user.let_in else None,
    }


def _may(who: Identity | None) -> set[str]:
    """The permissions that somebody has at all: on a case that two people opened to them, to read it alone."""
    return {permission.value for permission in Permission if who and can(who, permission)}


def _session(at: datetime) -> dict[str, Any]:
    """How long whoever is signed in stays so, and how many seconds before the end a page warns."""
    lasts = current_user.lasts
    left = max(0, int((lasts.until_at - at).total_seconds()))
    return {"session_lasts": lasts, "session_left": left, "session_warn": int(WARNED.total_seconds())}


def _staff(act: Act, who: Identity) -> front.Frame:
    settings = current_app.extensions["lado"].settings
    return front.frame(
        act,
        who.authority,
        reads_record=can(who, Permission.RECORD_READ),
        needs_witness=settings.production and not (settings.checkpoint_folders or settings.checkpoint_mail),
    )

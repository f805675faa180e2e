"""What somebody typed into a form, so that the page that refuses it can give it back, or keep it for them."""

from collections.abc import Iterable

from flask import current_app, flash, request, session, url_for

from lado.security.identity import SYSTEM
from lado.services import kept_forms, open_sessions
from lado.web.background import is_background
from lado.web.components import Fact

NOT_GIVEN_BACK = ("token", "password")

NOT_KEPT = (*NOT_GIVEN_BACK, "proof_")
"""What belongs to one sending of a form, or is secret."""

LARGEST = 200_000
"""Characters of one form that are kept."""

TOLD = "told"
"""Under which name the cookie holds that this browser was told why its session ended."""

NOT_SENT_YET = "You were signed out before this was sent. Here it is again: look it over, and send it."
ASKED_FIRST = "You were asked why you look before this was sent. Here it is again: look it over, and send it."

ASKED = "asked"
"""Stands in the address of a page that gives a form back where somebody was asked something before it was sent."""


def typed() -> list[Fact]:
    """What was typed into the form that was just sent, without what is secret."""
    return facts_of(request.form.items(multi=True))


def facts_of(pairs: Iterable[tuple[str, str]]) -> list[Fact]:
    """Names and values of a form as facts, without what is secret."""
    return [
        Fact(name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in pairs
        if value.strip() and not any(word in name for word in NOT_GIVEN_BACK)
    ]


def keep() -> int | None:
    """Keep the form that was just sent for whoever's session it was; its number, or None where it cannot be kept.

    Only who signs in as the same person is ever shown it: whose it was is known from the session that has ended.
    """
    sent = [(name, value) for name, value in request.form.items(multi=True) if not any(w in name for w in NOT_KEPT)]
    reference = session.get("_user_id")
    if not isinstance(reference, str) or sum(len(value) for _, value in sent) > LARGEST:
        return None
    with current_app.extensions["lado"].database.work(SYSTEM) as act:
        account_id = open_sessions.whose(act, reference)
        return None if account_id is None else kept_forms.keep(act, account_id, request.full_path.rstrip("?"), sent)


def way_back(number: int | None, asked: str | None = None) -> str | None:
    """The address at which the form that was just sent comes back; None where it was not kept and has no page."""
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if number is None:
        return request.path if has_page else None
    if not has_page:
        return url_for("kept.show", kept_id=number, asked=asked)
    added = [f"kept={number}", f"{ASKED}={asked}" if asked else ""]
    return f"{request.path}?{'&'.join(part for part in (request.query_string.decode(), *added) if part)}"


def not_sent_yet() -> str:
    """What is said beside a form that comes back."""
    return ASKED_FIRST if ASKED in request.args else NOT_SENT_YET


def say_why() -> None:
    """Say once why the session of this browser was ended, where it did not end by itself."""
    reference = session.get("_user_id")
    if not isinstance(reference, str) or session.get(TOLD) or is_background():
        return
    with current_app.extensions["lado"].database.reading(SYSTEM) as act:
        because = open_sessions.why_ended(act, reference)
    if because in open_sessions.SAID:
        flash(open_sessions.SAID[because])
        session[TOLD] = True

"""What somebody typed into a form, so that the page that refuses it can give it back, or keep it for them."""

from collections.abc import Iterable

from flask import current_app, flash, request, session

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

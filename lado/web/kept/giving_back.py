"""A form that was sent too late comes back filled in, on its own page, when the same person has signed in again.

The address of a page with `kept` in it shows the page as if the form had just been sent, but nothing is done: whatever
would save says that it was not sent yet (`guards.save`). So every form comes back by its own code, with its own
messages, with scripts and without.
"""

from flask import Flask, Response, g, request
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from lado.services import kept_forms
from lado.web.given_back import not_sent_yet
from lado.web.guards import database, whoever

MOST_DIGITS = 9


def install(app: Flask) -> None:
    """Give forms back where `kept` stands in an address, and forget them once they are sent."""
    app.before_request(_give_back)
    app.after_request(_settle)


def number_in_address() -> int:
    """The number of a kept form in the address; 0, which there never is, for none."""
    given = request.args.get("kept", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else 0


def _give_back() -> None:
    """Let a page answer as if what was kept had just been sent to it."""
    number = number_in_address()
    takes_forms = request.url_rule is not None and "POST" in (request.url_rule.methods or ())
    if not number or request.method != "GET" or not takes_forms or not current_user.is_authenticated:
        return
    with database().reading(whoever()) as act:
        found = kept_forms.find(act, number)
    if found is None or found.path.split("?")[0] != request.path:
        return
    g.given_back = True
    g.csrf_valid = True  # nothing is done, whatever the form says
    whole = request._get_current_object()  # type: ignore[attr-defined]
    whole.form, whole.files = ImmutableMultiDict(found.typed), ImmutableMultiDict()
    whole.method = "POST"


def _settle(response: Response) -> Response:
    """A form that was given back is a page like any other; one that was sent at last need not be kept any more."""
    number = number_in_address()
    if g.get("given_back"):
        if response.status_code == 400 and not_sent_yet() in response.get_data(as_text=True):
            response.status_code = 200
    elif number and request.method == "POST" and 300 <= response.status_code < 400 and current_user.is_authenticated:
        with database().work(whoever()) as act:
            kept_forms.throw_away(act, number)
    return response

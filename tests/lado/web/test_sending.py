"""A form that was sent is saved, or its page comes again with what is wrong, each with its own status."""

import pytest
from flask import redirect
from wtforms.validators import DataRequired

from lado.errors import BadInput, Refused, Stale
from lado.web import sending
from lado.web.fields import Line
from lado.web.forms import TWICE, Form


class OneLine(Form):
    """A form with one line."""

    line = Line("A line", [DataRequired("Write a line.")])


@pytest.fixture
def answered(app, monkeypatch):
    """What a form answers: the words of its page with the status, or where it leads to."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(sending, "save", lambda do: redirect(do(None)))

    def _answered(raised=None, method="POST", typed=("words",), overtaken=None, **more):
        def do(act):
            if raised is not None:
                raise raised
            return "/saved"

        with app.test_request_context("/", method=method, data={"line": list(typed), **more}):
            form = OneLine()
            page = lambda: f"{form.line.data} {form.errors}"  # noqa: E731 - shown when it is asked for, as pages are
            answer = app.make_response(sending.sent(form, do, page, overtaken))
            return answer.status_code, answer.location or answer.get_data(as_text=True)

    return _answered


def test_a_form_that_is_right_is_saved_and_leads_on(answered):
    assert answered() == (302, "/saved")


@pytest.mark.parametrize(
    ("raised", "status", "errors"),
    [
        (BadInput({"line": "Too short."}), 400, "{'line': ('Too short.',)}"),
        (BadInput({"elsewhere": "Too late."}), 400, "{'': ['Too late.']}"),
        (Refused("It is settled.", ("a_fact",)), 409, "{'': ['It is settled.']}"),
        (Stale("Somebody was first."), 409, "{'': ['Somebody was first.']}"),
    ],
)
def test_what_is_wrong_brings_the_page_again_with_what_was_typed(answered, raised, status, errors):
    assert answered(raised) == (status, f"words {errors}")


def test_what_is_not_well_formed_is_not_tried(answered):
    assert answered(Stale("never reached"), typed=("",)) == (400, " {'line': ['Write a line.']}")
    assert answered(Stale("never reached"), typed=("one", "two")) == (400, f"one {{'line': [{TWICE!r}]}}")


def test_a_page_that_shows_both_versions_is_asked_for_them(answered):
    answer = answered(Stale("Somebody was first."), overtaken=lambda stale: f"both: {stale}")

    assert answer == (409, "both: Somebody was first.")


@pytest.mark.parametrize("how", [{"method": "GET"}, {"check": "yes"}])
def test_looking_and_checking_save_nothing_and_complain_of_nothing(answered, how):
    status, page = answered(Stale("never reached"), **how)

    assert (status, page.rpartition(" ")[2]) == (200, "{}")

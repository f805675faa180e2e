"""A form that was sent: it is saved, or its page is shown again with what is wrong and with what was typed."""

from collections.abc import Callable
from functools import partial

from flask import request
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.errors import BadInput, Refused, Stale
from lado.web.forms import Form
from lado.web.guards import save

Page = Callable[[], str]
"""Shows the form as it stands, with what is wrong with it."""

Overtaken = Callable[[Stale], str]
"""Shows what somebody else did meanwhile, and the form ready to be sent again."""


def sent(form: Form, do: Callable[[Act], str], page: Page, overtaken: Overtaken | None = None) -> ResponseReturnValue:
    """Show the page where the form is only looked at or checked; else do what was sent and go where `do` says.

    What is wrong brings the page again: 400 with a message beside each field, 409 where a rule says no or somebody else
    changed the same thing meanwhile. `overtaken` shows the last, where a page has more to say of it than that.
    """
    if request.method != "POST" or "check" in request.form:
        return page()
    return tried(form, partial(save, do), page, overtaken)


def tried(
    form: Form, attempt: Callable[[], ResponseReturnValue], page: Page, overtaken: Overtaken | None = None
) -> ResponseReturnValue:
    """The answer to a form that was sent: what the attempt returns, or the page again."""
    if not form.validate():
        return page(), 400
    try:
        return attempt()
    except BadInput as bad:
        form.refuse(bad.problems)
        return page(), 400
    except Refused as refused:
        form.deny(refused)
        return page(), 409
    except Stale as stale:
        if overtaken is not None:
            return overtaken(stale), 409
        form.refuse({"form": str(stale)})
        return page(), 409

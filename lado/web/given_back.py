"""What somebody typed into a form, so that the page that refuses it can give it back."""

from flask import request

from lado.web.components import Fact

NOT_GIVEN_BACK = ("token", "password")


def typed() -> list[Fact]:
    """What was typed into the form that was just sent, without what is secret."""
    return [
        Fact(name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in request.form.items(multi=True)
        if value.strip() and not any(word in name for word in NOT_GIVEN_BACK)
    ]

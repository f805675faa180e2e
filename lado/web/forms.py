"""What all forms share: no field sent twice where one is meant, and errors of the domain put beside their field."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, SelectMultipleField

from lado.errors import BadInput, Refused

TWICE = "This was sent twice. Enter it once."
NOT_WHOLE = "This form was not sent whole. Send it again from this page; what you typed is below."

MOST_DIGITS = 9
"""Digits in the number of a ledger entry that a form may say it was made from."""


class Form(FlaskForm):
    """The base of every form."""

    class Meta(FlaskForm.Meta):
        """A field holds what was typed in a form, and nothing else: no file, and no value of JSON."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what was typed where nothing was given; a file is asked for by the field that takes one."""
            is_given = formdata is None or hasattr(formdata, "getlist")
            return formdata if is_given else request.form or None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape of what was typed; a single field that came twice is refused."""
        for field in _single(self):
            if any(len(request.form.getlist(name)) > 1 for name in _names(field)):
                field.process_errors = [TWICE, *field.process_errors]
        return bool(super().validate(extra_validators))

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put what the domain says beside the field that it is about; what has no field stands at the top."""
        for name, message in problems.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = (*field.errors, message)

    def deny(self, refused: Refused) -> None:
        """Say what a rule says no to, at the top."""
        self.refuse({"form": str(refused)})


def _single(fields: Iterable[Any]) -> Iterator[Any]:
    """The fields that take one answer, those of forms within the form among them."""
    for field in fields:
        if isinstance(field, FieldList):
            yield from _single(field.entries)
        elif isinstance(field, FormField):
            yield from _single(field.form)
        elif not isinstance(field, SelectMultipleField):
            yield field


def _names(field: Any) -> list[str]:
    """The names of a field's inputs: one, or one for each box of a date."""
    return [f"{field.name}-{part}" for part in field.boxes] if hasattr(field, "boxes") else [field.name]


def form_token() -> str:
    """A fresh one-time token, or the one that was sent when the form is shown again with errors."""
    sent: str = request.form.get("form_token", "")
    return sent if 16 <= len(sent) <= 64 else secrets.token_urlsafe(24)


def made_from(last: int) -> int:
    """The number of the last ledger entry that the form that was sent was made from, where there are `last` by now.

    Raises BadInput when what was sent cannot be one.
    """
    sent = request.form.getlist("seen")
    is_number = len(sent) == 1 and sent[0].isascii() and sent[0].isdigit() and len(sent[0]) <= MOST_DIGITS
    if not is_number or int(sent[0]) > last:
        raise BadInput({"seen": NOT_WHOLE})
    return int(sent[0])

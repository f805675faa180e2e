"""What all forms share: no field sent twice where one is meant, and errors of the domain put beside their field."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, SelectMultipleField

TWICE = "This was sent twice. Enter it once."


class Form(FlaskForm):
    """The base of every form."""

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

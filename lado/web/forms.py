"""What all forms share: no field sent twice where one is meant, and errors of the domain put beside their field."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, SelectMultipleField


class Form(FlaskForm):
    """The base of every form."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape of what was typed; a single field that came twice is refused."""
        is_well_formed = super().validate(extra_validators)
        for field in self:
            is_single = not isinstance(field, SelectMultipleField | FieldList | FormField)
            if is_single and len(request.form.getlist(field.name)) > 1:
                field.errors = ("This was sent twice. Enter it once.",)
                is_well_formed = False
        return bool(is_well_formed)

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put what the domain says beside the field that it is about; what has no field stands at the top."""
        for name, message in problems.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = (*field.errors, message)


def form_token() -> str:
    """A fresh one-time token, or the one that was sent when the form is shown again with errors."""
    sent: str = request.form.get("form_token", "")
    return sent if 16 <= len(sent) <= 64 else secrets.token_urlsafe(24)

"""What the form of every move shares: fields in the field's words, the dates' own rule, answers apart from words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from lado.domain import answers
from lado.errors import Refused
from lado.queries.moves import Sheet
from lado.web.fields import DayField, Line, MomentField, Text, choices
from lado.web.forms import Form
from workflows.corrections import received_at

NOT_SHOWN = "Choose one of the answers shown."
REVIEW_AFTER = timedelta(days=28)
"""When a form proposes the next review (a default of this product)."""


class Step(NamedTuple):
    """One move with its answers, plain and in words."""

    move: str
    answers: Mapping[str, Any]
    words: Mapping[str, Any]


class MoveForm(Form):
    """The form of one move.

    What stands in a text field is words and is sealed; everything else is a plain answer, each under the field's name.
    """

    help: ClassVar[str] = ""
    done: ClassVar[str] = ""
    """What the page says has happened, as a sentence."""
    button: ClassVar[str] = "Save"
    names_people: ClassVar[bool] = False
    """Whether the form offers the people to whom something can be given."""
    presets: ClassVar[tuple[str, ...]] = ()
    """The fields that a link to the form may fill in: codes and numbers only, never words."""
    shown_with: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}
    """Which fields are asked only when a certain answer is given to another: field, answer, fields."""
    mends: ClassVar[tuple[str, ...]] = ()
    """The facts that the form itself asks for, so that they do not stand in its way."""

    def __init__(self, sheet: Sheet, kept: MultiDict[str, str] | None = None) -> None:
        """Show the form with its defaults, with a draft that was kept, or with what was sent."""
        self.sheet = sheet
        self.known = answers.Known(sheet.at, received_at(sheet.case) or sheet.at)
        self.missing: tuple[str, ...] = ()
        is_sent = request.method == "POST"
        # Only text is read: a file sent under the name of a field is no answer.
        super().__init__(formdata=request.form if is_sent else kept, data={} if is_sent else self._given())
        self.prepare()

    @classmethod
    def of(cls, sheet: Sheet) -> "type[MoveForm]":
        """The form for this very case; a class of its own where the fields depend on the case."""
        return cls

    def defaults(self) -> dict[str, Any]:
        """What stands in the fields before anything is typed."""
        return {}

    def prepare(self) -> None:
        """Put in the choices that depend on the case."""

    def deny(self, refused: Refused) -> None:
        """Say what the procedure says no to, and keep the facts that it named as missing."""
        super().deny(refused)
        self.missing = refused.missing

    def step(self, move: str) -> Step:
        """The move as it was filled in."""
        plain: dict[str, Any] = {}
        words: dict[str, Any] = {}
        for field in self.asked():
            if isinstance(field, Line):
                words[field.name] = field.data
            elif isinstance(field.data, datetime):
                plain[field.name] = field.data.astimezone(UTC)
            elif field.data not in (None, "", []):
                plain[field.name] = field.data
        return Step(move, plain, {name: said for name, said in words.items() if said})

    def also(self) -> tuple[Step, ...]:
        """Further moves that the same answers make: a fact recorded on the way."""
        return ()

    def promised_on(self) -> date | None:
        """By when the referrer was promised an update together with the move; None where no day was."""
        return None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, then hold the dates against what is known. What was not asked is not checked."""
        super().validate(extra_validators)
        for name in self.unasked():
            self[name].errors = ()
        self.refuse(
            answers.problems(
                {name: value for name, value in self._typed().items() if not self[name].errors}, self.known
            )
        )
        return not self.errors

    def unusual(self) -> str:
        """What is allowed and seldom meant, pointed out after saving."""
        return answers.unusual(self._typed(), self.known)

    def asked(self) -> list[Any]:
        """The fields whose answers count, in order."""
        unasked = self.unasked()
        return [field for field in self if field.name not in unasked and field.name != "csrf_token"]

    def unasked(self) -> set[str]:
        """The fields that belong to an answer which was not given."""
        asked_for: dict[str, bool] = {}
        for name, branches in self.shown_with.items():
            for answer, others in branches.items():
                for other in others:
                    asked_for[other] = asked_for.get(other, False) or self[name].data == answer
        return {name for name, is_asked in asked_for.items() if not is_asked}

    def shown_inside(self) -> set[str]:
        """The fields that stand under an answer, not by themselves."""
        return {other for branches in self.shown_with.values() for others in branches.values() for other in others}

    def _typed(self) -> dict[str, Any]:
        return {field.name: field.data for field in self.asked()}

    def _given(self) -> dict[str, Any]:
        preset = {name: request.args[name] for name in self.presets if name in request.args}
        return {**self.defaults(), **preset}


def text(label: str, missing: str = "", hint: str = "") -> Text:
    """Several lines of words; `missing` is what to say when they are needed and not there."""
    return Text(label if missing else f"{label} (optional)", _needed(missing), description=hint)


def line(label: str, missing: str = "", hint: str = "") -> Line:
    """One line of words; `missing` as for text."""
    return Line(label if missing else f"{label} (optional)", _needed(missing), description=hint)


def day(label: str, missing: str = "", hint: str = "") -> DayField:
    """A day; `missing` as for text."""
    return DayField(label if missing else f"{label} (optional)", missing=missing, description=hint)


def moment(label: str, missing: str = "", hint: str = "") -> MomentField:
    """A day and a time; `missing` as for text."""
    return MomentField(label if missing else f"{label} (optional)", missing=missing, description=hint)


def one_of(label: str, missing: str, codes: Mapping[Any, str] | None = None, hint: str = "") -> RadioField:
    """One of a few; without codes the choices are put in by `prepare`."""
    return RadioField(
        label,
        [InputRequired(missing)],
        choices=choices(codes or {}),
        invalid_choice_message=NOT_SHOWN,
        description=hint,
    )


def from_list(label: str, missing: str, codes: Mapping[Any, str] | None = None, hint: str = "") -> SelectField:
    """One of a longer list, of which nothing is chosen at first; nothing may stay chosen when `missing` is empty."""
    return SelectField(
        label if missing else f"{label} (optional)",
        [InputRequired(missing) if missing else Optional()],
        choices=choices(codes or {}, empty="Choose"),
        invalid_choice_message=NOT_SHOWN,
        description=hint,
    )


def _needed(missing: str) -> list[Any]:
    return [DataRequired(missing)] if missing else []

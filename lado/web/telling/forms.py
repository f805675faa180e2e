"""The forms that answer for several audiences at once: what was recorded of telling them, and what they may be told."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import request
from wtforms import SelectField

from lado.domain import answers
from lado.domain.codes import AUDIENCES, EXTENTS
from lado.services.moves import Step
from lado.services.telling import MISSING_AGREED_BY, Agreed, Words
from lado.web.fields import DayField, Text, choices
from lado.web.forms import Form
from workflows.case import Case
from workflows.corrections import received_at

NOT_SHOWN = "Choose one of the answers shown."
NOTHING_NOW = "Nothing to record now"
AS_IT_IS = "Leave it as it is"
CHOOSE_ONE = "Record something of at least one of them."
AGREE_ONE = "Choose for at least one of them what they may be told."
WITHOUT_ANSWER = "{}: choose what to record with these words, or take them out."
MISSING_REASON = "{}: give the reason why they are not told."
MISSING_DAY = "Enter the day on which they were told."

TOLD: Mapping[str, str] = {"told_outcome": "outcome", "told_progress": "progress"}
"""The answers that say that they were told, each with how much."""

WHAT: Mapping[str, str] = {
    "told_outcome": "Told the outcome",
    "told_progress": "Told what is happening, not the outcome",
    "not_told": "Not told, for a reason",
    "not_concerned": "Does not concern this case",
}
ALWAYS_CONCERNED: Mapping[str, str] = {answer: words for answer, words in WHAT.items() if answer != "not_concerned"}
BY_EMPLOYER: Mapping[str, str] = {
    **ALWAYS_CONCERNED,
    "told_outcome": "The employer told them the outcome",
    "told_progress": "The employer told them what is happening, not the outcome",
}
OFFERED: Mapping[str, Mapping[str, str]] = {"referrer": ALWAYS_CONCERNED, "subject": BY_EMPLOYER}
"""What is offered where it is not `WHAT`: no case is without these two, and the subject is told by the employer."""


class Default(NamedTuple):
    """What a form begins with for an audience, because the record says it already: an answer and its words."""

    answer: str
    words: str


class TellForm(Form):
    """For each audience what is recorded of telling it, and in words how or why not; one day for all who were told."""

    told_on = DayField(
        "When were they told?",
        description="One day for everybody whom you record as told here. Other days are saved one after the other.",
    )

    @classmethod
    def of(cls) -> "type[TellForm]":
        """A class with an answer and words for each audience."""
        fields: dict[str, Any] = {}
        for audience in AUDIENCES:
            offered = OFFERED.get(audience, WHAT)
            fields[f"answer_{audience}"] = _listed("What do you record?", offered, NOTHING_NOW)
            fields[f"words_{audience}"] = Text("How, by whom and what; or why not")
        made: type[TellForm] = type(cls.__name__, (cls,), fields)
        return made

    def __init__(self, case: Case, defaults: Mapping[str, Default], known: answers.Known) -> None:
        """Begin with what the record says already, and with today for whoever says that somebody was told."""
        self.known = known
        data: dict[str, Any] = {"told_on": known.today}
        for audience, default in defaults.items():
            data |= {f"answer_{audience}": default.answer, f"words_{audience}": default.words}
        is_sent = request.method == "POST"
        super().__init__(formdata=request.form if is_sent else None, data={} if is_sent else data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape; then that each answer has the words and the day that it needs."""
        super().validate(extra_validators)
        problems: dict[str, str] = {}
        for audience in AUDIENCES:
            answer, words = self._answer(audience), self._words(audience)
            if answer == "not_told" and not words:
                problems[f"words_{audience}"] = MISSING_REASON.format(AUDIENCES[audience])
            if not answer and words:
                problems[f"answer_{audience}"] = WITHOUT_ANSWER.format(AUDIENCES[audience])
        if any(self._answer(audience) in TOLD for audience in AUDIENCES):
            problems |= self._wrong_day()
        self.refuse({name: message for name, message in problems.items() if not self[name].errors})
        if not self.errors and not self.steps():
            self.refuse({"form": CHOOSE_ONE})
        return not self.errors

    def steps(self) -> list[Step]:
        """The move for each audience of which something is recorded, in their order."""
        return [self._step(audience) for audience in self.recorded()]

    def recorded(self) -> tuple[str, ...]:
        """The audiences of which something is recorded."""
        return tuple(audience for audience in AUDIENCES if self._answer(audience))

    def _step(self, audience: str) -> Step:
        answer, words = self._answer(audience), self._words(audience)
        if answer in TOLD:
            told = {"decision": "told", "told_on": self.told_on.data, "extent": TOLD[answer]}
            return Step("tell", {"audience": audience, **told}, {"note": words} if words else {})
        return Step("tell", {"audience": audience, "decision": answer}, {"reason": words} if words else {})

    def _wrong_day(self) -> dict[str, str]:
        told_on: date | None = self.told_on.data
        if told_on is None:
            return {"told_on": MISSING_DAY}
        return answers.problems({"told_on": told_on}, self.known)

    def _answer(self, audience: str) -> str:
        return str(self[f"answer_{audience}"].data or "")

    def _words(self, audience: str) -> str:
        return str(self[f"words_{audience}"].data or "")


class AgreeForm(Form):
    """For each audience how much it may be told; who agreed it, what exactly and why, once for all of them."""

    agreed_by = Text("Who agreed it?", description="For example: the strategy meeting, or the police and I.")
    what = Text("What exactly may they be told? (optional)", description="For example: that there is an allegation.")
    reason = Text(
        "Why no more than that? (needed where they are told nothing, or nothing yet)",
        description="For example: the police ask us to wait until they have spoken to the adult.",
    )

    @classmethod
    def of(cls) -> "type[AgreeForm]":
        """A class with a question for each audience."""
        fields = {f"extent_{audience}": _listed(words, EXTENTS, AS_IT_IS) for audience, words in AUDIENCES.items()}
        made: type[AgreeForm] = type(cls.__name__, (cls,), fields)
        return made

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape; what else is needed, the service says."""
        super().validate(extra_validators)
        if not self.errors and not self.agreed():
            self.refuse({"form": AGREE_ONE})
            if not self.agreed_by.data:
                self.refuse({"agreed_by": MISSING_AGREED_BY})
        return not self.errors

    def agreed(self) -> list[Agreed]:
        """What was agreed now, for the audiences for which something was chosen."""
        found = ((audience, self[f"extent_{audience}"].data) for audience in AUDIENCES)
        return [Agreed(audience, extent) for audience, extent in found if extent]

    @property
    def words(self) -> Words:
        """Who agreed it, what exactly, and why."""
        return Words(self.agreed_by.data or "", self.what.data or "", self.reason.data or "")


def known_of(case: Case, at: Any) -> answers.Known:
    """What the day of telling is held against."""
    return answers.Known(at, received_at(case) or at)


def _listed(label: str, codes: Mapping[str, str], empty: str) -> SelectField:
    return SelectField(label, choices=choices(codes, empty=empty), invalid_choice_message=NOT_SHOWN)

"""The form of one time limit."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from lado.domain.rule_words import ladder_name
from lado.web.fields import Line, OneOf, OneOfFew, choices
from lado.web.forms import Form
from lado.web.settings.fields import Number, Shares, TimeOfDay, percentages
from workflows.diagram import UNITS
from workflows.rules import Rules, TimeRule
from workflows.rules.terms import WEEKDAYS
from workflows.spans import CutOff, Span, Unit

UNIT_HINTS: Mapping[Unit, str] = {
    Unit.HOUR: "The clock simply runs, through nights, weekends and bank holidays",
    Unit.WORKING_DAY: "Monday to Friday without bank holidays and the days on which we are closed",
    Unit.CALENDAR_DAY: "Every day counts, weekends and bank holidays too",
    Unit.WEEK: "Due at the end of the same day of the week",
    Unit.CALENDAR_MONTH: "Due at the end of the same day of a later month",
}
AT_ONCE, LATER = "at_once", "later"
USUAL, OWN = "usual", "own"
WORKING_WEEK = WEEKDAYS[:5]
YES_NO = {"yes": "Yes, the days of the pause are not counted", "no": "No, it runs on"}


def unit_choices(*, hints: bool) -> list[SelectChoice]:
    """The units, each with what it means; "days" alone is none of them."""
    return [
        SelectChoice(unit.value, words[1].capitalize(), {"hint": UNIT_HINTS[unit]} if hints else {})
        for unit, words in UNITS.items()
    ]


class LongLine(Line):
    """A line that may say where a rule is written."""

    longest = 500


class LimitForm(Form):
    """One time limit."""

    count = Number("How long is the limit?")
    unit = OneOfFew("Counted in", "Choose what it is counted in.", choices=unit_choices(hints=True))
    begins = OneOfFew(
        "When does it begin?",
        "Choose when it begins.",
        choices=choices({AT_ONCE: "At once", LATER: "Only after a time"}),
    )
    lead_count = Number("After how many?")
    lead_unit = OneOf("Counted in", choices=unit_choices(hints=False))
    monday = TimeOfDay("Monday")
    tuesday = TimeOfDay("Tuesday")
    wednesday = TimeOfDay("Wednesday")
    thursday = TimeOfDay("Thursday")
    friday = TimeOfDay("Friday")
    pauses = OneOfFew(
        "Does it stand still while the case is paused for the police?",
        "Choose whether it stands still.",
        choices=choices(YES_NO),
    )
    warns = OneOfFew("When is its officer warned?", "Choose when to warn.")
    shares = Shares("At which percentages of the time?")
    ladder = OneOf("Who hears when it lapses?")
    source = LongLine("Where is this rule written?", [DataRequired("Enter where the rule is written.")])

    DATED = ("count", "unit", "begins", "lead_count", "lead_unit", *WORKING_WEEK, "pauses")
    """What only a limit that is counted has: for the others an officer gives the date."""

    def __init__(self, rule: TimeRule, rules: Rules, *, is_fresh: bool) -> None:
        """Show the rule as it is, or what was typed over it."""
        super().__init__(data=_shown(rule)) if is_fresh else super().__init__()
        self.before = rule
        self.is_counted = rule.limit is not None
        ladders = {ladder.key: f"Its own ladder, “{ladder_name(ladder.key)}”" for ladder in rules.ladders}
        self.ladder.choices = choices({"": "The usual ladder", **ladders})
        usual = percentages(rules.warnings)
        said = f"As usual, when {usual}% of the time is used" if usual else "As usual, not before it lapses"
        self.warns.choices = choices({USUAL: said, OWN: "At times of its own"})
        if not self.is_counted:
            for name in self.DATED:
                delattr(self, name)

    def validate_count(self, field: Number) -> None:
        """A limit needs its number."""
        if not field.data:
            raise ValidationError("Enter the number, for example 24.")

    def validate_lead_count(self, field: Number) -> None:
        """A later beginning needs its number."""
        if self.begins.data == LATER and not field.data:
            raise ValidationError("Enter after how many it begins, or choose that it begins at once.")

    def validate_begins(self, field: Any) -> None:
        """A lead-in ends with a day, so that no time of a day can matter any more."""
        if field.data == LATER and any(self[name].data for name in WORKING_WEEK):
            raise ValidationError("A limit that begins only after a time cannot have a cut-off. Empty the times below.")

    @property
    def is_ready(self) -> bool:
        """Whether enough is there to work an example out."""
        if not self.is_counted:
            return False
        has_lead = self.begins.data != LATER or (self.lead_count.number and self.lead_unit.data in list(Unit))
        return bool(self.count.number and self.unit.data in list(Unit) and has_lead and self.shares.shares is not None)

    def rule(self) -> TimeRule:
        """The rule as typed. Only of a form that is well formed, or ready for an example."""
        own_warnings = self.shares.shares if self.warns.data == OWN else None
        changed = replace(
            self.before,
            warns_at=own_warnings,
            ladder=self.ladder.data or None,
            source=self.source.data or "",
        )
        if not self.is_counted:
            return changed
        return replace(
            changed,
            limit=Span(self.count.number or 1, Unit(self.unit.data)),
            starts_after=Span(self.lead_count.number or 1, Unit(self.lead_unit.data)) if self._is_later else None,
            cut_offs=() if self._is_later else self._cut_offs(),
            pauses=self.pauses.data == "yes",
        )

    @property
    def _is_later(self) -> bool:
        return bool(self.begins.data == LATER)

    def _cut_offs(self) -> tuple[CutOff, ...]:
        """One for each day that has one; the same time on all five is one rule."""
        times = [self[name].time for name in WORKING_WEEK]
        if times[0] is not None and len(set(times)) == 1:
            return (CutOff(None, times[0]),)
        return tuple(CutOff(number, at) for number, at in enumerate(times) if at is not None)


def _shown(rule: TimeRule) -> dict[str, Any]:
    """A rule as the boxes of its form."""
    lead = rule.starts_after
    shown: dict[str, Any] = {
        "count": str(rule.limit.count) if rule.limit else "",
        "unit": rule.limit.unit.value if rule.limit else "",
        "begins": LATER if lead else AT_ONCE,
        "lead_count": str(lead.count) if lead else "",
        "lead_unit": (lead.unit if lead else Unit.CALENDAR_MONTH).value,
        "pauses": "yes" if rule.pauses else "no",
        "warns": USUAL if rule.warns_at is None else OWN,
        "shares": percentages(rule.warns_at or ()),
        "ladder": rule.ladder or "",
        "source": rule.source,
    }
    for number, name in enumerate(WORKING_WEEK):
        shown[name] = _earliest(cut_off.at for cut_off in rule.cut_offs if cut_off.weekday in (None, number))
    return shown


def _earliest(times: Iterable[time]) -> str:
    first = min(times, default=None)
    return f"{first:%H:%M}" if first else ""

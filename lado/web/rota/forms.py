"""The forms that change the rota."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired

from lado.act import Act
from lado.domain.rota import ADD, DAYS, PRIMARY, REMOVE, REPLACE, SECOND, Away, DutyChange, DutyDay, Pattern, Week
from lado.services.cover import NewAbsence
from lado.services.rotas import NewChange, NewDuty, NewPattern
from lado.services.swaps import NewSwap
from lado.web.cover.forms import EdgeField
from lado.web.cover.spans import ONE_DAY, begin
from lado.web.fields import DayField, Line, OneOf, OneOfFew, choices, time_of
from lado.web.forms import Form

WORKING_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
RANKS = {PRIMARY: "First: asked first", SECOND: "Second: asked when the first is not there"}
KINDS = {ADD: "Add somebody", REMOVE: "Take somebody off", REPLACE: "Replace somebody"}
ALL, THESE = "all", "these"
HOURS = {ALL: "All office hours", THESE: "These hours"}
NO_TIME = "Enter the time like 9:00, or leave both times of a day off empty."


class PatternForm(Form):
    """The hours that somebody works each week, from a day on."""

    account = OneOf("Whose hours?", [DataRequired("Choose whose hours they are.")])
    from_on = DayField("From which day on?", missing="Enter the day from which on these hours hold.")
    hours = OneOfFew("Which hours?", "Choose which hours.", choices=choices(HOURS))
    begin_0, end_0 = Line("Monday from"), Line("Monday until")
    begin_1, end_1 = Line("Tuesday from"), Line("Tuesday until")
    begin_2, end_2 = Line("Wednesday from"), Line("Wednesday until")
    begin_3, end_3 = Line("Thursday from"), Line("Thursday until")
    begin_4, end_4 = Line("Friday from"), Line("Friday until")

    @property
    def days(self) -> list[tuple[str, Any, Any]]:
        """Each weekday with its two boxes."""
        return [(name, self[f"begin_{day}"], self[f"end_{day}"]) for day, name in enumerate(WORKING_DAYS)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and that each day has two times or none."""
        is_right = super().validate(extra_validators)
        if self.hours.data != THESE:
            return is_right
        wrong = {first.short_name: NO_TIME for _, first, last in self.days if not _is_opening(first, last)}
        self.refuse(wrong)
        return is_right and not wrong

    def answers(self) -> NewPattern | None:
        """The hours as the service takes them; None while they cannot be read."""
        if not (self.account.data or "").isdigit() or self.from_on.data is None or self.hours.data not in HOURS:
            return None
        if self.hours.data == ALL:
            return NewPattern(int(self.account.data), self.from_on.data, None)
        if not all(_is_opening(first, last) for _, first, last in self.days):
            return None
        return NewPattern(int(self.account.data), self.from_on.data, self._week())

    def _week(self) -> Week:
        openings = [(time_of(first.data or ""), time_of(last.data or "")) for _, first, last in self.days]
        worked = [(begins, ends) if begins and ends else None for begins, ends in openings]
        return (*worked, *[None] * (DAYS - len(worked)))

    def would_be(self) -> Pattern | None:
        """The same for the resolver."""
        new = self.answers()
        return None if new is None else Pattern(new.account, new.from_on, new.week)


class DutyForm(Form):
    """Who has one rank of duty on which weekday, from a day on."""

    rank = HiddenField()
    from_on = DayField("From which day on?", missing="Enter the day from which on this holds.")
    day_0, day_1, day_2 = OneOf("Monday"), OneOf("Tuesday"), OneOf("Wednesday")
    day_3, day_4 = OneOf("Thursday"), OneOf("Friday")

    @property
    def days(self) -> list[Any]:
        """The list of each weekday."""
        return [self[f"day_{day}"] for day in range(len(WORKING_DAYS))]

    @property
    def people(self) -> list[Any]:
        """The fields that name somebody."""
        return self.days

    def answers(self, act: Act) -> NewDuty | None:
        """The days as the service takes them; None while they cannot be read."""
        if self.rank.data not in ("1", "2") or self.from_on.data is None:
            return None
        days = {day: int(field.data) if (field.data or "").isdigit() else None for day, field in enumerate(self.days)}
        return NewDuty(act.who.authority or 0, int(self.rank.data), self.from_on.data, days)

    def would_be(self, act: Act) -> tuple[DutyDay, ...] | None:
        """The same for the resolver."""
        new = self.answers(act)
        if new is None:
            return None
        return tuple(DutyDay(new.rank, day, person, new.from_on) for day, person in sorted(new.days.items()))


class SpanForm(Form):
    """What all forms about a stretch of time share."""

    from_at = EdgeField("First day", missing="Enter the first day.")
    until_at = EdgeField("Last day", is_end=True, missing="Enter the last day.")

    @property
    def has_span(self) -> bool:
        """Whether a stretch of time is known."""
        return bool(self.from_at.data and self.until_at.data and self.from_at.data < self.until_at.data)


class ChangeForm(SpanForm):
    """A person added to a duty, taken off it, or replaced, for a stretch of time."""

    kind = OneOfFew("What is changed?", "Choose what is changed.", choices=choices(KINDS))
    rank = OneOfFew("Which duty?", "Choose which duty.", choices=choices(RANKS))
    person = OneOf("Who?", [DataRequired("Choose who.")])
    by = OneOf("Replaced by whom?")

    def answers(self, act: Act) -> NewChange | None:
        """The change as the service takes it; None while it cannot be read."""
        if not (self.person.data or "").isdigit() or not self.has_span or self.kind.data not in KINDS:
            return None
        by = int(self.by.data) if self.kind.data == REPLACE and (self.by.data or "").isdigit() else None
        if self.rank.data not in ("1", "2") or (self.kind.data == REPLACE and by is None):
            return None
        person, rank = int(self.person.data), int(self.rank.data)
        span = self.from_at.data, self.until_at.data
        return NewChange(act.who.authority or 0, self.kind.data, rank, person, *span, by)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and that a replacement names somebody."""
        is_right = super().validate(extra_validators)
        if self.kind.data == REPLACE and not self.by.data:
            self.refuse({"by": "Choose who has the duty instead."})
            return False
        return is_right

    def would_be(self, act: Act) -> DutyChange | None:
        """The same for the resolver."""
        new = self.answers(act)
        if new is None:
            return None
        return DutyChange(new.kind, new.rank, new.from_at, new.until_at, new.person, new.by)


class SwapForm(SpanForm):
    """Whose duty colleagues are asked to take."""

    account = OneOf("Whose duty?", [DataRequired("Choose whose duty it is.")])
    rank = OneOfFew("Which duty?", "Choose which duty.", choices=choices(RANKS))

    def answers(self) -> NewSwap | None:
        """The swap as the service takes it; None while it cannot be read."""
        if not (self.account.data or "").isdigit() or not self.has_span or self.rank.data not in ("1", "2"):
            return None
        return NewSwap(int(self.account.data), int(self.rank.data), self.from_at.data, self.until_at.data)

    def would_be(self, act: Act) -> DutyChange | None:
        """The duty without its holder, for the resolver: what is so until somebody takes it."""
        new = self.answers()
        return None if new is None else DutyChange(REMOVE, new.rank, new.from_at, new.until_at, new.account)


class SickForm(Form):
    """Who is sick from today on, until when, and who covers."""

    account = OneOf("Who is sick?", [DataRequired("Choose who is sick.")])
    until_at = EdgeField("Last day away", is_end=True, missing="Enter the last day away; today, if you do not know.")
    cover = OneOf("Who covers?")

    def answers(self, act: Act) -> NewAbsence | None:
        """The absence as the service takes it: the whole of today and on; None while it cannot be read."""
        if not (self.account.data or "").isdigit() or self.until_at.data is None:
            return None
        if self.until_at.data <= begin(act.today):
            return None
        cover = int(self.cover.data) if (self.cover.data or "").isdigit() else None
        return NewAbsence(int(self.account.data), "sickness", begin(act.today), self.until_at.data, cover)

    def would_be(self, act: Act) -> Away | None:
        """The same for the resolver."""
        new = self.answers(act)
        return None if new is None else Away(new.account, new.from_at, new.until_at, new.cover, new.kind)


class NothingForm(Form):
    """A button that does what its page says."""


def tomorrow(act: Act) -> Any:
    """The end of today, as a last day is written."""
    return begin(act.today + ONE_DAY)


def _is_opening(first: Any, last: Any) -> bool:
    begins, ends = time_of(first.data or ""), time_of(last.data or "")
    if not first.data and not last.data:
        return True
    return begins is not None and ends is not None and begins < ends

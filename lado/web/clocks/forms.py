"""The short forms by which one clock is changed: each says what would come of it before anything is saved."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask import request
from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired

from lado.act import Act
from lado.domain import codes
from lado.errors import Refused
from lado.queries.case_file import ClockFile
from lado.services import adjustments as services
from lado.web.due import point
from lado.web.fields import DayField, Line, OneOfFew, Text, choices
from lado.web.forms import Form
from lado.web.referrals.clock_words import clock_name
from lado.web.referrals.events import holder_words
from lado.web.referrals.workings import UNITS
from workflows import adjustments
from workflows.adjustments import Decided
from workflows.case import Case
from workflows.clocks import day_end
from workflows.events import ClockExtended, ClockResumed, Event
from workflows.london import london_day
from workflows.practice import Practice
from workflows.running import due_by_rule

REVIEW_AFTER = timedelta(days=28)
"""When a form proposes the next review of a pause (a default of this product)."""

LONGEST_NUMBER = 4
"""Digits that are read of a number of units; more are no number that anybody means."""

PROVISIONAL = "That is provisional: the bank holidays of that year are not published yet."

Events = tuple[Event, ...]


class AdjustForm(Form):
    """What all share: why, what was shown before saving, and which entry of the record the form was made from."""

    kind: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    button: ClassVar[str]
    decides: ClassVar[Callable[..., Decided]]
    """What would happen: the pure rule, which takes what the form gives."""
    makes: ClassVar[Callable[..., Case]]
    """What does it: the service, which takes the same."""
    is_usual: ClassVar[bool] = True
    """Whether to say why it cannot be done when it cannot; what only concerns a pause is left unsaid without one."""
    reason = Text("Why?", [DataRequired("Say why.")], description="It stays on the record beside the dates.")
    seen = HiddenField()
    shown = HiddenField()

    def __init__(self, found: ClockFile, practice: Practice, at: datetime) -> None:
        """Show the form for this clock, with its proposals or with what was sent."""
        self.found, self.practice, self.at = found, practice, at
        self.case, self.clock = found.file.case, found.clock
        is_sent = request.method == "POST"
        super().__init__(formdata=request.form if is_sent else None, data={} if is_sent else self.proposed())

    def proposed(self) -> dict[str, Any]:
        """What stands in the fields before anything is typed."""
        return {}

    def dates(self) -> dict[str, date | None]:
        """The dates that were typed, to hold against what is known."""
        return {}

    def given(self) -> dict[str, Any]:
        """What was filled in besides the reason."""
        return {}

    def decide(self) -> Decided:
        """What would happen, or why not."""
        return type(self).decides(self.case, self.clock, self.practice, self.at, **self.given())

    def make(self, act: Act, seen: int) -> Case:
        """Do it."""
        place = self.clock.key, self.clock.occurrence
        return type(self).makes(act, self.found.file.id, place, self.reason.data or "", seen=seen, **self.given())

    def outcome(self, events: Events) -> str:
        """What comes of it, in sentences: shown before saving, and said after it. Usually a date that moves."""
        new = next(event for event in events if isinstance(event, ClockExtended | ClockResumed))
        unsure = f" {PROVISIONAL}" if new.provisional else ""
        before = self.point(self.clock.due_at)
        if new.due_at == self.clock.due_at:
            return f"{self.name} stays due by {before}: no day that counts fell into the pause.{unsure}"
        return f"{self.name} is due by {self.point(new.due_at)}. Until now it was due by {before}.{unsure}"

    def deny(self, refused: Refused) -> None:
        """Say what the rule says no to beside what it is about, or at the top."""
        self.refuse(dict.fromkeys(refused.missing or ("clock",), str(refused)))

    def point(self, when: datetime) -> str:
        """The moment as people say it."""
        return point(when, self.at)

    @property
    def name(self) -> str:
        """What the clock is called."""
        return f"“{clock_name(self.found.file, self.clock)}”"


class LaterForm(AdjustForm):
    """A later date for a clock whose date an officer gave."""

    kind = adjustments.EXTEND
    title = "Give it a later date"
    help = "The date that was promised first stays beside the new one, and so does your reason."
    button = "Give it the later date"
    decides = staticmethod(adjustments.extend)
    makes = staticmethod(services.extend)
    due_on = DayField("What is the new date?", missing="Enter the new date.")

    def dates(self) -> dict[str, date | None]:
        """The new date."""
        return self.given()

    def given(self) -> dict[str, Any]:
        """The new date."""
        return {"due_on": self.due_on.data}


class ExtendForm(AdjustForm):
    """More units of the clock's own limit."""

    kind = adjustments.EXTEND
    title = "Give it more time"
    help = LaterForm.help
    button = "Give it more time"
    decides = staticmethod(adjustments.extend)
    makes = staticmethod(services.extend)
    by = Line("How many more?", [DataRequired("Enter how many more.")])

    def __init__(self, found: ClockFile, practice: Practice, at: datetime) -> None:
        """Ask in the unit of the clock's own limit."""
        super().__init__(found, practice, at)
        rule = practice.rules.by_key.get(found.clock.key)
        if rule is not None and rule.limit is not None:
            self.by.label.text = f"How many more {UNITS[rule.limit.unit]}s?"

    def given(self) -> dict[str, Any]:
        """The number that was typed; 0 for what is none, which the rule refuses."""
        typed = self.by.data or ""
        is_number = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER
        return {"by": int(typed) if is_number else 0}


class KeepForm(AdjustForm):
    """A pause that was reviewed and lasts."""

    kind = adjustments.KEEP_PAUSED
    title = "Let it stand still longer"
    help = "The review of the pause is done with this, and the next one gets its date."
    button = "Let it stand still"
    decides: ClassVar[Callable[..., Decided]] = staticmethod(adjustments.keep_paused)
    makes: ClassVar[Callable[..., Case]] = staticmethod(services.keep_paused)
    is_usual = False
    review_on = DayField("When is it reviewed next?", missing="Enter the day of the next review.")

    def proposed(self) -> dict[str, Any]:
        """In four weeks."""
        return {"review_on": london_day(self.at) + REVIEW_AFTER}

    def dates(self) -> dict[str, date | None]:
        """The day of the review."""
        return {"review_on": self.review_on.data}

    def given(self) -> dict[str, Any]:
        """The day of the review."""
        return {"review_on": self.review_on.data}

    def outcome(self, events: Events) -> str:
        """Who has the ball, when that is reviewed, and what it would mean for the date."""
        clock, reviewed_at = self.clock, day_end(self.review_on.data, self.practice.day_ends)
        until = clock._replace(pauses=(*clock.pauses, (clock.paused_at or self.at, reviewed_at)))
        then = due_by_rule(self.practice.rules.by_key[clock.key], until, self.practice)
        holder = self.given().get("holder", clock.holder)
        return (
            f"{self.name} stands still; the ball is with {holder_words(holder)}. The pause is reviewed by "
            f"{self.point(reviewed_at)}. Started again then, it would be due by {self.point(then.at)}."
        )


class PauseForm(KeepForm):
    """A clock stands still for somebody."""

    kind = adjustments.PAUSE
    title = "Let it stand still"
    help = (
        "For when somebody else has to act first. The days until it runs again are not counted. A pause always has a "
        "review date: the review becomes an action of the accountable officer."
    )
    decides = staticmethod(adjustments.pause)
    makes = staticmethod(services.pause)
    is_usual = True
    holder = OneOfFew("Who has the ball?", "Choose who has the ball.", choices=choices(codes.BALL))

    def given(self) -> dict[str, Any]:
        """For whom, and the day of the review."""
        return {**super().given(), "holder": self.holder.data}


class ResumeForm(AdjustForm):
    """A clock that stands still runs again."""

    kind = adjustments.RESUME
    title = "Start it again"
    help = "The days of the pause are not counted, and its review is done with this."
    button = "Start it again"
    decides = staticmethod(adjustments.resume)
    makes = staticmethod(services.resume)
    is_usual = False

    def outcome(self, events: Events) -> str:
        """The date without the pause and before it."""
        still = self.practice.flow.state_by_key[self.case.state].pauses
        more = " It stands still with the whole case, which is paused." if still else ""
        return super().outcome(events) + more


class StopForm(AdjustForm):
    """A clock that does not apply."""

    kind = adjustments.STOP
    title = "Stop it, because it does not apply"
    help = "The clock and its dates stay on the record. If it was met, record what it waited for instead."
    button = "Stop the clock"
    decides = staticmethod(adjustments.stop)
    makes = staticmethod(services.stop)
    stop_reason = OneOfFew(
        "Why does it not apply?",
        "Choose why it does not apply.",
        validators=[InputRequired("Choose why it does not apply.")],
        choices=choices(codes.STOP_REASONS),
    )

    def given(self) -> dict[str, Any]:
        """Why, as a code."""
        return {"why": self.stop_reason.data or ""}

    def outcome(self, events: Events) -> str:
        """What goes on."""
        others = [one for one in self.case.running.values() if one != self.clock and one.paused_at is None]
        following = min(others, key=lambda clock: (clock.due_at, clock.key))
        name = clock_name(self.found.file, following)
        return f"{self.name} stops. The next clock of the case is “{name}”, due by {self.point(following.due_at)}."


FORMS: Mapping[str, type[AdjustForm]] = {
    "extend": ExtendForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "keep": KeepForm,
    "stop": StopForm,
}
"""Each form by the word in its address."""


def form_for(adjustment: str, found: ClockFile) -> type[AdjustForm]:
    """The form for this very clock: where an officer gave the date, a date is asked for."""
    is_dated = adjustment == "extend" and not adjustments.keeps_its_limit(found.clock)
    return LaterForm if is_dated else FORMS[adjustment]

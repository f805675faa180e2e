"""Forms for meetings, reviews, oversight, the investigation and the pause for the police: each sets what comes next."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from lado.domain.codes import DELAY_REASONS, STRANDS
from lado.web.fields import DayField
from lado.web.moves.forms.base import REVIEW_AFTER, MoveForm, Step, day, from_list, line, moment, text
from workflows.london import LONDON

NEXT_REVIEW = "When is the next review?"
NO_REVIEW = "Enter the day of the next review. No case goes on without one."
REVIEW_HINT = "28 days is usual. The case comes back to you on that day at the latest."
WHEN_HELD = "Enter the day and the time at which it was held."
HELD_HINT = "Change this to the day and time at which it really was."
MEETING_WITHIN, MEETING_AT = 3, time(10)
"""Working days ahead, and the time, for which a form proposes a meeting (a default of this product)."""

PROGRESS = {strand: f"progress_{strand}" for strand in STRANDS}


class WithReview(MoveForm):
    """A form that asks for the next review and proposes one."""

    def defaults(self) -> dict[str, Any]:
        """A working day in four weeks."""
        return {"review_on": self.proposed_review()}

    def proposed_review(self) -> date:
        """The day in four weeks, or the next working day after it."""
        day_then = self.sheet.today + REVIEW_AFTER
        calendar = self.sheet.practice.calendar
        is_working = calendar.is_working(day_then, provisional=True)
        return day_then if is_working else calendar.next_open(day_then, provisional=True)


class KeepsReview(WithReview):
    """A form that keeps the review already set, unless a new day is given."""

    mends = ("review_is_set",)

    def prepare(self) -> None:
        """Ask for the day only where no review is set."""
        field: DayField = self["review_on"]
        review = self.sheet.case.running.get("review")
        if review is None:
            field.missing = NO_REVIEW
            field.label.text = NEXT_REVIEW
        else:
            local = review.due_at.astimezone(LONDON)
            field.description = (
                f"A review is set for {local:%A} {local.day} {local:%B %Y}. Leave this empty to keep it."
            )

    def defaults(self) -> dict[str, Any]:
        """Nothing where a review is set already."""
        return {} if "review" in self.sheet.case.running else super().defaults()


class ArrangeMeeting(MoveForm):
    """When the meeting will be."""

    help = (
        "Enter the day and time for which the meeting is arranged. If it moves, arrange it again: both dates are kept."
    )
    done = "The meeting is arranged."
    button = "Arrange the meeting"
    planned_at = moment("When will the meeting be?", "Enter the day and the time of the meeting.")
    note = text("Who is invited, and where or how is it held?")

    def defaults(self) -> dict[str, Any]:
        """Three working days from now, in the morning."""
        then = self.sheet.practice.calendar.after(self.sheet.today, MEETING_WITHIN, provisional=True)
        return {"planned_at": datetime.combine(then, MEETING_AT, tzinfo=LONDON)}


class Oversee(WithReview):
    """The employer looks into it under a written plan."""

    help = (
        "The employer looks into it under a written plan and you oversee it, without a meeting. "
        "The time limit for the meeting ends."
    )
    done = "Oversight without a meeting begins."
    button = "Begin oversight"
    plan = text("What is the plan?", "Say what the plan is.", "Who does what, and what they report back to you.")
    review_on = day(NEXT_REVIEW, NO_REVIEW, REVIEW_HINT)


class HoldMeeting(WithReview):
    """A meeting that was held."""

    help = "Record the meeting once it has been held. Attendance and decisions can also be added later."
    done = "The meeting is recorded."
    button = "Record the meeting"
    held_at = moment("When was it held?", WHEN_HELD, HELD_HINT)
    attendance = text("Who attended, and who sent apologies?", hint="One person to a line, with their agency.")
    decisions = text("What was decided?", hint="Set an action for each thing that somebody has to do.")
    review_on = day(NEXT_REVIEW, NO_REVIEW, REVIEW_HINT)

    def defaults(self) -> dict[str, Any]:
        """The moment the meeting was planned for, where that has passed."""
        waiting = [meeting.planned_at for meeting in self.sheet.case.meetings if meeting.held_at is None]
        planned_at = waiting[-1] if waiting else None
        was_then = planned_at is not None and planned_at <= self.sheet.at
        return {**super().defaults(), "held_at": planned_at if was_then else self.sheet.at}

    def step(self, move: str) -> Step:
        """Who attended is a fact of its own."""
        made = super().step(move)
        return made._replace(words={name: said for name, said in made.words.items() if name != "attendance"})

    def also(self) -> tuple[Step, ...]:
        """Attendance is recorded as that fact."""
        said = self.attendance.data
        return (Step("record_fact", {"fact": "attendance_recorded"}, {"note": said}),) if said else ()


class Investigate(KeepsReview):
    """The agreed enquiries begin."""

    help = "The enquiries that were agreed begin. The case needs a review date while they run."
    done = "The investigation has started."
    button = "Start the investigation"
    note = text("Who looks into what?")
    review_on = day("New day for the next review")


class PauseForPolice(WithReview):
    """The police come first; a review date is never missing."""

    help = (
        "Other enquiries wait while the police investigate. Some time limits stand still; the review does not. "
        "A pause always has a review date."
    )
    done = "Paused for the police."
    button = "Pause for the police"
    police_lead = line("Who leads for the police?", "Say who leads for the police.", "Name, and how to reach them.")
    note = text("What may continue meanwhile?", hint="For example, support for the child and for the adult.")
    review_on = day(NEXT_REVIEW, NO_REVIEW, REVIEW_HINT)


class Resume(KeepsReview):
    """The police pause ends."""

    help = "Other enquiries go on, and the time limits that stood still run again from now."
    done = "The police pause has ended."
    button = "End the pause"
    note = text("What did the police say or decide?")
    review_on = day("New day for the next review")


class HoldReview(WithReview):
    """A review that was held."""

    help = "Record the review once it has been held: where each strand stands, and when the next one is."
    done = "The review is recorded."
    button = "Record the review"
    held_at = moment("When was it held?", WHEN_HELD, HELD_HINT)
    progress_police = text("Progress by the police")
    progress_social_care = text("Progress by children’s social care")
    progress_employer = text("Progress by the employer")
    progress_regulator = text("Progress by the regulator")
    delay_reason = from_list(
        "If it takes longer than it should, what is the reason?", "", DELAY_REASONS, "The reason stands in the record."
    )
    review_on = day(NEXT_REVIEW, NO_REVIEW, REVIEW_HINT)

    def defaults(self) -> dict[str, Any]:
        """Now."""
        return {**super().defaults(), "held_at": self.sheet.at}

    def prepare(self) -> None:
        """Say which strands are open."""
        for strand, name in PROGRESS.items():
            if self.sheet.case.strands.get(strand) == "open":
                self[name].description = "This strand is open."

    def step(self, move: str) -> Step:
        """The reason for a delay is recorded as such."""
        made = super().step(move)
        plain: Mapping[str, Any] = {name: value for name, value in made.answers.items() if name != "delay_reason"}
        return made._replace(answers=plain)

    def also(self) -> tuple[Step, ...]:
        """The reason for a delay, where one was given."""
        reason = self.delay_reason.data
        return (Step("explain_delay", {"delay_reason": reason}, {}),) if reason else ()


class ExplainDelay(MoveForm):
    """Why it takes longer."""

    help = "Every month that a case goes on past its time limit, the reason is asked for."
    done = "The reason for the delay is recorded."
    button = "Record the reason"
    delay_reason = from_list("What is the reason?", "Choose the reason for the delay.", DELAY_REASONS)
    note = text("What is being done about it?")


class SendMinutes(MoveForm):
    """That the minutes went out."""

    help = "Minutes are marked confidential and go to those who were invited; parts may be withheld on police advice."
    done = "The minutes are recorded as sent."
    button = "Record that they were sent"
    note = text("Who were they sent to, and was anything withheld?")

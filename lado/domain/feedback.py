"""Whether each audience of a closed case was told the outcome, and how long that took: derived from its ledger. Pure.

Counted are the cases that met the threshold and were closed here; what ends below it has no outcome to tell, and what
another authority or another case took over is told there. Told counts from the outcome that stands: a telling from
before it was decided, or one that says only how the case goes on, was of something else. The time is in working days
after the day of the decision; on that day itself it is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from workflows.asof import Recorded
from workflows.case import Case
from workflows.events import Event, Moved, Noted, OutcomeDecided, Told
from workflows.facts import ANSWERED_BY, AUDIENCES
from workflows.london import london_day
from workflows.model import Workflow
from workflows.practice import Practice

REFERRER = "referrer"

TOLD, NOT_TOLD, NOT_CONCERNED, OTHERWISE, NOTHING = "told", "not_told", "not_concerned", "otherwise", "nothing"
ANSWERS: Mapping[str, str] = {
    TOLD: "Told the outcome",
    NOT_TOLD: "Not told, with a reason",
    NOT_CONCERNED: "Does not concern this case",
    OTHERWISE: "Told before the outcome, or only how it goes on",
    NOTHING: "Nothing recorded",
}
"""What the record of a closed case says of an audience."""

WITH_REASON, NEITHER = "reason", "neither"
GROUPS: Mapping[str, tuple[str, ...]] = {
    TOLD: (TOLD,),
    WITH_REASON: (NOT_TOLD, NOT_CONCERNED),
    NEITHER: (OTHERWISE, NOTHING),
}
"""The answers as they are counted: told the outcome, a reason why not, or neither."""

OUTCOME_EXTENTS = ("", "outcome")
"""How much somebody was told, where that is the outcome; older records do not say how much."""

KINDS = tuple(kind.__name__ for kind in (Moved, OutcomeDecided, Noted, Told))
"""The entries that this is derived from."""


class Feedback(NamedTuple):
    """What the record says of one audience; `took` is how many working days it took, None where it was not told."""

    answer: str
    took: int | None


class Telling(NamedTuple):
    """One thing that was recorded of telling an audience."""

    answer: str
    on: date


class Closed(NamedTuple):
    """A closed case: when it was closed, and what its record says of each audience, by its key."""

    closed_at: datetime
    feedback: Mapping[str, Feedback]

    def rows(self) -> dict[str, dict[str, Any]]:
        """What the table has to say, by audience."""
        return {key: {"closed_at": self.closed_at, **one._asdict()} for key, one in self.feedback.items()}


def is_counted(case: Case, flow: Workflow) -> bool:
    """Whether the case was closed here with an outcome to tell."""
    state = flow.state_by_key.get(case.state)
    return state is not None and state.final and case.threshold == "met" and case.state not in flow.handed_on


def closed(record: Sequence[Recorded], case: Case, practice: Practice) -> Closed | None:
    """What the record of a case says of its audiences, or None where the case is not counted."""
    if not is_counted(case, practice.flow):
        return None
    closings = (entry.recorded_at for entry in record if _closes(entry.event, practice.flow))
    closed_at = max(closings, default=record[-1].recorded_at)
    decided = [entry.recorded_at for entry in record if isinstance(entry.event, OutcomeDecided)]
    decided_on = london_day(max(decided)) if decided else None
    said: dict[str, list[Telling]] = {}
    for audience, telling in _tellings(record, case):
        said.setdefault(audience, []).append(telling)
    return Closed(
        closed_at,
        {audience: _feedback(_of(audience, said), decided_on, practice) for audience in AUDIENCES},
    )


def _closes(event: Event, flow: Workflow) -> bool:
    if not isinstance(event, Moved) or event.leaves == event.enters:
        return False
    state = flow.state_by_key.get(event.enters)
    return state is not None and state.final


def _of(audience: str, said: Mapping[str, list[Telling]]) -> list[Telling]:
    """What was said of them; where nothing was, what older records say of them together with others."""
    return said.get(audience) or said.get(ANSWERED_BY.get(audience, ""), [])


def _feedback(tellings: Sequence[Telling], decided_on: date | None, practice: Practice) -> Feedback:
    """The last word counts; of several tellings of the outcome the first, since from then on they knew it."""
    if not tellings:
        return Feedback(NOTHING, None)
    last = tellings[-1].answer
    if last not in (TOLD, OTHERWISE):
        return Feedback(last, None)
    of_outcome = [one.on for one in tellings if one.answer == TOLD and decided_on is not None and one.on >= decided_on]
    if decided_on is None or not of_outcome:
        return Feedback(OTHERWISE, None)
    return Feedback(TOLD, practice.calendar.between(decided_on, min(of_outcome), provisional=True))


def _tellings(record: Iterable[Recorded], case: Case) -> Iterator[tuple[str, Telling]]:
    """Everything that was recorded of telling somebody, in order, on its day as it holds now."""
    head: Recorded | None = None
    for entry in record:
        event = entry.event
        if isinstance(event, Noted):
            head = entry
        elif isinstance(event, Told):
            with_it = head is not None and head.number == entry.number - 1 and isinstance(head.event, Noted)
            answers = head.event.answers if with_it and head is not None and isinstance(head.event, Noted) else {}
            on = case.corrected.get((entry.number - 1, "told_on"), event.told_on)
            day = on if isinstance(on, date) and not isinstance(on, datetime) else london_day(entry.recorded_at)
            yield event.audience, Telling(_answer(event, answers), day)


def _answer(event: Told, answers: Mapping[str, Any]) -> str:
    if not event.told:
        return NOT_CONCERNED if answers.get("decision") == NOT_CONCERNED else NOT_TOLD
    return TOLD if answers.get("extent", "") in OUTCOME_EXTENTS else OTHERWISE

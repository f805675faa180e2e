"""Correcting a date: which dates a record holds, which clocks hang on each, and what they become."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lado.adapters.bank_holidays import england
from tests.support.cases import DAY, HOUR, MONDAY, Walk
from workflows.calendar import Calendar
from workflows.case import Clock
from workflows.corrections import Wanted, consequences, present, received_at
from workflows.dates import dates_of
from workflows.events import CorrectionAsked, CorrectionDecided, Event
from workflows.fold import apply
from workflows.london import END_OF_DAY, LONDON, london_day
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL
from workflows.spans import Unit

PRACTICE = Practice(CURRENT, NATIONAL, england())


class Entry(NamedTuple):
    """An entry as the record holds it."""

    number: int
    event: Event
    actor_id: int | None
    recorded_at: Any


class Recorded(Walk):
    """A walk that keeps which entries were recorded together, and when."""

    def __init__(self, *moves: str, practice: Practice = PRACTICE) -> None:
        self.groups: list[tuple[Entry, ...]] = []
        super().__init__(practice=practice)
        for move in moves:
            self.make(move)

    def make(self, move: str, *, after: timedelta = HOUR, **answers: Any) -> tuple[Event, ...]:
        made = super().make(move, after=after, **answers)
        self.keep(made)
        return made

    def keep(self, events: tuple[Event, ...]) -> None:
        first = sum(len(group) for group in self.groups) + 1
        self.groups.append(tuple(Entry(first + n, event, 7, self.at) for n, event in enumerate(events)))

    def wants(self, name: str, value: datetime | date, entry: int = 1):
        return consequences(self.case, self.groups, Wanted(entry, name, value), lambda *_: self.practice)

    def agree(self, name: str, value: datetime, entry: int = 1) -> None:
        """Correct the date and work its clocks out anew."""
        found = self.wants(name, value, entry)
        number = len(self.case.corrections) + 1
        was = next(d for d in dates_of(self.groups, CURRENT) if (d.entry, d.name) == (entry, name))
        asked = CorrectionAsked(number, entry, name, was.value, value, None, None, "exact", "derive")
        for events in ((asked,), (CorrectionDecided(number, True, "derive"), *found.events)):
            for event in events:
                apply(self.case, event)
            self.keep(events)

    def entry_of(self, move: str) -> int:
        """The number of the last entry of this move."""
        heads = [group[0] for group in self.groups]
        return next(head.number for head in reversed(heads) if move in (getattr(head.event, "move", ""), head.event[0]))

    def find(self, key: str, occurrence: int = 1) -> Clock:
        every = (*self.case.ended, *self.case.running.values())
        return next(clock for clock in every if (clock.key, clock.occurrence) == (key, occurrence))


def changed(found):
    return {effect.before.key: effect.after for effect in found.effects}


def test_every_date_is_listed_with_its_entry_and_plans_are_marked():
    walk = Recorded("refer", "meet_threshold", "arrange_meeting", "hold_meeting")
    walk.make("record_event", event="suspended", happened_at=walk.at, suspended_at=walk.at)
    walk.make("tell")

    said = [(dated.name, dated.move, dated.plan) for dated in dates_of(walk.groups, CURRENT)]

    assert said == [
        ("received_at", "refer", False),
        ("planned_at", "arrange_meeting", True),
        ("held_at", "hold_meeting", False),
        ("review_on", "hold_meeting", True),
        ("happened_at", "record_event", False),
        ("told_on", "tell", False),
    ]


def test_an_earlier_received_date_makes_its_clocks_due_earlier():
    walk = Recorded("refer")

    found = changed(walk.wants("received_at", MONDAY - 3 * DAY))

    assert {key: str(london_day(clock.due_at)) for key, clock in found.items()} == {
        "evaluation_decision": "2026-03-02",
        "meeting": "2026-03-06",
        "delay_reason_review": "2026-06-27",
        "conclusion": "2026-05-27",
    }
    assert str(london_day(walk.case.running["evaluation_decision"].due_at)) == "2026-03-03"


def test_a_clock_met_in_time_may_have_been_met_late():
    walk = Recorded("refer", "meet_threshold")
    assert walk.clock("evaluation_decision") == "met"

    after = changed(walk.wants("received_at", MONDAY - 7 * DAY))["evaluation_decision"]

    assert after.status(walk.at) == "met late"
    assert after.first_due_at == walk.find("evaluation_decision").first_due_at


def test_a_later_held_date_moves_the_ends_and_the_starts_that_hang_on_it():
    walk = Recorded("refer", "meet_threshold")
    walk.make("hold_meeting", after=8 * DAY, held_at=MONDAY + 2 * DAY)
    assert walk.clock("meeting") == "met"

    found = walk.wants("held_at", MONDAY + 8 * DAY, walk.entry_of("hold_meeting"))

    assert changed(found)["meeting"].status(walk.at) == "met late"
    assert changed(found)["minutes_sent"].started_at == MONDAY + 8 * DAY
    assert "review" not in changed(found)  # an officer gave its date


def test_what_the_employer_did_counts_under_both_of_its_names():
    walk = Recorded("refer", "meet_threshold")
    walk.make("record_event", event="suspended", happened_at=walk.at, suspended_at=walk.at)

    found = walk.wants("happened_at", walk.at - DAY, walk.entry_of("record_event"))

    assert changed(found)["suspension_confirmed"].started_at == walk.at - DAY


def test_a_clock_that_would_be_met_before_it_began_stays_and_is_named():
    walk = Recorded()
    walk.make("refer", employer_aware_at=MONDAY - DAY)
    assert walk.clock("employer_informs_lado") == "met"

    found = walk.wants("received_at", MONDAY - 2 * DAY)

    stays = [effect.before.key for effect in found.effects if effect.stays]
    assert stays == ["employer_informs_lado"]
    assert "employer_informs_lado" not in {event.clock for event in found.events}


def test_a_clock_that_would_have_run_and_never_did_is_named_and_not_begun():
    walk = Recorded()
    walk.make("refer", received_at=MONDAY - 2 * DAY, employer_aware_at=MONDAY - DAY)

    found = walk.wants("received_at", MONDAY)

    assert found.never_ran == ("employer_informs_lado",)
    assert "employer_informs_lado" not in changed(found)
    assert walk.wants("received_at", MONDAY - 3 * DAY).never_ran == ()


def test_a_repeated_review_begins_again_from_the_corrected_one():
    walk = Recorded("refer", "meet_threshold", "hold_meeting")
    walk.make("change_strand")
    walk.make("hold_review", after=20 * DAY)
    walk.make("hold_review", after=10 * DAY)
    first = next(group[0].number for group in walk.groups if getattr(group[0].event, "move", "") == "hold_review")

    found = walk.wants("held_at", walk.at - 12 * DAY, first)

    assert walk.find("further_police_review", 2).started_at == walk.at
    assert changed(found)["further_police_review"].started_at == walk.at - 12 * DAY
    assert {effect.before.occurrence for effect in found.effects} == {1}


def test_a_limit_that_repeats_begins_again_at_the_corrected_end():
    hearings = tuple(replace(rule, repeats=rule.key == "hearing") for rule in NATIONAL.timescales)
    walk = Recorded("refer", practice=Practice(CURRENT, replace(NATIONAL, timescales=hearings), england()))
    for event in ("no_further_investigation", "hearing_held"):
        walk.make("record_event", after=5 * DAY, event=event, **{f"{event}_at": walk.at + 5 * DAY})
    assert walk.find("hearing", 2).started_at == walk.at

    found = walk.wants("hearing_held_at", walk.at - DAY, walk.entry_of("record_event"))

    assert [(effect.after.occurrence, effect.after.ended_at, effect.after.started_at) for effect in found.effects] == [
        (1, walk.at - DAY, walk.find("hearing").started_at),
        (2, None, walk.at - DAY),
    ]


def test_days_and_dates_of_others_move_no_clock():
    walk = Recorded()
    walk.make("refer", incident_from_on=date(2026, 2, 20))

    assert walk.wants("incident_from_on", date(2026, 2, 21)) == ((), ())


def test_a_second_correction_starts_from_the_record_again():
    walk = Recorded("refer")
    before = walk.find("evaluation_decision")
    walk.agree("received_at", MONDAY - 3 * DAY)
    assert received_at(walk.case) == MONDAY - 3 * DAY
    assert walk.case.received_at == MONDAY

    walk.agree("received_at", MONDAY)

    again = walk.find("evaluation_decision")
    assert again == before
    assert present(walk.case, dates_of(walk.groups, CURRENT)[0]) == MONDAY


def test_a_pause_is_kept():
    walk = Recorded("refer", "meet_threshold", "hold_meeting", "pause_for_police")
    walk.make("resume", after=10 * DAY)

    after = changed(walk.wants("received_at", MONDAY - DAY))["conclusion"]

    assert after.pauses == walk.find("conclusion").pauses
    assert london_day(after.due_at) == date(2026, 6, 11)  # 1 June and ten days that were paused


def test_an_entry_that_holds_no_date_is_a_fault_of_the_caller():
    walk = Recorded("refer")

    with pytest.raises(LookupError):
        walk.wants("received_at", MONDAY, 99)


def brute_force(clock: Clock, calendar: Calendar) -> datetime:
    """Count the days of a clock one at a time, as a person with a calendar would."""
    rule = NATIONAL.by_key[clock.key]
    assert rule.limit is not None
    day = london_day(clock.started_at)
    count, unit = rule.limit.count + clock.extra, rule.limit.unit
    if unit is Unit.CALENDAR_MONTH:
        last = _months_on(day, count)
        left, counts = (last - day).days, lambda _: True
    else:
        left = count * 7 if unit is Unit.WEEK else count
        counts = (lambda one: calendar.why_closed(one) is None) if unit is Unit.WORKING_DAY else (lambda _: True)
    while left:
        day += DAY
        end = datetime.combine(day, END_OF_DAY, tzinfo=LONDON)
        is_paused = any(begin <= end < until for begin, until in clock.pauses)
        left -= counts(day) and not is_paused
    return datetime.combine(day, END_OF_DAY, tzinfo=LONDON).astimezone(UTC)


def _months_on(day: date, count: int) -> date:
    """The same day some months on, or the last one of that month."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


PATHS = (
    ("refer",),
    ("refer", "meet_threshold", "hold_meeting"),
    ("refer", "meet_threshold", "hold_meeting", "pause_for_police", "resume"),
    ("refer", "meet_threshold", "hold_meeting", "pause_for_police", "hold_review", "decide_outcome"),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PATHS),
    st.lists(st.integers(0, 600), min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from(("received_at", "held_at")), st.integers(-3_000, 600)), min_size=1, max_size=4),
)
def test_corrected_dates_equal_a_count_by_hand(path, hours, corrections):
    walk = Recorded()
    for move, after in zip(path, hours, strict=False):
        walk.make(move, after=after * HOUR)
    for name, moved in corrections:
        dated = [one for one in dates_of(walk.groups, CURRENT) if one.name == name]
        assume(dated)
        walk.agree(name, min(dated[-1].value + moved * HOUR, walk.at), dated[-1].entry)
    assert all(is_counted_right(walk, clock) for clock in (*walk.case.ended, *walk.case.running.values()))


def is_counted_right(walk: Recorded, clock: Clock) -> bool:
    """Whether the clock's date is what a count by hand gives; those that an officer gave are not counted."""
    return not clock.rule or clock.due_at == brute_force(clock, walk.practice.calendar)

"""What held at an instant, told from the whole record: by when things happened, not by when they were recorded."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cases import DAY, HOUR, MONDAY, PRACTICE, Walk
from workflows import events as e
from workflows.asof import Recorded, held, known
from workflows.case import Case
from workflows.engine import replay
from workflows.model import START
from workflows.practice import Practice


def found() -> Practice:
    return PRACTICE


class Record:
    """A case on its way, with the instant at which each event was recorded."""

    def __init__(self) -> None:
        self.walk = Walk()
        self.entries: list[Recorded] = []

    def make(self, move, *, after=HOUR, **answers):
        events = self.walk.make(move, after=after, **answers)
        self.write(*events)
        return events

    def write(self, *events):
        for event in events:
            self.entries.append(Recorded(len(self.entries) + 1, event, self.walk.at))

    def held(self, at):
        return held(self.entries, at, found)

    def clock(self, key, at):
        return next((clock for clock in self.held(at).clocks if clock.key == key), None)


@pytest.fixture
def record():
    made = Record()
    made.make("refer")
    return made


def test_nothing_had_arrived_before_the_case_was_received(record):
    before = record.held(MONDAY - HOUR)

    assert (before.is_received, before.state, before.owner, before.clocks) == (False, START, None, ())
    assert record.held(MONDAY).is_received


def test_without_anything_late_what_held_is_what_was_known(record):
    for move in ("meet_threshold", "arrange_meeting", "hold_meeting", "investigate", "pause_for_police", "resume"):
        record.make(move, after=DAY)
    last = record.walk.at

    for hours in range(0, 24 * 8, 7):
        at = MONDAY + timedelta(hours=hours)
        case = replay(entry.event for entry in known(record.entries, at))
        true = record.held(at)
        assert true.state == case.state, at
        assert true.owner == case.owner
        clocks = sorted((*case.ended, *case.running.values()), key=lambda one: (one.key, one.occurrence))
        assert sorted(true.clocks, key=lambda one: (one.key, one.occurrence)) == [
            clock for clock in clocks if clock.started_at <= at
        ]
    assert last < MONDAY + timedelta(hours=24 * 8)


def test_a_meeting_that_was_recorded_late_was_held_when_it_says(record):
    record.make("meet_threshold")
    held_at = record.walk.at + HOUR
    record.make("hold_meeting", after=3 * DAY, held_at=held_at)

    assert record.held(held_at - timedelta(minutes=1)).state == "evaluating"
    assert record.held(held_at).state == "meeting_held"
    assert replay(entry.event for entry in known(record.entries, held_at)).state == "evaluating"


def test_a_clock_that_was_met_before_anybody_recorded_it_was_not_running(record):
    record.make("meet_threshold")
    held_at = record.walk.at + HOUR
    events = record.make("hold_meeting", after=3 * DAY, held_at=held_at)
    met = [event for event in events if isinstance(event, e.ClockMet) and event.met_at == held_at]

    assert met
    for event in met:
        assert record.clock(event.clock, held_at - timedelta(minutes=1)).ended_at is None
        assert record.clock(event.clock, held_at).ended_at == held_at
        assert record.clock(event.clock, held_at).status(held_at) == "met"


def test_an_owner_and_an_extension_hold_from_when_they_were_recorded(record):
    clock = record.walk.case.running["evaluation_decision"]
    longer = clock.due_at + 7 * DAY
    record.walk.at += 2 * HOUR
    record.write(e.ClockExtended(clock.key, clock.occurrence, 5, longer, False, ""), e.OwnerAssigned(9, "assigned"))

    before, after = MONDAY + HOUR, MONDAY + 3 * HOUR
    assert (record.held(before).owner, record.held(after).owner) == (7, 9)
    assert record.clock(clock.key, before).due_at == clock.due_at
    assert (record.clock(clock.key, after).due_at, record.clock(clock.key, after).extra) == (longer, 5)


def corrected(record, value, *, derive=True):
    """Record that the referral was received at another time."""
    clock = record.walk.case.running["evaluation_decision"]
    record.write(
        e.CorrectionAsked(1, 1, "received_at", MONDAY, value, None, None, "exact", "derive"),
        e.CorrectionDecided(1, True, "derive" if derive else "keep"),
    )
    due = PRACTICE.due(PRACTICE.rules.by_key[clock.key], value)
    if derive:
        again = e.ClockRederived(
            clock.key, clock.occurrence, "correction", value, due.at, False, clock.rule, "", clock.ended_at
        )
        record.write(again)
    return due.at


def test_a_corrected_date_counts_as_if_it_had_always_stood(record):
    earlier = MONDAY - 3 * DAY
    record.walk.at += DAY
    due_at = corrected(record, earlier)

    then = record.held(earlier + HOUR)
    assert (then.is_received, then.received_at, then.state) == (True, earlier, "received")
    assert record.clock("evaluation_decision", earlier + HOUR).due_at == due_at
    assert replay(entry.event for entry in known(record.entries, MONDAY)).corrected == {}


def test_a_correction_that_keeps_the_clocks_corrects_the_date_alone(record):
    before = record.walk.case.running["evaluation_decision"].due_at
    record.walk.at += DAY
    corrected(record, MONDAY - DAY, derive=False)

    assert record.held(MONDAY).received_at == MONDAY - DAY
    assert record.clock("evaluation_decision", MONDAY).due_at == before


def test_a_corrected_date_leaves_out_what_was_added_after_the_instant(record):
    clock = record.walk.case.running["evaluation_decision"]
    record.walk.at += 2 * HOUR
    longer = clock.due_at + 7 * DAY
    record.write(e.ClockExtended(clock.key, clock.occurrence, 5, longer, False, ""))
    record.walk.at += HOUR
    value = MONDAY - DAY
    due_without = PRACTICE.due(PRACTICE.rules.by_key[clock.key], value).at
    record.write(
        e.CorrectionAsked(1, 1, "received_at", MONDAY, value, None, None, "exact", "derive"),
        e.CorrectionDecided(1, True, "derive"),
        e.ClockRederived(clock.key, 1, "correction", value, longer - DAY, False, clock.rule, "", None),
    )

    assert record.clock(clock.key, MONDAY + HOUR).due_at == due_without
    assert record.clock(clock.key, MONDAY + 4 * HOUR).due_at == longer - DAY


def test_other_rules_and_another_calendar_hold_from_when_they_came(record):
    clock = record.walk.case.running["evaluation_decision"]
    record.walk.at += 2 * HOUR
    later = clock.due_at + DAY
    record.write(e.ClockRederived(clock.key, 1, "calendar", MONDAY, later, True, clock.rule, "new", None))

    assert record.clock(clock.key, MONDAY + HOUR).due_at == clock.due_at
    assert record.clock(clock.key, MONDAY + 2 * HOUR).due_at == later


def test_another_procedure_holds_from_when_it_came(record):
    record.walk.at += 2 * HOUR
    record.write(e.ProcedureChanged("allegation", 2, "received", "somewhere_else", 1))

    before, after = record.held(MONDAY + HOUR), record.held(MONDAY + 2 * HOUR)
    assert (before.version, before.state) == (1, "received")
    assert (after.version, after.state) == (2, "somewhere_else")


def test_known_is_everything_up_to_the_last_entry_of_that_time():
    events = [e.OwnerAssigned(number, "") for number in range(4)]
    minutes = (0, 2, 1, 5)  # the third waited for the second and carries an earlier time
    entries = [
        Recorded(number, event, MONDAY + timedelta(minutes=minute))
        for number, (event, minute) in enumerate(zip(events, minutes, strict=True), start=1)
    ]

    assert [len(known(entries, MONDAY + timedelta(minutes=minute))) for minute in (-1, 0, 1, 2, 5)] == [0, 1, 3, 3, 4]


def test_of_nothing_nothing_is_known():
    assert held([], datetime(2026, 1, 1, tzinfo=UTC), found).is_received is False
    assert known([], MONDAY) == []
    assert Case().procedure == ""

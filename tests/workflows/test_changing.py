"""Changes brought to a running case: what is to come moves, what is settled stays, and no rung fires twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.cases import CALENDAR, DAY, PATHS, PRACTICE, Walk, at_state, snapshot
from workflows.calendar import Calendar
from workflows.changing import Kept, after, late_days, under_calendar, under_procedure, under_rules
from workflows.differences import differences
from workflows.engine import replay
from workflows.events import CalendarChanged, ClockRederived, ClockStarted, ClockStopped, Escalated, RulesChanged
from workflows.london import london_day
from workflows.model import Passage
from workflows.practice import Practice
from workflows.procedures.allegation_v1 import ALLEGATION_V1
from workflows.procedures.allegation_v2 import ALLEGATION_V2, WAYS
from workflows.registry import NAMED, PASSAGES
from workflows.rules import NATIONAL
from workflows.running import BY_OFFICER, due_by_rule
from workflows.spans import Span, Unit

CHANGE = 7
FORWARD, BACK = WAYS
V2 = Practice(ALLEGATION_V2, NATIONAL, CALENDAR)


def with_holidays(*days: date) -> Calendar:
    """The calendar of these tests and some more holidays."""
    more = dict.fromkeys(days, "Announced")
    return Calendar.of(CALENDAR.name, {**CALENDAR.holidays, **more}, CALENDAR.known_from, CALENDAR.known_to)


def under(calendar: Calendar) -> Practice:
    """The practice of these tests with another calendar."""
    return Practice(ALLEGATION_V1, NATIONAL, calendar)


def with_limits(limits: dict[str, Span]) -> Practice:
    """The practice of these tests with other limits."""
    rows = tuple(replace(rule, limit=limits.get(rule.key, rule.limit)) for rule in NATIONAL.timescales)
    return Practice(ALLEGATION_V1, replace(NATIONAL, timescales=rows), CALENDAR)


LONGER = with_limits({"meeting": Span(10, Unit.WORKING_DAY)})


def test_new_rules_are_said_first_and_then_each_date_that_differs():
    walk = Walk("refer")
    before = walk.case.running["meeting"]

    changed, moved = under_rules(walk.case, LONGER, walk.at, CHANGE)

    assert changed == RulesChanged(LONGER.rules_version, CHANGE)
    assert isinstance(moved, ClockRederived)
    assert (moved.clock, moved.because, moved.started_at, moved.rule) == (
        "meeting",
        "rules",
        before.started_at,
        LONGER.rules_version,
    )
    assert moved.due_at == before.due_at + 7 * DAY


def test_the_same_rules_change_nothing():
    walk = Walk("refer")

    assert under_rules(walk.case, PRACTICE, walk.at, CHANGE) == Kept("already")
    assert under_calendar(walk.case, PRACTICE, walk.at, CHANGE) == Kept("already")


def test_a_lapsed_clock_keeps_its_date():
    walk = Walk("refer")
    lapsed_at = walk.case.running["meeting"].due_at + timedelta(seconds=1)

    assert under_rules(walk.case, LONGER, lapsed_at, CHANGE) == (RulesChanged(LONGER.rules_version, CHANGE),)


def test_nobody_is_made_late_by_a_change():
    walk = Walk("refer")
    shorter = with_limits({"meeting": Span(1, Unit.HOUR)})

    assert under_rules(walk.case, shorter, walk.at + 2 * DAY, CHANGE) == (RulesChanged(shorter.rules_version, CHANGE),)


def test_a_paused_clock_is_derived_anew_when_it_resumes():
    walk = at_state("paused_for_police")
    longer = with_limits({"conclusion": Span(6, Unit.CALENDAR_MONTH)})

    events = under_rules(walk.case, longer, walk.at, CHANGE)
    assert events == (RulesChanged(longer.rules_version, CHANGE),)
    for event in events:
        walk.events.append(event)
    walk.case, walk.practice = replay(walk.events), longer
    walk.make("resume", after=DAY)

    conclusion = walk.case.running["conclusion"]
    assert conclusion.due_at == due_by_rule(longer.rules.by_key["conclusion"], conclusion, longer).at
    assert conclusion.due_at > conclusion.first_due_at + 80 * DAY


def test_a_limit_that_the_rules_no_longer_have_is_stopped():
    walk = Walk("refer")
    without = replace(NATIONAL, timescales=tuple(row for row in NATIONAL.timescales if row.key != "meeting"))

    events = under_rules(walk.case, Practice(ALLEGATION_V1, without, CALENDAR), walk.at, CHANGE)

    assert events[1:] == (ClockStopped("meeting", 1, walk.at),)


def test_where_nothing_would_run_the_clock_of_the_state_itself_begins():
    walk = Walk("refer")
    only = replace(NATIONAL, timescales=tuple(row for row in NATIONAL.timescales if row.key == "information"))
    evaluation = replace(NATIONAL.by_key["evaluation_decision"], starts="received")
    begun_again = replace(only, timescales=(*only.timescales, evaluation))
    stopped = after(walk.case, [ClockStopped("evaluation_decision", 1, walk.at)])

    events = under_rules(stopped, Practice(ALLEGATION_V1, begun_again, CALENDAR), walk.at, CHANGE)
    assert isinstance(events[-1], ClockStarted)
    assert (events[-1].clock, events[-1].occurrence, events[-1].started_at) == ("evaluation_decision", 2, walk.at)

    assert under_rules(stopped, Practice(ALLEGATION_V1, only, CALENDAR), walk.at, CHANGE) == Kept("clock")


def test_a_rung_that_fired_never_fires_again():
    walk = Walk("refer")
    fired = Escalated("meeting", 1, "warning 80", walk.at, 7)
    case = after(walk.case, [fired])

    changed = after(case, under_rules(case, LONGER, walk.at, CHANGE))

    assert changed.escalated == (("meeting", 1, "warning 80"),)
    assert changed.running["meeting"].occurrence == 1


# What a case was through, the days announced, and when: before, between and after its dates.
days = st.lists(st.dates(date(2026, 2, 20), date(2026, 7, 1)), max_size=6, unique=True).map(tuple)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([state for state in PATHS if state]), days, st.integers(0, 120))
def test_a_change_of_the_calendar_moves_what_is_to_come_and_nothing_else(state, announced, later):
    walk = at_state(state)
    at, now = walk.at + later * DAY, under(with_holidays(*announced))
    before = snapshot(walk.case)

    events = under_calendar(walk.case, now, at, CHANGE)
    assert snapshot(walk.case) == before
    if isinstance(events, Kept):
        assert now.calendar_version == walk.case.calendar
        return
    case = after(walk.case, events)

    assert events[0] == CalendarChanged(now.calendar_version, CHANGE)
    assert case.ended == walk.case.ended
    assert case.running.keys() == walk.case.running.keys()
    for key, clock in case.running.items():
        old = walk.case.running[key]
        if old.rule == BY_OFFICER or old.status(at) in ("lapsed", "paused"):
            assert clock == old
        else:
            derived = due_by_rule(NATIONAL.by_key[key], old, now)
            assert clock.due_at == derived.at >= old.due_at, "a holiday more never makes a date earlier"
            assert clock._replace(due_at=old.due_at, provisional=old.provisional, rule=old.rule) == old


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([state for state in PATHS if state]), days, st.integers(0, 120))
def test_only_clocks_over_a_past_day_are_reviewed_and_each_moves_forward(state, announced, later):
    walk = at_state(state)
    at, now = walk.at + later * DAY, with_holidays(*announced)

    found = late_days(walk.case, CALENDAR, now, at, lambda version: PRACTICE)

    past = {day for day in announced if day <= london_day(at)} - CALENDAR.holidays.keys()
    clocks = {(clock.key, clock.occurrence): clock for clock in (*walk.case.ended, *walk.case.running.values())}
    for late in found:
        clock = clocks[late.clock, late.occurrence]
        assert clock.status(at) in ("lapsed", "met late")
        assert late.due_at == clock.due_at < late.would_be_due_at
        assert any(london_day(clock.started_at) <= day <= london_day(late.would_be_due_at) for day in past)
    if not past:
        assert found == []


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([state for state in PATHS if state]), st.integers(0, 60), st.integers(1, 40))
def test_rules_published_and_taken_back_leave_every_date_as_it_was(state, later, count):
    walk = at_state(state)
    at, other = walk.at + later * DAY, with_limits({"meeting": Span(count, Unit.WORKING_DAY)})

    there = under_rules(walk.case, other, at, CHANGE)
    case = after(walk.case, () if isinstance(there, Kept) else there)
    back = under_rules(case, PRACTICE, at, CHANGE + 1)
    case = after(case, () if isinstance(back, Kept) else back)

    assert {key: clock.due_at for key, clock in case.running.items()} == {
        key: clock.due_at for key, clock in walk.case.running.items()
    }


@pytest.mark.parametrize("state", [state for state in PATHS if state])
def test_every_state_of_version_1_has_its_place_in_version_2_and_keeps_its_clocks(state):
    walk = at_state(state)

    events = under_procedure(walk.case, V2, FORWARD, walk.at, CHANGE)
    case = after(walk.case, events)

    assert (case.procedure, case.version) == ("allegation", 2)
    assert case.state == ("outcome_decided" if state == "post_outcome" else state)
    assert case.running == walk.case.running
    returned = after(case, under_procedure(case, PRACTICE, BACK, walk.at, CHANGE + 1))
    assert returned.state == case.state
    assert returned.running == walk.case.running


def test_what_only_version_2_knows_keeps_a_case_there():
    walk = Walk("refer", practice=V2)
    walk.make("send_receipt")

    assert under_procedure(walk.case, PRACTICE, BACK, walk.at, CHANGE) == Kept("used:receipt_sent")
    assert under_procedure(walk.case, V2, None, walk.at, CHANGE) == Kept("already")
    assert under_procedure(walk.case, PRACTICE, None, walk.at, CHANGE) == Kept("way")


def test_a_state_without_a_place_or_a_lapsed_clock_without_one_keeps_a_case():
    walk = Walk("refer")
    fewer = replace(
        ALLEGATION_V2,
        states=tuple(state for state in ALLEGATION_V2.states if state.key != "received"),
        timescales=tuple(row for row in ALLEGATION_V2.timescales if row.key != "meeting"),
    )
    practice = Practice(fewer, NATIONAL, CALENDAR)

    assert under_procedure(walk.case, practice, FORWARD, walk.at, CHANGE) == Kept("state:received")
    way = Passage("allegation_v1", "allegation_v2", states={"received": "deciding"})
    assert under_procedure(walk.case, practice, way, walk.at + 60 * DAY, CHANGE) == Kept("lapsed:meeting")
    _, stopped = under_procedure(walk.case, practice, way, walk.at, CHANGE)
    assert stopped == ClockStopped("meeting", 1, walk.at)


def test_every_passage_leads_from_a_version_to_another_through_states_that_there_are():
    for (before, later), way in PASSAGES.items():
        assert set(way.states) <= set(NAMED[before].state_by_key)
        for key in NAMED[before].state_by_key:
            assert way.states.get(key, key) in NAMED[later].state_by_key


def test_the_differences_are_said_in_sentences():
    assert differences(ALLEGATION_V1, ALLEGATION_V2, FORWARD) == (
        "“Following up the outcome” is no state any more: its cases go on in “Outcome decided”.",
        "The page shows as missing until it is recorded: the receipt, sent to the referrer. "
        "In “Received”, “Awaiting information”, “Threshold decision pending”.",
        "New step: “Record that the receipt was sent”, open in “Received”, “Awaiting information”, "
        "“Threshold decision pending”.",
        "The step “Follow up the outcome” is gone.",
    )
    assert "“Following up the outcome” is a new state." in differences(ALLEGATION_V2, ALLEGATION_V1, BACK)

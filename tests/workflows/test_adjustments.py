"""Giving one clock more time, letting it stand still, starting it again, stopping it: and what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.cases import CALENDAR, DAY, HOUR, PRACTICE, Walk, at_state, is_as_replayed
from workflows import adjustments
from workflows.attempt import Attempt, Refusal
from workflows.engine import decide
from workflows.fold import apply
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL

ALL_PAUSE = Practice(
    CURRENT,
    replace(NATIONAL, timescales=tuple(replace(rule, pauses=rule.limit is not None) for rule in NATIONAL.timescales)),
    CALENDAR,
)


def adjust(walk, kind, key, after=HOUR, **given):
    """Do it on the walk's case; give back the events or the refusal."""
    walk.at += after
    clock = walk.case.running[key]
    decided = getattr(adjustments, kind)(walk.case, clock, walk.practice, walk.at, **given)
    if not isinstance(decided, Refusal):
        for event in decided:
            apply(walk.case, event)
        walk.events.extend(decided)
        assert is_as_replayed(walk)
    return decided


def refused(walk, kind, key, **given):
    decided = adjust(walk, kind, key, **given)
    assert isinstance(decided, Refusal)
    return decided.reason


def test_an_extension_adds_units_of_the_limit_and_keeps_the_first_promise():
    walk = Walk("refer")
    adjust(walk, "extend", "meeting", by=2)
    adjust(walk, "extend", "meeting", by=1)
    clock = walk.case.running["meeting"]
    assert walk.due_on("meeting") == date(2026, 3, 12)
    assert clock.first_due_at.date() == date(2026, 3, 9)
    assert clock.extra == 3


def test_a_date_that_an_officer_gave_gets_a_new_date():
    walk = Walk("refer", "ask_information")
    events = adjust(walk, "extend", "information", due_on=date(2026, 3, 20))
    assert walk.due_on("information") == date(2026, 3, 20)
    assert events[0].answers["due_on"] == date(2026, 3, 20)
    assert events[1].by == 0


def test_an_extension_never_shortens():
    walk = Walk("refer", "ask_information")
    assert "later" in refused(walk, "extend", "information", due_on=date(2026, 3, 4))
    assert "Enter the new date" in refused(walk, "extend", "information")


@pytest.mark.parametrize("by", [0, -1, 367])
def test_an_extension_is_a_sensible_number_of_units(by):
    assert "whole number" in refused(Walk("refer"), "extend", "meeting", by=by)


def test_an_extension_beyond_every_calendar_is_refused():
    rules = replace(
        NATIONAL,
        timescales=tuple(
            replace(rule, limit=replace(rule.limit, count=95_500)) if rule.key == "conclusion" else rule
            for rule in NATIONAL.timescales
        ),
    )
    walk = Walk("refer", practice=Practice(CURRENT, rules, CALENDAR))
    assert "too far ahead" in refused(walk, "extend", "conclusion", by=366)


def test_a_lapse_stays_a_lapse():
    walk = Walk("refer", practice=ALL_PAUSE)
    assert "a lapse stays a lapse" in refused(walk, "extend", "evaluation_decision", by=1, after=10 * DAY)
    assert "a lapse stays a lapse" in refused(
        walk, "pause", "evaluation_decision", holder="court", review_on=date(2026, 4, 1)
    )


def test_a_planned_meeting_is_arranged_anew():
    assert "arranged anew" in refused(
        at_state("meeting_arranged"), "extend", "meeting_planned", due_on=date(2026, 4, 1)
    )


def test_a_pause_has_a_holder_and_a_review_that_is_an_action_of_the_accountable_officer():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    clock, action = walk.case.running["conclusion"], walk.case.actions[1]
    assert (clock.status(walk.at), clock.holder, clock.review) == ("paused", "court", 1)
    assert (action.holder, action.user) == ("officer", walk.case.owner)
    assert walk.due_on("action:1") == date(2026, 3, 20)


def test_started_again_its_days_are_not_counted_and_the_review_is_done():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    adjust(walk, "resume", "conclusion", after=4 * DAY)
    clock = walk.case.running["conclusion"]
    assert walk.due_on("conclusion") == date(2026, 6, 5)
    assert (clock.holders, clock.review) == (("court",), 0)
    assert walk.case.actions[1].is_done
    assert "action:1" not in walk.case.running


def test_a_pause_can_go_on_with_the_next_review():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="employer", review_on=date(2026, 3, 20))
    adjust(walk, "keep_paused", "conclusion", after=30 * DAY, review_on=date(2026, 4, 20))
    assert walk.clock("action:1") == "met late"
    assert walk.due_on("action:2") == date(2026, 4, 20)
    assert walk.case.running["conclusion"].review == 2
    assert "after today" in refused(walk, "keep_paused", "conclusion", review_on=date(2026, 4, 1))


def test_the_review_of_a_pause_is_not_done_while_the_pause_lasts():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    refusal = decide(walk.case, Attempt("complete_action", walk.at, {"number": 1}, {"note": "Done."}), PRACTICE)
    assert isinstance(refusal, Refusal)
    assert "page of its clock" in refusal.reason


def test_a_clock_that_is_met_while_it_stands_still_ends_its_review():
    walk = at_state("reviewing")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    walk.make("decide_outcome")
    assert walk.case.actions[1].is_done
    assert is_as_replayed(walk)


def test_a_clock_that_waits_for_the_court_waits_on_when_the_police_have_done():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    walk.make("pause_for_police")
    assert walk.case.running["conclusion"].holder == "court"
    walk.make("hold_review")
    assert walk.case.running["conclusion"].holder == "court"


def test_started_again_while_the_case_waits_for_the_police_it_stands_on_with_the_case():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    walk.make("pause_for_police")
    adjust(walk, "resume", "conclusion")
    clock = walk.case.running["conclusion"]
    assert (clock.holder, clock.holders, clock.review) == ("police", ("court",), 0)
    walk.make("hold_review", after=3 * DAY)
    assert walk.clock("conclusion") == "running"
    assert walk.case.running["conclusion"].holders == ("court", "police")


@pytest.mark.parametrize(
    ("key", "state", "given", "words"),
    [
        ("meeting", "received", {}, "does not stand still for anybody"),
        ("information", "awaiting_information", {}, "An officer gave this date"),
        ("conclusion", "paused_for_police", {}, "with the whole case"),
        ("conclusion", "investigating", {"holder": "lado"}, "Choose who has the ball"),
        ("conclusion", "investigating", {"review_on": date(2026, 3, 2)}, "after today"),
    ],
)
def test_what_cannot_be_paused(key, state, given, words):
    assert words in refused(
        at_state(state), "pause", key, **{"holder": "court", "review_on": date(2026, 4, 1), **given}
    )


def test_what_has_not_begun_or_belongs_to_a_closed_case_cannot_be_paused():
    lead_in = Walk("refer", practice=ALL_PAUSE)
    given = {"holder": "court", "review_on": date(2026, 4, 1)}
    assert "has not begun" in refused(lead_in, "pause", "delay_reason_review", **given)
    closed = at_state("reviewing")
    closed.make("set_action")
    for move in ("decide_outcome", "tell_all", "decide_all_onward", "close"):
        closed.make(move)
    assert "closed" in refused(closed, "pause", "action:1", **given)


def test_only_a_clock_that_stands_still_alone_is_started_again():
    assert "does not stand still now" in refused(at_state("investigating"), "resume", "conclusion")
    assert "with the whole case" in refused(at_state("paused_for_police"), "resume", "conclusion")
    assert "with the whole case" in refused(at_state("paused_for_police"), "extend", "conclusion", by=1)


def test_a_clock_that_does_not_apply_is_stopped():
    walk = Walk("refer")
    walk.make("meet_threshold", police_informed=True)
    adjust(walk, "stop", "first_police_review", why="not_needed")
    assert walk.clock("first_police_review") == "stopped"


def test_stopping_a_paused_clock_ends_its_review():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    adjust(walk, "stop", "conclusion", why="not_needed")
    assert walk.case.actions[1].is_done


@pytest.mark.parametrize(
    ("state", "keys"),
    [
        ("investigating", ("delay_reason_review", "conclusion")),
        ("investigating", ("conclusion", "delay_reason_review")),
        ("outcome_decided", ("closure_checks",)),
    ],
)
def test_the_last_clock_that_a_case_relies_on_is_not_stopped(state, keys):
    walk = at_state(state)
    for key in keys[:-1]:
        assert not isinstance(adjust(walk, "stop", key, why="not_needed"), Refusal)
    assert "no time limit runs" in refused(walk, "stop", keys[-1], why="not_needed")


def test_a_stop_says_why_and_spares_actions_and_the_review_of_a_paused_case():
    walk = at_state("paused_for_police")
    walk.make("set_action")
    assert "Choose why" in refused(walk, "stop", "conclusion", why="")
    assert "a pause always has a review date" in refused(walk, "stop", "review", why="not_needed")
    assert "not stopped" in refused(walk, "stop", "action:1", why="not_needed")


def test_nothing_can_be_done_to_a_clock_that_has_ended():
    walk = Walk("refer", "meet_threshold")
    ended = walk.case.ended[0]
    assert adjustments.why_not(adjustments.EXTEND, walk.case, ended, PRACTICE, walk.at) == adjustments.ENDED


def test_a_clock_that_stood_still_while_the_rules_changed_runs_again_under_the_new_ones():
    walk = at_state("investigating")
    adjust(walk, "pause", "conclusion", holder="court", review_on=date(2026, 3, 20))
    longer = tuple(
        replace(rule, limit=replace(rule.limit, count=6)) if rule.key == "conclusion" else rule
        for rule in NATIONAL.timescales
    )
    walk.practice = Practice(CURRENT, replace(NATIONAL, timescales=longer), CALENDAR)
    adjust(walk, "resume", "conclusion")
    assert walk.due_on("conclusion") == date(2026, 9, 2)
    assert walk.case.running["conclusion"].rule == walk.practice.rules_version


def test_rules_that_leave_the_date_to_an_officer_leave_the_one_that_stood():
    walk = at_state("paused_for_police")
    before = walk.due_on("conclusion")
    given = tuple(replace(rule, limit=None) if rule.key == "conclusion" else rule for rule in NATIONAL.timescales)
    walk.practice = Practice(CURRENT, replace(NATIONAL, timescales=given), CALENDAR)
    walk.make("hold_review", after=5 * DAY)
    assert walk.due_on("conclusion") == before
    assert walk.clock("conclusion") == "running"

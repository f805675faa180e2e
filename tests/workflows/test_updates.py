"""The day by which the referrer hears from us: promised, kept, moved, and gone with the case."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lado.domain.escalation import ladder
from tests.support.cases import CALENDAR, DAY, HOUR, PATHS, Walk, at_state, is_as_replayed
from workflows import adjustments, changing, updates
from workflows.attempt import Refusal
from workflows.check import faults
from workflows.events import ClockMet, ClockStarted, ClockStopped, UpdateGiven, UpdatePromised
from workflows.fold import apply
from workflows.model import NEXT_UPDATE
from workflows.practice import Practice
from workflows.procedures.allegation_v2 import WAYS
from workflows.registry import CURRENT, NAMED
from workflows.rules import NATIONAL
from workflows.running import BY_OFFICER
from workflows.spans import Span, Unit
from workflows.updates import REFERRER

ENDINGS = {state.key for state in CURRENT.states if state.final}
FRIDAY = date(2026, 3, 6)
WITHOUT = replace(NATIONAL, timescales=tuple(rule for rule in NATIONAL.timescales if rule.key != NEXT_UPDATE))


def take(walk, decided):
    """Let what was decided happen; a refusal changes nothing."""
    if not isinstance(decided, Refusal):
        for event in decided:
            apply(walk.case, event)
        walk.events.extend(decided)
    return decided


def promise(walk, by_on, *, given=False, after=HOUR):
    walk.at += after
    return take(walk, updates.promise(walk.case, walk.practice, walk.at, by_on, given=given))


def give(walk, after=HOUR):
    walk.at += after
    return take(walk, updates.give(walk.case, walk.at))


def test_a_promise_is_a_clock_due_at_the_end_of_its_day():
    walk = Walk("refer")
    promised, started = promise(walk, FRIDAY)
    assert promised == UpdatePromised(REFERRER, FRIDAY)
    assert (started.clock, started.occurrence, started.rule) == (NEXT_UPDATE, 1, BY_OFFICER)
    assert started.due_at == datetime(2026, 3, 6, 23, 59, 59, tzinfo=UTC)
    assert walk.clock(NEXT_UPDATE) == "running"
    assert is_as_replayed(walk)


def test_a_council_that_closes_earlier_owes_it_earlier():
    early = Practice(CURRENT, replace(NATIONAL, day_ends=time(17)), CALENDAR)
    walk = at_state("received", early)
    promise(walk, FRIDAY)
    assert walk.case.running[NEXT_UPDATE].due_at == datetime(2026, 3, 6, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by_on", "why"),
    [(date(2026, 3, 1), updates.PAST), (date(2029, 3, 2), updates.TOO_FAR)],
)
def test_a_day_that_cannot_be_meant_is_refused_by_its_field(by_on, why):
    refused = promise(Walk("refer"), by_on)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.missing) == (why, ("by_on",))


@pytest.mark.parametrize("state", sorted(ENDINGS))
def test_nothing_is_promised_on_a_case_that_has_ended(state):
    assert promise(at_state(state), date(2026, 12, 1)) == Refusal(updates.PROMISE, updates.ENDED)


def test_a_second_day_is_promised_only_with_an_update_so_that_no_lapse_is_washed_out():
    walk = Walk("refer")
    promise(walk, FRIDAY)
    assert promise(walk, FRIDAY + DAY, after=10 * DAY) == Refusal(updates.PROMISE, updates.STANDS)
    assert walk.clock(NEXT_UPDATE) == "lapsed"
    events = promise(walk, date(2026, 4, 1), given=True)
    assert [type(event) for event in events] == [UpdateGiven, ClockMet, UpdatePromised, ClockStarted]
    assert [clock.status(walk.at) for clock in walk.case.ended if clock.key == NEXT_UPDATE] == ["met late"]
    assert walk.case.running[NEXT_UPDATE].occurrence == 2
    assert is_as_replayed(walk)


def test_an_update_without_another_day_ends_the_promise():
    walk = Walk("refer")
    promise(walk, FRIDAY)
    assert give(walk) == (UpdateGiven(REFERRER, date(2026, 3, 2)), ClockMet(NEXT_UPDATE, 1, walk.at))
    assert walk.clock(NEXT_UPDATE) == "met"
    assert give(walk) == (UpdateGiven(REFERRER, date(2026, 3, 2)),), "nothing stands any more"


def test_telling_the_referrer_keeps_the_promise_and_telling_others_does_not():
    walk = Walk("refer", "meet_threshold")
    promise(walk, FRIDAY)
    walk.make("tell", audience="employer")
    walk.make("tell", audience=REFERRER, decision="not_told", told_on=None)
    assert walk.clock(NEXT_UPDATE) == "running"
    walk.make("tell", audience=REFERRER)
    assert walk.clock(NEXT_UPDATE) == "met"
    assert is_as_replayed(walk)


def test_told_on_an_earlier_day_it_was_kept_on_that_day():
    walk = Walk("refer", "meet_threshold")
    promise(walk, FRIDAY)
    walk.make("tell", after=10 * DAY, audience=REFERRER, told_on=date(2026, 3, 4))
    ended = walk.case.ended[-1]
    assert (ended.key, ended.status(walk.at)) == (NEXT_UPDATE, "met")
    assert ended.ended_at == datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)


def test_what_was_told_before_the_promise_does_not_keep_it():
    walk = Walk("refer", "meet_threshold")
    promise(walk, FRIDAY, after=2 * DAY)
    walk.make("tell", audience=REFERRER, told_on=date(2026, 3, 2))
    assert walk.clock(NEXT_UPDATE) == "running"


@pytest.mark.parametrize("move", ["meet_threshold", "advise", "return_to_employer", "no_further_action"])
def test_the_threshold_decision_is_an_update(move):
    walk = Walk("refer")
    promise(walk, FRIDAY)
    walk.make(move)
    assert walk.clock(NEXT_UPDATE) == "met"


def test_releasing_the_outcome_is_an_update():
    walk = Walk("refer", "meet_threshold", "hold_meeting", "decide_outcome")
    promise(walk, date(2026, 4, 1))
    walk.make("release_outcome")
    assert walk.clock(NEXT_UPDATE) == "met"


def test_a_case_that_has_ended_owes_no_update():
    walk = Walk("refer", "meet_threshold", "hold_meeting", "decide_outcome", "tell_all", "decide_all_onward")
    promise(walk, date(2026, 4, 1))
    events = walk.make("close")
    assert ClockStopped(NEXT_UPDATE, 1, walk.at) in events
    merged = Walk("refer")
    promise(merged, FRIDAY)
    merged.make("merge")
    assert merged.clock(NEXT_UPDATE) == "stopped"


def test_it_runs_on_while_the_case_is_paused_for_the_police():
    walk = Walk("refer", "meet_threshold", "hold_meeting")
    promise(walk, date(2026, 4, 1))
    walk.make("pause_for_police")
    assert walk.clock(NEXT_UPDATE) == "running"
    clock = walk.case.running[NEXT_UPDATE]
    pausing = adjustments.pause(walk.case, clock, walk.practice, walk.at, holder="police", review_on=date(2026, 4, 1))
    assert isinstance(pausing, Refusal)
    assert pausing.reason == adjustments.BY_HAND


def test_its_day_can_be_moved_with_a_reason_and_it_can_be_stopped_even_while_the_case_is_paused():
    walk = Walk("refer", "meet_threshold", "hold_meeting", "pause_for_police")
    promise(walk, date(2026, 4, 1))
    clock = walk.case.running[NEXT_UPDATE]
    take(walk, adjustments.extend(walk.case, clock, walk.practice, walk.at, due_on=date(2026, 4, 8)))
    clock = walk.case.running[NEXT_UPDATE]
    assert (clock.due_at.date(), clock.first_due_at.date()) == (date(2026, 4, 8), date(2026, 4, 1))
    take(walk, adjustments.stop(walk.case, clock, walk.practice, walk.at, why="not_needed"))
    assert walk.clock(NEXT_UPDATE) == "stopped"
    assert "review" in walk.case.running, "the review of the pause is another clock"


@pytest.mark.parametrize("rules", [NATIONAL, WITHOUT], ids=["with a rule", "from before"])
def test_the_rules_of_a_council_are_in_order_with_and_without_a_rule_for_it(rules):
    assert [faults(flow, rules) for flow in NAMED.values()] == [()] * len(NAMED)


@pytest.mark.parametrize("rules", [NATIONAL, WITHOUT], ids=["with a rule", "from before"])
def test_it_climbs_the_ladder_as_the_council_has_it(rules):
    walk = at_state("received", Practice(CURRENT, rules, CALENDAR))
    promise(walk, FRIDAY)
    rungs = [step.rung for step in ladder(walk.case.running[NEXT_UPDATE], walk.practice)]
    assert rungs == ["warning 80", "owner", "cover", "service_manager", "head_of_service"]


def test_a_council_can_give_it_warnings_and_a_limit_of_its_own():
    own = replace(NATIONAL.by_key[NEXT_UPDATE], warns_at=(0.5, 0.9), limit=Span(1, Unit.WEEK))
    rules = replace(NATIONAL, timescales=tuple(own if row.key == own.key else row for row in NATIONAL.timescales))
    walk = at_state("received", Practice(CURRENT, rules, CALENDAR))
    promise(walk, FRIDAY)
    assert [step.rung for step in ladder(walk.case.running[NEXT_UPDATE], walk.practice)][:2] == [
        "warning 50",
        "warning 90",
    ]
    assert updates.suggested_on(walk.practice, walk.at) == date(2026, 3, 9)


@pytest.mark.parametrize("rules", [NATIONAL, WITHOUT], ids=["with a rule", "from before"])
def test_ten_working_days_are_offered_where_a_council_says_nothing_else(rules):
    practice = Practice(CURRENT, rules, CALENDAR)
    assert updates.suggested_on(practice, datetime(2026, 3, 30, 10, tzinfo=UTC)) == date(2026, 4, 15), "Easter"


def test_a_running_case_keeps_the_promise_under_other_rules_and_another_version():
    walk = at_state("evaluating", Practice(NAMED["allegation_v1"], WITHOUT, CALENDAR))
    promise(walk, FRIDAY)
    take(walk, changing.under_rules(walk.case, Practice(NAMED["allegation_v1"], NATIONAL, CALENDAR), walk.at, 1))
    newer = Practice(NAMED["allegation_v2"], NATIONAL, CALENDAR)
    take(walk, changing.under_procedure(walk.case, newer, WAYS[0], walk.at, 2))
    assert walk.case.version == 2
    assert walk.case.running[NEXT_UPDATE].due_at.date() == FRIDAY
    assert is_as_replayed(walk)


acts = st.lists(
    st.tuples(
        st.sampled_from(("promise", "promise", "again", "give", "move", "move", "move", "extend")),
        st.integers(0, 1_000),
        st.sampled_from((0, 1, 24, 100, 700)),
        st.integers(-1, 40),
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(state for state in PATHS if state)), acts)
def test_whatever_happens_there_is_one_promise_at_most_and_none_on_an_ended_case(state, tried):
    walk = at_state(state)
    for kind, pick, hours, days in tried:
        after, by_on = timedelta(hours=hours), (walk.at + timedelta(hours=hours, days=days)).date()
        stood = walk.case.running.get(NEXT_UPDATE)
        was_lapsed = stood is not None and stood.status(walk.at) == "lapsed"
        if kind in ("promise", "again"):
            promised = promise(walk, by_on, given=kind == "again", after=after)
            assert isinstance(promised, Refusal) or walk.case.running[NEXT_UPDATE].due_at.date() == by_on
        elif kind == "give" and walk.case.state not in ENDINGS:
            give(walk, after=after)
            assert NEXT_UPDATE not in walk.case.running
        elif kind == "extend" and stood is not None:
            walk.at += after
            take(walk, adjustments.extend(walk.case, stood, walk.practice, walk.at, due_on=by_on))
        elif kind == "move":
            moves = sorted(walk.practice.moves_from[walk.case.state])
            made = walk.attempt(moves[pick % len(moves)], after=after) if moves else ()
            take(walk, made)
        ended = [clock for clock in walk.case.ended if stood and clock[:2] == stood[:2]]
        assert not (was_lapsed and kind != "move" and ended and ended[0].status(walk.at) == "met"), (
            "a lapse stays a lapse"
        )
        assert walk.case.state not in ENDINGS or NEXT_UPDATE not in walk.case.running
        given = sum(isinstance(event, UpdatePromised) for event in walk.events)
        assert given == walk.case.occurrences(NEXT_UPDATE)
    assert is_as_replayed(walk)

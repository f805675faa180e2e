"""Whatever people try, in whatever order and however late: no open case drifts, every due date can be derived again."""

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lado.adapters.bank_holidays import england
from tests.support.cases import PATHS, PRACTICE, Walk, answers_for, at_state, is_as_replayed, snapshot
from workflows.attempt import Refusal
from workflows.check import faults
from workflows.fold import apply
from workflows.model import ACTION
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL
from workflows.running import BY_OFFICER, due_by_rule
from workflows.spans import CutOff, Span, Unit

LEAVES_US = ("merge", "accept_transfer")  # tried by those who try everything; nothing more happens after them
MOVES = tuple(move.key for move in CURRENT.moves)
ENDINGS = {state.key for state in CURRENT.states if state.final}
ALL_PAUSES = replace(
    NATIONAL, timescales=tuple(replace(rule, pauses=rule.limit is not None) for rule in NATIONAL.timescales)
)
OTHER_UNITS = replace(
    NATIONAL,
    timescales=tuple(
        replace(rule, limit=Span(72, Unit.HOUR), cut_offs=(CutOff(4, time(16)),), repeats=rule.key != "closure_checks")
        if rule.limit is not None and rule.starts_after is None
        else rule
        for rule in NATIONAL.timescales
    ),
    day_ends=time(17),
    closure_days=((date(2026, 12, 29), "Closed"),),
)
PRACTICES = (PRACTICE, *(Practice(CURRENT, rules, rules.calendar(england())) for rules in (ALL_PAUSES, OTHER_UNITS)))

# Which move of all, or which of those open here (so that cases go far); how many hours later; which answer is left out.
Steps = list[tuple[int, bool, int, int | None]]
steps = st.lists(
    st.tuples(
        st.integers(0, 1_000),
        st.sampled_from((True, True, True, False)),
        st.sampled_from((0, 1, 5, 23, 24, 100, 700, 3_000)),
        st.sampled_from((None, None, None, None, 0, 1, 2)),
    ),
    min_size=10,
    max_size=50,
)


def try_one(walk: Walk, pick: int, is_open: bool, hours: int, omitted: int | None) -> None:
    """Try a move; make it when it is open, and see that nothing happened when it is not."""
    choices = [key for key in walk.practice.moves_from[walk.case.state] if key not in LEAVES_US] if is_open else MOVES
    if not choices:
        return
    move = choices[pick % len(choices)]
    answers = dict.fromkeys(list(answers_for(move, walk.at, walk.case))[omitted:][:1]) if omitted is not None else {}
    before = snapshot(walk.case)
    made = walk.attempt(move, after=timedelta(hours=hours), **answers)
    assert snapshot(walk.case) == before, "deciding must not touch the case"
    if not isinstance(made, Refusal):
        for event in made:
            apply(walk.case, event)
        walk.events.extend(made)
    else:
        assert made.missing


def holds(walk: Walk) -> None:
    """Promise 2 for this case, and that each of its dates can be derived again."""
    case = walk.case
    running = [clock for clock in case.running.values() if not clock.key.startswith(f"{ACTION}:")]
    if case.state in ENDINGS:
        assert not running, "an ended case has no clock but its actions"
    elif walk.events:
        assert case.owner is not None
        assert any(clock.paused_at is None for clock in running), "an open case has a running clock"
    if case.state == "paused_for_police":
        assert case.running["review"].paused_at is None, "a pause always has a review date"
    else:
        assert all(clock.paused_at is None for clock in running), "nothing stands still without a pause"
    for clock in (*case.ended, *case.running.values()):
        if clock.rule != BY_OFFICER:
            rule = walk.practice.rules.by_key[clock.key]
            assert due_by_rule(rule, clock, walk.practice).at == clock.due_at
    occurrences = [(clock.key, clock.occurrence) for clock in (*case.ended, *case.running.values())]
    assert len(occurrences) == len(set(occurrences))


def test_the_rules_of_these_tests_fit_the_procedure():
    assert [faults(CURRENT, practice.rules) for practice in PRACTICES] == [(), (), ()]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PATHS)), steps, st.sampled_from(PRACTICES))
def test_no_open_case_drifts_and_every_date_can_be_derived_again(state: str, tried: Steps, practice: Practice):
    walk = at_state(state, practice)
    holds(walk)
    for step in tried:
        try_one(walk, *step)
        holds(walk)
    assert is_as_replayed(walk)

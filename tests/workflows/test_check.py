"""A procedure is checked in words before a case can run on it: each kind of fault, made on purpose, is named."""

from dataclasses import replace

import pytest

from workflows.certain import certain_clocks
from workflows.check import faults
from workflows.model import START, Move, State, Timescale, Workflow
from workflows.registry import CURRENT, PROCEDURES
from workflows.rules import NATIONAL, Rules, TimeRule


@pytest.mark.parametrize("flow", PROCEDURES.values(), ids=str)
def test_a_released_procedure_has_no_fault_under_the_national_rules(flow):
    assert faults(flow, NATIONAL) == ()


def with_state(key: str, **changes) -> Workflow:
    states = tuple(replace(state, **changes) if state.key == key else state for state in CURRENT.states)
    return replace(CURRENT, states=states)


def with_move(key: str, **changes) -> Workflow:
    return replace(CURRENT, moves=tuple(replace(m, **changes) if m.key == key else m for m in CURRENT.moves))


def with_clock(key: str, **changes) -> Workflow:
    rows = tuple(replace(row, **changes) if row.key == key else row for row in CURRENT.timescales)
    return replace(CURRENT, timescales=rows)


def with_more(*, states: tuple[State, ...] = (), moves: tuple[Move, ...] = (), clocks=()) -> Workflow:
    return replace(
        CURRENT,
        states=(*CURRENT.states, *states),
        moves=(*CURRENT.moves, *moves),
        timescales=(*CURRENT.timescales, *clocks),
    )


def with_rule(key: str, **changes) -> Rules:
    rows = tuple(replace(rule, **changes) if rule.key == key else rule for rule in NATIONAL.timescales)
    return replace(NATIONAL, timescales=rows)


def without_rules(*keys: str) -> Rules:
    return replace(NATIONAL, timescales=tuple(rule for rule in NATIONAL.timescales if rule.key not in keys))


def without(key: str, name: str) -> tuple[str, ...]:
    """What the move asks, but for one answer."""
    return tuple(asked for asked in CURRENT.move_by_key[key].asks if asked != name)


def a_move(key: str, leaves: str, enters: str, **more) -> Move:
    return Move(key, key, (leaves,), enters, "referral:work", records=("moving",), main=True, **more)


def a_state(key: str, **more) -> State:
    return State(key, key, "In progress", "It goes on.", "Nothing.", "Soon.", **more)


ENDING = ("rationale", "told")
CLOSING = ("outcome_for_each_allegation", "everyone_told", "onward_referrals_decided")

BROKEN_ROWS = [
    (
        replace(CURRENT, states=(*CURRENT.states, CURRENT.state_by_key["received"])),
        "state “received” stands there 2 times",
    ),
    (replace(CURRENT, moves=(*CURRENT.moves, CURRENT.move_by_key["assign"])), "move “assign” stands there 2 times"),
    (
        replace(CURRENT, timescales=(*CURRENT.timescales, CURRENT.timescale_by_key["hearing"])),
        "clock “hearing” stands there 2 times",
    ),
    (
        with_state("reviewing", partner_sees="Police involved"),
        "state “reviewing” shows partners “Police involved”, which is not one of their words",
    ),
    (
        with_state("reviewing", partner_by=" "),
        "state “reviewing” does not tell partners what is happening, what to do and by when",
    ),
    (with_state("reviewing", holder=""), "state “reviewing” is held by nobody known: “”"),
    (with_state("reviewing", wants=("luck",)), "state “reviewing” wants “luck”, which is no fact"),
    (
        with_move("assign", leaves=("received", "nowhere")),
        "move “assign” leaves “nowhere”, which is no state",
    ),
    (with_move("reconsider", enters="nowhere"), "move “reconsider” enters “nowhere”, which is no state"),
    (with_move("assign", needs=""), "move “assign” names no permission"),
    (with_move("assign", requires=("luck",)), "move “assign” requires “luck”, which is no fact"),
    (with_move("assign", asks=("owner", "luck")), "move “assign” asks “luck”, which is no answer"),
    (with_move("assign", dates=(("due_on", "luck"),)), "move “assign” dates “luck”, which is no clock"),
    (
        with_move("assign", triggers=("minutes_sent@luck_at",)),
        "move “assign” takes a date from “luck_at”, which is no answer",
    ),
    (
        with_move("assign", triggers=("minutes_sent@owner",)),
        "move “assign” takes a date from “owner”, which is neither an instant (_at) nor a day (_on)",
    ),
    (with_move("assign", records=("noting", "luck")), "move “assign” keeps “luck”, which is no record"),
    (with_move("add_note", records=()), "move “add_note” leaves no record"),
    (
        with_move("follow_up", records=("noting",)),
        "move “follow_up” enters “post_outcome” without a record of it",
    ),
    (with_move("assign", asks=()), "move “assign” records “owner” without asking for owner"),
    (
        with_move("refer", asks=without("refer", "owner")),
        "move “refer” records “opening” without asking for owner",
    ),
    (
        with_more(clocks=(Timescale("wish", "Wish", met_by=(), optional=True),)),
        "clock “wish” can never be met",
    ),
    (
        with_clock("hearing", met_by=("hearing_held", "luck")),
        "clock “hearing” waits for “luck”, which no move fires",
    ),
    (with_clock("hearing", stopped_by=("luck",)), "clock “hearing” waits for “luck”, which no move fires"),
    (with_clock("hearing", only_if="luck"), "clock “hearing” depends on “luck”, which is no fact"),
    (with_clock("hearing", runs_in=("nowhere",)), "clock “hearing” runs in “nowhere”, which is no open state"),
    (with_clock("hearing", runs_in=("closed",)), "clock “hearing” runs in “closed”, which is no open state"),
    (
        with_move("follow_up", dates=(("review_on", "review"),)),
        "clock “review” is given a date by “follow_up”, after which it cannot run",
    ),
    (
        replace(CURRENT, closing_facts=()),
        "nothing has to be on the record before a case that met the threshold is closed",
    ),
    (
        replace(CURRENT, handed_on=("transferred", "merged", "reviewing")),
        "a case is handed on in “reviewing”, which is no ending",
    ),
]


@pytest.mark.parametrize(("flow", "fault"), BROKEN_ROWS, ids=[fault for _, fault in BROKEN_ROWS])
def test_a_broken_row_is_named(flow, fault):
    assert faults(flow, NATIONAL) == (fault,)


BROKEN_PATHS = [
    (with_more(states=(a_state("limbo", final=True),)), "state “limbo” cannot be reached"),
    (
        with_more(states=(a_state("limbo"),), moves=(a_move("lose", "reviewing", "limbo", asks=("review_on",)),)),
        "state “limbo” is a trap: no path leads from it to an ending",
    ),
    (
        replace(CURRENT, main_path=("received", "closed")),
        "the main path goes from “received” to “closed”, but no move does",
    ),
    (
        with_move("reopen", asks=()),
        "move “reopen” leaves the ending “closed” without asking for new information to re-open it",
    ),
    (
        with_more(moves=(a_move("shuffle", "advice_only", "no_further_action", asks=(*ENDING, "new_information")),)),
        "move “shuffle” leaves the ending “advice_only” without asking for new information to re-open it",
    ),
    (
        with_move("meet_threshold", asks=("limbs",)),
        "move “meet_threshold” meets the threshold without its limbs and reasons on the record",
    ),
    (
        with_move("meet_threshold", records=("moving",)),
        "move “meet_threshold” meets the threshold without its limbs and reasons on the record",
    ),
    (
        with_more(moves=(a_move("think_again", "reviewing", "deciding"),)),
        "move “think_again” leads from “reviewing” back to “deciding”, before the threshold",
    ),
    (
        with_more(moves=(a_move("hurry", "deciding", "meeting_arranged"),)),
        "move “hurry” leads from “deciding” to “meeting_arranged” past the threshold decision",
    ),
    *(
        (
            with_move("close", requires=tuple(other for other in CLOSING if other != fact)),
            f"move “close” can end a case that met the threshold without {fact}",
        )
        for fact in CLOSING
    ),
    (
        with_more(
            states=(a_state("dropped", final=True),),
            moves=(a_move("drop", "reviewing", "dropped", asks=ENDING, requires=CLOSING[:1]),),
        ),
        "move “drop” can end a case that met the threshold without everyone_told and onward_referrals_decided",
    ),
    *(
        (
            with_move(key, asks=without(key, name)),
            f"move “{key}” ends a case without its rationale and who was told",
        )
        for key in ("advise", "return_to_employer", "no_further_action", "accept_transfer", "merge")
        for name in ENDING
    ),
    (
        with_move("pause_for_police", asks=("police_lead",)),
        "move “pause_for_police” pauses the case without a review date",
    ),
]


@pytest.mark.parametrize(("flow", "fault"), BROKEN_PATHS, ids=[fault for _, fault in BROKEN_PATHS])
def test_a_broken_path_is_named(flow, fault):
    found = faults(flow, NATIONAL)
    assert fault in found
    assert [other for other in found if other != fault] == [
        other for other in found if "without a running clock" in other
    ], "a path that leads astray may leave its case without a clock, and nothing else"


def test_a_procedure_that_nothing_begins_is_empty_of_cases():
    found = faults(with_move("refer", leaves=("received",)), NATIONAL)
    assert found[0] == "no move begins a case"
    assert "state “received” cannot be reached" in found


def test_the_threshold_is_met_in_a_state():
    assert "the threshold is met in “nowhere”, which is no state" in faults(
        replace(CURRENT, threshold_met="nowhere"), NATIONAL
    )


def test_a_closing_fact_is_a_fact():
    found = faults(replace(CURRENT, closing_facts=(*CLOSING, "luck")), NATIONAL)
    assert found == (
        "closing requires “luck”, which is no fact",
        "move “close” can end a case that met the threshold without luck",
    )


A_WISH = TimeRule("wish", "Wish", "received", NATIONAL.by_key["meeting"].limit, "lado", "nobody")

BROKEN_RULES = [
    (
        replace(NATIONAL, timescales=(*NATIONAL.timescales, A_WISH)),
        "the rules set a limit for “wish”, a clock that this procedure does not have",
    ),
    (without_rules("hearing"), "clock “hearing” has no rule"),
    (with_rule("hearing", starts="luck"), "clock “hearing” never starts: it waits for “luck”, which no move fires"),
    (
        with_rule("hearing", limit=None),
        "clock “hearing” never starts: an officer gives its date, but no move asks for it",
    ),
]


@pytest.mark.parametrize(("rules", "fault"), BROKEN_RULES, ids=[fault for _, fault in BROKEN_RULES])
def test_rules_that_do_not_fit_the_procedure_are_named(rules, fault):
    assert faults(CURRENT, rules) == (fault,)


def test_a_council_may_keep_a_clock_that_most_do_not():
    rule = replace(NATIONAL.by_key["evaluation_decision"], key="advice_to_referrer", label="Advice to the referrer")
    assert faults(CURRENT, replace(NATIONAL, timescales=(*NATIONAL.timescales, rule))) == ()


@pytest.mark.parametrize(
    ("flow", "rules", "state"),
    [
        (CURRENT, with_rule("closure_checks", starts="oversight_planned"), "outcome_decided"),
        (with_clock("closure_checks", only_if="police_involved"), NATIONAL, "outcome_decided"),
        (with_clock("closure_checks", runs_in=("outcome_decided",)), NATIONAL, "post_outcome"),
        (with_clock("closure_checks", stopped_by=("minutes_sent",)), NATIONAL, "post_outcome"),
        (with_clock("closure_checks", met_by=("closed", "minutes_sent")), NATIONAL, "post_outcome"),
    ],
    ids=["never starts there", "may not apply", "does not run on", "can be stopped", "can be met"],
)
def test_a_state_in_which_a_case_could_drift_is_named(flow, rules, state):
    assert f"state “{state}” can be open without a running clock" in faults(flow, rules)


def test_a_clock_that_repeats_runs_on_when_it_is_met():
    with_end = with_clock("closure_checks", met_by=("closed", "minutes_sent"))
    assert faults(with_end, with_rule("closure_checks", repeats=True)) == ()


def test_a_pause_is_held_by_its_review_and_not_by_what_stands_still():
    everything_pauses = replace(
        NATIONAL, timescales=tuple(replace(rule, pauses=rule.limit is not None) for rule in NATIONAL.timescales)
    )
    assert certain_clocks(CURRENT, everything_pauses)["paused_for_police"] == {"review"}
    assert faults(CURRENT, everything_pauses) == ()


def test_what_is_certain_is_certain_on_every_path():
    certain = certain_clocks(CURRENT, NATIONAL)
    assert certain["received"] == {"evaluation_decision", "meeting", "conclusion", "delay_reason_review"}
    assert certain["investigating"] == {"conclusion", "delay_reason_review"}, "from re-opened it has no review yet"
    assert certain["post_outcome"] == {"closure_checks"}
    assert START not in certain

"""The screen is the record: what a replay gives is what the case was, step by step, and always the same."""

import pytest

from tests.support.cases import PATHS, Walk, at_state, is_as_replayed, snapshot
from workflows.attempt import Attempt
from workflows.engine import decide, replay
from workflows.events import from_plain, read_data, write_data

LONG_WAY = (
    *("refer", "ask_information", "add_note", "information_arrived", "meet_threshold", "arrange_meeting"),
    *("hold_meeting", "send_minutes", "set_action", "investigate", "add_allegation", "change_strand"),
    *("pause_for_police", "assign", "resume", "hold_review", "complete_action", "propose_outcome", "decide_outcome"),
    *("follow_up", "tell_all", "decide_all_onward", "close", "reopen", "hold_meeting", "offer_transfer"),
    *("refuse_transfer", "decide_outcome", "close"),
)


@pytest.mark.parametrize("state", PATHS)
def test_a_replay_gives_the_case_as_it_was_folded(state):
    assert is_as_replayed(at_state(state))


def test_a_replay_gives_the_case_at_every_step_of_a_long_life():
    walk = Walk()
    for move in LONG_WAY:
        walk.make(move)
        assert is_as_replayed(walk), move
    assert walk.case.state == "closed"


def test_a_replay_from_what_the_ledger_keeps_gives_the_same_case():
    walk = Walk(*LONG_WAY)
    kept = [(type(event).__name__, write_data(event)) for event in walk.events]
    assert snapshot(replay(from_plain(kind, read_data(data)) for kind, data in kept)) == snapshot(walk.case)


def test_a_replay_twice_gives_two_equal_cases_that_share_nothing_that_changes():
    walk = Walk(*LONG_WAY[:9])
    first, second = replay(walk.events), replay(walk.events)
    assert snapshot(first) == snapshot(second)
    walk.make("hold_review")
    assert snapshot(first) == snapshot(second)


def test_deciding_changes_nothing_and_says_the_same_again():
    walk = at_state("meeting_held")
    before = snapshot(walk.case)
    attempt = Attempt("pause_for_police", walk.at, {"review_on": walk.at.date()}, {"police_lead": "DC Example"})
    first = decide(walk.case, attempt, walk.practice)
    assert first == decide(walk.case, attempt, walk.practice)
    assert snapshot(walk.case) == before

"""What a move does to a case beyond its clocks: re-opening, transfer, merging, actions, allegations, what is told."""

from datetime import date

import pytest

from tests.support.cases import DAY, HOUR, Walk, at_state
from workflows.case import Action, Allegation, Meeting, Telling


def test_re_opening_starts_the_clocks_anew():
    walk = at_state("closed")
    assert walk.case.running == {}
    walk.make("reopen", after=30 * DAY)
    assert {key: clock.occurrence for key, clock in walk.case.running.items()} == {
        "meeting": 2,
        "conclusion": 2,
        "delay_reason_review": 2,
        "reopened_decision": 1,
    }
    assert walk.case.running["conclusion"].started_at == walk.at
    walk.make("arrange_meeting")
    assert walk.clock("reopened_decision") == "met"


def test_a_re_opened_case_goes_all_the_way_again():
    walk = at_state("reopened")
    for move in ("hold_meeting", "investigate", "decide_outcome", "follow_up", "close"):
        walk.make(move)
    assert walk.case.state == "closed"
    assert walk.case.running == {}


def test_the_threshold_is_looked_at_again_after_advice():
    walk = at_state("advice_only")
    assert walk.case.threshold == "not met"
    walk.make("reconsider", after=9 * DAY)
    assert walk.case.state == "deciding"
    assert walk.case.running["evaluation_decision"].occurrence == 2
    walk.make("meet_threshold")
    assert walk.case.threshold == "met"


def test_a_transfer_keeps_the_case_here_until_it_is_accepted():
    walk = at_state("evaluating")
    walk.make("offer_transfer")
    assert (walk.case.state, walk.case.transfer) == ("evaluating", "offered")
    assert walk.due_on("transfer_answer") == date(2026, 3, 9)
    assert walk.refused("offer_transfer") == ("no_transfer_open",)
    walk.make("accept_transfer")
    assert walk.case.state == "transferred"
    assert walk.case.running == {}


def test_a_transfer_that_is_refused_can_be_offered_elsewhere():
    walk = at_state("evaluating")
    assert walk.refused("refuse_transfer") == ("transfer_offered",)
    walk.make("offer_transfer")
    walk.make("refuse_transfer")
    assert walk.case.transfer == "refused"
    assert walk.refused("accept_transfer") == ("transfer_offered",)
    walk.make("offer_transfer", authority="northmere")
    assert walk.case.running["transfer_answer"].occurrence == 2


def test_a_duplicate_is_merged_and_ends_here():
    walk = at_state("investigating")
    walk.make("merge")
    assert walk.case.state == "merged"
    assert {row.status(walk.at) for row in walk.case.ended if row.key in ("conclusion", "review")} == {"stopped"}


def test_an_action_lives_until_it_is_done_after_closure_too():
    walk = at_state("post_outcome")
    walk.make("set_action", due_on=date(2026, 3, 20))
    walk.make("set_action", due_on=date(2026, 3, 25), holder="partner", user=None)
    walk.make("tell_all")
    walk.make("decide_all_onward")
    walk.make("close")
    assert walk.case.actions == {1: Action("officer", 7), 2: Action("partner", None)}
    assert set(walk.case.running) == {"action:1", "action:2"}
    assert walk.clock("action:1", at=walk.at + 30 * DAY) == "lapsed"
    walk.make("complete_action", number=2)
    assert walk.case.actions[2].is_done
    assert walk.clock("action:2") == "met"
    assert walk.refused("complete_action", number=2) == ("action_is_open",)
    assert walk.refused("complete_action", number=9) == ("action_is_open",)
    walk.make("reopen")
    assert walk.clock("action:1") == "running"


def test_an_action_is_not_paused_for_the_police():
    walk = at_state("investigating")
    walk.make("set_action")
    walk.make("pause_for_police")
    assert walk.clock("action:1") == "running"


def test_several_allegations_and_children_on_one_case():
    walk = Walk()
    walk.make(
        "refer",
        people=("subject", "child", "child", "referrer"),
        allegations=({"category": "physical", "children": (2,)}, {"category": "emotional", "children": (2, 3)}),
    )
    walk.make("add_person", people=("child",))
    walk.make("add_allegation", allegations=({"category": "conduct", "children": (5,)},))
    assert walk.case.people == {1: "subject", 2: "child", 3: "child", 4: "referrer", 5: "child"}
    assert walk.case.allegations == {
        1: Allegation("physical", (2,)),
        2: Allegation("emotional", (2, 3)),
        3: Allegation("conduct", (5,)),
    }


def test_an_outcome_for_an_allegation_that_is_not_there_raises():
    walk = at_state("investigating")
    with pytest.raises(LookupError, match="there is no allegation 9"):
        walk.attempt("decide_outcome", outcomes={"1": "substantiated", "9": "unfounded"})


def test_the_meeting_that_was_arranged_is_the_one_that_is_held():
    walk = at_state("meeting_arranged")
    planned = walk.case.meetings[0].planned_at
    walk.make("hold_meeting", held_at=planned + HOUR)
    walk.make("hold_review", held_at=planned + 2 * HOUR)
    assert walk.case.meetings == (
        Meeting(planned, planned + HOUR, "meeting"),
        Meeting(None, planned + 2 * HOUR, "review"),
    )
    assert walk.case.running["minutes_sent"].started_at == planned + HOUR


def test_what_is_told_decided_and_released_is_on_the_record():
    walk = at_state("outcome_decided")
    walk.make("tell", audience="family", decision="not told", told_on=None)
    walk.make("tell", audience="referrer", told_on=date(2026, 3, 2))
    walk.make("decide_onward", body="dbs", decision="referred")
    walk.make("release_outcome")
    walk.make("assign", owner=8)
    assert walk.case.told == {"family": Telling(False, None), "referrer": Telling(True, date(2026, 3, 2))}
    assert walk.case.onward == {"dbs": "referred"}
    assert walk.case.released
    assert walk.case.owner == 8

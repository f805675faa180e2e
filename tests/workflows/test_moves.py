"""The specification of allegation v1: which moves are open where, what blocks, what is only shown."""

from datetime import timedelta

import pytest

from tests.support.cases import EVERYBODY, PATHS, Walk, at_state
from workflows.attempt import Attempt, MoveUnknown
from workflows.case import Case, Telling
from workflows.check import PARTNER_WORDS
from workflows.engine import decide, open_moves, what_is_missing
from workflows.events import TellingAgreed
from workflows.facts import telling_of, unanswered
from workflows.fold import apply
from workflows.model import START
from workflows.registry import CURRENT

AWAY = {"offer_transfer", "merge"}  # where every open case can go
DECISIONS = {"meet_threshold", "advise", "return_to_employer", "no_further_action"}
UNDER_WAY = {"pause_for_police", "hold_review", "propose_outcome", "decide_outcome"}
OPEN_NOW = {
    START: {"refer"},
    "received": {*DECISIONS, "ask_information", "information_arrived", *AWAY},
    "awaiting_information": {*DECISIONS, "ask_information", "information_arrived", *AWAY},
    "deciding": {*DECISIONS, "ask_information", *AWAY},
    "advice_only": {"reconsider"},
    "threshold_not_met": {"reconsider"},
    "no_further_action": {"reconsider"},
    "evaluating": {"arrange_meeting", "hold_meeting", "oversee", *AWAY},
    "meeting_arranged": {"arrange_meeting", "hold_meeting", "oversee", *AWAY},
    "oversight": {"arrange_meeting", "hold_meeting", "investigate", *UNDER_WAY, *AWAY},
    "meeting_held": {"investigate", *UNDER_WAY, *AWAY},
    "investigating": {*UNDER_WAY, *AWAY},
    "paused_for_police": {"resume", "hold_review", *AWAY},
    "reviewing": {"investigate", *UNDER_WAY, *AWAY},
    "outcome_proposed": {"decide_outcome", *AWAY},
    "outcome_decided": {"follow_up", "close", *AWAY},
    "post_outcome": {"close", *AWAY},
    "closed": {"reopen"},
    "reopened": {"arrange_meeting", "hold_meeting", "oversee", "investigate", *AWAY},
    "transferred": set(),
    "merged": set(),
}
MAIN = tuple(move.key for move in CURRENT.moves if move.main)
ANSWER_TO_TRANSFER = {"accept_transfer", "refuse_transfer"}


def test_every_state_is_in_the_table():
    assert set(OPEN_NOW) == {START, *(state.key for state in CURRENT.states)} == set(PATHS)


def with_all_on_the_record(state: str) -> Walk:
    """A case in this state of which everybody was told and every onward referral decided, where that can be said."""
    walk = at_state(state)
    if walk.attempt("decide_onward"):
        walk.make("tell_all")
        walk.make("decide_all_onward")
    return walk


@pytest.mark.parametrize("state", OPEN_NOW)
def test_the_main_moves_that_are_open_in_each_state(state):
    walk = with_all_on_the_record(state)
    assert {move for move in MAIN if walk.attempt(move)} == OPEN_NOW[state]


@pytest.mark.parametrize("state", [state for state in OPEN_NOW if OPEN_NOW[state] >= AWAY])
def test_an_offered_transfer_waits_for_its_answer_and_the_case_goes_on_meanwhile(state):
    walk = with_all_on_the_record(state)
    walk.make("offer_transfer")
    expected = OPEN_NOW[state] - {"offer_transfer"} | ANSWER_TO_TRANSFER
    assert {move for move in MAIN if walk.attempt(move)} == expected


# Promise 7: hard gates stand on four things only, and on what a path that leads away from here needs to make sense.
THE_RECEIVED_DATE = {"received_at", "channel", "evidence", "owner"}  # with its owner: promise 2 begins here
THE_THRESHOLD_DECISION = {"limbs", "rationale", "told", "new_information"}
THE_MEETING_AND_REVIEW_DATES = {
    *("planned_at", "held_at", "review_on", "review_is_set", "police_lead", "plan"),
    *("missing_information", "information_from", "information_on"),
}
THE_OUTCOME_AND_CLOSURE = {
    *("outcomes", "outcome_proposed_for_each", "outcome_for_each_allegation"),
    *("everyone_told", "onward_referrals_decided", "closing_note"),
}
WHERE_A_CASE_GOES = {"authority", "transfer_offered", "no_transfer_open", "merged_into"}
GATES = {
    "refer": THE_RECEIVED_DATE,
    "ask_information": THE_MEETING_AND_REVIEW_DATES,
    "information_arrived": set(),
    "advise": THE_THRESHOLD_DECISION,
    "return_to_employer": THE_THRESHOLD_DECISION,
    "no_further_action": THE_THRESHOLD_DECISION,
    "meet_threshold": THE_THRESHOLD_DECISION,
    "arrange_meeting": THE_MEETING_AND_REVIEW_DATES,
    "oversee": THE_MEETING_AND_REVIEW_DATES,
    "hold_meeting": THE_MEETING_AND_REVIEW_DATES,
    "investigate": THE_MEETING_AND_REVIEW_DATES,
    "pause_for_police": THE_MEETING_AND_REVIEW_DATES,
    "resume": THE_MEETING_AND_REVIEW_DATES,
    "hold_review": THE_MEETING_AND_REVIEW_DATES,
    "propose_outcome": THE_OUTCOME_AND_CLOSURE,
    "decide_outcome": THE_OUTCOME_AND_CLOSURE | {"rationale"},
    "follow_up": set(),
    "close": THE_OUTCOME_AND_CLOSURE,
    "reopen": THE_THRESHOLD_DECISION,
    "reconsider": THE_THRESHOLD_DECISION,
    "offer_transfer": WHERE_A_CASE_GOES | {"rationale"},
    "accept_transfer": WHERE_A_CASE_GOES | {"rationale", "told"},
    "refuse_transfer": WHERE_A_CASE_GOES | {"rationale"},
    "merge": WHERE_A_CASE_GOES | {"rationale", "told"},
}


@pytest.mark.parametrize("move", MAIN)
def test_hard_gates_stand_on_the_four_things_only(move):
    asked = CURRENT.move_by_key[move]
    assert {*asked.asks, *asked.requires} <= GATES[move]


WAYS_IN = {
    "refer": START,
    "ask_information": "received",
    "advise": "received",
    "return_to_employer": "received",
    "no_further_action": "deciding",
    "meet_threshold": "deciding",
    "arrange_meeting": "evaluating",
    "oversee": "evaluating",
    "hold_meeting": "meeting_arranged",
    "pause_for_police": "investigating",
    "hold_review": "investigating",
    "propose_outcome": "investigating",
    "decide_outcome": "outcome_proposed",
    "close": "post_outcome",
    "reopen": "closed",
    "reconsider": "advice_only",
    "offer_transfer": "received",
    "merge": "received",
}


@pytest.mark.parametrize(
    ("move", "answer"),
    [(move, answer) for move, state in WAYS_IN.items() for answer in CURRENT.move_by_key[move].asks],
)
def test_each_answer_that_a_move_asks_is_a_gate_and_is_named(move, answer):
    walk = with_all_on_the_record(WAYS_IN[move])
    assert answer in walk.refused(move, **{answer: None})


def test_a_case_closes_only_with_outcome_notifications_and_onward_referrals():
    walk = at_state("post_outcome")
    assert walk.refused("close") == ("everyone_told", "onward_referrals_decided")
    walk.make("tell_all")
    assert walk.refused("close") == ("onward_referrals_decided",)
    walk.make("decide_all_onward")
    walk.make("close")
    assert walk.case.state == "closed"


@pytest.mark.parametrize("left_out", EVERYBODY)
def test_a_case_does_not_close_while_one_audience_has_no_answer(left_out):
    walk = at_state("post_outcome")
    walk.make("decide_all_onward")
    for audience in EVERYBODY:
        if audience != left_out:
            walk.make("tell", audience=audience, decision="not_told", told_on=None)
    assert unanswered(walk.case) == (left_out,)
    assert walk.refused("close") == ("everyone_told",)
    walk.make("tell", audience=left_out, decision="not_concerned", told_on=None)
    walk.make("close")


def test_what_was_recorded_of_parents_and_child_as_one_counts_for_both_and_for_nobody_else():
    walk = at_state("post_outcome")
    walk.make("decide_all_onward")
    for audience in ("referrer", "employer", "subject", "family"):
        walk.make("tell", audience=audience)
    assert unanswered(walk.case) == ("regulator", "placing_authority")
    assert telling_of(walk.case, "parents") == telling_of(walk.case, "child") == walk.case.told["family"]
    walk.make("tell", audience="child", decision="not_told", told_on=None)
    assert telling_of(walk.case, "child") == Telling(False, None), "what is said of the child alone goes before"
    walk.make("tell", audience="regulator")
    assert walk.refused("close") == ("everyone_told",)
    walk.make("tell", audience="placing_authority")
    walk.make("close")


def test_what_may_be_told_is_on_the_record_and_stands_in_no_way():
    walk = at_state("post_outcome")
    apply(walk.case, TellingAgreed("parents", "nothing_yet"))
    assert walk.refused("close") == ("everyone_told", "onward_referrals_decided")
    apply(walk.case, TellingAgreed("parents", "progress"))
    apply(walk.case, TellingAgreed("child", "nothing"))
    assert walk.case.agreed == {"parents": "progress", "child": "nothing"}
    walk.make("decide_all_onward")
    walk.make("tell_all")
    walk.make("close")


def test_an_outcome_is_proposed_and_decided_for_each_allegation():
    walk = at_state("investigating")
    walk.make("add_allegation")
    assert walk.refused("propose_outcome", outcomes={"1": "substantiated"}) == ("outcome_proposed_for_each",)
    assert walk.refused("decide_outcome", outcomes={"2": "unfounded"}) == ("outcome_for_each_allegation",)
    walk.make("decide_outcome", outcomes={"1": "substantiated", "2": "unfounded"})
    assert [row.outcome for row in walk.case.allegations.values()] == ["substantiated", "unfounded"]


def test_a_case_without_an_allegation_takes_no_outcome():
    walk = Walk()
    walk.make("refer", allegations=())
    walk.make("meet_threshold")
    walk.make("hold_meeting")
    assert walk.refused("decide_outcome", outcomes={}) == ("outcomes", "outcome_for_each_allegation")


def test_an_investigation_after_re_opening_needs_the_date_of_a_review():
    walk = at_state("reopened")
    assert walk.refused("investigate", review_on=None) == ("review_is_set",)
    walk.make("investigate")
    assert walk.clock("review") == "running"


def test_a_refusal_says_in_words_what_is_missing():
    walk = at_state("post_outcome")
    walk.make("decide_all_onward")
    refusal = walk.attempt("close", closing_note=None)
    assert not refusal
    assert refusal.reason == (
        "Close the case: still missing: the closing note; "
        "who was told: referrer, employer, subject, parents, child, regulator and placing authority, each told or with "
        "the reason why not."
    )


def test_a_move_of_another_state_is_refused_by_the_name_of_this_one():
    refusal = at_state("received").attempt("close")
    assert refusal.reason == "Close the case: not open while the case is “Received”."
    assert refusal.missing == ("state",)


def test_a_move_that_does_not_exist_is_a_fault_and_raises():
    with pytest.raises(MoveUnknown):
        decide(Case(), Attempt("vanish", Walk().at), Walk().practice)


@pytest.mark.parametrize(
    ("answer", "is_given"),
    [(None, False), ("", False), ((), False), ([], False), ({}, False), (0, True), (False, True), ("no", True)],
)
def test_nothing_and_an_empty_list_are_no_answers_but_no_is(answer, is_given):
    assert Attempt("refer", Walk().at, {"limbs": answer}).says("limbs") is is_given
    assert Attempt("refer", Walk().at, {}, {"limbs": answer}).says("limbs") is is_given


def test_an_instant_or_a_day_is_never_in_words():
    attempt = Attempt("hold_meeting", Walk().at, {}, {"held_at": "yesterday", "review_on": "soon"})
    assert not attempt.says("held_at")
    assert not attempt.says("review_on")


SHOWN = {
    "received": ("children_safe", "history_searched"),
    "evaluating": (
        *("children_safe", "history_searched", "police_consulted", "social_care_consulted"),
        *("subject_informed", "family_informed", "suspension_considered"),
    ),
    "meeting_held": (
        *("attendance_recorded", "minutes_sent", "an_action_is_set", "rereferral_criteria", "subject_informed"),
    ),
    "outcome_proposed": ("subject_responded", "recommendations_answered"),
    "outcome_decided": ("everyone_told", "onward_referrals_decided", "lessons_reviewed"),
    "closed": (),
}


@pytest.mark.parametrize("state", SHOWN)
def test_everything_else_is_shown_as_missing_and_forces_nothing(state):
    walk = at_state(state)
    assert what_is_missing(walk.case, walk.practice) == SHOWN[state]
    assert all(walk.attempt(move) for move in OPEN_NOW[state] if move != "close")


def test_what_is_recorded_later_is_no_longer_shown():
    walk = at_state("meeting_held")
    walk.make("record_fact", fact="attendance_recorded")
    walk.make("send_minutes")
    walk.make("set_action")
    assert what_is_missing(walk.case, walk.practice) == ("rereferral_criteria", "subject_informed")


def test_the_moves_of_a_state_come_with_what_stands_in_their_way():
    standing = {
        move.key: missing for move, missing in open_moves(at_state("post_outcome").case, Walk().practice).items()
    }
    assert standing["close"] == ("everyone_told", "onward_referrals_decided")
    assert standing["merge"] == ()
    assert standing["accept_transfer"] == ("transfer_offered",)
    assert "reopen" not in standing


@pytest.mark.parametrize("state", [state.key for state in CURRENT.states])
def test_a_note_can_be_added_in_every_state(state):
    walk = at_state(state)
    walk.make("add_note", after=timedelta(minutes=1))
    assert walk.case.state == state


def test_partners_are_told_in_eight_words_and_no_more():
    assert {state.partner_sees for state in CURRENT.states} == set(PARTNER_WORDS)

"""Each clock: what starts it, what meets and stops it, how it stands still for the police and how it comes again."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from lado.adapters.bank_holidays import england
from tests.support.cases import DAY, HOUR, MONDAY, PRACTICE, Walk, at_state
from workflows.engine import next_due_at
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL
from workflows.spans import Span, Unit


def under(**rules) -> Practice:
    """The national rules with some of them changed: key=dict(what=...)."""
    rows = tuple(replace(rule, **rules.get(rule.key, {})) for rule in NATIONAL.timescales)
    return Practice(CURRENT, replace(NATIONAL, timescales=rows), england())


# Each clock: a way to where it runs, then the move that meets it. The clock is looked at in between and after.
MET = [
    ("evaluation_decision", ("refer",), "advise", {}),
    ("evaluation_decision", ("refer",), "meet_threshold", {}),
    ("meeting", ("refer", "meet_threshold"), "hold_meeting", {}),
    ("conclusion", ("refer",), "return_to_employer", {}),
    ("conclusion", ("refer", "meet_threshold", "hold_meeting"), "decide_outcome", {}),
    ("information", ("refer", "ask_information"), "information_arrived", {}),
    ("meeting_planned", ("refer", "meet_threshold", "arrange_meeting"), "hold_meeting", {}),
    ("review", ("refer", "meet_threshold", "oversee"), "hold_review", {}),
    ("minutes_sent", ("refer", "meet_threshold", "hold_meeting"), "send_minutes", {}),
    ("transfer_answer", ("refer", "offer_transfer"), "refuse_transfer", {}),
    ("transfer_answer", ("refer", "offer_transfer"), "accept_transfer", {}),
]


@pytest.mark.parametrize(("clock", "way", "move", "answers"), MET, ids=[f"{row[0]} by {row[2]}" for row in MET])
def test_a_clock_is_met_by_what_it_waits_for(clock, way, move, answers):
    walk = Walk(*way)
    assert walk.clock(clock) == "running"
    running = walk.case.running[clock]
    assert walk.clock(clock, at=running.due_at) == "running", "the due moment itself is in time"
    assert walk.clock(clock, at=running.due_at + timedelta(seconds=1)) == "lapsed"
    walk.make(move, **answers)
    ended = next(row for row in walk.case.ended if row.key == clock)
    assert ended.status(walk.at) == "met"


@pytest.mark.parametrize(("clock", "way", "move", "answers"), MET, ids=[f"{row[0]} by {row[2]}" for row in MET])
def test_a_clock_that_is_met_late_says_so(clock, way, move, answers):
    walk = Walk(*way)
    walk.make(move, after=200 * DAY, **answers)
    assert next(row for row in walk.case.ended if row.key == clock).status(walk.at) == "met late"


STOPPED = [
    ("evaluation_decision", ("refer",), "merge"),
    ("meeting", ("refer",), "advise"),
    ("meeting", ("refer", "meet_threshold"), "oversee"),
    ("conclusion", ("refer",), "merge"),
    ("delay_reason_review", ("refer", "meet_threshold", "hold_meeting"), "decide_outcome"),
    ("information", ("refer", "ask_information"), "meet_threshold"),
    ("meeting_planned", ("refer", "meet_threshold", "arrange_meeting"), "oversee"),
    ("review", ("refer", "meet_threshold", "hold_meeting"), "propose_outcome"),
    ("closure_checks", ("refer", "meet_threshold", "hold_meeting", "decide_outcome"), "merge"),
]


@pytest.mark.parametrize(("clock", "way", "move"), STOPPED)
def test_a_clock_stops_where_it_no_longer_applies(clock, way, move):
    walk = Walk(*way)
    assert clock in walk.case.running
    walk.make(move)
    assert walk.clock(clock) == "stopped"


def test_the_clocks_of_a_new_referral_are_due_in_their_own_units():
    walk = Walk("refer")
    assert {key: walk.due_on(key) for key in walk.case.running} == {
        "evaluation_decision": date(2026, 3, 3),
        "meeting": date(2026, 3, 9),
        "conclusion": date(2026, 6, 2),
        "delay_reason_review": date(2026, 7, 2),
    }
    assert next_due_at(walk.case) == datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)


def test_clocks_run_from_when_it_was_received_and_not_from_when_it_was_typed():
    walk = Walk()
    walk.make("refer", received_at=MONDAY - 3 * DAY, late_entry=True)
    assert walk.case.running["evaluation_decision"].started_at == MONDAY - 3 * DAY
    assert walk.due_on("evaluation_decision") == date(2026, 3, 2)


def test_awaiting_information_the_clocks_keep_running():
    walk = Walk("refer")
    before = dict(walk.case.running)
    walk.make("ask_information")
    assert walk.case.running.items() >= before.items()
    assert walk.due_on("information") == date(2026, 3, 4)


def test_the_employer_told_the_lado_at_once():
    walk = Walk()
    walk.make("refer", employer_aware_at=MONDAY - DAY)
    assert walk.clock("employer_informs_lado") == "met"
    assert "employer_informs_lado" not in walk.case.running


def test_the_employer_told_the_lado_late():
    walk = Walk()
    walk.make("refer", employer_aware_at=MONDAY - 7 * DAY)
    assert walk.clock("employer_informs_lado") == "met late"


def test_an_employer_who_hears_of_it_from_the_lado_owes_nothing():
    walk = Walk()
    walk.make("refer", employer_aware_at=MONDAY + HOUR)
    assert "employer_informs_lado" not in {row.key for row in (*walk.case.ended, *walk.case.running.values())}


def test_a_childcare_provider_has_fourteen_days_to_tell_ofsted():
    walk = Walk()
    walk.make("refer", sector="early_years")
    assert walk.due_on("provider_informs_ofsted") == date(2026, 3, 16)
    walk.make("record_event", event="ofsted_informed", ofsted_informed_at=MONDAY + 2 * DAY)
    assert walk.clock("provider_informs_ofsted") == "met"


@pytest.mark.parametrize(
    ("clock", "starts", "meets", "due"),
    [
        ("suspension_confirmed", "suspended_at", "suspension_confirmed_at", date(2026, 3, 3)),
        ("employer_acts_no_hearing", "no_crime_no_discipline_at", "employer_acted_at", date(2026, 3, 5)),
        ("hearing", "no_further_investigation_at", "hearing_held_at", date(2026, 3, 23)),
    ],
)
def test_what_the_employer_owes_runs_from_the_event_that_the_officer_records(clock, starts, meets, due):
    walk = at_state("investigating")
    walk.make("record_event", **{starts: MONDAY})
    assert walk.due_on(clock) == due
    walk.make("record_event", **{meets: MONDAY + DAY})
    assert walk.clock(clock) == "met"


def test_a_clear_case_is_resolved_in_a_week():
    walk = at_state("investigating")
    walk.make("record_event", clearly_unsubstantiated_at=MONDAY)
    assert walk.due_on("clear_case_resolved") == date(2026, 3, 9)
    walk.make("decide_outcome")
    assert walk.clock("clear_case_resolved") == "met"


def test_the_police_are_reviewed_after_four_weeks_and_then_every_two():
    walk = Walk("refer")
    walk.make("meet_threshold", police_informed=True)
    assert walk.case.strands == {"police": "open"}
    assert walk.due_on("first_police_review") == date(2026, 3, 30)
    walk.make("hold_meeting")
    walk.make("hold_review", after=7 * DAY)
    assert walk.clock("first_police_review") == "met"
    assert walk.due_on("further_police_review") == date(2026, 3, 23)
    walk.make("hold_review", after=14 * DAY)
    assert walk.due_on("further_police_review") == date(2026, 4, 6)
    walk.make("change_strand", strand="police", status="ended", police_ended_at=walk.at)
    assert walk.clock("further_police_review") == "stopped"


def test_without_the_police_there_is_no_review_with_them():
    walk = at_state("reviewing")
    assert not {"first_police_review", "further_police_review"} & set(walk.case.running)


def test_a_police_pause_stops_only_what_the_rules_let_pause_and_keeps_a_review():
    walk = at_state("investigating")
    walk.make("pause_for_police")
    assert walk.clock("conclusion") == "paused"
    assert walk.case.running["conclusion"].holder == "police"
    assert walk.clock("delay_reason_review") == "running"
    assert walk.clock("minutes_sent") == "running"
    assert walk.clock("review") == "running"
    assert next_due_at(walk.case) == walk.case.running["review"].due_at


def test_the_pause_gives_back_its_days_and_keeps_the_first_promise():
    walk = at_state("investigating")
    first = walk.case.running["conclusion"].due_at
    walk.make("pause_for_police", after=DAY)
    walk.make("resume", after=30 * DAY)
    conclusion = walk.case.running["conclusion"]
    assert conclusion.status(walk.at) == "running"
    assert conclusion.first_due_at == first
    assert conclusion.due_at.date() == first.date() + 30 * DAY
    assert len(conclusion.pauses) == 1


def test_a_review_ends_the_pause_too():
    walk = at_state("paused_for_police")
    walk.make("hold_review", after=20 * DAY)
    assert walk.clock("conclusion") == "running"


def test_a_second_pause_adds_to_the_first():
    walk = at_state("investigating")
    walk.make("pause_for_police", after=DAY)
    walk.make("resume", after=10 * DAY)
    walk.make("pause_for_police", after=10 * DAY)
    walk.make("resume", after=10 * DAY)
    conclusion = walk.case.running["conclusion"]
    assert len(conclusion.pauses) == 2
    assert conclusion.due_at.date() == conclusion.first_due_at.date() + 20 * DAY


def test_a_clock_that_has_lapsed_stays_lapsed_through_a_pause():
    walk = at_state("investigating")
    walk.make("pause_for_police", after=120 * DAY)
    assert walk.clock("conclusion") == "lapsed"
    walk.make("resume", after=10 * DAY)
    assert walk.case.running["conclusion"].pauses == ()


def test_the_date_that_an_officer_gave_is_not_moved_by_a_pause():
    walk = at_state("investigating", under(review={"pauses": True}))
    walk.make("pause_for_police", review_on=date(2026, 4, 1))
    assert walk.clock("review") == "running"
    walk.make("resume", after=10 * DAY, review_on=None)
    assert walk.due_on("review") == date(2026, 4, 1)
    assert walk.case.running["review"].rule == ""


def test_a_case_that_leaves_while_paused_leaves_no_clock_behind():
    walk = at_state("paused_for_police")
    walk.make("merge", after=5 * DAY)
    assert walk.case.running == {}
    assert walk.clock("conclusion") == "stopped"


def test_the_reason_for_a_delay_is_asked_each_month_from_the_third():
    walk = at_state("investigating")
    assert walk.due_on("delay_reason_review") == date(2026, 7, 2)
    walk.make("explain_delay", after=timedelta(days=110))
    explained = walk.at.date()
    assert walk.clock("delay_reason_review") == "running"
    assert walk.case.running["delay_reason_review"].occurrence == 2
    assert walk.due_on("delay_reason_review") == date(explained.year, explained.month + 1, explained.day)
    walk.make("explain_delay", after=timedelta(days=28))
    assert walk.case.running["delay_reason_review"].occurrence == 3


def test_a_reason_given_in_the_first_months_leaves_the_monthly_clock_alone():
    walk = at_state("investigating")
    before = walk.case.running["delay_reason_review"]
    walk.make("explain_delay")
    assert walk.case.running["delay_reason_review"] == before


def test_a_clock_that_an_officer_dates_does_not_also_repeat():
    walk = at_state("investigating", under(review={"repeats": True}))
    walk.make("hold_review", review_on=date(2026, 5, 1))
    assert walk.due_on("review") == date(2026, 5, 1)
    assert walk.case.occurrences("review") == 2


def test_a_clock_that_repeats_ends_with_the_states_it_runs_in():
    walk = at_state("investigating", under(conclusion={"repeats": True}))
    walk.make("decide_outcome")
    assert "conclusion" not in walk.case.running


def test_a_council_counts_in_its_own_units_and_closes_when_it_likes():
    rules = under(meeting={"limit": Span(72, Unit.HOUR)}).rules
    practice = Practice(CURRENT, replace(rules, day_ends=time(17)), england())
    walk = Walk("refer", practice=practice)
    assert walk.case.running["meeting"].due_at == MONDAY + 72 * HOUR
    assert walk.case.running["evaluation_decision"].due_at == datetime(2026, 3, 3, 17, tzinfo=UTC)


def test_a_rule_that_a_council_does_not_have_starts_nothing():
    rules = replace(NATIONAL, timescales=tuple(rule for rule in NATIONAL.timescales if rule.key != "meeting"))
    assert "meeting" not in Walk("refer", practice=Practice(CURRENT, rules, england())).case.running


def test_beyond_the_known_holidays_a_date_is_provisional():
    far = PRACTICE.calendar.known_to - timedelta(days=1)
    walk = Walk(at=datetime(far.year, far.month, far.day, 10, tzinfo=UTC))
    walk.make("refer")
    assert walk.case.running["meeting"].provisional

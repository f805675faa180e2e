"""One allegation from the logged referral to closure through the forms alone, and the hard gates on the way."""

from datetime import timedelta

import pytest

from lado.models import Referral
from lado.queries import ledger
from tests.support.browser import words_of
from tests.support.move_forms import address, send
from workflows.facts import AUDIENCES, ONWARD_BODIES


@pytest.fixture
def fill(browser, desk, clock):
    """Fill in and send the form of a move, an hour after the one before."""

    def make(referral, move, expect=200, **typed):
        clock.advance(minutes=10)
        desk.today = clock.now().date()
        boxes = {}
        for name, value in typed.items():
            boxes.update(desk.boxes(name, value) if name.endswith(("_on", "_at")) else {name: value})
        return browser.post(address(referral, move), boxes, status=expect)

    return make


def test_from_the_logged_referral_to_closure_through_forms_alone(browser, caseload, database, people, clock, fill):
    referral = caseload.referral()
    browser.sign_in("olive")

    answer = fill(referral, "meet_threshold", limbs=["1", "3"], rationale="A child was hurt.", police_informed="y")
    assert "Threshold met. Next: " in words_of(answer)
    fill(referral, "set_action", action="Send the log", holder="officer", officer=str(people.olive.id), due_on="+3")
    answer = fill(referral, "arrange_meeting", planned_at="+1 10:00")
    assert "Next: Planned meeting, by 10:00 on Tuesday 3 March" in words_of(answer)
    clock.advance(days=1, hours=2)
    browser.sign_in("olive")
    fill(referral, "hold_meeting", held_at="0 10:00", attendance="Head", decisions="Police first", review_on="+28")
    answer = fill(referral, "pause_for_police", police_lead="DC Example", review_on="+21")
    assert "Paused for the police. Next: " in words_of(answer)
    fill(referral, "hold_review", held_at="0 11:45", progress_police="No charge.", review_on="+14")
    fill(referral, "change_strand", strand="police", status="ended", police_ended_at="0 11:00")
    fill(referral, "investigate", review_on="")
    fill(referral, "propose_outcome", outcome_1="substantiated")
    fill(referral, "decide_outcome", outcome_1="substantiated", rationale="Two people saw it.")
    fill(referral, "follow_up", note="The letters.")
    for audience in AUDIENCES:
        fill(referral, "tell", audience=audience, decision="told", told_on="0", note="By letter.")
    for body in ONWARD_BODIES:
        fill(referral, "decide_onward", body=body, decision="not_needed", note="No ground.")
    answer = fill(referral, "close", closing_note="All is said and done.")

    assert "The case is closed. Next: Action 1" in words_of(answer), "the action stays alive"
    answer = fill(referral, "complete_action", number="1", note="It came.")
    assert "The action is done. Nothing more is due." in words_of(answer)
    with database.reading(people.olive) as act:
        found = act.session.get_one(Referral, referral.id)
        assert (found.state, found.outcome, found.is_open) == ("closed", "substantiated", False)


def test_hard_gate_the_threshold_decision_has_its_limbs_and_reasons(browser, caseload, fill, recorded):
    referral = caseload.referral()
    browser.sign_in("olive")
    before = recorded()

    answer = fill(referral, "meet_threshold", expect=400, rationale="Because.")
    assert "Tick at least one limb of the harm threshold." in answer.text
    answer = fill(referral, "meet_threshold", expect=400, limbs="2")
    assert "Give the reasons for the decision." in answer.text
    for ending in ("advise", "return_to_employer", "no_further_action"):
        answer = fill(referral, ending, expect=400)
        assert "Give the reasons for the decision." in answer.text
        assert "Say who was told." in answer.text

    assert recorded() == before


def test_hard_gate_a_meeting_and_a_review_have_their_dates(browser, caseload, fill, recorded):
    referral = caseload.referral(("meet_threshold",))
    browser.sign_in("olive")
    before = recorded()

    for typed, because in (
        ({"held_at": " ", "review_on": "+28"}, "Enter the day and the time at which it was held."),
        ({"held_at": "0 23:59", "review_on": "+28"}, "This is in the future."),
        ({"held_at": "-400 10:00", "review_on": "+28"}, "This is before the referral was received."),
        ({"held_at": "0 09:00", "review_on": ""}, "Enter the day of the next review."),
        ({"held_at": "0 09:00", "review_on": "0"}, "The next review has to be after today."),
    ):
        assert because in fill(referral, "hold_meeting", expect=400, **typed).text

    assert recorded() == before


def test_hard_gate_a_pause_always_has_a_review_date(browser, caseload, fill, recorded):
    referral = caseload.referral(("meet_threshold", "hold_meeting"))
    browser.sign_in("olive")
    before = recorded()

    answer = fill(referral, "pause_for_police", expect=400, police_lead="DC Example", review_on="")

    assert "Enter the day of the next review." in answer.text
    assert recorded() == before


def test_hard_gate_a_reopened_case_is_not_investigated_without_a_review_date(browser, desk, fill, recorded):
    referral = desk.case_at("reopen")
    desk.caseload.make(referral, "reopen")
    browser.sign_in("olive")
    before = recorded()

    answer = fill(referral, "investigate", expect=400, review_on="")
    assert "Enter the day of the next review." in answer.text
    assert recorded() == before

    fill(referral, "investigate", review_on="+14")


def test_hard_gate_nothing_closes_before_everyone_is_told_and_onward_referrals_are_decided(
    browser, caseload, fill, recorded
):
    referral = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome"))
    browser.sign_in("olive")
    for audience in AUDIENCES:
        fill(referral, "tell", audience=audience, decision="told", told_on="0")
    before = recorded()

    answer = fill(referral, "close", expect=409, closing_note="Done.")

    assert "refer on" in words_of(answer)
    assert "Whether told" not in answer.text
    assert recorded() == before


def test_everything_else_is_recorded_later_and_out_of_order(browser, caseload, fill, clock):
    """No forced march: telling, facts and strands come before the threshold as well as after."""
    referral = caseload.referral()
    browser.sign_in("olive")

    fill(referral, "tell", audience="parents", decision="not_told", reason="The police ask us to wait.")
    fill(referral, "record_fact", fact="lessons_reviewed", note="")
    fill(referral, "decide_onward", body="dbs", decision="employer_refers")
    fill(referral, "explain_delay", delay_reason="capacity")
    fill(referral, "send_minutes")
    fill(referral, "meet_threshold", limbs="4", rationale="Conduct outside work.")


def test_an_event_starts_the_clock_that_reads_it_and_another_meets_it(browser, caseload, database, people, fill):
    referral = caseload.referral()
    browser.sign_in("olive")

    answer = fill(referral, "record_event", event="suspended", happened_at="-1 10:00")
    fill(referral, "record_event", event="suspension_confirmed", happened_at="0 09:00")

    assert "Recorded." in words_of(answer)
    with database.reading(people.olive) as act:
        case = ledger.case_of(act.session, referral.id)
        ended = {clock.key: clock for clock in case.ended}
        assert ended["suspension_confirmed"].met
        assert ended["suspension_confirmed"].started_at.date() == (case.received_at - timedelta(days=1)).date()


@pytest.mark.parametrize("year", ["1900", "1916", "1972", "2016", "2025", "2027", "2028", "2100", "9999"])
def test_a_day_of_any_year_is_saved_or_refused_and_never_a_fault(signed_in, desk, year):
    for move in ("hold_meeting", "arrange_meeting", "record_event", "change_strand", "tell", "set_action", "oversee"):
        referral, typed = desk.case_at(move), desk.typed(move)
        years = {name: year for name in typed if name.endswith("-year")}
        days = {name: "29" for name in typed if name.endswith("-day")}
        months = {name: "3" for name in typed if name.endswith("-month")}
        page = signed_in.get(address(referral, move))

        answer = send(signed_in, referral, move, page, {**typed, **years, **days, **months})

        assert answer.status_code in (302, 400), f"{move} in {year}"
        if answer.status_code == 302:
            signed_in.get(answer.location)

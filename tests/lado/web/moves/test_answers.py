"""What the answers on a form become in the record: facts and codes in the plain part, words in the sealed one."""

from datetime import UTC, datetime

import pytest

from tests.support.browser import words_of
from tests.support.move_forms import address
from workflows.events import MeetingHeld, Noted, OwnerAssigned, Told


def test_attendance_is_a_fact_of_its_own(browser, caseload, desk, events):
    referral = desk.case_at("hold_meeting")
    browser.sign_in("olive")

    browser.post(address(referral, "hold_meeting"), desk.typed("hold_meeting"))

    held = [entry.event for entry in events(referral) if isinstance(entry.event, MeetingHeld)]
    noted = [entry for entry in events(referral) if isinstance(entry.event, Noted)]
    assert held[0].held_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert noted[0].event.answers == {"fact": "attendance_recorded"}
    assert noted[0].words == {"note": "The head teacher"}


def test_words_never_stand_in_the_plain_part(browser, desk, events):
    referral = desk.case_at("offer_transfer")
    browser.sign_in("olive")

    browser.post(address(referral, "offer_transfer"), desk.typed("offer_transfer"))

    entry = next(entry for entry in events(referral) if isinstance(entry.event, Noted))
    assert "Southmere" not in str(entry.event)
    assert entry.words["authority"] == "Southmere Council"


def test_somebody_not_told_needs_a_reason_and_no_day(browser, caseload, desk, events):
    referral = caseload.referral()
    browser.sign_in("olive")
    typed = {"audience": "subject", "decision": "not_told", **desk.boxes("told_on", "+400")}
    page = browser.get(address(referral, "tell"))

    answer = browser.post(address(referral, "tell"), typed, page=page, status=400)
    assert "Give the reason why they are not told." in answer.text

    browser.post(address(referral, "tell"), {**typed, "reason": "The police ask us to wait."}, page=answer)
    told = [entry.event for entry in events(referral) if isinstance(entry.event, Told)]
    assert told == [Told("subject", False, None)]


def test_each_allegation_needs_its_outcome(browser, caseload, recorded):
    more = ({"category": "conduct", "summary": "Shouted."}, {"category": "emotional", "summary": "Named a child."})
    referral = caseload.referral(("meet_threshold", "hold_meeting"), more_allegations=more)
    browser.sign_in("olive")
    before = recorded()
    typed = {"outcome_1": "substantiated", "outcome_3": "false", "rationale": "See the minutes."}

    answer = browser.post(address(referral, "decide_outcome"), typed, status=400)

    assert "Choose the outcome of allegation 2." in answer.text
    assert recorded() == before
    browser.post(address(referral, "decide_outcome"), {**typed, "outcome_2": "unfounded"}, page=answer)
    assert recorded() > before


@pytest.mark.parametrize(
    ("other", "because"),
    [
        ("itself", "of this very case"),
        ("theirs", "No case of yours has this reference"),
        ("NB-222222-2", "No case of yours has this reference"),
        ("merged", "was itself merged"),
    ],
)
def test_a_case_is_merged_only_into_another_one_of_this_council(browser, caseload, people, recorded, other, because):
    referral = caseload.referral()
    cases = {
        "itself": referral.reference,
        "theirs": caseload.referral(who=people.sam).reference,
        "merged": merged_case(caseload),
    }
    browser.sign_in("olive")
    before = recorded()
    typed = {"merged_into": cases.get(other, other), "rationale": "The same.", "told": "The school."}

    answer = browser.post(address(referral, "merge"), typed, status=400)

    assert because in answer.text
    assert recorded() == before


def merged_case(caseload) -> str:
    first, second = caseload.referral(), caseload.referral()
    caseload.make(first, "merge", {"merged_into": second.reference}, {"rationale": "The same.", "told": "Both."})
    return first.reference


def test_a_reference_may_be_written_as_people_write_it(browser, caseload):
    referral, other = caseload.referral(), caseload.referral()
    browser.sign_in("olive")
    typed = {"merged_into": other.reference.lower().replace("-", " "), "rationale": "The same.", "told": "Both."}

    browser.post(address(referral, "merge"), typed)


def test_a_far_review_is_saved_and_pointed_out(browser, desk):
    referral = desk.case_at("oversee")
    browser.sign_in("olive")

    answer = browser.post(address(referral, "oversee"), {**desk.typed("oversee"), **desk.boxes("review_on", "+60")})

    assert "more than six weeks away" in words_of(answer)


def test_a_case_is_not_given_to_someone_who_is_away_with_nobody_to_cover(browser, caseload, away, events, people):
    referral = caseload.referral()
    away(people.dana)
    browser.sign_in("olive")
    page = browser.get(address(referral, "assign"))
    assert "and nobody covers." in words_of(page)

    answer = browser.post(address(referral, "assign"), {"owner": str(people.dana.id)}, page=page, status=400)
    assert "Name a cover first" in answer.text

    browser.post(address(referral, "assign"), {"owner": str(people.carl.id)}, page=answer)
    owners = [entry.event.owner for entry in events(referral) if isinstance(entry.event, OwnerAssigned)]
    assert owners == [people.olive.id, people.carl.id]

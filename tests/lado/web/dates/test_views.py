"""Where does each date come from: source, evidence, who and when, and the original beside its correction."""

from datetime import timedelta

import pytest

from lado.queries.corrections import unopened
from lado.security.identity import SYSTEM
from lado.services import corrections
from lado.services.corrections import NewCorrection
from tests.support.browser import words_of

DAY = timedelta(days=1)


def ask(database, who, case, value, entry=1, name="received_at"):
    with database.work(who) as act:
        return corrections.ask(act, case.id, NewCorrection(entry, name, value, "The note says so."))


def test_every_date_says_where_it_comes_from(browser, caseload, clock):
    case = caseload.referral(
        ("meet_threshold", "arrange_meeting", "hold_meeting"),
        employer_aware_at=clock.now() - DAY,
        employer_aware_precision="approximate",
        incident_from_on=(clock.now() - 2 * DAY).date(),
        incident_precision="exact",
    )

    words = words_of(browser.sign_in("olive").get(f"/referrals/{case.reference}/dates"))

    assert "No date of this case was corrected." in words
    assert "Received Monday 2 March 2026 at 09:30 (exact) Education, telephone call" in words
    assert "Shown by: my note of the call Entry 1 of the record By Olive Officer Monday 2 March 2026 at 09:30" in words
    assert "Recorded Monday 2 March 2026 at 09:30 (exact) This system" in words
    assert "Never: the system’s own clock" in words
    assert "Employer aware Sunday 1 March 2026 at 09:30 (about then)" in words
    assert "Incident, first day Saturday 28 February 2026 (exact)" in words
    assert "Held: record the meeting Monday 2 March 2026 at 09:30 (exact) Given with “Record the meeting”" in words
    assert "Planned for: arrange the meeting Wednesday 4 March 2026 at 09:30" in words
    assert words.count("A plan, not a fact: set a new one to change it") == 2
    assert words.count("Ask to correct") == 4


def test_the_original_stands_beside_its_correction(browser, caseload, clock, database, people):
    case = caseload.referral()
    ask(database, people.olive, case, clock.now() - DAY)
    page = browser.sign_in("mina").get(f"/referrals/{case.reference}/dates")
    assert "1 waiting for a second person" in words_of(page)
    assert f"/referrals/{case.reference}/corrections/1" in page.text

    with database.work(people.mina) as act:
        corrections.decide(act, case.id, 1, agreed=True, clocks="keep", reason="I saw the note.")

    words = words_of(browser.get(f"/referrals/{case.reference}/dates"))
    assert "1 correction agreed. The original always stays beside the correction." in words
    assert (
        "Corrected: Sunday 1 March 2026 at 09:30 First recorded: Monday 2 March 2026 at 09:30 (exact) "
        "Correction 1: agreed From Monday 2 March 2026 at 09:30 to Sunday 1 March 2026 at 09:30 (exact) "
        "Asked by Olive Officer on Monday 2 March 2026 at 09:30: The note says so. "
        "Agreed by Mina Manager on Monday 2 March 2026 at 09:30: I saw the note. Its clocks were kept as they were"
    ) in words


@pytest.mark.parametrize(("who", "says"), [("abe", "An officer can ask for it"), ("dana", "Ask to correct")])
def test_who_may_not_ask_is_told_who_can(browser, caseload, who, says):
    case = caseload.referral()

    assert says in words_of(browser.sign_in(who).get(f"/referrals/{case.reference}/dates"))


def test_an_officer_sees_that_a_correction_waits(browser, caseload, clock, database, people):
    case = caseload.referral()
    ask(database, people.olive, case, clock.now() - DAY)

    page = browser.sign_in("dana").get(f"/referrals/{case.reference}/dates")

    assert "Waiting for a second person" in words_of(page)
    assert f"/referrals/{case.reference}/corrections/1" not in page.text


def test_as_many_statements_for_many_dates_as_for_few(browser, caseload, clock, database, people):
    case = caseload.referral(("meet_threshold", "hold_meeting"))
    browser.sign_in("olive").get(f"/referrals/{case.reference}/dates")
    few = browser.queries
    for number in range(1, 11):
        caseload.make(case, "hold_review")
        ask(
            database,
            people.olive,
            case,
            clock.now() - timedelta(minutes=number),
            last_review(database, case),
            "held_at",
        )

    browser.get(f"/referrals/{case.reference}/dates")

    assert browser.queries == few


def last_review(database, case):
    """The number of the entry that the last review stands in."""
    with database.reading(SYSTEM) as act:
        lines = unopened(act.session, case.id)
    return next(line.number for line in reversed(lines) if getattr(line.event, "move", "") == "hold_review")

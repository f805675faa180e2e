"""As known then: what had been recorded and nothing more, what we know now beside it, and every moment said plainly."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.services import cover
from lado.services.cover import NewAbsence
from lado.web.then.moments import iso
from tests.support.browser import words_of

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def then(reference, at):
    return f"/referrals/{reference}/then?at={iso(at)}"


def links_of(page):
    return [part.split('"', 1)[0] for part in page.text.split('href="')[1:]]


class Late:
    """Olive at a browser: she signs in when she first looks, after what the test lets happen."""

    def __init__(self, browser):
        self.browser = browser
        self.is_in = False

    def get(self, path, status=200):
        if not self.is_in:
            self.browser.sign_in("olive")
            self.is_in = True
        return self.browser.get(path, status)

    @property
    def queries(self):
        return self.browser.queries


@pytest.fixture
def olive(browser):
    return Late(browser)


def test_a_case_shows_only_what_had_been_recorded(olive, caseload, clock):
    case = caseload.referral()
    clock.advance(days=1)
    caseload.make(case, "meet_threshold")
    clock.advance(days=1)
    caseload.make(case, "hold_meeting")

    words = words_of(olive.get(then(case.reference, MORNING + timedelta(hours=25))))

    assert "As known on Tuesday 3 March 2026 at 10:30" in words
    assert "Where the page says “today” or “now”, it means Tuesday 3 March 2026." in words
    assert "Threshold met" in words or "Evaluating" in words or "Initial evaluation" in words
    assert "Meeting 1 held" not in words
    assert "Nothing that was recorded since changes what held then." in words


def test_nothing_can_be_changed_in_the_past(olive, caseload, clock):
    case = caseload.referral()
    clock.advance(hours=5)
    page = olive.get(then(case.reference, MORNING + timedelta(hours=1)))

    assert 'method="post"' not in page.text.split("<main", 1)[1].split("</main>")[0]
    assert not [link for link in links_of(page) if "/moves/" in link or "/clocks/" in link]


def test_before_the_first_recording_nothing_was_known(olive, caseload, clock):
    clock.advance(hours=5)
    case = caseload.referral(received_at=MORNING, late_reason="The line was down.")

    page = olive.get(then(case.reference, MORNING + timedelta(hours=1)))

    words = words_of(page)
    assert "Nothing had been recorded of this case. It was first recorded on Monday 2 March 2026 at 14:30." in words
    assert "State Nothing was recorded yet Received" in words
    assert "Robin" not in page.text
    assert "Threshold decision Nothing was recorded yet Running" in words


def test_before_a_case_was_received_there_is_nothing_to_know(olive, caseload, clock):
    clock.advance(hours=5)
    case = caseload.referral()

    words = words_of(olive.get(then(case.reference, MORNING)))

    assert "0 of the" in words
    assert "Nothing that was recorded since changes what held then." in words
    assert "Nothing had been recorded of this case." in words
    assert "Who has looked" in words


def test_what_was_recorded_later_stands_beside_what_was_known(olive, caseload, clock):
    case = caseload.referral(("meet_threshold",))
    held_at = clock.now() + timedelta(days=1)
    clock.advance(days=3)
    caseload.make(case, "hold_meeting", {"held_at": held_at, "review_on": (held_at + timedelta(days=14)).date()})

    words = words_of(olive.get(then(case.reference, held_at + timedelta(hours=1))))

    assert "Some of what held then was recorded later, or corrected since." in words
    assert "Met on Tuesday 3 March 2026 at 09:30" in words
    assert f"As known on {held_at:%A}" in words


def test_one_walks_through_the_history_by_its_recordings(olive, caseload, clock):
    case = caseload.referral()
    clock.advance(days=1)
    caseload.make(case, "meet_threshold")
    clock.advance(days=1)

    page = olive.get(f"/referrals/{case.reference}/then")
    assert "Everything that is recorded today had been recorded by then." in page.text
    assert "Later recording" not in page.text
    seen = []
    for _ in range(2):
        link = next(part for part in links_of(page) if "then?at=" in part)
        page = olive.get(link.replace("&amp;", "&"))
        seen.append(words_of(page))
    assert "As known on Tuesday 3 March 2026 at 09:30" in seen[0]
    assert "As known on Monday 2 March 2026 at 09:30" in seen[1]
    assert "Earlier recording" not in seen[1]
    assert "Later recording: Tuesday 3 March 2026 at 09:30" in seen[1]


def test_the_case_leads_to_its_past_and_the_queue_to_its_own(olive, caseload):
    case = caseload.referral()

    assert f"/referrals/{case.reference}/then" in links_of(olive.get(f"/referrals/{case.reference}"))
    assert "/then" in links_of(olive.get("/"))


def test_the_queue_shows_who_had_what_and_what_had_lapsed(olive, caseload, clock, people):
    first = caseload.referral()
    second = caseload.referral(who=people.dana)
    clock.advance(days=3)
    caseload.make(first, "no_further_action")
    third = caseload.referral()

    page = olive.get(f"/then?at={iso(clock.now() - timedelta(hours=1))}")

    words = words_of(page)
    assert "2 cases were open. The next clock of 2 of them had lapsed." in words
    assert first.reference in page.text
    assert second.reference in page.text
    assert third.reference not in page.text
    assert "Dana Deputy 1 1" in words
    assert "Robin" not in page.text
    assert "1 case was open" not in words
    assert "0 cases were open" in words_of(olive.get(f"/then?at={iso(MORNING - timedelta(hours=1))}"))


def test_counts_lead_to_their_cases(olive, caseload, clock, people):
    first = caseload.referral()
    second = caseload.referral(("meet_threshold",), who=people.dana)
    at = iso(clock.now())

    by_owner = olive.get(f"/then?at={at}&owner={people.dana.id}")
    by_state = olive.get(f"/then?at={at}&state=received")
    lapsed = olive.get(f"/then?at={at}&lapsed=yes")

    assert second.reference in by_owner.text
    assert first.reference not in by_owner.text
    assert first.reference in by_state.text
    assert second.reference not in by_state.text
    assert "No case was open" in lapsed.text
    assert "Open cases of Dana Deputy" in by_owner.text


def test_a_case_that_was_recorded_later_is_named_beside_the_queue(olive, caseload, clock):
    clock.advance(hours=5)
    case = caseload.referral(received_at=MORNING, late_reason="The line was down.")

    words = words_of(olive.get(f"/then?at={iso(MORNING + timedelta(hours=1))}"))

    assert "Received by then and recorded later: 1 case" in words
    assert f"{case.reference} Monday 2 March 2026 at 09:30 Monday 2 March 2026 at 14:30" in words


def test_the_queue_says_what_we_know_now(olive, caseload, clock):
    case = caseload.referral(("meet_threshold",))
    held_at = clock.now() + timedelta(hours=1)
    clock.advance(days=1)
    caseload.make(case, "hold_meeting", {"held_at": held_at, "review_on": (held_at + timedelta(days=14)).date()})
    other = caseload.referral()

    words = words_of(olive.get(f"/then?at={iso(held_at + timedelta(minutes=1))}"))

    assert "State: Meeting held" in words
    assert "First meeting: Met" in words
    assert other.reference not in words


def test_cover_is_shown_as_it_was_recorded_then(olive, caseload, clock, database, people):
    caseload.referral()
    at = clock.now()
    clock.advance(hours=1)
    leave = NewAbsence(people.olive.id, "leave", at, at + timedelta(days=5), people.carl.id)
    with database.work(people.mina) as act:
        cover.book_leave(act, leave)
    before, after = iso(at + timedelta(minutes=1)), iso(clock.now())

    assert "Carl Cover covers" not in words_of(olive.get(f"/then?at={before}"))
    assert "Away: Carl Cover covers" in words_of(olive.get(f"/then?at={after}"))


def test_pages_go_on_by_key_and_cost_as_much_for_many_rows_as_for_few(olive, caseload, clock):
    for _ in range(3):
        caseload.referral()
    olive.get(f"/then?at={iso(clock.now())}")
    few = olive.queries
    for _ in range(27):
        caseload.referral()

    first = olive.get(f"/then?at={iso(clock.now())}")
    assert olive.queries == few
    following = next(link for link in links_of(first) if "after=" in link)
    second = olive.get(following.replace("&amp;", "&"))
    seen = [page.text.count("queue__reference") for page in (first, second)]
    assert seen == [25, 5]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("at=soon", "The address does not name a moment. Choose a day and a time."),
        ("at=2027-01-01T00:00:00Z", "Choose a moment that has passed."),
        ("moment-day=1&moment-month=1&moment-year=2027&moment-time=10:00", "Choose a moment that has passed."),
        ("moment-day=29&moment-month=3&moment-year=2025&moment-time=", "Enter the time like 15:40."),
        ("moment-day=30&moment-month=3&moment-year=2025&moment-time=01:30", "The clocks went forward over this time"),
        ("moment-day=&moment-month=&moment-year=&moment-time=", "Enter a day and a time."),
        ("moment-day=31&moment-month=2&moment-year=2026&moment-time=10:00", "There is no such day."),
    ],
)
@pytest.mark.parametrize("place", ["/then", "/referrals/{}/then"])
def test_a_moment_that_cannot_be_is_said_beside_its_boxes(olive, caseload, place, query, words):
    page = olive.get(f"{place.format(caseload.referral().reference)}?{query}", status=400)

    assert "There is a problem" in page.text
    assert words_of(page).count(words) == 2


def test_a_chosen_moment_becomes_an_address_and_the_repeated_hour_says_which(olive, caseload, clock):
    clock.move_to(datetime(2026, 11, 2, 9, tzinfo=UTC))
    caseload.referral()
    query = "moment-day=25&moment-month=10&moment-year=2026&moment-time=01:30"

    page = olive.get(f"/then?{query}")

    assert page.request.args["at"] == "2026-10-25T00:30:00Z"
    words = words_of(page)
    assert "On Sunday 25 October 2026 at 01:30 (summer time)" in words
    assert "this time came twice. The other one was in winter time." in words
    other = next(link for link in links_of(page) if "01%3A30%3A00Z" in link or "01:30:00Z" in link)
    assert "at 01:30 (winter time)" in words_of(olive.get(other.replace("&amp;", "&")))


def test_another_council_s_case_answers_as_one_that_does_not_exist(olive, caseload, people):
    case = caseload.referral(who=people.sam)

    olive.get(then(case.reference, MORNING), status=404)
    assert case.reference not in olive.get(f"/then?at={iso(MORNING)}").text

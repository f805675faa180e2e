"""Home: what needs me now, most urgent first, counted, and in as many statements for few rows as for many."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lado.models import Absence, CaseClock, Escalation
from lado.queries.queue import After
from lado.services import moves
from lado.web.queue.presenters import cursor, read_cursor
from tests.support.browser import words_of


def references(page):
    rows = page.text.split('class="govuk-link queue__reference"')[1:]
    return [row.split(">", 1)[1].split("<", 1)[0] for row in rows]


def captions(page):
    return [part.split("</caption>")[0].split(">", 1)[1] for part in page.text.split("<caption")[1:]]


def away(database, clock, who, cover, days=5, by=None):
    with database.work(by or who) as act:
        act.session.add(
            Absence(
                authority_id=who.authority,
                account_id=who.id,
                kind="leave",
                from_at=clock.now() - timedelta(hours=1),
                until_at=clock.now() + timedelta(days=days),
                cover_id=cover.id if cover else None,
                recorded_by_id=who.id,
                recorded_at=clock.now(),
                cancelled_at=None,
            )
        )


def test_an_empty_home_says_what_will_appear_and_how_to_begin(browser):
    page = browser.sign_in("olive").get("/")

    assert "Nothing is waiting" in page.text
    assert page.text.count('href="/referrals/new"') >= 2
    assert captions(page) == []


def test_a_row_says_the_one_next_thing_and_by_when_with_initials_only(browser, caseload):
    case = caseload.referral()

    page = browser.sign_in("olive").get("/")

    words = words_of(page)
    assert case.reference in page.text
    assert "R.S., Willow Lane Primary School" in words
    assert "Threshold decision by the end of Tuesday 3 March: 1 working day left Due soon" in words
    assert "Olive Officer" in words
    assert "Robin" not in page.text
    assert "Sample" not in page.text


def test_the_most_urgent_case_comes_first_and_groups_are_counted(browser, caseload, clock):
    later = caseload.referral(("meet_threshold", "hold_meeting", "investigate"))
    lapsed = caseload.referral()
    clock.advance(days=1)
    today = caseload.referral(("ask_information",), who=None)
    clock.advance(days=6)  # Monday 9 March: the first is late, the last is due
    fresh = caseload.referral()

    page = browser.sign_in("olive").get("/")

    assert references(page)[0] == lapsed.reference
    assert set(references(page)) == {later.reference, lapsed.reference, today.reference, fresh.reference}
    assert captions(page)[0].startswith("Lapsed:")
    assert sum(int(caption.split(": ")[1].split()[0]) for caption in captions(page)) == 4


@pytest.mark.parametrize(
    ("now", "group"),
    [
        (datetime(2026, 6, 9, 21, 59, tzinfo=UTC), "Due today: 1 case"),  # 22:59 in London
        (datetime(2026, 6, 9, 22, 30, tzinfo=UTC), "Due today: 1 case"),  # 23:30 in London, the day still runs
        (datetime(2026, 6, 9, 22, 59, 59, tzinfo=UTC), "Due today: 1 case"),  # the last second of the day
        (datetime(2026, 6, 9, 23, 0, tzinfo=UTC), "Lapsed: 1 case"),  # midnight in London, still Tuesday in UTC
        (datetime(2026, 6, 8, 23, 30, tzinfo=UTC), "Due today: 1 case"),  # 00:30 of the due day in London
        (datetime(2026, 6, 8, 22, 30, tzinfo=UTC), "Next five working days: 1 case"),  # 23:30 of the day before
    ],
)
def test_a_case_falls_into_the_group_of_the_day_it_is_in_london(browser, caseload, clock, now, group):
    clock.move_to(datetime(2026, 6, 8, 10, tzinfo=UTC))  # a Monday in summer; decided by the end of Tuesday
    caseload.referral()
    clock.move_to(now)

    assert captions(browser.sign_in("olive").get("/")) == [group]


def test_the_fifth_working_day_is_soon_and_the_sixth_is_later(browser, caseload, clock, database):
    for day in (9, 10):  # Monday 2 March: the fifth working day is Monday 9 March
        case = caseload.referral(("meet_threshold", "hold_meeting", "investigate"))
        with database.work(caseload.officer) as act:
            answers = {"held_at": clock.now(), "review_on": datetime(2026, 3, day).date()}  # noqa: DTZ001 - a day
            moves.make(act, case.id, "hold_review", answers)

    assert captions(browser.sign_in("olive").get("/")) == ["Next five working days: 1 case", "Later: 1 case"]


def test_cases_of_someone_away_appear_for_the_cover_with_the_reason(browser, caseload, clock, database, people):
    case = caseload.referral()
    away(database, clock, people.olive, people.carl)

    page = browser.sign_in("carl").get("/")

    assert references(page) == [case.reference]
    words = words_of(page)
    assert "You cover for Olive Officer until 09:30 on Saturday 7 March: 1 open case" in words
    assert "Away: you cover until 09:30 on Saturday 7 March" in words
    assert references(browser.get("/?show=covered")) == [case.reference]
    assert references(browser.get("/?show=mine")) == []


def test_a_chain_of_cover_is_named_and_nobody_is_said(browser, caseload, clock, database, people):
    caseload.referral()
    away(database, clock, people.olive, people.carl)
    away(database, clock, people.carl, people.dana, days=2)

    dana = browser.sign_in("dana").get("/")
    assert "Away: you cover (Carl Cover away too) until 09:30 on Wednesday 4 March" in words_of(dana)

    away(database, clock, people.dana, None)
    everyone = browser.get("/?show=everyone")
    assert "Nobody is there for them" in words_of(everyone)


def test_filters_count_their_rows(browser, caseload, people):
    for _ in range(3):
        caseload.referral()
    caseload.referral(who=people.carl)

    browser.sign_in("olive")

    for show, expected in (("mine", 3), ("everyone", 4), ("covered", 0), ("for-me", 3)):
        page = browser.get(f"/?show={show}")
        assert len(references(page)) == expected
        words = words_of(page)
        assert "My own 3" in words
        assert "Everyone’s 4" in words


def test_pages_go_by_key_and_no_case_is_lost_or_shown_twice(browser, caseload):
    made = {caseload.referral().reference for _ in range(28)}  # all due at the same instant

    browser.sign_in("olive")
    first = browser.get("/")
    link = first.text.split('class="govuk-link govuk-pagination__link" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(link)

    assert len(references(first)) == 25
    assert "28 cases, 25 of them on this page" in first.text
    assert set(references(first)) | set(references(second)) == made
    assert not set(references(first)) & set(references(second))


@pytest.mark.parametrize("text", ["", "x", "~", "2026-03-02~1", "2026-03-02T10:00:00+00:00~x", "~5", "0~" + "9" * 40])
def test_a_broken_cursor_begins_at_the_beginning(browser, caseload, text):
    assert read_cursor(text) is None
    case = caseload.referral()
    assert references(browser.sign_in("olive").get(f"/?after={text}&show=nonsense")) == [case.reference]


def test_a_cursor_comes_back_as_it_went():
    after = After(datetime(2026, 3, 2, 9, 30, 0, 5, tzinfo=UTC), 12)

    assert read_cursor(cursor(after)) == after
    assert read_cursor(cursor(after).replace("+", " ")) == after


def test_many_cases_take_as_many_statements_as_few(browser, caseload, clock, database, people):
    away(database, clock, people.carl, people.olive)
    browser.sign_in("olive")
    for who in (people.olive, people.carl, people.olive):
        caseload.referral(who=who)
    browser.get("/")
    few = browser.queries

    for number in range(27):
        caseload.referral(who=people.carl if number % 3 else people.olive)
    browser.get("/")

    assert browser.queries == few
    assert few <= 24, "the frame, the session and the queue"


def test_what_waits_for_me_is_shown_apart(browser, caseload, clock, database, people):
    case = caseload.referral(("meet_threshold",))
    due_on = (clock.now() + timedelta(days=2)).date()
    with database.work(people.olive) as act:
        answers = {"due_on": due_on, "holder": "officer", "user": people.carl.id}
        moves.make(act, case.id, "set_action", answers, {"action": "Ask for the rota."})

    page = browser.sign_in("carl").get("/?show=mine")

    assert captions(page) == ["Waiting for my answer: 1"]
    assert "An action that you hold" in page.text
    assert "Ask for the rota" not in page.text


def test_an_escalation_waits_until_it_is_answered(browser, caseload, clock, database, people):
    case = caseload.referral()
    clock.advance(days=3)
    with database.work(people.system) as act:
        clock_id = act.session.connection().exec_driver_sql(
            f"SELECT id FROM case_clock WHERE referral_id = {case.id} AND key = 'evaluation_decision'"
        )
        raised = Escalation(
            clock_id=clock_id.scalar_one(),
            referral_id=case.id,
            rung="service_manager",
            occurrence=1,
            due_at=clock.now(),
            recorded_at=clock.now(),
            told_id=people.mina.id,
            chain=str(people.mina.id),
        )
        act.session.add(raised)

    page = browser.sign_in("mina").get("/")

    assert captions(page) == ["Waiting for my answer: 1"]
    assert "Escalated to you: the service manager" in page.text
    assert 'href="/escalations">Answer' in page.text

    with database.work(people.system) as act:
        act.session.get_one(Escalation, raised.id).acknowledged_at = clock.now()
    assert "Nothing is waiting" in browser.get("/").text


def test_another_authority_sees_nothing_of_it(browser, caseload):
    caseload.referral()

    page = browser.sign_in("sam").get("/?show=everyone")

    assert references(page) == []


def test_a_partner_does_not_come_here(browser):
    browser.sign_in("pat").get("/", status=403)


@pytest.mark.parametrize("name", ["abe", "dee", "bea"])
def test_those_who_own_no_case_begin_with_everyones(browser, caseload, name):
    case = caseload.referral()

    page = browser.sign_in(name).get("/")

    assert references(page) == [case.reference]
    assert ("Log a referral</a>" in page.text.split("<main")[1]) is (name == "bea")


def test_a_reminder_about_my_own_case_asks_for_no_answer(browser, caseload, clock, database, people):
    case = caseload.referral()
    with database.work(people.system) as act:
        clock_id = act.session.scalars(select(CaseClock.id).where(CaseClock.referral_id == case.id).limit(1)).one()
        for told, rung in ((people.olive, "warning 80"), (people.mina, "warning 80 service_manager")):
            act.session.add(
                Escalation(
                    clock_id=clock_id,
                    referral_id=case.id,
                    rung=rung,
                    occurrence=1,
                    due_at=clock.now(),
                    recorded_at=clock.now(),
                    told_id=told.id,
                    chain=str(told.id),
                )
            )

    assert captions(browser.sign_in("olive").get("/")) == ["Next five working days: 1 case"]
    assert "escalated to you" not in browser.get(f"/referrals/{case.reference}").text
    browser.post("/sign-out", {}, page=browser.get("/"))
    assert captions(browser.sign_in("mina").get("/")) == ["Waiting for my answer: 1"]

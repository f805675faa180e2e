"""Escalations on the page: why it came to me, the ladder so far and next, answering it, and what could not be done."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from lado.jobs import escalation as job
from lado.models import CaseClock, Escalation, Notice, SetAside
from lado.security.identity import SYSTEM
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.addresses import hidden
from tests.support.browser import Browser, words_of

LAPSED = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
AT_THE_COVER = datetime(2026, 3, 4, 15, tzinfo=UTC)


@pytest.fixture
def lapse(database, clock, caseload):
    """Let a case lapse unseen: logged on Monday, found at the instant."""

    def lapsed(at=LAPSED, **changes):
        referral = caseload.referral(**changes)
        clock.move_to(at)
        job.run_pass(database)
        return referral

    return lapsed


def away(database, people, person, covering=None):
    with database.work(people.mina) as act:
        new = NewAbsence(person.id, "leave", act.at, act.at + timedelta(days=9), covering.id if covering else None)
        cover.book_leave(act, new)


def another(browser, name):
    """Somebody else at a browser of their own."""
    return Browser(browser.app, browser.database).sign_in(name)


def test_nothing_waits_on_a_quiet_day(browser):
    assert "Nothing waits for you" in browser.sign_in("olive").get("/escalations").text
    assert "Nothing was reached" in browser.get("/escalations?show=all").text
    assert "Somebody was always there" in browser.get("/escalations?show=nobody").text


def test_the_owner_sees_what_lapsed_and_who_hears_next(browser, lapse):
    referral = lapse()

    page = words_of(browser.sign_in("olive").get("/escalations"))

    assert f"{referral.reference} Threshold decision" in page
    assert "Late by 1 working day: was due by the end of Tuesday 3 March" in page
    assert "It came to you as the accountable officer." in page
    assert "The accountable officer: Olive Officer, 23:59 on Tuesday 3 March" in page
    assert "Hears next: The cover, 13:00 today." in page


def test_a_list_shows_initials_until_a_case_is_opened(browser, lapse):
    lapse()

    page = browser.sign_in("olive").get("/escalations").text

    assert "R.S." in page
    assert "Robin" not in page


def test_the_cover_sees_why_it_came_to_them(browser, lapse, database, people):
    away(database, people, people.olive, people.carl)
    lapse()

    page = words_of(browser.sign_in("carl").get("/escalations"))

    assert "It came to you in the place of the accountable officer. Olive Officer was asked first." in page
    assert "Nothing waits for you" in another(browser, "dana").get("/escalations").text


def test_a_person_says_that_they_deal_with_it(browser, lapse, database, people):
    referral = lapse()
    page = browser.sign_in("olive").get("/escalations")
    address = page.text.split('action="/escalations/')[1].split('"')[0]

    answer = browser.post(f"/escalations/{address}", {}, page=page)

    assert f"{referral.reference}: noted that you deal with it" in answer.text
    assert "Nothing waits for you" in answer.text
    everyone = words_of(browser.get("/escalations?show=all"))
    assert "Olive Officer deals with it since 09:30 today" in everyone
    assert "Hears next: The cover" in everyone
    with database.reading(people.olive) as act:
        waiting = act.session.scalars(
            select(Escalation.id).where(Escalation.told_id == people.olive.id, Escalation.acknowledged_at.is_(None))
        ).all()
        assert waiting == []


def test_saying_it_twice_changes_nothing(browser, lapse, database, people, clock):
    lapse()
    page = browser.sign_in("olive").get("/escalations")
    address = "/escalations/" + page.text.split('action="/escalations/')[1].split('"')[0]
    browser.post(address, {}, page=page)
    clock.advance(minutes=5)

    browser.post(address, {}, page=page)

    with database.reading(people.olive) as act:
        assert set(act.session.scalars(select(Escalation.acknowledged_at))) == {LAPSED}


@pytest.mark.parametrize("data", [{"form_token": "stale"}, {"form_token": ["a" * 20, "b" * 20]}])
def test_a_stale_token_answers_in_words(browser, lapse, data):
    lapse()
    page = browser.sign_in("olive").get("/escalations")
    address = "/escalations/" + page.text.split('action="/escalations/')[1].split('"')[0]

    answer = browser.client.post(address, data={"csrf_token": "stale"} | data)

    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["0", "999999", "9" * 30, "x"])
def test_an_escalation_that_never_was_does_not_exist(browser, name):
    page = browser.sign_in("olive").get("/referrals/new")

    browser.post(f"/escalations/{name}/acknowledge", {}, page=page, status=404)


def test_another_council_neither_sees_nor_answers(browser, lapse, database, people):
    referral = lapse()
    with database.reading(people.olive) as act:
        escalation = hidden(browser.app, act.session.scalars(select(Escalation.id)).first())
    browser.sign_in("sam")

    page = browser.get("/escalations?show=all")

    assert referral.reference not in page.text
    browser.post(
        f"/escalations/{escalation}/acknowledge",
        {},
        page=browser.get("/referrals/new"),
        status=404,
    )


def test_those_who_only_read_see_everything_and_answer_nothing(browser, lapse, database, people):
    referral = lapse()
    with database.reading(people.olive) as act:
        escalation = hidden(browser.app, act.session.scalars(select(Escalation.id)).first())

    page = browser.sign_in("abe").get("/escalations")

    assert referral.reference in page.text
    assert "I am dealing with it" not in page.text
    browser.post(f"/escalations/{escalation}/acknowledge", {}, page=page, status=404)


def test_what_found_nobody_has_a_list_of_its_own(browser, lapse, database, people):
    away(database, people, people.olive)
    referral = lapse(AT_THE_COVER)

    page = words_of(browser.sign_in("mina").get("/escalations?show=nobody"))

    assert referral.reference in page
    assert "nobody was there" in page


def test_a_ladder_that_ends_with_nobody_is_said_at_the_top(browser, lapse, database, people):
    for person in (people.olive, people.carl, people.dana, people.mina, people.hal):
        away(database, people, person)
    lapse(datetime(2026, 3, 9, 9, 30, tzinfo=UTC))

    assert "1 timescale found nobody" in browser.sign_in("olive").get("/escalations").text


def test_what_is_recorded_since_is_no_longer_late(browser, lapse, caseload):
    referral = lapse()
    caseload.make(referral, "meet_threshold")

    page = words_of(browser.sign_in("olive").get("/escalations?show=all"))

    assert "Recorded since" in page
    assert "Nobody else: it is recorded." in page
    assert "Nothing waits for you" in browser.get("/escalations").text


def test_what_could_not_be_done_is_listed(browser, lapse, database, people, clock):
    lapse()
    with database.work(SYSTEM) as act:
        meeting = act.session.scalars(select(CaseClock.id).where(CaseClock.key == "meeting")).one()
        act.session.add(
            SetAside(
                clock_id=meeting,
                problem="BeyondCalendar",
                since_at=act.at,
                tries=2,
                next_try_at=act.at + timedelta(minutes=4),
            )
        )
        act.session.execute(update(Notice).values(state="failed", failure="the mail server said 550"))

    page = words_of(browser.sign_in("olive").get("/escalations"))

    assert "Could not be escalated, and tried again" in page
    assert "BeyondCalendar" in page
    assert "The mail server said 550" in page
    assert "A message could not be delivered" in page


def test_nobody_on_cover_stands_on_every_page_of_that_council(browser, caseload, database, people):
    caseload.referral()
    away(database, people, people.olive)

    assert "Nobody is there for Olive Officer, who has 1 open case." in browser.sign_in("bea").get("/cover").text
    assert "Nobody is there for Olive" not in another(browser, "sam").get("/cover").text


@pytest.mark.parametrize("query", ["show=nonsense", "show=all&before=x", "show=all&before=" + "9" * 40, "before=-1"])
def test_an_address_of_nonsense_does_no_harm(browser, lapse, query):
    lapse()

    browser.sign_in("olive").get(f"/escalations?{query}")


def test_pages_go_on_by_key(browser, lapse, caseload, database, people):
    for _ in range(26):
        caseload.referral()
    lapse()
    with database.reading(people.olive) as act:
        assert act.session.scalar(select(func.count()).select_from(Escalation)) > 50

    page = browser.sign_in("olive").get("/escalations?show=all")

    assert "Next page" in page.text
    following = page.text.split('href="/escalations?show=all&amp;before=')[1].split('"')[0]
    assert "Next page" not in browser.get(f"/escalations?show=all&before={following}").text


def test_the_page_costs_the_same_with_twenty_lapses_as_with_three(browser, lapse, caseload, clock):
    for _ in range(2):
        caseload.referral()
    lapse()
    browser.sign_in("olive").get("/escalations?show=all")
    few = browser.queries
    monday = LAPSED - timedelta(days=2)
    clock.move_to(monday)
    for _ in range(17):
        caseload.referral()
    lapse()
    browser.sign_in("olive").get("/escalations?show=all")

    assert browser.queries == few

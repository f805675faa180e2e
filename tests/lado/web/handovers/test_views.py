"""What one inherits: a briefing for each case, accepting or saying why not, and what happened while one was away."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from lado.jobs.handovers import run_pass
from lado.models import Account, HandOver, ReadEntry
from lado.queries import briefings
from lado.security.identity import SYSTEM
from lado.services import accounts, conflicts, cover, rotas
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence
from lado.services.rotas import NewPattern
from lado.web.who_has import owner_and_cover
from tests.support.browser import words_of
from tests.support.passes import at
from workflows.office import USUAL_HOURS

TUESDAY, SATURDAY = at("2026-03-03T00:00"), at("2026-03-07T00:00")


@pytest.fixture
def tick(database, clock):
    """Runs one pass as at an instant."""

    def one_pass(when):
        clock.move_to(at(when))
        return run_pass(database)

    return one_pass


@pytest.fixture
def olive_away(database, people):
    """Olive is away from Tuesday to Friday, and Carl covers."""
    with database.work(people.mina) as act:
        return cover.book_leave(act, NewAbsence(people.olive.id, "leave", TUESDAY, SATURDAY, people.carl.id)).absence.id


@pytest.fixture
def case(caseload):
    """A case that met the threshold, with an action for the school and the police in it, whose subject is not told."""
    made = caseload.referral(("meet_threshold",))
    due_on = (caseload.clock.now() + timedelta(days=3)).date()
    caseload.make(made, "set_action", {"due_on": due_on, "holder": "outsider"}, {"action": "Send the rota."})
    caseload.make(made, "change_strand", {"strand": "police", "status": "open"}, {})
    caseload.make(
        made, "tell", {"audience": "subject", "decision": "not_told"}, {"reason": "The police ask us to wait."}
    )
    return made


def test_nothing_is_handed_over(browser):
    assert "Nothing is handed over to you" in browser.sign_in("carl").get("/cover/handover").text


def test_the_list_says_in_short_what_one_has_inherited(browser, case, olive_away, tick):
    tick("2026-03-03T09:00")
    page = words_of(browser.sign_in("carl").get("/cover/handover"))

    assert "Olive Officer is away until the end of Friday 6 March." in page
    assert "Waiting for my answer: 1" in page
    assert "Referral about R.S., Willow Lane Primary School, received on Monday 2 March." in page
    assert "since Monday 2 March" in page
    assert "The harm threshold is met. 1 action open." in page
    assert "before the police agree" in page
    assert "Do not tell the adult. They are not told for a recorded reason." in page
    assert "Action 1 is with someone without an account, by the end of Thursday 5 March" in page
    everybody_else = (
        "the referrer, the employer, the parents or carers, the child, the regulator, the placing authority"
    )
    assert f"Still to hear from us: {everybody_else}." in page
    assert "Olive Officer, 09:30 on Monday 2 March" in page
    assert "Olive Officer stays the accountable officer, and is away until the end of Friday 6 March." in page
    assert not any(words in page for words in ("Robin", "Send the rota", "ask us to wait"))


def test_a_briefing_has_the_words_and_is_a_recorded_look(browser, case, olive_away, tick, database, people):
    tick("2026-03-03T09:00")
    page = words_of(browser.sign_in("carl").get(f"/cover/handover/{case.reference}"))

    assert "Robin Sample" in page
    assert "Send the rota." in page
    assert "They are not told: The police ask us to wait." in page
    assert "naming them is an offence" in page
    with database.reading(SYSTEM) as act:
        looks = act.session.scalars(select(ReadEntry.page).where(ReadEntry.referral_id == case.id)).all()
        assert looks == ["handovers.show"]


def test_a_briefing_of_a_case_that_is_with_its_owner(browser, case):
    page = words_of(browser.sign_in("olive").get(f"/cover/handover/{case.reference}"))

    assert "This case is not handed over to you now." in page
    assert "Olive Officer is the accountable officer." in page


def test_accept_one_and_then_the_rest(browser, caseload, olive_away, tick):
    cases = [caseload.referral() for _ in range(3)]
    tick("2026-03-03T09:00")
    browser.sign_in("carl")
    home = browser.get("/")
    assert "Hand-overs waiting for my answer: 3" in home.text

    page = browser.get("/cover/handover")
    page = browser.post(f"/cover/handover/{cases[0].reference}/accept", {}, page=page)
    assert f"{cases[0].reference} is with you until your colleague is back." in page.text
    stale = browser.get("/cover/handover")
    page = browser.post("/cover/handover/accept-all", {}, page=page)

    assert "Accepted: 2 cases." in page.text
    assert "With me until they are back: 3" in page.text
    home = browser.get("/")
    assert "Hand-overs waiting" not in home.text
    assert "Read the briefings of what you have inherited" in home.text
    again = browser.post("/cover/handover/accept-all", {}, page=stale)
    assert "Nothing waits for your answer any more." in again.text


def test_saying_why_not_passes_the_case_on(browser, case, olive_away, tick, people, database):
    tick("2026-03-03T09:00")
    browser.sign_in("carl")
    address = f"/cover/handover/{case.reference}"
    stale, page = browser.get(address), browser.get(address)

    page = browser.post(f"{address}/refuse", {"reason": ""}, page=page, status=400)
    assert "Say why not, so that the next person knows." in page.text
    page = browser.post(f"{address}/refuse", {"reason": "I know the family."}, page=page)

    assert f"{case.reference} was offered to Mina Manager instead" in page.text
    record = browser.get(f"/referrals/{case.reference}/record")
    assert "Carl Cover could not take the hand-over" in record.text
    assert "I know the family." in record.text
    page = browser.post(f"{address}/refuse", {"reason": "Once more."}, page=stale, status=409)
    assert "This case is not handed over to you now. Somebody else has it" in page.text
    assert "Once more." in page.text, "what was typed is given back"

    browser.client = browser.app.test_client()
    mina = browser.sign_in("mina")
    inherited = words_of(mina.get("/cover/handover"))
    assert "Carl Cover could not take it." in inherited
    last = inherited.partition("Last recorded:")[2].partition("What not to do")[0]
    assert "Olive Officer, 09:30 on Monday 2 March" in last, "what Olive did last on the case, not the hand-over"
    assert "Carl Cover could not take it: I know the family." in mina.get(address).text


def test_after_a_refusal_the_case_is_with_the_next_person_on_every_page(browser, case, caseload, olive_away, tick):
    kept = caseload.referral()
    tick("2026-03-03T09:00")
    browser.sign_in("carl")
    address = f"/cover/handover/{case.reference}"
    browser.post(f"{address}/refuse", {"reason": "I know the family."}, page=browser.get(address))
    instead = "Away: Mina Manager covers (Carl Cover could not take it) until the end of Friday 6 March"

    assert instead in words_of(browser.get(f"/referrals/{case.reference}")), "and Carl may still read it"
    home = words_of(browser.get("/?show=covered"))
    assert "You cover for Olive Officer until the end of Friday 6 March: 1 open case" in home
    assert kept.reference in home
    assert case.reference not in home
    assert instead in words_of(browser.get("/?show=everyone"))

    browser.client = browser.app.test_client()
    mina = browser.sign_in("mina")
    home = words_of(mina.get("/?show=covered"))
    assert case.reference in home
    assert "you cover (Carl Cover could not take it)" in home
    assert kept.reference not in home
    assert "you cover (Carl Cover could not take it)" in words_of(mina.get(f"/referrals/{case.reference}"))


def test_a_briefing_knows_whom_the_case_is_kept_from(case, caseload, olive_away, tick, database, people):
    plain = caseload.referral(setting="Elm Park Nursery")
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "school", "Willow Lane Primary School"))
    tick("2026-03-03T09:00")

    with database.reading(people.mina) as act:
        files = briefings.read(act, [case.id, plain.id])
        assert (files[case.id].barred, files[plain.id].barred) == ({people.carl.id}, set())
        page = owner_and_cover(
            people.olive.id, act.at, files[case.id].rota, files[case.id].names, barred={people.carl.id}
        )
        assert page == ("Olive Officer", "Nobody is there for them: nobody who could cover is there")


@pytest.fixture
def carl_deputises(database, people):
    """Carl is Olive's standing deputy."""
    with database.work(people.ada) as act:
        act.session.get_one(Account, people.olive.id).deputy_id = people.carl.id


@pytest.fixture
def part_time(database, people):
    """Olive works no Tuesday, and on Wednesday in the morning only."""
    monday, _, _, thursday, friday, *weekend = USUAL_HOURS.week
    with database.work(people.mina) as act:
        week = (monday, None, (time(9), time(12)), thursday, friday, *weekend)
        rotas.set_pattern(act, NewPattern(people.olive.id, act.today, week))


def test_a_day_off_is_briefed_and_asks_for_no_answer(browser, case, part_time, carl_deputises, tick, clock):
    assert tick("2026-03-03T10:00").offered == 0
    carl = browser.sign_in("carl")
    page = words_of(carl.get("/cover/handover"))

    assert "Covering today: 1" in page
    assert "Olive Officer does not work today. You are there for them until 17:00 today." in page
    assert "before the police agree" in page, "what not to do is what matters on such a day"
    assert "Accept" not in page
    assert "Read the briefings of what you have inherited" in carl.get("/").text
    page = words_of(carl.get(f"/cover/handover/{case.reference}"))
    assert "You are there for the accountable officer now. There is nothing to accept." in page
    assert tick("2026-03-04T08:00").offered == 0

    clock.move_to(at("2026-03-04T14:00"))
    browser.client = browser.app.test_client()
    page = words_of(browser.sign_in("carl").get("/cover/handover"))
    assert "Nothing is handed over to you" in page, "half a day needs no briefing"


def test_the_cases_of_somebody_who_left_are_briefed(browser, case, caseload, carl_deputises, database, people, clock):
    walled = caseload.referral(setting="Elm Park Nursery")
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "setting", "Elm Park Nursery"))
    with database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, people.olive.id))
    clock.move_to(at("2026-03-03T20:00"))
    page = words_of(browser.sign_in("carl").get("/cover/handover"))

    assert "Covering today: 1" in page
    assert "Olive Officer has left. You are there for their cases until each of them has another" in page
    assert walled.reference not in page
    browser.client = browser.app.test_client()
    assert "Nothing is handed over to you" in words_of(browser.sign_in("dana").get("/cover/handover"))


def test_many_cases_of_a_day_off_take_as_many_statements_as_few(browser, caseload, part_time, carl_deputises, clock):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            caseload.referral()
        clock.move_to(at("2026-03-03T10:00"))
        page = browser.sign_in("carl").get("/cover/handover")
        counts.append(browser.queries)
    assert "Covering today: 30" in page.text
    assert counts[0] == counts[1], counts


def test_what_nobody_accepted_says_why_it_came(browser, case, olive_away, tick):
    tick("2026-03-03T00:00")
    tick("2026-03-04T17:00")
    mina = browser.sign_in("mina")

    assert "Olive Officer is away: nobody has accepted it yet" in mina.get("/").text
    page = mina.get("/cover/handover")
    assert "It was offered to Carl Cover and not accepted in time, so it came to you." in page.text
    page = mina.post(f"/cover/handover/{case.reference}/accept", {}, page=page)
    assert "With me until they are back: 1" in page.text


def test_a_case_that_one_was_never_offered_cannot_be_accepted(browser, case, olive_away, tick):
    tick("2026-03-03T09:00")
    dana = browser.sign_in("dana")

    page = dana.get(f"/cover/handover/{case.reference}")
    assert "Accept" not in words_of(page)
    dana.post(f"/cover/handover/{case.reference}/accept", {}, page=dana.get("/cover/leave/new"), status=409)


def test_whoever_comes_back_reads_what_happened_and_the_card_goes(browser, case, olive_away, tick, caseload, people):
    other = caseload.referral()
    tick("2026-03-03T09:00")
    caseload.make(case, "add_note", {}, {"note": "Rang the school."}, who=people.carl)
    tick("2026-03-07T00:00")
    olive = browser.sign_in("olive")
    assert "Read what happened while you were away" in olive.get("/").text

    page = olive.get("/cover/while-away")
    words = words_of(page)
    assert "From Tuesday 3 March at 00:00 to Saturday 7 March at 00:00" in words
    assert all(made.reference in words for made in (case, other))
    assert "Carl Cover, 09:00 on Tuesday 3 March" in words
    assert "was due by the end of Tuesday 3 March; it is not recorded yet" in words
    page = olive.post("/cover/while-away/read", {}, page=page)

    assert "Welcome back." in page.text
    assert "Read what happened" not in olive.get("/").text
    assert "There is nothing to catch up on" in olive.get("/cover/while-away").text


@pytest.mark.parametrize("path", ["/cover/handover", "/"])
def test_many_cases_take_as_many_statements_as_few(browser, caseload, olive_away, tick, path):
    counts = []
    for number, when in ((3, "2026-03-03T09:00"), (27, "2026-03-03T09:01")):
        for _ in range(number):
            caseload.referral()
        tick(when)
        if not counts:
            browser.sign_in("carl")
        browser.get(path)
        counts.append(browser.queries)

    assert counts[0] == counts[1], counts


def test_much_that_happened_takes_as_many_statements_as_little(browser, caseload, tick, database, people):
    counts = []
    for number, (begins, ends) in ((3, ("03-03", "03-04")), (27, ("03-05", "03-06"))):
        for _ in range(number):
            caseload.referral()
        away = NewAbsence(
            people.olive.id, "leave", at(f"2026-{begins}T00:00"), at(f"2026-{ends}T00:00"), people.carl.id
        )
        with database.work(people.mina) as act:
            cover.book_leave(act, away)
        tick(f"2026-{begins}T09:00")
        tick(f"2026-{ends}T09:00")
        page = browser.sign_in("olive").get("/cover/while-away")
        assert page.text.count("What was recorded") >= number
        counts.append(browser.queries)

    assert counts[0] == counts[1], counts


def test_the_reason_is_sealed(browser, case, olive_away, tick, database):
    tick("2026-03-03T09:00")
    browser.sign_in("carl")
    page = browser.get(f"/cover/handover/{case.reference}")
    browser.post(f"/cover/handover/{case.reference}/refuse", {"reason": "A secret reason."}, page=page)

    with database.reading(SYSTEM) as act:
        refused = act.session.scalars(select(HandOver).where(HandOver.refused_at.is_not(None))).one()
        assert b"secret" not in refused.sealed

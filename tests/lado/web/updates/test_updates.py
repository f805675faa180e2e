"""The page of the next update: promised with a day, recorded in one step, offered with the threshold decision."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from lado.models import CaseClock, LedgerEntry, SeenSentence, ShownSentence
from lado.security.identity import SYSTEM
from lado.services import updates
from lado.web.then.moments import iso
from tests.support.browser import Browser, words_of
from workflows.model import NEXT_UPDATE

FRIDAY = date(2026, 3, 6)
OFFERED = "Offered is 10 working days from today"


@pytest.fixture
def referral(caseload, people):
    return caseload.referral(partner=people.pat.id)


@pytest.fixture
def olive(browser):
    return browser.sign_in("olive")


@pytest.fixture
def address(referral):
    return f"/referrals/{referral.reference}/update"


def form(page, **fields):
    """What the page would send: the entry that it was made from, and what is typed."""
    seen = re.search(r'name="seen" value="(\d+)"', page.text)[1]
    return {"seen": seen, "note": "", **fields}


def day(on, name="update_by_on"):
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def clock_of(database, referral):
    with database.reading(SYSTEM) as act:
        query = select(CaseClock).where(CaseClock.referral_id == referral.id, CaseClock.key == NEXT_UPDATE)
        row = act.session.scalars(query.order_by(CaseClock.occurrence.desc())).first()
        return row and (row.due_at.date(), row.ended_at is None)


def test_a_day_is_offered_by_the_rule_and_promised(olive, database, referral, address):
    page = olive.get(address)
    assert OFFERED in words_of(page)
    assert [re.search(rf'name="update_by_on-{part}"[^>]*value="(\d*)"', page.text)[1] for part in ("day", "month")] == [
        "16",
        "3",
    ]
    answer = olive.post(address, form(page, had="no", **day(FRIDAY)))
    words = words_of(answer)
    assert "The next one is promised by the end of Friday 6 March." in words
    assert "Next update to the referrer" in words, "its clock stands on the page of the case"
    assert clock_of(database, referral) == (FRIDAY, True)


def test_an_update_and_the_next_day_in_one_step(olive, database, referral, address):
    olive.post(address, form(olive.get(address), had="no", **day(FRIDAY)))
    page = olive.get(address)
    assert "The update that is promised is due by the end of Friday 6 March: 4 working days left." in words_of(page)
    assert "Have they just had an update?" not in words_of(page)
    answer = olive.post(address, form(page, note="Rang the head teacher.", **day(date(2026, 3, 20))))
    assert (
        "Recorded: the referrer has had an update. The next one is promised by the end of Friday 20 March."
        in words_of(answer)
    )
    assert clock_of(database, referral) == (date(2026, 3, 20), True)
    record = words_of(olive.get(f"/referrals/{referral.reference}/record"))
    assert "Referrer: an update given on" in record
    assert "Rang the head teacher." in record
    assert "Referrer: an update promised by the end of" in record


def test_an_update_without_another_day(olive, database, referral, address):
    olive.post(address, form(olive.get(address), had="no", **day(FRIDAY)))
    empty = {f"update_by_on-{part}": "" for part in ("day", "month", "year")}
    answer = olive.post(address, form(olive.get(address), **empty))
    assert "No day is promised for the next one." in words_of(answer)
    assert clock_of(database, referral) == (FRIDAY, False)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(olive, database, referral, address):
    empty = {f"update_by_on-{part}": "" for part in ("day", "month", "year")}
    nothing = olive.post(address, form(olive.get(address), had="no", **empty), status=400)
    assert "Enter the day by which they will hear from you" in words_of(nothing)
    past = form(olive.get(address), had="no", **day(date(2026, 3, 1)))
    answer = olive.post(address, {**past, "note": "As typed."}, status=400)
    assert "Promise today or a later day." in words_of(answer)
    assert "As typed." in answer.text
    assert clock_of(database, referral) is None


def test_somebody_else_was_first(olive, database, people, referral, address):
    page = olive.get(address)
    with database.work(people.dana) as act:
        updates.promise(act, referral.id, FRIDAY)
    answer = olive.post(address, form(page, had="no", **day(date(2026, 3, 9))), status=409)
    assert "Somebody else has recorded something on this case since you opened the form." in words_of(answer)
    assert clock_of(database, referral) == (FRIDAY, True)


def test_an_ended_case_has_no_next_update(olive, caseload):
    ended = caseload.referral(("advise",))
    page = olive.get(f"/referrals/{ended.reference}/update", status=409)
    assert "Not open now: Next update to the referrer" in words_of(page)
    assert "Promise the referrer an update" not in olive.get(f"/referrals/{ended.reference}").text


def test_the_threshold_decision_offers_a_day_and_an_empty_one_promises_none(olive, database, caseload, referral):
    address = f"/referrals/{referral.reference}/moves/meet_threshold"
    page = olive.get(address)
    assert OFFERED in words_of(page)
    asked = {"limbs": ["1"], "rationale": "A child may have been harmed.", "children_safe": ""}
    olive.post(address, form(page, **asked, **day(FRIDAY)))
    assert clock_of(database, referral) == (FRIDAY, True)
    with database.reading(SYSTEM) as act:
        moved = select(LedgerEntry.data).where(LedgerEntry.referral_id == referral.id, LedgerEntry.kind == "Moved")
        assert "update_by_on" not in "".join(act.session.scalars(moved)), "the promise is an entry of its own"
    other = caseload.referral()
    address = f"/referrals/{other.reference}/moves/meet_threshold"
    empty = {f"update_by_on-{part}": "" for part in ("day", "month", "year")}
    olive.post(address, form(olive.get(address), **asked, **empty))
    assert clock_of(database, other) is None


def test_a_day_in_the_past_is_refused_beside_its_field_with_the_decision(olive, database, referral):
    address = f"/referrals/{referral.reference}/moves/meet_threshold"
    asked = {"limbs": ["1"], "rationale": "A child may have been harmed.", "children_safe": ""}
    answer = olive.post(address, form(olive.get(address), **asked, **day(date(2026, 3, 1))), status=400)
    assert "This day has passed. Enter today or a later day." in words_of(answer)
    assert clock_of(database, referral) is None


def test_it_stands_on_home_like_any_other_clock_and_has_a_page_of_its_own(olive, database, people, clock, referral):
    with database.work(people.olive) as act:
        updates.promise(act, referral.id, date(2026, 3, 2))
    assert "Next update to the referrer" in words_of(olive.get("/"))
    page = words_of(olive.get(f"/referrals/{referral.reference}/clocks/{NEXT_UPDATE}/1"))
    assert "Next update to the referrer" in page
    later = words_of(olive.get(f"/referrals/{referral.reference}/clocks/{NEXT_UPDATE}/1/extend"))
    assert "Give it a later date" in later
    then = olive.get(f"/referrals/{referral.reference}/then?at={iso(clock.now())}")
    assert "Next update to the referrer" in words_of(then)


def test_the_partner_reads_the_day_and_never_why_and_what_was_read_is_kept(browser, database, people, clock, referral):
    with database.work(people.olive) as act:
        updates.promise(act, referral.id, FRIDAY, "We wait for the police.")
    pat = browser.sign_in("pat")
    page = pat.get(f"/portal/{referral.reference}")
    assert "We will update you by the end of Friday 6 March 2026." in words_of(page)
    assert "police" not in page.text
    clock.advance(days=5)
    late = words_of(Browser(browser.app, browser.database).sign_in("pat").get(f"/portal/{referral.reference}"))
    assert "We said that we would update you by the end of Friday 6 March 2026. Ring us if you have not heard" in late
    with database.reading(SYSTEM) as act:
        kept = select(ShownSentence.by_when).join(SeenSentence, SeenSentence.sentence_id == ShownSentence.id)
        said = act.session.scalars(kept.where(SeenSentence.is_list.is_(False))).all()
    assert any("We will update you by the end of Friday 6 March 2026." in words for words in said)
    assert any("We said that we would update you" in words for words in said)


def test_a_partner_without_a_promise_reads_nothing_of_one(browser, referral):
    page = browser.sign_in("pat").get(f"/portal/{referral.reference}")
    assert "update" not in words_of(page).lower()


def test_an_officer_says_with_a_message_that_it_is_the_update(olive, database, people, referral):
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}/message"
    assert "This is the update that we promised them" not in olive.get(address).text
    with database.work(people.olive) as act:
        updates.promise(act, referral.id, FRIDAY)
    page = olive.get(address)
    assert "This is the update that we promised them" in page.text
    olive.post(address, {**form(page), "message": "The meeting was held.", "is_update": "y"})
    assert clock_of(database, referral) == (FRIDAY, False)

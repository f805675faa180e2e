"""Cover: who is there, the gaps ahead, the month, and booking, changing and cancelling an absence."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from lado.domain.cover import on_cover, stretches
from lado.models import Absence
from lado.queries import cover as covers
from lado.services import cover
from lado.services.cover import NewAbsence
from lado.web.cover.spans import Month, Week
from tests.support.browser import hidden, words_of
from workflows.london import LONDON


def midnight(day, month=3):
    return datetime.combine(date(2026, month, day), time.min, tzinfo=LONDON)


def absence(person, first, last, covering=None, **changes):
    return {
        "account": str(person.id),
        "kind": "leave",
        "from_at-day": str(first),
        "from_at-month": "3",
        "from_at-year": "2026",
        "until_at-day": str(last),
        "until_at-month": "3",
        "until_at-year": "2026",
        "cover": str(covering.id) if covering else "",
    } | changes


@pytest.fixture
def officer(browser):
    return browser.sign_in("olive")


@pytest.fixture
def book(database, people):
    def booked(person, first, last, covering=None, kind="leave"):
        new = NewAbsence(
            person.id, kind, midnight(first), midnight(last) + timedelta(days=1), covering.id if covering else None
        )
        with database.work(people.mina) as act:
            return cover.book_leave(act, new).absence

    return booked


def absences(database, people):
    with database.reading(people.olive) as act:
        return act.session.scalar(select(func.count()).select_from(Absence))


def test_with_nothing_booked_somebody_is_there_for_everyone(officer):
    page = officer.get("/cover")

    assert "Somebody is there for every officer on every working day." in page.text
    assert "No absence is booked" in page.text
    assert "March 2026" in page.text


def test_leave_is_booked_and_the_answer_says_who_is_there(officer, people, database):
    answer = officer.post("/cover/leave/new", absence(people.olive, 9, 13, people.carl))

    assert "Carl Cover covers from Monday 9 March to Friday 13 March." in words_of(answer)
    assert absences(database, people) == 1


def test_a_chain_and_a_gap_are_said_before_and_after_saving(officer, people, book):
    book(people.carl, 10, 10)
    new = absence(people.olive, 9, 13, people.carl)

    before = officer.post("/cover/leave/new", new | {"check": "yes"})
    typed = officer.post("/cover/leave/preview", new, page=before)
    after = officer.post("/cover/leave/new", new)

    for answer in (before, typed, after):
        assert "Carl Cover covers on Monday 9 March. Nobody is there on Tuesday 10 March." in words_of(answer)
    page = officer.get("/cover")
    assert "Nobody is there for Olive Officer on Tuesday 10 March" in page.text
    assert "Nobody is there for Carl Cover on Tuesday 10 March" in page.text


def test_the_page_says_of_everyone_what_the_resolver_says(officer, people, book, database, clock):
    book(people.olive, 2, 4, people.carl)
    book(people.carl, 2, 3, people.dana)
    book(people.dana, 2, 2)

    with database.reading(people.olive) as act:
        rota = covers.rota(act.session, people.olive.authority, clock.now())
        names = {person.id: person.name for person in people.everyone.values() if person.id}
        answers = {person: on_cover(person, clock.now(), rota) for person in names}
    page = words_of(officer.get("/cover"))

    assert answers[people.olive.id].is_nobody
    assert "Olive Officer Away" not in page
    assert page.count("Nobody is there for them") == 3
    clock.move_to(midnight(3) + timedelta(hours=10))
    officer.sign_in("olive")
    page = words_of(officer.get("/cover"))
    assert "Olive Officer Away: Dana Deputy covers (Carl Cover away too) until the end of today" in page
    assert "Carl Cover Away: Dana Deputy covers until the end of today" in page
    assert "Dana Deputy Is there" in page


def test_each_cell_of_the_month_is_what_the_resolver_says(officer, people, book, database):
    book(people.olive, 9, 13, people.carl)
    book(people.carl, 11, 12, people.dana)

    page = officer.get("/cover?month=2026-03").text

    with database.reading(people.olive) as act:
        rota = covers.rota(act.session, people.olive.authority, midnight(1))
    over = stretches(people.olive.id, midnight(9), midnight(14), rota)
    assert [stretch.cover.person for stretch in over] == [people.carl.id, people.dana.id, people.carl.id]
    entries = {entry.split("<")[0]: entry for entry in page.split('month__date">')[1:]}
    assert "Carl Cover: Covers OO" in entries["Monday 9 March 2026"]
    assert "Dana Deputy: Covers CC OO" in entries["Wednesday 11 March 2026"]
    assert "Carl Cover: Leave" in entries["Thursday 12 March 2026"]
    assert "Dana Deputy" not in entries["Friday 13 March 2026"]


def test_what_falls_due_stands_on_its_day(officer, caseload):
    referral = caseload.referral()

    assert f"Falls due: {referral.reference}" in officer.get("/cover").text


def test_bank_holidays_are_named(officer):
    assert "Good Friday" in officer.get("/cover?month=2026-04").text


@pytest.mark.parametrize("month", ["nonsense", "2026-13", "0000-01", "99999-01", "2026-0x", "-", "٢٠٢٦-01", "2199-01"])
def test_a_month_that_is_none_is_the_present_one(officer, month):
    assert "March 2026" in officer.get(f"/cover?month={month}").text


def test_months_turn_over_the_year(app):
    with app.test_request_context():
        assert Month(date(2026, 1, 1)).before == Month(date(2025, 12, 1))
        assert Month(date(2026, 12, 1)).after == Month(date(2027, 1, 1))
        assert Month(date(2026, 3, 1)).before == Month(date(2026, 2, 1))
        assert Week.read("2026-01-01", date(2026, 3, 2)) == Week(date(2025, 12, 29))
        assert Week(date(2025, 12, 29)).after == Week(date(2026, 1, 5))
        assert Week(date(2025, 12, 29)).caption == "Monday 29 December 2025 to Sunday 4 January 2026"


def test_a_part_of_a_day_may_be_away(officer, people, database):
    parts = {"from_at-time": "13:00", "until_at-time": "17:00"}

    officer.post("/cover/leave/new", absence(people.olive, 9, 9, people.carl, **parts))

    with database.reading(people.olive) as act:
        saved = act.session.scalars(select(Absence)).one()
        assert (saved.from_at, saved.until_at) == (midnight(9) + timedelta(hours=13), midnight(9) + timedelta(hours=17))


def test_a_last_day_without_a_time_is_away_to_its_end(officer, people, database):
    officer.post("/cover/leave/new", absence(people.olive, 28, 29, people.carl))

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Absence)).one().until_at == midnight(30)


def test_an_absence_is_changed(officer, people, book):
    booked = book(people.olive, 9, 13, people.carl)
    address = f"/cover/leave/{booked.id}"

    page = officer.get(address)
    answer = officer.post(address, absence(people.olive, 9, 10, people.dana), page=page)

    assert "Changed. Dana Deputy covers from Monday 9 March to Tuesday 10 March." in words_of(answer)


def test_whose_absence_it_is_cannot_be_changed(officer, people, book, database):
    booked = book(people.olive, 9, 13, people.carl)

    officer.post(f"/cover/leave/{booked.id}", absence(people.dana, 9, 13, people.carl))

    with database.reading(people.olive) as act:
        assert act.session.get_one(Absence, booked.id).account_id == people.olive.id


def test_a_stale_change_shows_both_versions_and_saves_neither(officer, people, book, database):
    booked = book(people.olive, 9, 13, people.carl)
    address = f"/cover/leave/{booked.id}"
    page = officer.get(address)
    with database.work(people.mina) as act:
        cover.change(act, booked.id, NewAbsence(people.olive.id, "sickness", midnight(9), midnight(12), people.dana.id))

    answer = officer.post(address, absence(people.olive, 9, 10, people.carl), page=page, status=409)

    assert "Saved now" in answer.text
    assert "from Monday 9 March to Wednesday 11 March" in answer.text
    assert "from Monday 9 March to Tuesday 10 March" in answer.text
    again = officer.post(address, absence(people.olive, 9, 10, people.carl, form_token="x" * 20), page=answer)
    assert "Changed." in again.text


def test_an_absence_is_cancelled(officer, people, book):
    booked = book(people.olive, 9, 13, people.carl)
    page = officer.get(f"/cover/leave/{booked.id}")

    answer = officer.post(f"/cover/leave/{booked.id}/cancel", {}, page=page)

    assert "Olive Officer is there from Monday 9 March to Friday 13 March after all." in answer.text
    officer.get(f"/cover/leave/{booked.id}", status=404)


def test_a_double_click_books_once(officer, people, database):
    page = officer.get("/cover/leave/new")
    for _ in range(2):
        officer.post("/cover/leave/new", absence(people.olive, 9, 13, people.carl), page=page)

    assert absences(database, people) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"account": ""},
        {"account": "abc"},
        {"account": "999999"},
        {"kind": ""},
        {"kind": "holiday"},
        {"cover": "999999"},
        {"cover": "x" * 10_000},
        {"from_at-day": ""},
        {"from_at-day": "x" * 10_000},
        {"from_at-year": "9999", "until_at-year": "9999"},
        {"from_at-time": "noon"},
        {"until_at-day": "31", "until_at-month": "2"},
        {"until_at-day": "1"},
        {"from_at-day": "1", "until_at-day": "1"},
        {"from_at-day": ["9", "10"]},
        {"account": ["1", "2"]},
        {"form_token": "stale"},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_what_cannot_be_booked_is_said_and_not_written(officer, people, database, changes):
    answer = officer.post("/cover/leave/new", absence(people.olive, 9, 13, people.carl) | changes, status=400)

    assert "There is a problem" in answer.text
    assert absences(database, people) == 0


def test_nobody_covers_for_themselves(officer, people):
    answer = officer.post("/cover/leave/new", absence(people.olive, 9, 13, people.olive), status=400)

    assert "Nobody can cover for themselves" in answer.text


def test_leave_over_leave_is_refused(officer, people, book):
    book(people.olive, 9, 13, people.carl)

    answer = officer.post("/cover/leave/new", absence(people.olive, 12, 16, people.carl), status=400)

    assert "is recorded" in answer.text


@pytest.mark.parametrize(("who", "status"), [("bea", 403), ("abe", 403), ("ada", 403), ("dee", 403)])
def test_those_who_only_read_may_not_book(browser, who, status):
    browser.sign_in(who)

    page = browser.get("/cover")

    assert "Book leave" not in page.text
    browser.get("/cover/leave/new", status=status)


def test_an_absence_of_another_council_does_not_exist(browser, people, book):
    booked = book(people.olive, 9, 13, people.carl)
    browser.sign_in("sam")

    browser.get(f"/cover/leave/{booked.id}", status=404)
    assert "Olive" not in words_of(browser.get("/cover"))
    assert hidden(browser.get("/cover/leave/new"), "form_token")


def test_the_page_costs_the_same_with_thirty_absences_as_with_three(officer, people, book):
    counts = []
    for days in (range(3, 6), range(6, 31)):
        for day in days:
            book(people.olive, day, day, people.carl)
        officer.get("/cover")
        counts.append(officer.queries)

    assert counts[0] == counts[1]

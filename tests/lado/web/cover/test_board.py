"""The rota as a month, as a week of half days, and in words."""

import re
from datetime import datetime, timedelta

import pytest

from lado.security.identity import SYSTEM
from lado.services import cover, cover_history
from lado.services.cover import NewAbsence
from tests.support.browser import words_of
from workflows.london import LONDON


def at(day, hour=0, month=3):
    return datetime(2026, month, day, hour, tzinfo=LONDON)


@pytest.fixture
def officer(browser):
    return browser.sign_in("olive")


@pytest.fixture
def book(database, people):
    def booked(person, from_at, until_at, covering=None, kind="leave"):
        new = NewAbsence(person.id, kind, from_at, until_at, covering.id if covering else None)
        with database.work(people.mina) as act:
            return cover.book_leave(act, new).absence

    return booked


def entry(page, day):
    """What the list says of a day."""
    parts = re.split(r'month__date">', page.text)
    return next(" ".join(re.sub("<[^>]+>", " ", part).split()) for part in parts if part.startswith(day))


def test_a_week_is_shown_in_half_days(officer, people, book):
    book(people.olive, at(10, 13), at(11), people.carl)

    page = officer.get("/cover?view=week&week=2026-03-11")

    assert "Monday 9 to Sunday 15 March 2026" in page.text
    assert "Olive Officer: afternoon: Leave" in entry(page, "Tuesday 10 March 2026")
    assert "Carl Cover: afternoon: Covers OO" in entry(page, "Tuesday 10 March 2026")
    assert "Everyone is in" in entry(page, "Wednesday 11 March 2026")


def test_part_of_a_half_day_says_which(officer, people, book):
    book(people.olive, at(10, 15), at(11), people.carl)

    week = officer.get("/cover?view=week&week=2026-03-10")
    month = officer.get("/cover?month=2026-03")

    assert "Olive Officer: afternoon: Leave from 15:00" in entry(week, "Tuesday 10 March 2026")
    assert "Olive Officer: Leave from 15:00" in entry(month, "Tuesday 10 March 2026")


def test_a_closed_day_has_its_name_in_the_week(officer):
    page = officer.get("/cover?view=week&week=2026-04-03")

    assert "Good Friday" in entry(page, "Friday 3 April 2026")


def test_the_table_and_the_list_say_the_same(officer, people, book):
    book(people.olive, at(9), at(14), people.carl)
    book(people.carl, at(11), at(12))

    for view in ("view=week&week=2026-03-09", "month=2026-03"):
        page = officer.get(f"/cover?{view}")
        words = officer.get(f"/cover?{view}&as=list")
        assert '<table class="month__table"' in page.text
        assert '<table class="month__table"' not in words.text
        for day in ("Monday 9 March 2026", "Wednesday 11 March 2026"):
            assert entry(page, day) == entry(words, day)


def test_weeks_and_months_lead_to_their_neighbours(officer):
    week = officer.get("/cover?view=week&week=2026-12-30")

    assert "/cover?view=week&amp;week=2026-12-21" in week.text
    assert "/cover?view=week&amp;week=2027-01-04" in week.text


@pytest.mark.parametrize("week", ["nonsense", "2026-02-30", "9999-12-31", "٢٠٢٦-03-02", ""])
def test_a_week_that_is_none_is_the_present_one(officer, week):
    assert "Monday 2 to Sunday 8 March 2026" in officer.get(f"/cover?view=week&week={week}").text


def test_nobody_is_said_in_the_cell(officer, people, book):
    book(people.olive, at(10), at(11))

    assert "Olive Officer: Nobody covers" in words_of(officer.get("/cover?month=2026-03"))


def test_the_past_shows_who_really_covered(officer, people, book, database, clock):
    absence = book(people.olive, at(3), at(5), people.carl)
    for hour in range(4):
        clock.move_to(at(2, 10) + timedelta(hours=12 * hour))
        with database.work(SYSTEM) as act:
            cover_history.write_down(act)
    with database.work(people.mina) as act:
        cover.change(act, absence.id, NewAbsence(people.olive.id, "leave", at(3), at(6), people.dana.id))

    page = officer.sign_in("olive").get("/cover?view=week&week=2026-03-03")

    assert "Carl Cover: Covers OO" in entry(page, "Tuesday 3 March 2026")
    assert "Dana Deputy" not in entry(page, "Tuesday 3 March 2026")
    assert "Dana Deputy: Covers OO" in entry(page, "Thursday 5 March 2026")


def test_of_the_time_before_it_was_written_down_only_absences_are_known(officer, people, book, clock):
    book(people.olive, at(3), at(4), people.carl)
    clock.move_to(at(9, 10))

    page = officer.sign_in("olive").get("/cover?view=week&week=2026-03-03")

    assert "Olive Officer: Leave" in entry(page, "Tuesday 3 March 2026")
    assert "Carl Cover" not in entry(page, "Tuesday 3 March 2026")

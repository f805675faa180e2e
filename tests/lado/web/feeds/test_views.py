"""The rota in a calendar: secret addresses, what is sent, what is taken back, and that nothing else can be read."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from lado.models import Account, Feed
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.browser import Browser
from workflows.london import LONDON


def at(day, hour=0):
    return datetime(2026, 3, day, hour, tzinfo=LONDON)


@pytest.fixture
def book(database, people):
    def booked(person, first, last, covering=None):
        new = NewAbsence(person.id, "leave", at(first), at(last + 1), covering.id if covering else None)
        with database.work(people.mina) as act:
            return cover.book_leave(act, new).absence

    return booked


@pytest.fixture
def address(app):
    """Make an address of one's own or of the team's calendar, and give it."""

    def make(name, scope="own"):
        browser = Browser(app, app.extensions["lado"].database).sign_in(name)
        page = browser.post("/cover/calendar", {"scope": scope}, page=browser.get("/cover/calendar"))
        found = re.search(r'value="http://localhost(/calendar/[^"]+\.ics)"', html.unescape(page.text))
        assert found, page.text
        return found[1]

    return make


@pytest.fixture
def read(app):
    """Read a calendar as a telephone does: without signing in."""

    def entries(path):
        answer = app.test_client().get(path)
        assert answer.status_code == 200
        assert answer.content_type == "text/calendar; charset=utf-8"
        return Calendar.from_ical(answer.data).events

    return entries


def said(events):
    return {(str(one["summary"]), str(one["status"]), one.decoded("dtstart"), one["sequence"]) for one in events}


def test_a_calendar_says_whom_one_covers_and_when_one_is_away(address, read, book, people):
    book(people.olive, 9, 10, people.carl)

    carls, olives = read(address("carl")), read(address("olive"))

    covering = {("Covering for OO", "CONFIRMED", at(day, 9).astimezone(UTC), 0) for day in (9, 10)}
    assert said(carls) == covering
    assert said(olives) == {("Away", "CONFIRMED", at(9).astimezone(UTC), 0)}
    assert all(one["dtstart"].to_ical().endswith(b"Z") for one in (*carls, *olives))


def test_the_team_s_calendar_says_whose_each_entry_is(address, read, book, people):
    book(people.olive, 9, 9, people.carl)

    assert {str(one["summary"]) for one in read(address("bea", "team"))} == {"OO: Away", "CC: Covering for OO"}


def test_what_is_gone_is_sent_as_cancelled_and_what_moved_with_a_higher_number(
    address, read, book, people, database, clock
):
    absence = book(people.olive, 9, 10, people.carl)
    path = address("olive")
    (before,) = read(path)
    clock.advance(hours=1)
    with database.work(people.mina) as act:
        cover.change(act, absence.id, NewAbsence(people.olive.id, "leave", at(9), at(12), people.carl.id))
    (moved,) = read(path)
    clock.advance(hours=1)
    with database.work(people.mina) as act:
        cover.cancel(act, absence.id)
    (gone,) = read(path)
    (again,) = read(path)

    assert before["uid"] == moved["uid"] == gone["uid"]
    assert [(one["status"], one["sequence"]) for one in (before, moved, gone, again)] == [
        ("CONFIRMED", 0),
        ("CONFIRMED", 1),
        ("CANCELLED", 2),
        ("CANCELLED", 2),
    ]
    assert before.decoded("last-modified") < moved.decoded("last-modified") < gone.decoded("last-modified")
    assert moved.decoded("dtend") == at(12)


def test_what_is_over_stays_and_is_forgotten_in_the_end(address, read, book, people, clock):
    book(people.olive, 3, 3, people.carl)
    path = address("carl")
    assert len(read(path)) == 1

    clock.advance(days=7)
    assert [one["status"] for one in read(path)] == ["CONFIRMED"]
    clock.advance(days=60)
    assert read(path) == []


def test_a_new_address_ends_the_old_one_and_keeps_the_entries(address, app, read, book, people):
    book(people.olive, 9, 9, people.carl)
    old = address("carl")
    (before,) = read(old)
    new = address("carl")

    assert app.test_client().get(old).status_code == 404
    (after,) = read(new)
    assert (before["uid"], before["sequence"]) == (after["uid"], after["sequence"])


def test_an_address_that_is_switched_off_is_a_page_that_is_not_there(address, app, browser):
    path = address("carl")
    browser.sign_in("carl")

    page = browser.post("/cover/calendar/off", {"scope": "own"}, page=browser.get("/cover/calendar"))

    assert "Switched off. The address is answered no more" in page.text
    gone, never = app.test_client().get(path), app.test_client().get("/calendar/never-made.ics")
    assert (gone.status_code, never.status_code) == (404, 404)
    browser.post("/cover/calendar/off", {"scope": "own"}, page=browser.get("/cover/calendar"), status=400)


def test_somebody_who_has_left_has_no_calendar(address, app, database, people):
    path = address("carl")
    with database.work(people.ada) as act:
        act.session.get_one(Account, people.carl.id).disabled_at = act.at

    assert app.test_client().get(path).status_code == 404


def test_only_the_digest_is_kept_and_the_address_is_shown_once(address, browser, database, people, capfd):
    path = address("carl")
    secret = path.removeprefix("/calendar/").removesuffix(".ics")

    assert secret not in browser.sign_in("carl").get("/cover/calendar").text
    with database.reading(people.carl) as act:
        assert secret.encode() not in act.session.scalars(select(Feed.digest)).one()
    assert secret not in "".join(capfd.readouterr())


def test_reading_writes_the_id_and_not_the_address_to_the_log(address, read, capfd):
    path = address("carl")
    capfd.readouterr()
    read(path)

    logged = "".join(capfd.readouterr())
    assert "calendar read" in logged
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in logged


@pytest.mark.parametrize("scope", ["", "everybody", "x" * 1000])
def test_there_are_two_calendars_and_no_other(browser, scope):
    browser.sign_in("carl")

    browser.post("/cover/calendar", {"scope": scope}, page=browser.get("/cover/calendar"), status=400)


def test_reading_costs_the_same_for_a_long_absence_as_for_a_short_one(address, app, browser, book, people):
    counts = []
    path = address("mina", "team")
    for first, last in ((3, 3), (4, 29)):
        book(people.olive, first, last, people.carl)
        browser.get(path)
        browser.get(path)
        counts.append(browser.queries)

    assert counts[0] == counts[1]


def test_another_council_s_people_are_not_in_it(address, read, book, people):
    book(people.olive, 9, 9, people.carl)

    assert read(address("sam", "team")) == []


def test_twelve_weeks_ahead_are_sent(address, read, book, people, database):
    far = datetime(2026, 5, 20, tzinfo=LONDON)
    with database.work(people.mina) as act:
        new = NewAbsence(people.olive.id, "leave", far, far + timedelta(days=1), people.carl.id)
        cover.book_leave(act, new)

    assert {one.decoded("dtstart").date().isoformat() for one in read(address("carl"))} == {"2026-05-20"}

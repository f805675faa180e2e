"""Who really covered: written down when the answer changes, at the moment it changed, and never worked out again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lado.domain.cover import on_cover
from lado.models import Account, CoverHistory
from lado.queries import cover as covers
from lado.queries import then
from lado.security.identity import SYSTEM
from lado.services import accounts, cover, cover_history
from lado.services.cover import NewAbsence

pytestmark = pytest.mark.database


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def look(database, clock):
    """Passes of the scheduler at these times."""

    def run(*times):
        done = []
        for text in times:
            clock.move_to(at(text))
            with database.work(SYSTEM) as act:
                done.append(cover_history.write_down(act))
        return done

    return run


@pytest.fixture
def book(database, people):
    def arrange(name, covered_by, from_at, until_at):
        with database.work(getattr(people, name)) as act:
            covering = getattr(people, covered_by).id if covered_by else None
            new = NewAbsence(getattr(people, name).id, "leave", at(from_at), at(until_at), covering)
            return cover.book_leave(act, new).absence.id

    return arrange


@pytest.fixture
def told(database, people):
    """Who was there for somebody: names and times, oldest first."""

    def read(name, from_at="2026-03-01", until_at="2026-04-01"):
        names = {person.id: name for name, person in people.everyone.items()} | {None: None}
        with database.reading(SYSTEM) as act:
            found = covers.covered_between(act.session, people.olive.authority, at(from_at), at(until_at))
            mine = [row for row in found if row.person == getattr(people, name).id]
            return [
                (names[row.found], row.from_at.isoformat()[5:16], row.until_at and row.until_at.isoformat()[5:16])
                for row in mine
            ]

    return read


def test_the_moment_is_the_one_at_which_the_answer_changed_not_the_one_at_which_it_was_looked_at(look, book, told):
    look("2026-03-02T10:00")
    book("olive", "carl", "2026-03-03", "2026-03-05")

    assert look("2026-03-04T12:00", "2026-03-04T12:01", "2026-03-06T09:00") == [1, 0, 1]

    assert told("olive") == [
        ("olive", "03-02T10:00", "03-03T00:00"),
        ("carl", "03-03T00:00", "03-05T00:00"),
        ("olive", "03-05T00:00", None),
    ]


def test_nobody_covered_before_anybody_knew(look, book, told, clock):
    look("2026-03-02T10:00")
    clock.move_to(at("2026-03-02T10:20"))
    book("olive", "carl", "2026-03-02T08:00", "2026-03-04")

    look("2026-03-02T10:30")

    assert told("olive") == [("olive", "03-02T10:00", "03-02T10:20"), ("carl", "03-02T10:20", None)]


def test_the_past_stays_as_it_was_when_the_rota_is_changed(look, book, told, database, people, clock):
    absence = book("olive", "carl", "2026-03-03", "2026-03-07")
    look("2026-03-02T10:00", "2026-03-04T10:00")
    with database.work(people.olive) as act:
        new = NewAbsence(people.olive.id, "leave", at("2026-03-03"), at("2026-03-07"), people.dana.id)
        cover.change(act, absence, new)

    look("2026-03-04T10:01")

    assert told("olive") == [
        ("olive", "03-02T10:00", "03-03T00:00"),
        ("carl", "03-03T00:00", "03-04T10:00"),
        ("dana", "03-04T10:00", None),
    ]
    assert told("olive", "2026-03-05", "2026-03-06") == [("dana", "03-04T10:00", None)]


def test_nobody_is_written_down_too_and_a_leaver(look, book, told, database, people):
    look("2026-03-02T10:00")
    book("olive", None, "2026-03-02T11:00", "2026-03-02T12:00")
    look("2026-03-02T13:00")
    with database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, people.olive.id))
    look("2026-03-02T13:05")

    assert [name for name, *_ in told("olive")] == ["olive", None, "olive", None]


def test_a_clock_that_steps_back_a_day_writes_nothing_that_ends_before_it_begins(look, book, told, clock):
    look("2026-03-03T10:00")
    book("olive", "carl", "2026-03-02T09:00", "2026-03-05")

    look("2026-03-02T10:00", "2026-03-03T10:00", "2026-03-06T10:00")

    assert [name for name, *_ in told("olive")] == ["olive", "carl", "olive"]


def test_two_at_once_write_it_once(look, book, database, people):
    look("2026-03-02T10:00")
    book("olive", "carl", "2026-03-02T11:00", "2026-03-04")
    assert look("2026-03-02T11:30") == [1]
    with database.work(SYSTEM) as act:
        stale = act.session.scalars(select(CoverHistory).where(CoverHistory.until_at.is_not(None))).one()
        rows = [{"from_at": stale.until_at + timedelta(hours=1)}]

        assert cover_history._save(act, stale, rows) == 0, "another node has ended this row already"


def test_a_page_of_the_past_asks_what_was_written_down_and_not_todays_rota(look, book, database, people, clock):
    absence = book("olive", "carl", "2026-03-03", "2026-03-07")
    look("2026-03-02T10:00", "2026-03-04T10:00")
    with database.work(people.olive) as act:
        cover.change(
            act, absence, NewAbsence(people.olive.id, "leave", at("2026-03-03"), at("2026-03-07"), people.dana.id)
        )

    with database.reading(people.olive) as act:
        moment = at("2026-03-03T12:00")
        found = on_cover(people.olive.id, moment, then.rota_at(act.session, people.olive.authority, moment))

    assert (found.person, found.passed) == (people.carl.id, ("leave",))

"""Once a week the log of reads is gone through: findings are made once, and the right person is told of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lado.domain.reads import Look
from lado.domain.unusual import Kind
from lado.jobs import looks
from lado.models import LookedThrough, Notice, SearchLook, UnusualLook
from lado.services import reads, unusual

MONDAY = datetime(2026, 3, 9, 10, tzinfo=UTC)
"""The Monday after the one on which the clock of the tests stands."""


@pytest.fixture
def look(database):
    def at_case(who, case):
        with database.work(who) as act:
            reads.record(act, Look.VIEW, "referrals.show", "referral:read", case.reference)

    return at_case


@pytest.fixture
def search(database):
    def words(who, text):
        with database.work(who) as act:
            reads.search(act, text)

    return words


@pytest.fixture
def found(database, people):
    def read():
        with database.reading(people.system) as act:
            rows = act.session.scalars(select(UnusualLook).order_by(UnusualLook.id)).all()
        return [(row.kind, row.account_id, row.referral_id) for row in rows]

    return read


@pytest.fixture
def told(database, people):
    def read():
        with database.reading(people.system) as act:
            query = select(Notice.account_id).where(Notice.message_id.startswith("looks.")).order_by(Notice.account_id)
            return act.session.scalars(query).all()

    return read


def test_a_look_at_a_colleagues_case_is_found_once_and_the_manager_is_told(
    caseload, look, clock, database, people, found, told
):
    case = caseload.referral()
    look(people.dana, case)
    look(people.olive, case)
    assert looks.tick(database) == 0

    clock.move_to(MONDAY)
    assert looks.tick(database) == 1
    assert looks.tick(database) == 0

    assert found() == [(Kind.OUTSIDE, people.dana.id, case.id)]
    assert told() == [people.mina.id]


def test_nothing_is_gone_through_while_the_office_is_closed(caseload, look, clock, database, people):
    look(people.dana, caseload.referral())

    clock.move_to(MONDAY.replace(hour=3))
    assert looks.tick(database) == 0
    clock.move_to(MONDAY)
    assert looks.tick(database) == 1


def test_weeks_in_which_nothing_ran_are_caught_up_with(caseload, look, clock, database, people, found):
    look(people.dana, caseload.referral())
    clock.move_to(MONDAY)
    looks.tick(database)
    clock.advance(days=1)
    look(people.carl, caseload.referral())
    clock.advance(days=21)

    looks.tick(database)

    assert [(kind, person) for kind, person, _ in found()] == [
        (Kind.OUTSIDE, people.dana.id),
        (Kind.OUTSIDE, people.carl.id),
    ]
    with database.reading(people.system) as act:
        weeks = act.session.scalars(select(LookedThrough.week_on).where(LookedThrough.authority_id == 1)).all()
    assert len(weeks) == 4


def test_the_name_and_the_surname_of_whoever_looks(caseload, look, clock, database, people, found):
    subject = {"name": "Dana Deputy", "role": "Teacher", "born_on": ""}
    same = caseload.referral(subject=subject)
    cousin = caseload.referral(subject={**subject, "name": "Lee Officer"})
    for who, case in ((people.mina, same), (people.dana, same), (people.olive, cousin)):
        look(who, case)

    clock.move_to(MONDAY)
    looks.tick(database)

    assert found() == [(Kind.OWN, people.dana.id, same.id), (Kind.SURNAME, people.olive.id, cousin.id)]


def test_searches_for_ones_own_name_and_the_same_search_again(search, clock, database, people, found):
    search(people.olive, "olive  OFFICER")
    for _ in range(6):
        search(people.dana, "Jo Nobody")
    search(people.carl, "Jo Nobody")

    clock.move_to(MONDAY)
    looks.tick(database)

    assert found() == [(Kind.OWN, people.olive.id, None), (Kind.SEARCH, people.dana.id, None)]


def test_a_look_at_night_is_found_and_one_by_whoever_is_on_duty_is_not(caseload, look, clock, database, people, found):
    case = caseload.referral()
    clock.advance(hours=16)
    look(people.olive, case)
    look(people.edie, case)

    clock.move_to(MONDAY)
    looks.tick(database)

    assert found() == [(Kind.HOURS, people.olive.id, case.id)]


def test_whoever_was_told_of_a_case_or_wrote_on_it_has_to_do_with_it(caseload, look, clock, database, people, found):
    case = caseload.referral()
    caseload.make(case, "add_note", {}, {"note": "Rang."}, who=people.dana)
    look(people.dana, case)

    clock.move_to(MONDAY)
    looks.tick(database)

    assert found() == []


def test_what_a_manager_looked_at_goes_to_the_head_and_the_heads_to_the_director(search, clock, database, people, told):
    for who in (people.mina, people.hal, people.dee):
        search(who, who.name)

    clock.move_to(MONDAY)
    looks.tick(database)

    with database.reading(people.system) as act:
        rows = act.session.execute(select(UnusualLook.account_id, UnusualLook.goes_to)).all()
    assert dict(tuple(row) for row in rows) == {
        people.mina.id: "head_of_service",
        people.hal.id: "director",
        people.dee.id: "head_of_service",
    }
    assert set(told()) == {people.hal.id, people.dee.id}


def test_words_that_were_searched_for_stand_nowhere(search, database, people):
    search(people.olive, "Robin Sample")

    with database.reading(people.system) as act:
        (row,) = act.session.scalars(select(SearchLook)).all()
        assert row.digest == act.vault.token("search", "robinsample")
    assert {column.name for column in SearchLook.__table__.columns} == {"id", "at", "account_id", "digest"}


def test_partners_and_other_councils_people_are_no_part_of_a_councils_week(
    caseload, look, clock, database, people, found
):
    look(people.pat, caseload.referral(partner=people.pat.id))
    look(people.sam, caseload.referral(who=people.sam))
    clock.move_to(MONDAY + timedelta(days=1))

    looks.tick(database)

    assert found() == []


def test_trouble_with_one_council_stops_no_other(caseload, look, clock, database, people, monkeypatch, found):
    look(people.dana, caseload.referral())
    clock.move_to(MONDAY)
    real = unusual.go_through

    def trouble(act, authority_id):
        if authority_id == people.sam.authority:
            raise RuntimeError("trouble")
        return real(act, authority_id)

    monkeypatch.setattr(unusual, "go_through", trouble)

    assert looks.tick(database) == 1

"""What the gaps ahead are found from: who can be reached, whose cases count, and who hears of conflicts."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lado.domain.gaps import Kind, What
from lado.models import Notice
from lado.queries import cover as covers
from lado.queries import gaps, practices
from lado.services import conflicts, cover, notices
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence


@pytest.fixture
def found(database, people):
    def read(who=None):
        with database.reading(who or people.mina) as act:
            authority = people.mina.authority
            practice = practices.in_force(act.session, authority, act.at)
            return gaps.read(act, authority, covers.rota(act.session, authority, act.at), practice)

    return read


@pytest.fixture
def whats(found):
    return lambda who=None: [gap.what for gap in found(who).outlook.gaps]


@pytest.fixture
def away(database, people, clock):
    def book(person, covering=None):
        begin = clock.now() + timedelta(days=7)
        new = NewAbsence(person.id, "leave", begin, begin + timedelta(days=2), covering.id if covering else None)
        with database.work(people.mina) as act:
            cover.book_leave(act, new)

    return book


@pytest.fixture
def send(database, people):
    def sent(who, state, subject):
        with database.work(people.mina) as act:
            notices.queue(act, who.id, None, subject, "A message.")
            changes = {"state": state, "sent_at": act.at if state == "sent" else None}
            act.session.execute(update(Notice).where(Notice.subject == subject).values(changes))

    return sent


def test_a_cover_whose_messages_fail_cannot_be_reached_until_one_arrives(whats, away, send, people):
    away(people.olive, people.carl)
    assert whats() == []

    send(people.carl, "failed", "The first")
    assert whats() == [What(Kind.UNREACHABLE, people.olive.id, people.carl.id)]

    send(people.carl, "sent", "The second")
    assert whats() == []


def test_a_failure_of_long_ago_says_nothing_of_today(whats, away, send, people, clock):
    send(people.carl, "failed", "The first")
    clock.advance(days=8)
    away(people.olive, people.carl)

    assert whats() == []


def test_a_manager_who_is_away_is_a_gap_only_while_they_have_open_cases(whats, away, caseload, people):
    away(people.hal)
    assert whats() == []

    caseload.referral(who=people.hal)
    assert whats() == [What(Kind.UNCOVERED, people.hal.id)]


def test_a_leaver_with_open_cases_is_a_gap_and_one_without_is_none(whats, caseload, database, people):
    caseload.referral(who=people.dana)
    with database.work(people.system) as act:
        act.session.connection().exec_driver_sql(
            f"UPDATE account SET disabled_at = created_at WHERE id IN ({people.dana.id}, {people.hal.id})"
        )

    assert whats() == [What(Kind.UNCOVERED, people.dana.id)]


def test_a_conflict_that_leaves_one_is_said_to_those_who_are_not_barred_alone(whats, caseload, database, people):
    caseload.referral()
    for person in (people.carl, people.dana):
        with database.work(person) as act:
            conflicts.declare(act, NewConflict(person.id, "school", "Willow Lane Primary School"))

    assert whats() == [What(Kind.ALONE, people.olive.id, people.olive.id)]
    assert whats(people.olive) == [What(Kind.ALONE, people.olive.id, people.olive.id)]
    assert whats(people.carl) == []


def test_the_sweep_is_made_again_when_anything_changed_and_only_then(found, away, people):
    first = found().outlook

    assert found().outlook is first
    away(people.olive)
    assert found().outlook != first


def test_nothing_is_read_of_another_council(found, people):
    staff = found().staff

    assert people.sam.id not in staff.everyone
    assert set(staff.officers) == {people.olive.id, people.carl.id, people.dana.id}
    assert staff.unreachable == {}

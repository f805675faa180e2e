"""Breaking the glass: two people, a reason, a day at most; whoever keeps the list is told; it ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from lado.domain.references import new_reference
from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.jobs import restrictions as tick
from lado.models import BrokenGlass, LedgerEntry, Notice, Restriction
from lado.queries import restrictions as reading
from lado.queries.referrals import find
from lado.security.identity import SYSTEM
from lado.services import conflicts, glass, restrictions
from lado.services.conflicts import NewConflict
from lado.services.glass import Wish
from lado.services.restrictions import NewList
from tests.support.signing import sign_in

pytestmark = pytest.mark.database


@pytest.fixture
def restricted(database, caseload, people):
    """A case that is there for Olive and Mina alone."""
    referral = caseload.referral()
    with database.work(people.mina) as act:
        restrictions.restrict(act, referral.id, NewList([people.olive.id], "A cousin of a colleague."))
    return referral


@pytest.fixture
def ask(database):
    """Ask to read a case as somebody."""

    def asking(who, reference, hours=24, why="A child may be in danger tonight."):
        with database.work(who) as act:
            glass.ask(act, Wish(reference, hours, why))

    return asking


@pytest.fixture
def answer(database):
    """Answer whatever waits for somebody."""

    def answering(who, *, agreed=True, why="Nobody else is there."):
        with database.reading(who) as act:
            (asked,) = reading.waiting(act)
        with database.work(who) as act:
            glass.answer(act, asked, agreed=agreed, why=why)

    return answering


def count(database, model):
    with database.reading(SYSTEM) as act:
        return act.session.scalar(select(func.count()).select_from(model))


def test_one_person_alone_opens_nothing(app, database, people, restricted, ask):
    ask(people.dana, restricted.reference)

    assert sign_in(app, "dana").get(f"/referrals/{restricted.reference}").status_code == 404
    with database.reading(people.dana) as act:
        assert reading.waiting(act) == []
    with pytest.raises(IntegrityError), database.work(SYSTEM) as act:
        act.session.execute(update(BrokenGlass).values(answered_by_id=people.dana.id, answered_at=act.at))


def test_two_people_open_it_for_reading_until_its_minute(
    app, database, caseload, clock, people, restricted, ask, answer
):
    ask(people.dana, restricted.reference)
    answer(people.mina)

    def status():
        return sign_in(app, "dana").get(f"/referrals/{restricted.reference}").status_code

    assert status() == 200
    assert sign_in(app, "carl").get(f"/referrals/{restricted.reference}").status_code == 404
    with pytest.raises(NotFound):
        caseload.make(restricted, "add_note", {}, {"note": "Seen."}, who=people.dana)
    clock.advance(hours=24, seconds=-1)
    assert status() == 200
    clock.advance(seconds=1)
    assert status() == 404


def test_whoever_keeps_the_list_is_told_at_once_of_the_asking_and_of_the_answer(
    database, people, restricted, ask, answer
):
    ask(people.dana, restricted.reference)
    answer(people.hal)

    with database.reading(SYSTEM) as act:
        told = act.session.scalars(
            select(Notice.subject).where(Notice.account_id == people.mina.id, Notice.message_id.startswith("glass."))
        ).all()
        kinds = act.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.referral_id == restricted.id)).all()
        reasons = repr([vars(one) for one in act.session.scalars(select(BrokenGlass))])
    assert told == [
        f"{restricted.reference}: somebody asks to be let in",
        f"{restricted.reference}: somebody was let in",
    ]
    assert kinds[-2:] == ["GlassAsked", "GlassAnswered"]
    assert "danger" not in reasons


def test_a_conflict_that_comes_afterwards_closes_it_again(app, database, people, restricted, ask, answer):
    ask(people.dana, restricted.reference)
    answer(people.mina)
    dana = sign_in(app, "dana")
    assert dana.get(f"/referrals/{restricted.reference}").status_code == 200

    with database.work(people.dana) as act:
        conflicts.declare(act, NewConflict(people.dana.id, "school", "Willow Lane Primary School"))

    assert dana.get(f"/referrals/{restricted.reference}").status_code == 404


def test_who_is_not_let_in_reads_nothing(app, people, restricted, ask, answer):
    ask(people.dana, restricted.reference)
    answer(people.mina, agreed=False)

    assert sign_in(app, "dana").get(f"/referrals/{restricted.reference}").status_code == 404


def test_it_is_answered_once(database, people, restricted, ask, answer):
    ask(people.dana, restricted.reference)
    with database.reading(people.hal) as act:
        (asked,) = reading.waiting(act)
    answer(people.mina)
    with pytest.raises(Refused), database.work(people.hal) as act:
        glass.answer(act, asked, agreed=True, why="Me too.")


def test_a_conflicted_person_asks_in_vain_and_answers_nobody(database, caseload, people, restricted, ask):
    for who in (people.carl, people.hal):
        with database.work(who) as act:
            conflicts.declare(act, NewConflict(who.id, "school", "Willow Lane Primary School"))

    ask(people.carl, restricted.reference)
    assert count(database, BrokenGlass) == 0
    ask(people.dana, restricted.reference)
    with database.reading(people.hal) as act:
        assert reading.waiting(act) == []
    with database.reading(SYSTEM) as act:
        told = set(act.session.scalars(select(Notice.account_id).where(Notice.message_id.startswith("glass."))))
    assert told == {people.olive.id, people.mina.id}


def test_asking_about_nothing_and_about_what_one_may_read_does_nothing(database, caseload, people, ask):
    free = caseload.referral()
    for reference in (new_reference("NB", lambda below: 3), free.reference):
        ask(people.dana, reference)

    assert count(database, BrokenGlass) == 0


@pytest.mark.parametrize(("hours", "why"), [(0, "Why."), (25, "Why."), (24, " ")])
def test_a_day_at_most_and_never_without_a_reason(people, restricted, ask, hours, why):
    with pytest.raises(BadInput):
        ask(people.dana, restricted.reference, hours, why)


def test_support_and_administrators_break_no_glass(people, restricted, ask):
    for who in (people.bea, people.ada, people.abe, people.pat):
        with pytest.raises(NotAllowed):
            ask(who, restricted.reference)


def test_a_list_that_nobody_reviews_lapses_after_ninety_days_with_a_notice_before(
    database, caseload, clock, people, restricted
):
    with database.work(people.mina) as act:
        restrictions.restrict(act, restricted.id, NewList([people.olive.id, people.dana.id], "Dana helps."))
    clock.advance(days=76)
    assert tick.tick(database)["warned"] == 1
    assert tick.tick(database)["warned"] == 0
    assert found(database, people.dana, restricted)
    clock.advance(days=15)

    assert tick.tick(database)["lapsed"] == 1
    assert tick.tick(database)["lapsed"] == 0

    assert not found(database, people.dana, restricted)
    assert found(database, people.olive, restricted)
    assert found(database, people.mina, restricted)


def test_a_list_that_was_reviewed_stands_for_another_ninety_days(database, clock, people, restricted):
    clock.advance(days=80)
    with database.work(people.mina) as act:
        restrictions.review(act, restricted.id)
    clock.advance(days=80)

    assert tick.tick(database)["lapsed"] == 0
    with database.reading(SYSTEM) as act:
        (until,) = act.session.scalars(select(Restriction.review_by_at)).all()
        assert until == act.at + timedelta(days=10)


def found(database, who, referral):
    with database.reading(who) as act:
        return find(act, referral.reference) is not None

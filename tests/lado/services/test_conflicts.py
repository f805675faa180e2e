"""Conflicts of interest: who is kept from which case, worked out with whatever changes either, and who has it then."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.jobs import escalation
from lado.models import Account, Barred, Conflict, ConflictToken, Escalation, LedgerEntry, Notice, Referral
from lado.queries import conflicts as declared
from lado.queries.referrals import find
from lado.queries.search import search
from lado.security.identity import SYSTEM
from lado.services import conflicts, cover, verification
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence

pytestmark = pytest.mark.database

SCHOOL = "Willow Lane Primary School"


@pytest.fixture
def declare(database):
    """Declare a link as somebody."""

    def declaring(who, kind="school", name=SCHOOL, **more):
        with database.work(more.pop("by", who)) as act:
            return conflicts.declare(act, NewConflict(who.id, kind, name, **more))

    return declaring


@pytest.fixture
def sees(database):
    """Whether somebody can find the case."""

    def finding(who, referral):
        with database.reading(who) as act:
            return find(act, referral.reference) is not None

    return finding


def owner_of(database, referral):
    with database.reading(SYSTEM) as act:
        return act.session.scalars(select(Referral.owner_id).where(Referral.id == referral.id)).one()


def test_a_case_that_comes_later_is_not_there_for_who_declared_its_school(caseload, people, declare, sees):
    assert declare(people.carl) == 0

    referral = caseload.referral()

    assert not sees(people.carl, referral)
    assert sees(people.olive, referral)
    assert sees(people.mina, referral)


def test_a_case_that_was_there_before_is_gone_from_then_on(caseload, people, declare, sees):
    referral, other = caseload.referral(), caseload.referral(setting="Elm Park Nursery")

    assert declare(people.carl, name="willow lane  PRIMARY school") == 1

    assert not sees(people.carl, referral)
    assert sees(people.carl, other)


@pytest.mark.parametrize(
    ("name", "born_on", "is_kept"),
    [
        ("Robin Sample", None, True),
        ("robin SAMPLE", date(1980, 5, 17), True),
        ("Robin Sample", date(1981, 5, 17), False),
        ("Kim Example", None, True),
        ("Kim Example", date(2015, 1, 1), True),
        ("Kim Sample", None, False),
        ("Sam Robinson", None, False),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_person_is_told_apart_by_their_whole_name_and_date_of_birth(
    caseload, people, declare, sees, name, born_on, is_kept, is_first
):
    if is_first:
        declare(people.carl, "person", name, born_on=born_on)
    referral = caseload.referral()
    if not is_first:
        declare(people.carl, "person", name, born_on=born_on)

    assert sees(people.carl, referral) is not is_kept


def test_somebody_who_is_added_to_a_case_keeps_their_relation_from_it(caseload, people, declare, sees):
    declare(people.carl, "person", "Alex Newcomer")
    referral = caseload.referral()
    assert sees(people.carl, referral)

    caseload.make(referral, "add_person", {"people": ("child",)}, {"people": [{"name": "Alex Newcomer"}]})

    assert not sees(people.carl, referral)


def test_who_is_accountable_is_replaced_by_whoever_is_there(database, caseload, people, declare, sees):
    referral = caseload.referral()

    declare(people.olive)

    new = owner_of(database, referral)
    assert new in (people.dana.id, people.carl.id)
    with database.reading(SYSTEM) as act:
        last = select(LedgerEntry.kind).where(LedgerEntry.referral_id == referral.id).order_by(LedgerEntry.number)
        assert "OwnerAssigned" in act.session.scalars(last).all()[-2:]
        told = act.session.scalars(select(Notice.account_id).where(Notice.referral_id == referral.id)).all()
        assert new in told
        assert verification.verify(act).differences == ()


def test_a_new_case_goes_past_the_officer_who_takes_the_call(database, caseload, people, declare, sees):
    declare(people.olive)

    referral = caseload.referral()

    assert owner_of(database, referral) != people.olive.id
    assert not sees(people.olive, referral)
    with database.reading(SYSTEM) as act:
        assert verification.verify(act).differences == ()


def test_one_says_on_a_case_that_one_has_a_conflict_with_it(database, caseload, people, sees):
    referral, other = caseload.referral(), caseload.referral()

    with database.work(people.olive) as act:
        conflicts.declare_case(act, referral.id, "My sister works there.")

    assert not sees(people.olive, referral)
    assert sees(people.olive, other)
    assert owner_of(database, referral) != people.olive.id


def test_a_case_is_not_given_to_who_is_kept_from_it(caseload, people, declare):
    referral = caseload.referral()
    declare(people.carl)

    with pytest.raises(Refused):
        caseload.make(referral, "assign", {"owner": people.carl.id}, {"note": "Please."})
    caseload.make(referral, "assign", {"owner": people.dana.id}, {"note": "Please."})


def test_who_is_kept_from_a_case_cannot_write_on_it(caseload, people, declare):
    referral = caseload.referral()
    declare(people.carl)

    with pytest.raises(NotFound):
        caseload.make(referral, "add_note", {}, {"note": "Seen."}, who=people.carl)


def test_a_closed_case_that_comes_back_does_not_come_back_to_them(database, caseload, people, declare):
    referral = caseload.referral(("meet_threshold", "hold_meeting", "propose_outcome", "decide_outcome", "close"))
    declare(people.olive)
    assert owner_of(database, referral) == people.olive.id

    caseload.make(referral, "reopen", who=people.dana)

    assert owner_of(database, referral) != people.olive.id


def test_when_nobody_is_left_the_independent_contact_has_it(database, caseload, people, declare):
    with database.work(people.mina) as act:
        conflicts.choose_contact(act, people.dee.id)
    for who in (people.carl, people.dana, people.mina, people.hal, people.olive):
        declare(who)

    referral = caseload.referral()

    assert owner_of(database, referral) == people.dee.id


def test_when_there_is_no_contact_either_the_head_is_told_that_nobody_is_left(database, caseload, people, declare):
    referral = caseload.referral()
    for who in (people.carl, people.dana, people.mina, people.hal, people.olive):
        declare(who)

    with database.reading(SYSTEM) as act:
        notice = act.session.scalars(select(Notice).where(Notice.subject == "Nobody is left for a case")).one()
        assert notice.account_id == people.hal.id
        assert notice.referral_id is None
        assert referral.reference not in notice.body


@pytest.fixture
def climbed(database, clock):
    """Lets a week pass and says who was told of what lapsed on a case, in order."""

    def passing(referral):
        for _ in range(7):
            clock.advance(days=1)
            escalation.run_pass(database)
        with database.reading(SYSTEM) as act:
            told = select(Escalation.told_id).where(Escalation.referral_id == referral.id).order_by(Escalation.id)
            return act.session.scalars(told).all()

    return passing


def test_what_lapses_goes_past_a_cover_who_is_kept_from_it(database, caseload, people, clock, declare, climbed):
    declare(people.carl)
    referral = caseload.referral()
    with database.work(people.olive) as act:
        leave = NewAbsence(people.olive.id, "leave", clock.now(), clock.now() + timedelta(days=30), people.carl.id)
        cover.book_leave(act, leave)

    told = climbed(referral)

    assert people.mina.id in told
    assert people.carl.id not in told


def test_a_ladder_on_which_everybody_is_kept_from_the_case_ends_with_the_contact(
    database, caseload, people, declare, climbed
):
    with database.work(people.mina) as act:
        conflicts.choose_contact(act, people.dee.id)
    referral = caseload.referral()
    kept = (people.carl, people.dana, people.mina, people.hal)
    for who in kept:
        declare(who)
    with database.work(SYSTEM) as act:
        act.session.execute(update(Account).where(Account.id == people.olive.id).values(disabled_at=act.at))

    told = climbed(referral)

    assert people.dee.id in told
    assert not {who.id for who in kept} & set(told)


def test_a_declaration_that_is_ended_gives_the_cases_back(database, caseload, people, declare, sees):
    referral = caseload.referral()
    declare(people.carl)
    declare(people.carl, "person", "Robin Sample")

    for left in (False, True):
        with database.work(people.carl) as act:
            conflicts.end(act, declared.own(act)[0], "My child left the school.")
        assert sees(people.carl, referral) is left
    caseload.referral()
    with database.reading(SYSTEM) as act:
        assert act.session.scalar(select(func.count()).select_from(Barred).where(Barred.ended_at.is_(None))) == 0


def test_a_manager_declares_for_somebody_with_a_reason_and_reads_no_word_of_theirs(database, people, declare):
    with pytest.raises(BadInput):
        declare(people.carl, by=people.mina)
    declare(people.carl, by=people.mina, why="He told me on the telephone.")

    with database.reading(people.mina) as act:
        (found,) = declared.of_person(act, people.carl.id)
        assert (found.name, found.why) == ("", "")
        assert {one.id: one.declarations for one in declared.declarers(act)}[people.carl.id] == 1
    with database.work(people.mina) as act:
        conflicts.end(act, found, "It was a mistake.")
    with database.reading(people.carl) as act:
        assert declared.own(act) == []


def test_nobody_declares_or_ends_for_a_colleague(database, people, declare):
    declare(people.carl)
    with pytest.raises(NotAllowed):
        declare(people.carl, by=people.olive, why="Because.")
    with database.reading(people.carl) as act:
        (found,) = declared.own(act)
    with pytest.raises(NotAllowed), database.work(people.olive) as act:
        conflicts.end(act, found, "Because.")


def test_the_name_is_nowhere_in_the_clear(database, people, declare):
    declare(people.carl, "person", "Robin Sample", born_on=date(1980, 5, 17), why="My brother.")

    with database.reading(SYSTEM) as act:
        rows = [*act.session.scalars(select(Conflict)), *act.session.scalars(select(ConflictToken))]
        kept = repr([{**vars(row)} for row in rows])
    assert not any(word in kept for word in ("Robin", "Sample", "1980", "brother"))


def test_another_council_is_not_concerned(caseload, people, declare, sees):
    declare(people.carl)

    referral = caseload.referral(who=people.sam)

    assert sees(people.sam, referral)


def test_a_search_finds_nothing_and_cuts_its_page_among_what_may_be_known(database, caseload, people, declare):
    kept = [caseload.referral() for _ in range(3)]
    declare(people.carl)
    free = caseload.referral(setting="Elm Park Nursery")

    with database.reading(people.carl) as act:
        assert [case.reference for case in search(act, "Robin Sample", size=2).rows] == [free.reference]
        assert search(act, kept[0].reference).rows == []


@pytest.mark.parametrize("change", [{"kind": "case"}, {"name": " "}, {"kind": "person", "name": "Robin"}])
def test_what_is_wrong_is_said_by_field(database, people, clock, change):
    new = replace(NewConflict(people.carl.id, "school", SCHOOL), **change)
    with pytest.raises(BadInput), database.work(people.carl) as act:
        conflicts.declare(act, new)
    tomorrow = (clock.now() + timedelta(days=1)).date()
    with pytest.raises(BadInput), database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "person", "Robin Sample", tomorrow))


@pytest.mark.parametrize(
    ("declared", "whom"),
    [
        ((), "a colleague who is accountable for 3 open cases"),
        (("Elm Park Nursery",), "a colleague who is accountable for 2 open cases"),
        ((SCHOOL,), "a colleague who is accountable for 1 open case"),
        ((SCHOOL, "Elm Park Nursery"), "a colleague"),
    ],
)
def test_a_leader_hears_of_a_gap_and_of_no_case_that_they_are_kept_from(
    caseload, people, declare, database, clock, declared, whom
):
    for setting in (SCHOOL, SCHOOL, "Elm Park Nursery"):
        caseload.referral(setting=setting)
    for name in declared:
        declare(people.mina, name=name)
    with database.work(people.hal) as act:
        cover.book_leave(act, NewAbsence(people.olive.id, "leave", act.at, act.at + timedelta(days=5)))
        booked = act.session.scalar(select(func.max(Notice.id)))
    escalation.run_pass(database)

    with database.reading(SYSTEM) as act:
        told = select(Notice).where(Notice.subject == "Nobody is on cover", Notice.id > booked)
        ((account, body),) = [(notice.account_id, notice.body) for notice in act.session.scalars(told)]
    assert (account, body) == (people.mina.id, f"Nobody is there for {whom}. Please name who covers.")

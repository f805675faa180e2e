"""A restricted case exists for its list alone: restricted by hand or by a match, reviewed, lapsed, and ended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.models import Account, Barred, LedgerEntry, Notice, Referral, Restriction
from lado.queries import conflicts as declared
from lado.queries import restrictions as reading
from lado.queries.referrals import find
from lado.queries.search import search
from lado.security.identity import SYSTEM, Role
from lado.services import accounts, conflicts, cover, restrictions, roles, subjects, verification
from lado.services.accounts import NewAccount
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence
from lado.services.restrictions import NewList
from lado.services.roles import Wanted
from tests.support.people import PASSWORD

pytestmark = pytest.mark.database

OUTSIDERS = ("dana", "carl", "hal", "bea", "ada", "dee", "edie")


@pytest.fixture
def sees(database):
    """Whether somebody can find the case."""

    def finding(who, referral):
        with database.reading(who) as act:
            return find(act, referral.reference) is not None

    return finding


@pytest.fixture
def restrict(database, people):
    """Restrict a case to people, as Mina."""

    def restricting(referral, *names, why="She is a cousin of an officer.", by="mina"):
        listed = [people.everyone[name].id for name in names]
        with database.work(people.everyone[by]) as act:
            restrictions.restrict(act, referral.id, NewList(listed, why))

    return restricting


def proven(database):
    with database.reading(SYSTEM) as act:
        return verification.verify(act).differences == ()


def owner_of(database, referral):
    with database.reading(SYSTEM) as act:
        return act.session.scalars(select(Referral.owner_id).where(Referral.id == referral.id)).one()


def test_it_exists_for_its_list_alone(database, caseload, people, restrict, sees):
    referral, other = caseload.referral(), caseload.referral()

    restrict(referral, "olive")

    assert [name for name in ("olive", "mina", *OUTSIDERS) if sees(people.everyone[name], referral)] == [
        "olive",
        "mina",
    ]
    assert all(sees(people.everyone[name], other) for name in ("dana", "carl", "hal"))
    with database.reading(people.dana) as act:
        assert [row.reference for row in search(act, "Robin Sample").rows] == [other.reference]
    assert proven(database)


def test_an_auditor_reviews_who_looked_at_it(caseload, people, restrict, sees):
    referral = caseload.referral()
    restrict(referral, "olive")

    assert sees(people.abe, referral)


def test_whoever_is_not_on_the_list_neither_writes_on_it_nor_is_given_it(caseload, people, restrict):
    referral = caseload.referral()
    restrict(referral, "olive")

    with pytest.raises(NotFound):
        caseload.make(referral, "add_note", {}, {"note": "Seen."}, who=people.dana)
    with pytest.raises(Refused):
        caseload.make(referral, "assign", {"owner": people.dana.id}, {"note": "Please."})


def test_it_is_given_to_somebody_of_the_list_where_its_owner_is_not_on_it(database, caseload, people, restrict, sees):
    referral = caseload.referral()

    restrict(referral, "dana")

    assert owner_of(database, referral) in (people.dana.id, people.mina.id)
    assert not sees(people.olive, referral)
    assert proven(database)


def test_the_reason_and_the_list_are_on_the_record(database, caseload, people, restrict):
    referral = caseload.referral()
    restrict(referral, "olive")
    restrict(referral, "olive", "dana", why="Dana works it too.")

    with database.reading(SYSTEM) as act:
        entries = select(LedgerEntry.data).where(LedgerEntry.kind == "Restricted").order_by(LedgerEntry.sequence)
        kinds = act.session.scalars(entries).all()
        told = set(act.session.scalars(select(Notice.account_id).where(Notice.referral_id == referral.id)))
    assert ['"because":"chosen"' in kinds[0], '"because":"changed"' in kinds[1]] == [True, True]
    assert {people.olive.id, people.dana.id} <= told


@pytest.mark.parametrize(
    ("names", "why", "field"), [((), "Why.", "people"), (("hal",), "Why.", "people"), (("olive",), " ", "why")]
)
def test_a_list_has_an_officer_and_a_reason(caseload, restrict, names, why, field):
    referral = caseload.referral()
    with pytest.raises(BadInput) as bad:
        restrict(referral, *names, why=why)
    assert list(bad.value.problems) == [field]


@pytest.mark.parametrize("name", ["olive", "bea", "ada", "abe"])
def test_only_managers_restrict(caseload, restrict, name):
    referral = caseload.referral()
    with pytest.raises(NotAllowed):
        restrict(referral, "olive", by=name)


def test_nobody_is_put_on_the_list_whom_the_case_is_about(database, caseload, people, restrict):
    with database.work(people.dana) as act:
        conflicts.declare(act, NewConflict(people.dana.id, "school", "Willow Lane Primary School"))
    referral = caseload.referral()

    with pytest.raises(BadInput):
        restrict(referral, "olive", "dana")


def test_it_is_there_for_all_again_when_it_ends(database, caseload, people, restrict, sees):
    referral = caseload.referral()
    restrict(referral, "olive")
    with pytest.raises(BadInput), database.work(people.mina) as act:
        restrictions.end(act, referral.id, "")
    with database.work(people.mina) as act:
        restrictions.end(act, referral.id, "They were two people.")

    assert all(sees(people.everyone[name], referral) for name in ("dana", "carl", "hal", "bea"))
    assert proven(database)


def test_who_comes_later_is_kept_from_it_too(database, caseload, people, restrict, sees):
    referral = caseload.referral()
    restrict(referral, "olive")

    with database.work(SYSTEM) as act:
        new = NewAccount("new@example.test", "Nell Newcomer", Role.DESIGNATED_OFFICER, people.olive.authority)
        newcomer = accounts.add(act, new, PASSWORD).id
        accounts.serve(act, act.session.get_one(Account, people.noel.id), people.olive.authority)
        kept = set(act.session.scalars(select(Barred.account_id).where(Barred.ended_at.is_(None))))
    assert {newcomer, people.noel.id} <= kept


def test_whoever_takes_another_role_is_kept_from_it_in_the_same_act(database, caseload, people, restrict, sees):
    referral = caseload.referral()
    restrict(referral, "olive")
    wanted = Wanted(Role.DESIGNATED_OFFICER, "She leaves audit.")
    with database.work(people.ada) as act:
        request = roles.ask_for(act, people.abe.id, wanted)
    assert sees(people.abe, referral)

    with database.work(people.hal) as act:
        roles.agree(act, request)

    assert not sees(replace(people.abe, role=Role.DESIGNATED_OFFICER), referral)


def add_account(database, people, name, role=Role.DESIGNATED_OFFICER, agency=None):
    with database.work(SYSTEM) as act:
        new = NewAccount("matched@example.test", name, role, people.olive.authority, agency=agency)
        return accounts.add(act, new, PASSWORD).id


MATCHED = {"name": "Dana Deputy", "role": "Coach"}


def by_intake(database, caseload, people):
    return caseload.referral(subject=MATCHED)


def by_support(database, caseload, people):
    return caseload.referral(subject=MATCHED, who=people.bea, owner=people.olive.id)


def by_the_matched_one(database, caseload, people):
    return caseload.referral(subject=MATCHED, who=people.dana)


def by_a_person_added_later(database, caseload, people):
    referral = caseload.referral(subject={"name": ""})
    caseload.make(referral, "add_person", {"people": ("subject",)}, {"people": [MATCHED]})
    return referral


def by_an_account_added_later(database, caseload, people):
    referral = caseload.referral(subject={"name": "Nell Newcomer"})
    add_account(database, people, "Ms Nell Newcomer")
    return referral


def by_a_partner_added_later(database, caseload, people):
    referral = caseload.referral(subject={"name": "Nell Newcomer"})
    add_account(database, people, "Nell Newcomer, head", Role.PARTNER, people.pat.agency)
    return referral


def by_a_declared_relation(database, caseload, people):
    with database.work(people.dana) as act:
        conflicts.declare(act, NewConflict(people.dana.id, "person", "Robin Sample"))
    return caseload.referral()


def by_a_relation_declared_later(database, caseload, people):
    referral = caseload.referral()
    with database.work(people.dana) as act:
        conflicts.declare(act, NewConflict(people.dana.id, "person", "Robin Sample"))
    return referral


PATHS = (
    by_intake,
    by_support,
    by_the_matched_one,
    by_a_person_added_later,
    by_an_account_added_later,
    by_a_partner_added_later,
    by_a_declared_relation,
    by_a_relation_declared_later,
)


@pytest.mark.parametrize("path", PATHS)
def test_a_match_restricts_the_case_in_the_act_that_makes_it(database, caseload, people, sees, path):
    referral = path(database, caseload, people)

    owner = owner_of(database, referral)
    assert owner != people.dana.id
    with database.reading(SYSTEM) as act:
        restriction = act.session.scalars(select(Restriction)).one()
        on_list = set(act.session.scalars(reading.on_list(restriction.id)))
        told = act.session.scalars(select(Notice.account_id).where(Notice.referral_id == referral.id)).all()
    assert (restriction.is_match, restriction.keeper_id) == (True, people.mina.id)
    assert on_list == {owner, people.mina.id}
    assert people.mina.id in told
    assert people.dana.id not in told
    assert [name for name in OUTSIDERS if sees(people.everyone[name], referral)] == [
        name for name in OUTSIDERS if people.everyone[name].id == owner
    ]
    assert proven(database)


def test_a_matched_manager_is_passed_over_for_the_head_and_the_head_for_the_contact(database, caseload, people):
    with database.work(people.mina) as act:
        conflicts.choose_contact(act, people.dee.id)
    with database.work(people.hal) as act:
        conflicts.declare(act, NewConflict(people.hal.id, "school", "Elm Park Nursery"))

    first = caseload.referral(subject={"name": "Mina Manager"})
    second = caseload.referral(subject={"name": "Mina Manager"}, setting="Elm Park Nursery")

    with database.reading(SYSTEM) as act:
        keepers = dict(act.session.execute(select(Restriction.referral_id, Restriction.keeper_id)).all())
    assert keepers == {first.id: people.hal.id, second.id: people.dee.id}


def test_a_declared_link_to_a_child_or_a_school_restricts_nothing(database, caseload, people, sees):
    with database.work(people.dana) as act:
        conflicts.declare(act, NewConflict(people.dana.id, "person", "Kim Example"))
        conflicts.declare(act, NewConflict(people.dana.id, "school", "Willow Lane Primary School"))

    referral = caseload.referral()

    assert not sees(people.dana, referral)
    assert sees(people.carl, referral)


def test_nothing_of_a_match_stands_among_what_they_declared(database, caseload, people):
    caseload.referral(subject=MATCHED)

    for who in (people.dana, people.olive):
        with database.reading(who) as act:
            assert declared.own(act) == []
    with database.reading(people.mina) as act:
        assert {one.declarations for one in declared.declarers(act)} == {0}


def test_a_match_that_turns_out_to_be_none_takes_its_restriction_with_it(database, caseload, people, sees):
    referral = caseload.referral(subject={"name": "Pol Police", "born_on": "1980-05-17"})
    assert not sees(people.dana, referral)

    with database.work(people.mina) as act:
        subjects.tell_apart(act, act.session.get_one(Account, people.pol.id), (act.at - timedelta(days=9_999)).date())

    assert sees(people.dana, referral)
    assert proven(database)


def test_a_list_that_a_manager_chose_outlives_the_match(database, caseload, people, restrict, sees):
    referral = caseload.referral(subject={"name": "Pol Police", "born_on": "1980-05-17"})
    restrict(referral, "olive")

    with database.work(people.mina) as act:
        subjects.tell_apart(act, act.session.get_one(Account, people.pol.id), (act.at - timedelta(days=9_999)).date())

    assert not sees(people.dana, referral)


def test_the_contact_has_it_where_nobody_of_the_list_is_there(database, caseload, people, clock, restrict, sees):
    with database.work(people.mina) as act:
        conflicts.choose_contact(act, people.dee.id)
    referral = caseload.referral()
    restrict(referral, "olive")
    assert sees(people.dee, referral)

    for who in (people.olive, people.mina):
        with database.work(people.hal) as act:
            cover.book_leave(act, NewAbsence(who.id, "leave", clock.now(), clock.now() + timedelta(days=9)))
    with database.reading(people.mina) as act:
        kept = declared.barred_from(act.session, [referral.id])[referral.id]
        assert declared.taker(act.session, people.olive.authority, people.olive.id, act.at, kept) == people.dee.id


def test_a_contact_who_is_replaced_is_out_at_once(database, caseload, people, restrict, sees):
    referral = caseload.referral()
    restrict(referral, "olive")
    for name, others in (("dee", "hal"), ("hal", "dee")):
        with database.work(people.mina) as act:
            conflicts.choose_contact(act, people.everyone[name].id)
        assert sees(people.everyone[name], referral)
        assert not sees(people.everyone[others], referral)

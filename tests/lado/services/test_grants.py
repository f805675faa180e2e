"""Access to one referral for one person: given with a reason, for an organisation, ended by somebody or by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, Grant, Notice, Referral
from lado.queries import ledger
from lado.queries.grants import counted, followers, granted, may_follow, place_of
from lado.security.identity import SYSTEM
from lado.services import access, accounts, conflicts, grants, members, verification
from lado.services.access import NewAccess
from lado.services.conflicts import NewConflict
from tests.support.tampering import refusal
from workflows.events import AccessEnded, AccessGiven

WHY = "She looks after staff at the school."


@pytest.fixture
def give(database, people):
    """Let a partner follow a referral, as Olive unless somebody else is said."""

    def do(referral, account, why=WHY, by=None, ends_on=None):
        with database.work(by or people.olive) as act:
            access.give(act, referral.id, NewAccess(account.id, why, ends_on))

    return do


@pytest.fixture
def end(database, people):
    """End whatever access there is to a referral."""

    def do(referral, why="She moved on.", by=None):
        with database.reading(people.system) as act:
            standing = act.session.scalars(select(Grant.id).where(Grant.referral_id == referral.id)).all()
        with database.work(by or people.olive) as act:
            for grant in standing:
                access.end(act, referral.id, grant, why)

    return do


@pytest.fixture
def follows(database):
    """Whether somebody may follow a referral now, as every way to ask says alike."""

    def ask(who, referral):
        with database.reading(SYSTEM) as act:
            answers = {
                referral.id in act.session.scalars(granted(who.id, act.at)).all(),
                may_follow(act.session, who.id, referral.id, act.at),
                who.id in followers(act.session, referral.id, act.at),
                counted(act.session, [who.id], act.at).get(who.id, 0) == 1,
            }
        assert len(answers) == 1, answers
        return answers.pop()

    return ask


def test_access_is_given_to_one_person_and_they_are_told(database, caseload, people, give, follows):
    referral = caseload.referral()
    assert not follows(people.pat, referral)

    give(referral, people.pat)

    assert follows(people.pat, referral)
    assert not follows(people.pol, referral)
    with database.reading(SYSTEM) as act:
        (told,) = act.session.scalars(select(Notice).where(Notice.account_id == people.pat.id)).all()
        assert told.referral_id == referral.id
        assert "Willow" not in told.subject + told.body


def test_who_made_the_referral_follows_it_for_their_organisation(database, caseload, people, follows):
    referral = caseload.referral(partner=people.pat.id)

    assert follows(people.pat, referral)
    with database.reading(SYSTEM) as act:
        grant = act.session.scalars(select(Grant)).one()
        assert (grant.agency_id, grant.given_by_id, grant.ends_at) == (people.pat.agency, people.olive.id, None)


def test_it_ends_at_the_end_of_its_last_day_in_london(caseload, clock, people, give, follows):
    referral = caseload.referral()
    give(referral, people.pat, ends_on=date(2026, 3, 30))  # the clocks go forward on the day before

    clock.advance(days=28, hours=13, minutes=29)
    assert follows(people.pat, referral)
    clock.advance(minutes=1)
    assert not follows(people.pat, referral)


def test_it_ends_from_the_next_request_on_and_says_who_ended_it_and_why(database, caseload, people, give, end, follows):
    referral = caseload.referral()
    give(referral, people.pat)

    end(referral, by=people.mina)

    assert not follows(people.pat, referral)
    with database.reading(SYSTEM) as act:
        grant = act.session.scalars(select(Grant)).one()
        assert grant.ended_by_id == people.mina.id
        said = act.vault.open(caseload_key(act, referral), place_of(grant.id), grant.sealed)
        assert said == {"why": WHY, "why_ended": "She moved on."}
        assert WHY not in repr(vars(grant))


def caseload_key(act, referral):
    return grants.keys_of(act, [referral.id])[referral.id]


def test_it_can_be_given_again_after_it_ended(caseload, people, give, end, follows):
    referral = caseload.referral()
    give(referral, people.pat)
    with pytest.raises(Refused, match="already"):
        give(referral, people.pat)
    end(referral)

    give(referral, people.pat)

    assert follows(people.pat, referral)
    with pytest.raises(Refused, match="ended already"):
        end(referral)


@pytest.mark.parametrize("way", ["agency", "shut", "account ends"])
def test_it_holds_while_the_person_stands_and_is_of_the_organisation_that_it_was_given_for(
    database, caseload, people, give, follows, way
):
    referral = caseload.referral()
    give(referral, people.pat)
    with database.work(SYSTEM) as act:
        account = act.session.get_one(Account, people.pat.id)
        if way == "agency":
            account.agency_id = people.pol.agency
        elif way == "shut":
            accounts.disable(act, account)
        else:
            account.ends_at = act.at

    assert not follows(people.pat, referral)


def test_an_account_that_ends_later_stands_until_then(database, caseload, clock, people, give, follows):
    referral = caseload.referral()
    give(referral, people.pat)
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.pat.id).ends_at = act.at + timedelta(hours=1)

    assert follows(people.pat, referral)
    clock.advance(hours=1)
    assert not follows(people.pat, referral)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": " "}, "why"),
        ({"why": "x" * 501}, "why"),
        ({"ends_on": date(2026, 3, 1)}, "ends_on"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(caseload, people, give, changes, field):
    with pytest.raises(BadInput) as refused:
        give(caseload.referral(), people.pat, **changes)

    assert set(refused.value.problems) == {field}


@pytest.mark.parametrize("name", ["dana", "sam"])
def test_it_is_given_to_nobody_of_a_council(caseload, people, give, name):
    with pytest.raises(BadInput) as refused:
        give(caseload.referral(), people.everyone[name])

    assert set(refused.value.problems) == {"account"}


@pytest.mark.parametrize("name", ["pat", "bea", "ada", "abe", "dee", "edie", "sam"])
def test_nobody_else_gives_or_ends_it(database, caseload, people, give, end, name):
    referral = caseload.referral()
    give(referral, people.pat)

    who = people.everyone[name]
    refused = refusal(database, who, follows=True)

    with pytest.raises(refused):
        give(referral, people.pol, by=who)
    with pytest.raises(refused):
        end(referral, by=who)


def test_an_officer_who_is_kept_from_the_case_neither_gives_nor_ends_it(database, caseload, people, give, end):
    referral = caseload.referral()
    give(referral, people.pat)
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "person", "Robin Sample"))

    with pytest.raises(NotFound):
        give(referral, people.pol, by=people.carl)
    with pytest.raises(NotFound):
        end(referral, by=people.carl)


def test_a_grant_of_another_case_is_not_found(database, caseload, people, give):
    one, other = caseload.referral(), caseload.referral()
    give(one, people.pat)

    with pytest.raises(NotFound), database.work(people.olive) as act:
        access.end(act, other.id, act.session.scalars(select(Grant.id)).one(), "No.")


def test_a_grant_that_begins_later_is_not_there_yet(database, caseload, clock, people, follows):
    referral = caseload.referral()
    with database.work(SYSTEM) as act:
        later = act.at + timedelta(minutes=1)
        whose = {"referral_id": referral.id, "account_id": people.pat.id, "agency_id": people.pat.agency}
        act.session.execute(insert(Grant).values(**whose, granted_at=later))

    assert not follows(people.pat, referral)
    clock.advance(minutes=1)
    assert follows(people.pat, referral)


def test_it_is_on_the_record_with_the_reason_and_the_record_holds(database, caseload, people, give, end):
    referral = caseload.referral(partner=people.pol.id)
    give(referral, people.pat, ends_on=date(2026, 3, 30))
    end(referral)

    with database.reading(SYSTEM) as act:
        events = [entry.event for entry in ledger.entries(act, merged(act, referral))]
        assert [event for event in events if isinstance(event, AccessGiven | AccessEnded)] == [
            AccessGiven(people.pol.id, None),
            AccessGiven(people.pat.id, datetime(2026, 3, 30, 23, tzinfo=UTC)),
            AccessEnded(people.pol.id),
            AccessEnded(people.pat.id),
        ]
        last = ledger.entries(act, merged(act, referral))[-1]
        assert (last.actor_id, last.words["why"]) == (people.olive.id, "She moved on.")
        assert verification.verify(act).differences == ()


def merged(act, referral):
    query = select(Referral).where(Referral.id == referral.id).options(joinedload(Referral.sealing_key))
    return act.session.scalars(query).one()


def test_whoever_leaves_loses_what_a_colleague_who_is_kept_from_it_cannot_see(
    database, caseload, people, give, follows
):
    referral = caseload.referral()
    give(referral, people.pat)
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "person", "Robin Sample"))

    with database.work(people.carl) as act:
        members.shut(act, people.pat.id, "She has left.")

    assert not follows(people.pat, referral)
    with database.reading(SYSTEM) as act:
        assert verification.verify(act).differences == ()

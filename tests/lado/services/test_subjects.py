"""A partner never sees a case that is about themselves, whichever was there first, the account or the case."""

from datetime import date

import pytest
from sqlalchemy import select, update

from lado.errors import NotAllowed, Refused
from lado.models import Account, Barred, Conflict, ConflictToken, Grant
from lado.queries import conflicts as declared
from lado.queries import portal
from lado.queries.grants import granted
from lado.security.identity import SYSTEM, Identity, Role
from lado.services import access, accounts, grants, subjects
from lado.services.access import NewAccess
from lado.services.accounts import NewAccount
from tests.support.people import CAST, PASSWORD

HEAD = "Mrs Robin J. Sample"
"""The head of the referring school, as her account has it; the referral says Robin Sample."""


@pytest.fixture
def head(database, people):
    """Add the head teacher, by her name."""

    def add(name=HEAD):
        new = NewAccount("head@example.test", name, Role.PARTNER, people.pat.authority, agency=people.pat.agency)
        with database.work(SYSTEM) as act:
            account = accounts.add(act, new, PASSWORD)
            return Identity(account.id, Role.PARTNER, account.authority_id, name, account.agency_id)

    return add


@pytest.fixture
def sees(database):
    """Whether a partner's list, page and the one select know of a referral; they must agree."""

    def ask(who, referral):
        with database.reading(who) as act:
            answers = {
                referral.reference in {row.reference for row in portal.rows(act)},
                portal.case(act, referral.reference) is not None,
                referral.id in act.session.scalars(granted(who.id, act.at)).all(),
            }
        assert len(answers) == 1, answers
        return answers.pop()

    return ask


def force(database, referral, who):
    """Write a grant past the service, as whatever might come to hold one would have it."""
    with database.work(SYSTEM) as act:
        grants.begin(act, act.session.merge(referral, load=False), who.id, "By mistake.")


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("council", ["olive", "sam"])
def test_the_subject_never_sees_it_even_as_head_of_the_referring_school(
    database, caseload, people, head, sees, is_first, council
):
    who = head() if is_first else None
    referral = caseload.referral(who=people.everyone[council])
    who = who or head()

    force(database, referral, who)

    assert not sees(who, referral)


def test_nobody_gives_it_to_the_subject(database, caseload, people, head, sees):
    who = head()
    referral = caseload.referral(partner=who.id)
    assert not sees(who, referral)

    with pytest.raises(Refused, match="name of the adult"), database.work(people.olive) as act:
        access.give(act, referral.id, NewAccess(who.id, "She is the head."))

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(Grant)).all() == []


def test_a_subject_whose_name_comes_later_is_out_at_the_next_request(caseload, head, sees):
    who = head()
    referral = caseload.referral(subject={"name": ""}, partner=who.id)
    assert sees(who, referral)

    caseload.make(referral, "add_person", {"people": ("subject",)}, {"people": [{"name": "Robin Sample"}]})

    assert not sees(who, referral)


@pytest.mark.parametrize("part", ["child", "witness"])
def test_only_the_subject_is_kept_apart(caseload, head, sees, part):
    who = head()
    referral = caseload.referral(subject={"name": "Somebody Else"}, partner=who.id)

    caseload.make(referral, "add_person", {"people": (part,)}, {"people": [{"name": "Robin Sample"}]})

    assert sees(who, referral)


@pytest.mark.parametrize(
    ("name", "subject", "is_kept"),
    [
        ("Robin Sample", {"name": "Robin Sample"}, True),
        ("ROBIN  sample", {"name": "Robin Sample"}, True),
        ("Robin Anne Sample", {"name": "Robin Sample"}, True),
        ("DC Robin Sample", {"name": "Robin Anne Sample"}, True),
        ("Bobbie Sample", {"name": "Robin Sample", "known_as": "Bobbie Sample"}, True),
        ("Robín O’Sample", {"name": "Robin OSample"}, True),
        ("Dr Sample", {"name": "Robin Sample"}, True),
        ("Robin Sample, head teacher", {"name": "Robin Sample"}, True),
        ("Robin Sample (she/her)", {"name": "Robin Sample"}, True),
        ("Sample, Robin", {"name": "Robin Sample"}, True),
        ("Robin Other", {"name": "Robin Sample"}, False),
        ("Kim Example", {"name": "Robin Sample"}, False),
    ],
)
def test_a_name_is_the_same_however_it_is_written(caseload, head, sees, name, subject, is_kept):
    who = head(name)

    referral = caseload.referral(subject=subject, partner=who.id)

    assert sees(who, referral) is not is_kept


def test_a_manager_tells_two_people_of_one_name_apart_by_their_birth(database, caseload, people, head, sees):
    who = head()
    referral = caseload.referral()  # whose subject was born on 17 May 1980
    force(database, referral, who)

    for born_on, is_seen in ((date(1971, 1, 2), True), (date(1980, 5, 17), False)):
        with database.work(people.mina) as act:
            subjects.tell_apart(act, act.session.get_one(Account, who.id), born_on)
        assert sees(who, referral) is is_seen


def test_only_a_manager_of_the_council_tells_them_apart(database, people, head):
    who = head()
    for name in ("olive", "ada", "pat", "sam"):
        with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
            subjects.tell_apart(act, act.session.get_one(Account, who.id), date(1971, 1, 2))


def test_what_keeps_a_partner_apart_is_no_declaration_that_somebody_could_end(database, people, head):
    head()
    with database.reading(people.mina) as act:
        for conflict_id in act.session.scalars(select(Conflict.id)).all():
            assert declared.find(act, conflict_id) is None


def test_accounts_from_before_are_kept_apart_when_the_database_is_brought_up_to_date(
    database, caseload, people, head, sees
):
    who = head()
    referral = caseload.referral()
    force(database, referral, who)
    with database.work(SYSTEM) as act:  # as they were before there was this
        act.session.execute(update(Barred).values(ended_at=act.at))
        act.session.execute(update(Conflict).values(ended_at=act.at, ended_by_id=people.mina.id))
    assert sees(who, referral)

    with database.work(SYSTEM) as act:
        assert subjects.fill(act) == len(CAST) + 1  # everybody who signs in, and the head
        assert subjects.fill(act) == 0

    assert not sees(who, referral)


def test_the_name_is_nowhere_in_the_clear(database, caseload, head):
    head()
    caseload.referral()

    with database.reading(SYSTEM) as act:
        kept = repr(
            [vars(row) for model in (Conflict, ConflictToken, Barred) for row in act.session.scalars(select(model))]
        )
    assert "Sample" not in kept

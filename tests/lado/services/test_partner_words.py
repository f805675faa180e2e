"""A council's own sentences for partners: two people, one proposal at a time, and from then on they hold."""

import pytest
from sqlalchemy import select

from lado.domain.partner_words import Words, came_with
from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.models import Notice, Wording
from lado.queries import portal, portal_words, wordings
from lado.queries.portal_words import Place
from lado.services import partner_words
from lado.services.partner_words import NewWording
from workflows.registry import CURRENT, NAMED

OURS = Words("Somebody at Northbrook is reading it.", "Keep your notes safe.", "You hear from us tomorrow.")
CAME_WITH = came_with(CURRENT.state_by_key["received"])


def place(people, state="received", version=1):
    return Place(people.olive.authority, "allegation", version, state)


@pytest.fixture
def propose(database, people):
    def go(words=OURS, who=None, **where):
        with database.work(who or people.olive) as act:
            return partner_words.propose(act, NewWording(place(people, **where), words, "Ours is friendlier."))

    return go


@pytest.fixture
def decide(database, people):
    def go(number, who=None, approve=True, answer=""):
        with database.work(who or people.mina) as act:
            partner_words.decide(act, number, approve=approve, answer=answer)

    return go


def told(database, people, **where):
    with database.reading(people.olive) as act:
        return portal_words.in_force(act.session, [people.olive.authority]).words(place(people, **where))


def test_nothing_changes_until_a_second_person_approves(database, people, propose, decide):
    number = propose()
    assert told(database, people) == CAME_WITH

    decide(number)

    assert told(database, people) == OURS
    assert told(database, people, state="deciding") == came_with(CURRENT.state_by_key["deciding"])


def test_a_refusal_changes_nothing_and_says_why(database, people, propose, decide):
    number = propose()
    with pytest.raises(BadInput):
        decide(number, approve=False, answer="  ")

    decide(number, approve=False, answer="Too friendly.")

    assert told(database, people) == CAME_WITH
    with database.reading(people.olive) as act:
        found = wordings.find_proposal(act, number)
        assert (found.stage, found.why, found.answer) == ("refused", "Ours is friendlier.", "Too friendly.")
        assert (found.proposed_by_id, found.decided_by_id) == (people.olive.id, people.mina.id)


def test_whoever_proposed_does_not_approve(database, people, propose, decide):
    number = propose(who=people.mina)

    with pytest.raises(Refused, match="Somebody else"):
        decide(number, who=people.mina)
    decide(number, who=people.hal)

    assert told(database, people) == OURS


@pytest.mark.parametrize("name", ["bea", "abe", "ada", "dee", "pat", "sam"])
def test_who_may_not_propose(people, propose, name):
    with pytest.raises(NotAllowed):
        propose(who=people.everyone[name])


@pytest.mark.parametrize("name", ["olive", "dana", "bea", "abe", "ada", "dee", "pat", "sam"])
def test_who_may_not_approve(people, propose, decide, name):
    number = propose()

    with pytest.raises(NotAllowed):
        decide(number, who=people.everyone[name])


def test_one_proposal_at_a_time_for_a_state(database, people, propose, decide):
    first = propose()
    with pytest.raises(Refused, match="waits"):
        propose(OURS._replace(by_when="Soon."), who=people.dana)
    propose(state="deciding")

    decide(first)

    assert propose(OURS._replace(by_when="Soon."))


def test_what_is_decided_stays_decided(propose, decide, people):
    number = propose()
    decide(number)

    with pytest.raises(Refused, match="decided already"):
        decide(number, who=people.hal, approve=False, answer="After all not.")
    with pytest.raises(NotFound):
        decide(number + 1)


@pytest.mark.parametrize(
    ("words", "field"), [(CAME_WITH, "happening"), (OURS._replace(to_do="Wait for the police."), "to_do")]
)
def test_what_cannot_be_proposed_is_said_beside_its_field(propose, words, field):
    with pytest.raises(BadInput) as caught:
        propose(words)

    assert list(caught.value.problems) == [field]


def test_a_later_version_goes_on_with_them_until_it_has_its_own(database, people, propose, decide):
    decide(propose())
    assert told(database, people, version=2) == OURS

    newer = OURS._replace(by_when="You hear from us in two days.")
    decide(propose(newer, version=2))

    assert told(database, people, version=2) == newer
    assert told(database, people, version=1) == OURS
    assert NAMED["allegation_v2"].version == 2


def test_the_newest_that_was_approved_holds(database, people, propose, decide):
    decide(propose())
    newer = OURS._replace(happening="Olive’s team reads it.")
    decide(propose(newer))
    decide(propose(), approve=False, answer="No.")

    assert told(database, people) == newer


def test_the_other_council_keeps_its_own(database, people, propose, decide):
    decide(propose())

    southmeres = Place(people.sam.authority, "allegation", 1, "received")
    with database.reading(people.sam) as act:
        both = portal_words.in_force(act.session, [people.olive.authority, people.sam.authority])
        assert (both.words(southmeres), both.words(place(people))) == (CAME_WITH, OURS)
        assert wordings.find_state(act, "southmere", "allegation_v1", "received").words == CAME_WITH


def test_the_partner_reads_them(database, people, caseload, propose, decide):
    referral = caseload.referral(partner=people.pat.id)
    decide(propose())

    with database.reading(people.pat) as act:
        case, (row,) = portal.case(act, referral.reference), portal.rows(act)
    assert (case.happening, case.do, case.by) == (row.happening, row.do, row.by) == tuple(OURS)
    assert case.status == "Received"


def test_managers_are_told_and_then_whoever_proposed(database, people, propose, decide):
    number = propose()
    decide(number)

    with database.reading(people.olive) as act:
        told_whom = {row.account_id: row.subject for row in act.session.scalars(select(Notice))}
        sealed = act.session.scalars(select(Wording.sealed)).one()
    assert set(told_whom) == {people.mina.id, people.hal.id, people.olive.id}
    assert told_whom[people.olive.id] == "Sentences for partners: yours were approved"
    assert b"friendlier" not in sealed

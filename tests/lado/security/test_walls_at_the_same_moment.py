"""Being kept from a case at the very moment at which somebody works on it: one was first, and the other sees it."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import select

from lado.errors import NotFound
from lado.models import Barred, Referral
from lado.security.identity import SYSTEM
from lado.services import conflicts, moves, restrictions
from lado.services.conflicts import NewConflict
from lado.services.restrictions import NewList

pytestmark = pytest.mark.database

A_MOMENT = 0.3
"""Seconds in which whoever has to wait is waiting."""


@pytest.fixture
def meanwhile():
    """Lets somebody act while this act is not saved yet: until they wait for it, or are done."""
    with ThreadPoolExecutor(1) as other:

        def acting(do):
            running = other.submit(do)
            wait([running], A_MOMENT)
            return running

        yield acting


def test_who_waits_for_a_case_while_it_is_restricted_finds_none(database, caseload, people, meanwhile):
    referral = caseload.referral()

    with database.work(people.mina) as act:
        restrictions.restrict(act, referral.id, NewList([people.olive.id], "She is a cousin of an officer."))
        noting = meanwhile(lambda: caseload.make(referral, "add_note", {}, {"note": "Seen."}, who=people.dana))

    with pytest.raises(NotFound):
        noting.result(10)


def test_a_case_that_is_given_to_somebody_while_they_are_kept_from_it_goes_on(database, caseload, people, meanwhile):
    referral = caseload.referral()

    def declare():
        with database.work(people.mina) as act:
            conflicts.declare(act, NewConflict(people.dana.id, "school", "Willow Lane Primary School", why="She said."))

    caseload.make(referral, "assign", {"owner": people.carl.id}, {"note": "Please."})
    with database.work(people.olive) as act:
        moves.make(act, referral.id, "assign", {"owner": people.dana.id}, {"note": "Please."})
        declaring = meanwhile(declare)
    declaring.result(10)

    with database.reading(SYSTEM) as act:
        owner = act.session.scalars(select(Referral.owner_id).where(Referral.id == referral.id)).one()
        kept = set(act.session.scalars(select(Barred.account_id).where(Barred.ended_at.is_(None))))
    assert (owner != people.dana.id, people.dana.id in kept) == (True, True)

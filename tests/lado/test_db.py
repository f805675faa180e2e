"""The transaction: acts that are saved one by one, and acts that are saved all together or not at all."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError

from lado.clock import FixedClock
from lado.models import Referral
from lado.security.identity import SYSTEM
from tests.support.builders import Caseload


def cases(database) -> int:
    with database.reading(SYSTEM) as act:
        return act.session.scalar(select(func.count(Referral.id)))


def test_acts_as_one_see_each_other_and_are_saved_together(database, clock, people):
    with database.as_one(FixedClock(clock.now())) as inside:
        caseload = Caseload(inside, inside.clock, people.olive)
        caseload.referral(("meet_threshold",))
        inside.clock.advance(days=1)
        caseload.referral()
        seen = cases(inside)

    assert (seen, cases(database)) == (2, 2)
    assert inside.clock is not database.clock


def fail(act):
    """What a machine does that is switched off in the middle."""
    act.session.execute(select(Referral.id))
    raise RuntimeError("switched off")


def test_when_one_of_them_fails_none_is_saved(database, clock, people):
    def live():
        with database.as_one(FixedClock(clock.now())) as inside:
            Caseload(inside, clock, people.olive).referral()
            with inside.work(people.olive) as act:
                fail(act)

    with pytest.raises(RuntimeError):
        live()

    assert cases(database) == 0


def test_nothing_can_be_added_after_one_that_failed(database, clock, people):
    def live():
        with database.as_one(FixedClock(clock.now())) as inside:
            with pytest.raises(RuntimeError), inside.work(people.olive) as act:
                fail(act)
            Caseload(inside, clock, people.olive).referral()

    with pytest.raises(InvalidRequestError):
        live()

    assert cases(database) == 0

"""Each making of a duty pack is recorded, for its council alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.errors import BadInput, NotAllowed
from lado.models import DutyPack, ReadEntry
from lado.queries import nights as reading
from lado.services import duty_packs
from tests.support.tampering import every_right

FORM = "a-token-of-one-form"


def made(database, who, council, hours=72):
    with database.work(who) as act:
        found = reading.council(act, council)
        return duty_packs.make(act, found, hours, FORM, lambda contents: repr(contents).encode())[0]


def test_each_pack_is_recorded_and_so_is_each_case_in_it(database, caseload, people, clock):
    cases = [caseload.referral(), caseload.referral()]
    caseload.referral(("advise",))
    caseload.referral(who=people.sam)

    pack = made(database, people.edie, "northbrook")

    assert (pack.cases, pack.made_by_id, pack.expires_at) == (2, people.edie.id, clock.now() + timedelta(hours=72))
    with every_right(database) as connection:
        looks = connection.execute(select(ReadEntry.referral_id, ReadEntry.what, ReadEntry.account_id)).all()
    assert sorted(looks) == [(case.id, "download", people.edie.id) for case in cases]


def test_one_form_makes_one_pack(database, people):
    made(database, people.olive, "northbrook")
    with pytest.raises(BadInput):
        made(database, people.olive, "northbrook")

    with every_right(database) as connection:
        assert len(connection.execute(select(DutyPack.id)).all()) == 1


@pytest.mark.parametrize("hours", [0, 121])
def test_no_pack_opens_longer_than_a_long_weekend(database, people, hours):
    with pytest.raises(BadInput):
        made(database, people.olive, "northbrook", hours=hours)


def test_nobody_makes_a_pack_of_a_council_that_is_not_theirs(database, people):
    with database.work(people.olive) as act:
        assert reading.council(act, "southmere") is None
    southmere = reading.Served(people.sam.authority, "southmere", "", "")
    with database.work(people.olive) as act, pytest.raises(NotAllowed):
        duty_packs.make(act, southmere, 72, FORM, lambda contents: b"")

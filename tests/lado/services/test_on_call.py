"""Who is on call, one at a time, and where nobody is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lado.errors import BadInput, NotAllowed, Refused
from lado.queries import on_call
from lado.services import on_call as arranging
from lado.services.on_call import NewShift

FRIDAY_NIGHT = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def on(people, hours, begins, **changes):
    shift = NewShift(people.hal.id, "01632 960 009", begins, begins + timedelta(hours=hours))
    return replace(shift, **changes)


def test_who_is_on_call_and_where_nobody_is(database, people, clock):
    clock.move_to(FRIDAY_NIGHT)
    with database.work(people.mina) as act:
        arranging.put(act, on(people, 12, clock.now() - timedelta(hours=1)))
    with database.reading(people.edie) as act:
        found = on_call.roster(act, people.olive.authority, MONDAY_NINE)
        elsewhere = on_call.roster(act, people.sam.authority, MONDAY_NINE)

    assert (found.now.name, found.now.phone, found.following) == ("Hal Head", "01632 960 009", None)
    assert [(gap.from_at, gap.until_at) for gap in found.gaps] == [(found.now.until_at, MONDAY_NINE)]
    assert (elsewhere.now, elsewhere.ahead) == (None, [])


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"until_at": FRIDAY_NIGHT}, "until_at"),
        ({"from_at": FRIDAY_NIGHT - timedelta(days=2), "until_at": FRIDAY_NIGHT - timedelta(days=1)}, "until_at"),
        ({"account": 1}, "account"),
        ({"from_at": FRIDAY_NIGHT + timedelta(hours=1), "until_at": FRIDAY_NIGHT + timedelta(hours=2)}, "from_at"),
    ],
)
def test_what_cannot_be_is_refused(database, people, clock, changes, wrong):
    clock.move_to(FRIDAY_NIGHT)
    with database.work(people.mina) as act:
        arranging.put(act, on(people, 12, FRIDAY_NIGHT))
    asked = replace(on(people, 12, FRIDAY_NIGHT + timedelta(hours=12)), **changes)

    with database.work(people.mina) as act, pytest.raises(BadInput) as bad:
        arranging.put(act, asked)
    assert set(bad.value.problems) == {wrong}


def test_somebody_is_taken_off_call_once(database, people, clock):
    with database.work(people.mina) as act:
        number = arranging.put(act, on(people, 12, clock.now())).id
    with database.work(people.mina) as act:
        arranging.cancel(act, number)
    with database.work(people.mina) as act, pytest.raises(Refused):
        arranging.cancel(act, number)
    with database.reading(people.mina) as act:
        assert on_call.roster(act, 1).ahead == []


def test_officers_arrange_nobody(database, people, clock):
    with database.work(people.olive) as act, pytest.raises(NotAllowed):
        arranging.put(act, on(people, 12, clock.now()))

"""Gaps ahead: the sweep as a table, and against a walk through every half hour of many random rotas."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from lado.domain.cover import on_cover
from lado.domain.gaps import Ahead, Kind, Piece, Walled, What, made_by, sweep
from lado.domain.rota import ADD, PRIMARY, REMOVE, SECOND, Away, DutyChange, DutyDay, Pattern, Rota
from workflows.office import weekly

OLIVE, CARL, DANA, MINA = 1, 2, 3, 4
MONDAY = date(2026, 3, 2)
HALF_HOUR = timedelta(minutes=30)
NINE_TO_FIVE = weekly((time(9), time(17)), (time(9), time(17)))


def at(day, hour=0, minute=0):
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC) + timedelta(days=day)


def office(days=14):
    """Nine to five, Monday to Friday."""
    return tuple(Piece(at(day, 9), at(day, 17)) for day in range(days) if (MONDAY + timedelta(days=day)).weekday() < 5)


def away(person, cover=None, from_day=0, until_day=5):
    return Away(person, at(from_day), at(until_day), cover, id=person)


def ahead(rota, officers=(OLIVE, CARL, DANA), **more):
    return Ahead(rota, officers, more.pop("owners", officers), office(), **more)


def found(outlook):
    return [(gap.what, gap.from_at, gap.until_at) for gap in outlook.gaps]


def test_where_there_are_no_people_at_all_every_office_hour_is_a_gap():
    outlook = sweep(ahead(Rota(), officers=()))

    assert found(outlook) == [(What(Kind.NOBODY), at(0, 9), at(11, 17))]
    assert outlook.gaps[0].open_for == timedelta(hours=80)
    assert outlook.score == 0


def test_where_every_account_is_shut_every_office_hour_is_a_gap():
    outlook = sweep(ahead(Rota(inactive=frozenset({OLIVE})), officers=(OLIVE,)))

    assert [gap.what for gap in outlook.gaps] == [What(Kind.NOBODY), What(Kind.UNCOVERED, OLIVE)]
    assert outlook.score == 0


def test_where_the_office_never_opens_there_is_no_gap_and_nothing_to_praise():
    outlook = sweep(Ahead(Rota(), (OLIVE,), (OLIVE,), ()))

    assert outlook.gaps == ()
    assert outlook.score == 0


def test_a_rota_of_one_is_the_worst_there_is_and_not_the_best():
    alone = sweep(ahead(Rota(), officers=(OLIVE,)))

    assert found(alone) == [(What(Kind.ALONE, by=OLIVE), at(0, 9), at(11, 17))]
    assert alone.score == 0
    assert sweep(ahead(Rota(), officers=(OLIVE, CARL))).score == 100


def test_a_week_of_leave_is_one_gap_and_its_nights_are_not_counted():
    outlook = sweep(ahead(Rota((away(OLIVE),))))

    assert found(outlook) == [(What(Kind.UNCOVERED, OLIVE), at(0, 9), at(4, 17))]
    assert outlook.gaps[0].open_for == timedelta(hours=40)


@pytest.mark.parametrize(
    ("rota", "gaps", "because"),
    [
        (Rota(), [], "everybody is there"),
        (Rota((away(OLIVE, CARL),)), [], "somebody covers and two are there"),
        (Rota((away(OLIVE, CARL, 5, 7),)), [], "nobody is needed at the weekend"),
        (Rota((away(OLIVE, DANA), away(DANA, CARL))), [What(Kind.ALONE, by=CARL)], "one is left"),
        (
            Rota((away(OLIVE, CARL), away(CARL), away(DANA, OLIVE))),
            [What(Kind.NOBODY), *(What(Kind.UNCOVERED, person) for person in (OLIVE, CARL, DANA))],
            "all three are away, and cover comes to nothing",
        ),
        (
            Rota((away(OLIVE, MINA),), inactive=frozenset({MINA})),
            [What(Kind.UNREACHABLE, OLIVE, MINA)],
            "the cover's account is shut",
        ),
    ],
)
def test_what_a_rota_leaves_open(rota, gaps, because):
    assert [gap.what for gap in sweep(ahead(rota)).gaps] == gaps, because


def test_cover_that_cannot_be_reached_is_no_cover():
    outlook = sweep(ahead(Rota((away(OLIVE, CARL),)), unreachable={CARL: "no address"}))

    assert found(outlook) == [(What(Kind.UNREACHABLE, OLIVE, CARL), at(0, 9), at(4, 17))]


def test_a_conflict_of_interest_leaves_one_or_none():
    walls = (Walled(OLIVE, frozenset({CARL, DANA}), 2), Walled(DANA, frozenset({OLIVE, CARL, DANA})))

    outlook = sweep(ahead(Rota(), walled=walls))

    assert [gap.what for gap in outlook.gaps] == [What(Kind.CONFLICT, DANA), What(Kind.ALONE, OLIVE, OLIVE)]


def test_what_nobody_may_have_is_the_independent_contacts_while_they_are_there():
    walls = (Walled(OLIVE, frozenset({OLIVE, CARL, DANA})),)
    rota = Rota((away(MINA, OLIVE),))

    outlook = sweep(ahead(rota, walled=walls, contact=MINA))

    assert found(outlook) == [(What(Kind.CONFLICT, OLIVE), at(0, 9), at(4, 17))]
    assert sweep(ahead(Rota(), walled=walls, contact=MINA)).gaps == ()


def test_a_gap_in_the_middle_of_an_office_day_begins_and_ends_there():
    rota = Rota((Away(OLIVE, at(1, 12), at(2, 10), None),))

    assert found(sweep(ahead(rota))) == [(What(Kind.UNCOVERED, OLIVE), at(1, 12), at(2, 10))]


def test_the_gaps_that_a_change_makes_are_those_that_did_not_stand_before():
    before = Rota((away(DANA, CARL, 0, 2), away(CARL, DANA, 1, 3)))
    after = Rota((*before.absences, away(OLIVE, None, 1, 4)))

    made = made_by(sweep(ahead(before)), sweep(ahead(after)))

    assert [(gap.what, gap.from_at, gap.until_at) for gap in made] == [
        (What(Kind.NOBODY), at(1, 9), at(1, 17)),
        (What(Kind.UNCOVERED, OLIVE), at(1, 9), at(3, 17)),
        (What(Kind.ALONE, by=DANA), at(2, 9), at(2, 17)),
    ]
    assert made_by(sweep(ahead(after)), sweep(ahead(after))) == ()


MORNINGS = ((time(9), time(12, 30)),) * 5 + (None, None)
THREE_DAYS = ((time(9), time(17)), None, (time(10), time(16)), None, (time(9), time(17)), None, None)


def random_rota(chance):
    """A small team: leave of hours or days, cover that may be away too, part time, duty, deputies and leavers."""
    people = list(range(1, chance.randint(1, 4) + 1))
    absences = tuple(random_leave(chance, people, number) for number in range(chance.randint(0, 7)))
    deputies = {person: chance.choice(people) for person in people if chance.random() < 0.3}
    patterns = [
        Pattern(person, MONDAY, chance.choice((MORNINGS, THREE_DAYS))) for person in people if chance.random() < 0.3
    ]
    days = [
        DutyDay(chance.choice((PRIMARY, SECOND)), chance.randrange(5), chance.choice(people), MONDAY)
        for _ in range(chance.choice((0, 0, 2, 5)))
    ]
    changes = [
        DutyChange(chance.choice((ADD, REMOVE)), PRIMARY, begin, begin + HALF_HOUR * 30, chance.choice(people))
        for begin in (at(0) + HALF_HOUR * chance.randrange(14 * 48) for _ in range(chance.choice((0, 0, 1))))
    ]
    return people, Rota(
        absences,
        {person: deputy for person, deputy in deputies.items() if deputy != person},
        frozenset(person for person in people if chance.random() < 0.1),
        tuple(patterns),
        tuple(days),
        tuple(changes),
        NINE_TO_FIVE,
    )


def random_leave(chance, people, number):
    person, begin = chance.choice(people), at(0) + HALF_HOUR * chance.randrange(14 * 48)
    cover = chance.choice([None, *(other for other in people if other != person)])
    return Away(person, begin, begin + HALF_HOUR * chance.randint(1, 200), cover, id=number)


def is_there(person, rota, moment):
    """Written apart from the resolver: no absence holds, the working pattern has the hour, and the account is open."""
    is_away = any(a.person == person and a.from_at <= moment < a.until_at for a in rota.absences)
    weeks = [pattern.week for pattern in rota.patterns if pattern.person == person]
    works = weeks[0][moment.weekday()] if weeks else (time(0), time(23, 59))
    at_work = works is not None and works[0] <= moment.time() < works[1]
    return at_work and not is_away and person not in rota.inactive


def reported(outlook, moment):
    return {gap.what for gap in outlook.gaps if any(p.from_at <= moment < p.until_at for p in gap.pieces)}


def test_no_half_hour_of_a_thousand_rotas_goes_unreported_and_no_cover_is_nobody():
    chance = Random(10)
    for _ in range(1_000):
        people, rota = random_rota(chance)
        outlook = sweep(Ahead(rota, tuple(people), tuple(people), office()))
        for _ in range(12):
            opening = chance.choice(office())
            moment = opening.from_at + HALF_HOUR * chance.randrange(16)
            there = [person for person in people if is_there(person, rota, moment)]
            said = reported(outlook, moment)
            assert (What(Kind.NOBODY) in said) == (not there)
            assert {what.by for what in said if what.kind is Kind.ALONE} == set(there if len(there) == 1 else ())
            for person in people:
                cover = on_cover(person, moment, rota)
                is_said = any(what.person == person for what in said)
                assert is_said == (cover.person is None)
                assert cover.person is None or cover.person in there


def test_the_hours_of_the_gaps_are_those_that_a_walk_through_every_half_hour_counts():
    chance = Random(11)
    for _ in range(40):
        people, rota = random_rota(chance)
        outlook = sweep(Ahead(rota, tuple(people), tuple(people), office()))
        counted = {}
        for opening in office():
            for step in range(16):
                for what in truth(people, rota, opening.from_at + HALF_HOUR * step):
                    counted[what] = counted.get(what, timedelta()) + HALF_HOUR
        swept = {}
        for gap in outlook.gaps:
            swept[gap.what] = swept.get(gap.what, timedelta()) + gap.open_for
        assert swept == counted


def truth(people, rota, moment):
    there = [person for person in people if is_there(person, rota, moment)]
    if not there:
        yield What(Kind.NOBODY)
    if len(there) == 1:
        yield What(Kind.ALONE, by=there[0])
    for person in people:
        cover = on_cover(person, moment, rota)
        if cover.person is None:
            named = cover.chain[1:]
            is_shut = named and rota.inactive.issuperset(named)
            yield What(Kind.UNREACHABLE, person, named[0]) if is_shut else What(Kind.UNCOVERED, person)

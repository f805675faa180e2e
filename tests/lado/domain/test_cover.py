"""Who covers: the resolver as a table, over time, and for any rota that could be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lado.domain.cover import Away, Rota, covered_people, first_there, gap_of, on_cover, second, stretches

OLIVE, CARL, DANA, MINA = 1, 2, 3, 4
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def day(number):
    return MONDAY + timedelta(days=number)


def away(person, cover=None, from_day=0, until_day=5):
    return Away(person, day(from_day), day(until_day), cover, id=person)


@pytest.mark.parametrize(
    ("rota", "chain", "person", "because"),
    [
        (Rota(), (OLIVE,), OLIVE, "someone who is there needs no cover"),
        (Rota((away(OLIVE, CARL),)), (OLIVE, CARL), CARL, "the named cover"),
        (Rota((away(OLIVE, CARL), away(CARL, DANA))), (OLIVE, CARL, DANA), DANA, "the cover of the cover"),
        (Rota((away(OLIVE),)), (OLIVE,), None, "nobody was named"),
        (Rota((away(OLIVE),), {OLIVE: DANA}), (OLIVE, DANA), DANA, "without a cover, the standing deputy"),
        (Rota((away(OLIVE, CARL),), {OLIVE: DANA}), (OLIVE, CARL), CARL, "the named cover comes before the deputy"),
        (Rota((away(OLIVE, CARL), away(CARL, OLIVE))), (OLIVE, CARL), None, "a circle finds nobody"),
        (Rota((away(OLIVE, CARL), away(CARL))), (OLIVE, CARL), None, "the cover is away without one"),
        (Rota(inactive=frozenset({OLIVE})), (OLIVE,), None, "a shut account is not there"),
        (Rota(deputies={OLIVE: DANA}, inactive=frozenset({OLIVE})), (OLIVE, DANA), DANA, "a leaver has a deputy"),
        (Rota((away(OLIVE, CARL),), inactive=frozenset({CARL})), (OLIVE, CARL), None, "the cover has left"),
    ],
)
def test_who_is_there_for_olive(rota, chain, person, because):
    found = on_cover(OLIVE, day(1), rota)

    assert (found.chain, found.person) == (chain, person), because


def test_an_absence_begins_at_its_first_instant_and_is_over_at_its_last():
    rota = Rota((away(OLIVE, CARL, 0, 1),))

    assert on_cover(OLIVE, day(0) - timedelta(seconds=1), rota).person == OLIVE
    assert on_cover(OLIVE, day(0), rota).person == CARL
    assert on_cover(OLIVE, day(1) - timedelta(seconds=1), rota).person == CARL
    assert on_cover(OLIVE, day(1), rota).person == OLIVE


def test_the_second_is_the_deputy_of_whoever_is_there_and_never_the_same_person():
    assert second(OLIVE, day(1), Rota(deputies={OLIVE: DANA})).person == DANA
    assert second(OLIVE, day(1), Rota((away(OLIVE, CARL),), {CARL: DANA, OLIVE: MINA})).person == DANA
    assert second(OLIVE, day(1), Rota((away(OLIVE, CARL),), {OLIVE: MINA})).person == MINA
    assert second(OLIVE, day(1), Rota((away(DANA, OLIVE),), {OLIVE: DANA})).person is None
    assert second(OLIVE, day(1), Rota()).person is None


def test_of_a_role_the_first_who_is_there_in_person_comes_before_anyone_covered():
    rota = Rota((away(CARL, MINA),))

    assert first_there((CARL, DANA), day(1), rota).person == DANA
    assert first_there((CARL,), day(1), rota).person == MINA
    assert first_there((), day(1), rota).is_nobody


def test_an_absence_is_told_in_pieces():
    rota = Rota((away(OLIVE, CARL, 0, 5), away(CARL, DANA, 1, 2), away(DANA, None, 4, 7)))

    found = [(piece.from_at, piece.until_at, piece.cover.person) for piece in stretches(OLIVE, day(0), day(7), rota)]

    assert found == [
        (day(0), day(1), CARL),
        (day(1), day(2), DANA),
        (day(2), day(5), CARL),
        (day(5), day(7), OLIVE),
    ]


def test_a_gap_keeps_its_name_until_its_reason_changes():
    first = Rota((Away(OLIVE, day(0), day(5), CARL, id=7), Away(CARL, day(0), day(2), None, id=8)))
    later = Rota((Away(OLIVE, day(0), day(5), CARL, id=7), Away(CARL, day(3), day(5), None, id=9)))

    names = {
        gap_of(on_cover(OLIVE, at, rota), at, rota) for rota, at in [(first, day(0)), (first, day(1)), (later, day(3))]
    }

    assert len(names) == 2


def test_whom_somebody_covers():
    rota = Rota((away(OLIVE, CARL), away(CARL, DANA)))

    assert covered_people(DANA, (OLIVE, CARL, DANA, MINA), day(1), rota) == (OLIVE, CARL)


people = st.integers(1, 6)
hours = st.integers(0, 200)


@st.composite
def absences(draw):
    person, begin = draw(people), draw(hours)
    cover = draw(st.none() | people.filter(lambda other: other != person))
    begins = MONDAY + timedelta(hours=begin)
    return Away(person, begins, begins + timedelta(hours=draw(st.integers(1, 100))), cover)


rotas = st.builds(
    Rota,
    absences=st.lists(absences(), max_size=12).map(tuple),
    deputies=st.dictionaries(people, people, max_size=6),
    inactive=st.frozensets(people, max_size=3),
)


@given(people, hours, rotas)
def test_the_resolver_never_names_someone_who_is_not_there_and_asks_nobody_twice(person, hour, rota):
    at = MONDAY + timedelta(hours=hour)

    for found in (on_cover(person, at, rota), second(person, at, rota), first_there((person, 3), at, rota)):
        assert len(set(found.chain)) == len(found.chain)
        if found.person is not None:
            assert rota.is_there(found.person, at)
            assert found.person in found.chain
    first = on_cover(person, at, rota)
    assert first.chain[0] == person
    assert all(not rota.is_there(asked, at) for asked in first.chain if asked != first.person)


@given(people, hours, st.integers(1, 120), rotas)
def test_pieces_of_time_agree_with_the_resolver_at_every_hour(person, hour, length, rota):
    begin, end = MONDAY + timedelta(hours=hour), MONDAY + timedelta(hours=hour + length)

    pieces = stretches(person, begin, end, rota)

    assert (pieces[0].from_at, pieces[-1].until_at) == (begin, end)
    for at in (begin + timedelta(hours=step) for step in range(length)):
        (piece,) = [piece for piece in pieces if piece.from_at <= at < piece.until_at]
        assert piece.cover == on_cover(person, at, rota)

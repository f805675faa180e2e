"""The one resolver against a model of it that was written apart: any rota that could be, whoever is barred."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from lado.domain.cover import Kept, duty_stretches, first_there, on_cover, on_duty, second, stretches
from lado.domain.rota import Away, DutyChange, DutyDay, Pattern, Rota
from tests.support.cover_model import LONDON, OPEN, CoverModel
from workflows.calendar import Calendar
from workflows.office import USUAL_HOURS

FIRST = date(2026, 3, 23)
"""A Monday; summer time begins on the Sunday after."""
HOLIDAY = date(2026, 3, 25)
CALENDAR = Calendar.of("test", {HOLIDAY: "A holiday"}, date(2026, 1, 1), date(2026, 12, 31))
MINUTES = 12 * 24 * 60
EXAMPLES = 60

PEOPLE = range(1, 6)
people = st.sampled_from(PEOPLE)
nobody_or = st.none() | people


def moment(minute):
    return datetime.combine(FIRST, time(), LONDON).astimezone(UTC) + timedelta(minutes=minute)


minutes = st.integers(0, MINUTES // 30).map(lambda half_hours: half_hours * 30)


@st.composite
def spans(draw):
    begin = draw(minutes)
    return moment(begin), moment(begin + 30 * draw(st.sampled_from((1, 5, 20, 48, 150, 300, 500))))


@st.composite
def absences(draw):
    person, (begin, end) = draw(people), draw(spans())
    cover = draw(nobody_or.filter(lambda other: other != person))
    kind = draw(st.sampled_from(("leave", "sickness", "training", "vacancy")))
    return Away(person, begin, end, cover, kind, 0, draw(nobody_or) if cover else None)


openings = st.none() | st.sampled_from(
    ((time(9), time(17)), (time(9), time(13)), (time(13), time(18)), (time(6), time(8)), (time(10, 30), time(15)))
)
patterns = st.builds(
    Pattern,
    people,
    st.integers(-3, 9).map(lambda days: FIRST + timedelta(days=days)),
    st.none() | st.tuples(*[openings] * 7),
)
duty_days = st.builds(
    DutyDay,
    st.sampled_from((1, 2)),
    st.integers(0, 6),
    nobody_or,
    st.integers(-3, 9).map(lambda days: FIRST + timedelta(days=days)),
)


@st.composite
def duty_changes(draw):
    kind = draw(st.sampled_from(("add", "remove", "replace")))
    begin, end = draw(spans())
    by = draw(people) if kind == "replace" else None
    return DutyChange(kind, draw(st.sampled_from((1, 2))), begin, end, draw(people), by)


def numbered(found):
    return tuple(replace(absence, id=number) for number, absence in enumerate(found, start=1))


rotas = st.builds(
    Rota,
    absences=st.lists(absences(), min_size=2, max_size=9).map(numbered),
    deputies=st.dictionaries(people, people, max_size=5),
    inactive=st.frozensets(people, max_size=1),
    patterns=st.lists(patterns, max_size=4).map(tuple),
    duty_days=st.lists(duty_days, max_size=10).map(tuple),
    duty_changes=st.lists(duty_changes(), max_size=3).map(tuple),
    calendar=st.sampled_from((CALENDAR, CALENDAR, None)),
    leaders=st.lists(people, max_size=2, unique=True).map(tuple),
)
barred_people = st.frozensets(people, max_size=2)
refusals = st.frozensets(st.tuples(st.integers(1, 9), people), max_size=8)
"""An absence, and somebody who said in it that they cannot take the case."""


def instants_of(rota):
    """The moments at which something may change, those just before, and one in each day."""
    edges = {edge for one in (*rota.absences, *rota.duty_changes) for edge in (one.from_at, one.until_at)}
    hours = {moment(60 * (24 * day + hour)) for day in range(12) for hour in (0, 7, 12, 15)}
    return sorted(edges | {edge - timedelta(microseconds=1) for edge in edges} | hours)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rotas, barred_people, refusals)
def test_the_resolver_is_the_model_and_never_names_anybody_who_is_away_or_barred(rota, barred, refused):
    kept = Kept(barred, refused)
    for at, person in product(instants_of(rota)[::3], PEOPLE):
        model = CoverModel(rota, at, barred, () if rota.calendar is None else (HOLIDAY,), refused)
        first = on_cover(person, at, rota, kept)
        answers = [
            (first, model.answer(person)),
            (first_there((person,), at, rota, kept), model.answer(person, ())),
            (on_duty(1 + person % 2, at, rota, kept), model.answer(None, (1 + person % 2,))),
        ]
        if first.person is not None:
            answers.append((second(person, at, rota, kept), model.answer(person, besides=first.person)))

        for found, expected in answers:
            assert (found.chain, found.person, found.passed) == expected
            assert len(set(found.chain)) == len(found.chain), "nobody is asked twice"
            assert found.person is None or not model.why_not(found.person)
        assert (person in rota.not_there(at)) == bool(model.why_away(person) or person in rota.inactive)


@settings(max_examples=EXAMPLES, deadline=None)
@given(people, minutes, st.integers(1, 400), rotas, barred_people)
def test_pieces_of_time_are_what_the_resolver_says_at_every_instant(person, minute, length, rota, barred):
    begin, end = moment(minute), moment(minute + 30 * length)

    for pieces, ask in (
        (stretches(person, begin, end, rota, barred), lambda at: on_cover(person, at, rota, barred)),
        (duty_stretches(1, begin, end, rota, barred), lambda at: on_duty(1, at, rota, barred)),
    ):
        assert (pieces[0].from_at, pieces[-1].until_at) == (begin, end)
        assert all(one.until_at == other.from_at for one, other in pairwise(pieces))
        assert all(one.cover != other.cover for one, other in pairwise(pieces))
        for at in (begin, end - timedelta(microseconds=1), *instants_of(rota)):
            if begin <= at < end:
                (piece,) = [one for one in pieces if one.from_at <= at < one.until_at]
                assert piece.cover == ask(at)


def test_the_usual_office_hours_are_those_of_the_model():
    assert USUAL_HOURS.week == OPEN == ((time(9), time(17)),) * 4 + ((time(9), time(16, 30)), None, None)

"""The one resolver against a model of it that was written apart: any rota that could be, and any person who is barred.

The model knows only the raw lists of a rota and the words of ADR 0013. It looks everything up afresh, minute by minute.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lado.domain.cover import duty_stretches, first_there, on_cover, on_duty, second, stretches
from lado.domain.rota import Away, DutyChange, DutyDay, Pattern, Rota
from workflows.calendar import Calendar
from workflows.office import USUAL_HOURS

LONDON = ZoneInfo("Europe/London")
FIRST = date(2026, 3, 23)
"""A Monday; summer time begins on the Sunday after."""
CALENDAR = Calendar.of("test", {date(2026, 3, 25): "A holiday"}, date(2026, 1, 1), date(2026, 12, 31))
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


rotas = st.builds(
    Rota,
    absences=st.lists(absences(), min_size=2, max_size=9).map(tuple),
    deputies=st.dictionaries(people, people, max_size=5),
    inactive=st.frozensets(people, max_size=1),
    patterns=st.lists(patterns, max_size=4).map(tuple),
    duty_days=st.lists(duty_days, max_size=10).map(tuple),
    duty_changes=st.lists(duty_changes(), max_size=3).map(tuple),
    calendar=st.sampled_from((CALENDAR, CALENDAR, None)),
)
barred_people = st.frozensets(people, max_size=2)


class Model:
    """The rota of ADR 0013, read literally."""

    def __init__(self, rota, at, barred):
        self.rota, self.at, self.barred = rota, at, barred
        self.local = at.astimezone(LONDON)

    def open_today(self):
        day = self.local.date()
        hours = ((time(9), time(17)),) * 4 + ((time(9), time(16, 30)), None, None)
        is_closed = self.rota.calendar is not None and day == date(2026, 3, 25)
        return None if is_closed else hours[day.weekday()]

    def why_away(self, person):
        own = [one for one in self.rota.absences if one.person == person and one.from_at <= self.at < one.until_at]
        if own:
            return own[-1].kind
        newest = None
        for pattern in self.rota.patterns:
            starts_later = newest is None or pattern.from_on >= newest.from_on
            if pattern.person == person and pattern.from_on <= self.local.date() and starts_later:
                newest = pattern
        hours, now = self.open_today(), self.local.time()
        if newest is None or newest.week is None or hours is None or not hours[0] <= now < hours[1]:
            return ""
        worked = newest.week[self.local.weekday()]
        return "" if worked is not None and worked[0] <= now < worked[1] else "pattern"

    def why_not(self, person):
        if person in self.rota.inactive:
            return "shut"
        return self.why_away(person) or ("conflict" if person in self.barred else "")

    def named_for(self, person):
        own = [one for one in self.rota.absences if one.person == person and one.from_at <= self.at < one.until_at]
        return [cover for cover in (own[-1].cover, own[-1].second) if cover is not None] if own else []

    def duty(self, rank):
        newest = None
        for day in self.rota.duty_days:
            is_today = day.rank == rank and day.weekday == self.local.weekday() and day.from_on <= self.local.date()
            if is_today and (newest is None or day.from_on >= newest.from_on):
                newest = day
        listed = [newest.person] if newest and newest.person is not None and self.open_today() else []
        for change in self.rota.duty_changes:
            if change.rank == rank and change.from_at <= self.at < change.until_at:
                if change.kind == "add":
                    listed.insert(0, change.person)
                elif change.kind == "remove":
                    listed = [person for person in listed if person != change.person]
                else:
                    listed = [change.by if person == change.person else person for person in listed]
        return listed

    def everybody(self, start, ranks):
        """Everybody who would be asked if nobody were ever there, as (person, came by duty)."""
        asked = [(start, False)] if start is not None else []

        def is_new(person):
            return all(person != one for one, _ in asked)

        while True:
            explicit = [(cover, duty) for one, duty in asked for cover in self.named_for(one) if is_new(cover)]
            standing = [
                (self.rota.deputies[one], False)
                for one, duty in asked[::-1]
                if not duty and one in self.rota.deputies and is_new(self.rota.deputies[one])
            ]
            on_duty_now = [(person, True) for rank in ranks for person in self.duty(rank) if is_new(person)]
            following = [*explicit, *standing, *on_duty_now][:1]
            if not following:
                return
            asked += following
            yield following[0][0]

    def answer(self, start, ranks=(1, 2), besides=None):
        """The chain, who is found, and why each before was not."""
        line = [*([start] if start is not None else []), *self.everybody(start, ranks)]
        chain, passed = [], []
        for person in line:
            chain.append(person)
            why_not = self.why_not(person) or ("first" if person == besides else "")
            if not why_not:
                return tuple(chain), person, tuple(passed)
            passed.append(why_not)
        return tuple(chain), None, tuple(passed)


def instants_of(rota):
    """The moments at which something may change, those just before, and one in each day."""
    edges = {edge for one in (*rota.absences, *rota.duty_changes) for edge in (one.from_at, one.until_at)}
    hours = {moment(60 * (24 * day + hour)) for day in range(12) for hour in (0, 7, 12, 15)}
    return sorted(edges | {edge - timedelta(microseconds=1) for edge in edges} | hours)


@settings(max_examples=EXAMPLES)
@given(rotas, barred_people)
def test_the_resolver_is_the_model_and_never_names_anybody_who_is_away_or_barred(rota, barred):
    for at, person in product(instants_of(rota)[::3], PEOPLE):
        model = Model(rota, at, barred)
        first = on_cover(person, at, rota, barred)
        answers = [
            (first, model.answer(person)),
            (first_there((person,), at, rota, barred), model.answer(person, ())),
            (on_duty(1 + person % 2, at, rota, barred), model.answer(None, (1 + person % 2,))),
        ]
        if first.person is not None:
            answers.append((second(person, at, rota, barred), model.answer(person, besides=first.person)))

        for found, expected in answers:
            assert (found.chain, found.person, found.passed) == expected
            assert len(set(found.chain)) == len(found.chain), "nobody is asked twice"
            assert found.person is None or not model.why_not(found.person)
        assert (person in rota.not_there(at)) == bool(model.why_away(person) or person in rota.inactive)


@settings(max_examples=EXAMPLES)
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
    assert USUAL_HOURS.week == ((time(9), time(17)),) * 4 + ((time(9), time(16, 30)), None, None)

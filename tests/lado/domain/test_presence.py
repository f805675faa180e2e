"""What the calendar page and the feeds draw is what the resolver says, whatever the rota; and nothing besides."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lado.domain import feed
from lado.domain.cover import on_cover, on_duty
from lado.domain.presence import AWAY, COVERS, DUTY, UNCOVERED, Presence, joined, presences
from lado.domain.rota import ADD, PATTERN, PRIMARY, REMOVE, REPLACE, SECOND, Away, DutyChange, DutyDay, Pattern, Rota

NOW = datetime(2026, 3, 23, 9, 30, tzinfo=UTC)  # a Monday; the clocks go forward on the Sunday
PEOPLE = (1, 2, 3, 4)
HOUR = timedelta(hours=1)

people = st.sampled_from(PEOPLE)
starts = st.integers(-48, 13 * 24).map(lambda hours: NOW + hours * HOUR)
lengths = st.integers(1, 5 * 24).map(lambda hours: hours * HOUR)
ranks = st.sampled_from((PRIMARY, SECOND))
days_off = st.sampled_from(((time(9), time(17)), (time(9), time(13)), (time(12, 30), time(17)), None))


@st.composite
def absences(draw):
    person, begin, length = draw(people), draw(starts), draw(lengths)
    others = st.none() | people.filter(lambda other: other != person)
    return Away(person, begin, begin + length, draw(others), id=draw(st.integers(1, 99)), second=draw(others))


@st.composite
def duty_changes(draw):
    kind, person, begin = draw(st.sampled_from((ADD, REMOVE, REPLACE))), draw(people), draw(starts)
    by = draw(people.filter(lambda other: other != person)) if kind == REPLACE else None
    return DutyChange(kind, draw(ranks), begin, begin + draw(lengths), person, by)


@st.composite
def rotas(draw):
    return Rota(
        tuple(draw(st.lists(absences(), max_size=5, unique_by=lambda away: away.person))),
        draw(st.dictionaries(people, people, max_size=3).map(lambda of: {a: b for a, b in of.items() if a != b})),
        frozenset(draw(st.lists(people, max_size=1))),
        tuple(
            draw(
                st.lists(st.builds(Pattern, people, st.just(date(2026, 1, 1)), st.tuples(*[days_off] * 7)), max_size=2)
            )
        ),
        tuple(
            draw(st.lists(st.builds(DutyDay, ranks, st.integers(0, 4), people, st.just(date(2026, 1, 1))), max_size=4))
        ),
        tuple(draw(st.lists(duty_changes(), max_size=3))),
    )


def at_instant(pieces, at):
    return [piece for piece in pieces if piece.from_at <= at < piece.until_at]


@settings(max_examples=60, deadline=None)
@given(rotas(), st.lists(st.integers(0, 13 * 24 * 60), min_size=5, max_size=8))
def test_page_and_feed_name_whom_the_resolver_names(rota, minutes):
    pieces = presences(PEOPLE, NOW, NOW + timedelta(days=14), rota)
    entries = feed.entries(PEOPLE, NOW, rota)
    for at in (NOW + timedelta(minutes=minute) for minute in minutes):
        covers, duty, nobody = set(), set(), set()
        for person in PEOPLE:
            found = on_cover(person, at, rota).person
            covers |= {(found, person)} if found not in (person, None) else set()
            nobody |= {person} if found is None else set()
        duty = {(what, on_duty(rank, at, rota).person) for rank, what in DUTY.items()}
        drawn = at_instant(pieces, at)
        assert {(one.person, one.other) for one in drawn if one.what == COVERS} == covers
        assert {one.person for one in drawn if one.what == UNCOVERED} == nobody
        assert {one.person for one in drawn if one.what == AWAY} == nobody | {other for _, other in covers}
        assert {(one.what, one.person) for one in drawn if one.what in DUTY.values()} == {
            (what, person) for what, person in duty if person is not None
        }
        hours = rota.hours_on(at.date())
        if hours and hours[0] <= at < hours[1]:
            sent = [feed.said(entry.key) for entry in entries if entry.from_at <= at < entry.until_at]
            assert {(one.person, one.other) for one in sent if one.what == COVERS} == covers
            assert {one.person for one in sent if one.what == UNCOVERED} == nobody
            assert {(one.what, one.person) for one in sent if one.what in DUTY.values()} == {
                (what, person) for what, person in duty if person is not None
            }


def test_pieces_that_touch_and_say_the_same_are_one():
    early, late = (Presence(1, COVERS, NOW + n * HOUR, NOW + (n + 1) * HOUR, other=2) for n in (0, 1))
    other = Presence(1, COVERS, NOW + HOUR, NOW + 2 * HOUR, other=3)

    assert joined((late, other, early)) == (early._replace(until_at=late.until_at), other)


def test_hours_that_somebody_does_not_work_are_away_for_their_pattern():
    rota = Rota(deputies={1: 2}, patterns=(Pattern(1, date(2026, 1, 1), ((time(9), time(13)), *[None] * 6)),))

    pieces = presences((1, 2), NOW, NOW + timedelta(hours=10), rota)

    assert [(one.person, one.what, one.why, one.from_at.hour, one.until_at.hour) for one in pieces] == [
        (1, AWAY, PATTERN, 13, 17),
        (2, COVERS, "", 13, 17),
    ]

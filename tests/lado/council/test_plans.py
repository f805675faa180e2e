"""What is drawn before a year begins: the counts, the office time that lives are laid out in, and covered leave."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lado.adapters.bank_holidays import england
from lado.council import leave
from lado.council.cast import CAST, Cast
from lado.council.office_time import DAY, OfficeTime
from lado.council.planning import stories
from lado.council.profiles import PROFILES
from lado.domain.codes import OUTCOMES, rolled_up
from lado.domain.cover import Rota, on_cover
from lado.security.identity import Identity
from workflows.rules import NATIONAL

BROMLEY = PROFILES["bromley-2021-22"]
FIRST, LAST = date(2021, 4, 1), date(2022, 3, 31)


def office(first_on: date, end_at: datetime) -> OfficeTime:
    return OfficeTime(first_on, end_at, NATIONAL.office, england())


def a_cast() -> Cast:
    councils = {"northbrook": 1, "southmere": 2}
    people = {
        member.key: Identity(number, member.role, councils[member.council]) for number, member in enumerate(CAST, 1)
    }
    return Cast(people, tuple(councils))


def test_the_published_year_is_the_published_counts():
    assert BROMLEY.scaled(FIRST, LAST) == {
        "substantiated": 72,
        "unsubstantiated": 30,
        "unfounded": 69,
        "false": 1,
        "malicious": 0,
        "open": 32,
    }


@given(days=st.integers(1, 1500), name=st.sampled_from(sorted(PROFILES)))
def test_over_any_span_the_parts_are_the_scaled_whole(days, name):
    profile = PROFILES[name]
    found = profile.scaled(FIRST, FIRST + timedelta(days=days - 1))

    assert abs(sum(found.values()) - sum(profile.endings.values()) * days / 365) <= 0.5
    assert all(abs(count - profile.endings[ending] * days / 365) < 1 for ending, count in found.items())


def test_office_time_counts_open_minutes_only():
    time = office(date(2026, 3, 6), datetime(2026, 3, 10, 12, tzinfo=UTC))  # a Friday to a Tuesday at noon

    assert time.total == 450 + 480 + 180
    assert time.at(449) == datetime(2026, 3, 6, 16, 29, tzinfo=UTC)
    assert time.at(450) == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert time.minute(datetime(2026, 3, 8, 12, tzinfo=UTC)) == 450
    assert time.today() == 180
    assert time.at(10**6) == time.end_at
    assert time.day_before() == datetime(2026, 3, 9, 9, tzinfo=UTC)


def test_a_span_without_an_open_day_still_has_time():
    saturday = office(date(2026, 3, 7), datetime(2026, 3, 7, 23, 59, 59, tzinfo=UTC))

    assert saturday.total == DAY


@pytest.mark.parametrize("seed", range(20))
def test_somebody_is_there_for_everybody_through_the_year(seed):
    cast = a_cast()
    found = leave.planned(Random(seed), cast, FIRST, LAST, at_end=("dana", "olive"))
    rota = Rota(tuple(absence.away for absence in found))
    moments = [moment for absence in found for moment in (absence.from_at, absence.until_at)]

    assert len(found) > 15
    assert all(not on_cover(person.id, at, rota).is_nobody for at in moments for person in cast.people.values())
    assert rota.away(cast.people["dana"].id, datetime(2022, 3, 31, 12, tzinfo=UTC)) is not None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("days", [1, 3, 42, 365])
def test_every_story_fits_into_its_span(seed, days):
    last_on = FIRST + timedelta(days=days - 1)
    end_at = datetime(last_on.year, last_on.month, last_on.day, 22, tzinfo=UTC)
    found = stories(Random(seed), BROMLEY, FIRST, last_on, office(FIRST, end_at))

    for story in found:
        beats = [beat.at for beat in story.beats]
        assert beats == sorted(beats)
        assert datetime(2021, 3, 31, 23, tzinfo=UTC) <= beats[0]
        assert beats[-1] <= end_at
        if story.ending in OUTCOMES:
            assert rolled_up(story.outcomes) == story.ending
            assert story.beats[-1].kind in {"close", "note"}

"""How days and times are said, and which names may be missing."""

from datetime import UTC, date, datetime

import pytest
from jinja2 import UndefinedError

from lado.web.templating import css_colour, day, day_short, ink_on, machine, moment, moment_full, time
from tests.templates.pages import render

SUMMER_NIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # already 1 July in London
AUTUMN = datetime(2026, 11, 26, 15, 40, tzinfo=UTC)


def test_days_and_times_as_people_say_them() -> None:
    assert day(date(2026, 11, 26)) == "Thursday 26 November 2026"
    assert day_short(date(2026, 11, 6)) == "6 Nov 2026"
    assert moment(AUTUMN) == "Thursday 26 November at 15:40"
    assert moment_full(AUTUMN) == "Thursday 26 November 2026 at 15:40"
    assert time(AUTUMN) == "15:40"


def test_an_instant_is_told_as_london_reads_it() -> None:
    assert day(SUMMER_NIGHT) == "Wednesday 1 July 2026"
    assert time(SUMMER_NIGHT) == "00:30"
    assert machine(SUMMER_NIGHT) == "2026-06-30T23:30:00+00:00"
    assert machine(date(2026, 6, 30)) == "2026-06-30"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 6, 30, 12, 0))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody }}",
        "{% if nobody %}{% endif %}",
        "{% for x in nobody %}{% endfor %}",
        "{{ council.nickname }}",
        "{{ 'x' if council.nickname == 'x' }}",
        "{{ nobody | length }}",
        "{{ nobody.name }}",
        "{{ given.key.deeper }}",
    ],
)
def test_a_name_that_nobody_gave_raises(source: str) -> None:
    with pytest.raises(UndefinedError):
        render(source, given={})


@pytest.mark.parametrize(
    "source",
    [
        "{{ given.key }}",
        "{% if given.key %}{% endif %}",
        "{{ nobody is defined }}",
        "{{ nobody | default('') }}",
        "{{ '' if given.key == 1 }}",
    ],
)
def test_an_optional_key_of_a_mapping_may_be_absent(source: str) -> None:
    assert render(source, given={}) in ("", "False")


def test_ink_is_readable_on_the_councils_colour() -> None:
    assert ink_on("#12436D") == "#ffffff"
    assert ink_on("#ffdd00") == "#0b0c0c"


@pytest.mark.parametrize("colour", ["red", "#12436", "#12436d}body{display:none", "var(--x)"])
def test_only_a_plain_colour_reaches_the_style(colour: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        css_colour(colour)

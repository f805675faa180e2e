"""Instants in words: London's days and times, whatever the season."""

from datetime import UTC, datetime

import pytest

from lado.domain import said


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-03-03T23:59:59", "by the end of Tuesday 3 March 2026"),
        ("2026-07-03T22:59:59", "by the end of Friday 3 July 2026"),
        ("2026-07-03T15:00:00", "by 16:00 on Friday 3 July 2026"),
    ],
)
def test_a_due_moment(instant, words):
    assert said.by(at(instant)) == words


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        ("2026-03-09T00:00", "2026-03-14T00:00", "from Monday 9 March to Friday 13 March"),
        ("2026-03-10T00:00", "2026-03-11T00:00", "on Tuesday 10 March"),
        ("2026-06-30T23:00", "2026-07-01T23:00", "on Wednesday 1 July"),
        ("2026-03-28T00:00", "2026-03-29T23:00", "from Saturday 28 March to Sunday 29 March"),
        ("2026-03-10T10:15", "2026-03-11T00:00", "from Tuesday 10 March at 10:15 to the end of Tuesday 10 March"),
        ("2026-03-10T00:00", "2026-03-10T13:00", "from Tuesday 10 March at 00:00 to Tuesday 10 March at 13:00"),
    ],
)
def test_a_span_of_days(begin, end, words):
    assert said.span(at(begin), at(end)) == words

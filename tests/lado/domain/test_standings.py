"""Spans of time in a tree of hours: whatever covers an instant hangs on its path, and nothing is looked for long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lado.domain.standings import LEVELS, UNTIL_NOW, Span, followed, history, node, path
from tests.support.cases import Walk

BEGIN = datetime(1990, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=36_500)).map(lambda since: BEGIN + since)
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(from_at=instants, length=st.timedeltas(timedelta(), timedelta(days=4000)), share=st.floats(0, 1))
def test_every_span_over_an_instant_hangs_on_its_path(from_at, length, share):
    assert node(from_at, from_at + length) in path(from_at + length * share)


@given(at=instants)
def test_a_path_is_short_and_holds_what_still_goes_on(at):
    assert UNTIL_NOW in path(at)
    assert len(set(path(at))) == LEVELS + 1


def test_a_span_that_goes_on_hangs_at_the_node_of_those():
    assert node(MONDAY, None) == UNTIL_NOW


def test_of_several_recordings_at_one_instant_the_last_counts():
    one, two = {"state": "one"}, {"state": "two"}
    spans = followed([], MONDAY, one)
    spans = followed(spans, MONDAY + HOUR, two)

    assert followed(spans, MONDAY + HOUR, one) == [Span(MONDAY, None, one)]
    assert followed(spans, MONDAY + 2 * HOUR, one)[1:] == [
        Span(MONDAY + HOUR, MONDAY + 2 * HOUR, two),
        Span(MONDAY + 2 * HOUR, None, one),
    ]


def test_a_recording_that_carries_an_earlier_time_stands_above_the_one_before_it():
    one, two, three = {"state": "one"}, {"state": "two"}, {"state": "three"}
    spans = followed(followed([], MONDAY, one), MONDAY + 2 * HOUR, two)

    assert followed(spans, MONDAY + HOUR, three) == [
        Span(MONDAY, MONDAY + HOUR, one),
        Span(MONDAY + HOUR, None, three),
    ]


@pytest.mark.parametrize("moves", [("refer",), ("refer", "meet_threshold", "hold_meeting", "investigate")])
def test_spans_follow_each_other_without_a_gap(moves):
    walk, entries = Walk(), []
    for move in moves:
        entries += [(event, walk.at) for event in walk.make(move)]

    spans = history(entries)

    assert [span.stood["state"] for span in spans][-1] == walk.case.state
    assert [span.until_at for span in spans] == [*(span.from_at for span in spans[1:]), None]


def test_what_changes_nothing_that_a_queue_shows_makes_no_span():
    walk = Walk("refer")
    entries = [(event, walk.at) for event in walk.events]
    entries += [(event, walk.at + HOUR) for event in walk.make("add_person")]

    assert len(history(entries)) == 1

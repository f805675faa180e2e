"""What goes beyond an agreement: more than was agreed, nothing agreed at all, and agreements written down late."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.domain import codes, telling
from lado.domain.telling import BEFORE_AGREED, MORE_THAN_AGREED, NOT_AT_ALL, NOT_EVEN_YET, beyond, in_force
from tests.support.cases import at_state
from workflows.facts import AUDIENCES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("agreed", "told", "how"),
    [
        (None, "outcome", BEFORE_AGREED),
        (None, "", BEFORE_AGREED),
        ("nothing", "progress", NOT_AT_ALL),
        ("nothing", "", NOT_AT_ALL),
        ("nothing_yet", "outcome", NOT_EVEN_YET),
        ("progress", "outcome", MORE_THAN_AGREED),
        ("progress", "progress", ""),
        ("progress", "", ""),
        ("outcome", "outcome", ""),
        ("outcome", "progress", ""),
        ("outcome", "", ""),
    ],
)
def test_telling_is_held_against_what_was_agreed(agreed, told, how):
    assert beyond(agreed, told) == how


def test_what_was_agreed_then_holds_and_what_is_written_down_late_counts():
    assert in_force([], NOON) is None
    agreed = [(NOON, "nothing_yet"), (NOON + 2 * DAY, "outcome")]
    assert in_force(agreed, NOON - DAY) == "nothing_yet", "agreed, and written down after the telling"
    assert in_force(agreed, NOON) == "nothing_yet"
    assert in_force(agreed, NOON + DAY) == "nothing_yet"
    assert in_force(agreed, NOON + 3 * DAY) == "outcome"


def test_the_police_are_at_work_by_their_strand_by_the_state_and_by_what_stands_still():
    def at_work(walk):
        return telling.police_at_work(walk.case, walk.practice)

    walk = at_state("investigating")
    assert not at_work(walk)
    walk.make("change_strand", strand="police", status="open")
    assert at_work(walk)
    walk.make("change_strand", strand="police", status="ended")
    assert not at_work(walk)
    assert at_work(at_state("paused_for_police"))


def test_each_audience_and_each_extent_has_its_words():
    assert tuple(codes.AUDIENCES) == AUDIENCES
    assert set(telling.ONLY_AGREED) < set(AUDIENCES)
    assert list(codes.EXTENTS) == ["outcome", "progress", "nothing_yet", "nothing"]

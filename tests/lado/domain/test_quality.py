"""Signals in dates: each is found where it is planted, and an ordinary record is left in peace."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lado.adapters.bank_holidays import england
from lado.domain import quality
from lado.domain.quality import Born, Happened, Logged, Met

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = MONDAY.date()
HOUR = timedelta(hours=1)


def logged(received_at, recorded_at=None, actor=1):
    return Logged("NB-1", received_at, recorded_at or received_at, actor)


@pytest.mark.parametrize(
    ("received_at", "closed"),
    [
        (datetime(2026, 2, 28, 12, tzinfo=UTC), "Saturday"),
        (datetime(2026, 4, 3, 12, tzinfo=UTC), "Good Friday"),
        (datetime(2026, 6, 26, 23, 30, tzinfo=UTC), "Saturday"),  # half past midnight in London
    ],
)
def test_received_on_a_closed_day(received_at, closed):
    assert [one.closed for one in quality.received_on_closed_day([logged(received_at)], england())] == [closed]


def test_received_on_a_working_day_is_no_signal():
    assert not list(quality.received_on_closed_day([logged(MONDAY)], england()))


@pytest.mark.parametrize(("after", "found"), [(timedelta(days=2), 0), (timedelta(days=2, seconds=1), 1)])
def test_logged_long_after_received(after, found):
    assert len(list(quality.logged_late([logged(MONDAY, MONDAY + after)]))) == found


def entered(*minutes, actor=1, long_ago=timedelta(days=3)):
    moments = [MONDAY + timedelta(minutes=minute) for minute in minutes]
    return [Happened(f"NB-{at:%H%M}", "referral", at - long_ago, at, actor) for at in moments]


def test_five_back_filled_entries_within_an_hour_are_a_burst():
    found = list(quality.bursts(entered(0, 10, 20, 30, 60)))

    assert [(one.actor_id, one.entries, one.first_at, one.last_at) for one in found] == [(1, 5, MONDAY, MONDAY + HOUR)]


def test_a_long_run_is_one_burst_and_a_later_one_another():
    found = list(quality.bursts(entered(*range(0, 100, 10), *range(600, 650, 10))))

    assert [one.entries for one in found] == [10, 5]


@pytest.mark.parametrize(
    "entries",
    [
        entered(0, 20, 40, 61, 81),
        entered(0, 1, 2, 3),
        entered(0, 1, 2, 3, 4, long_ago=timedelta(hours=23)),
        [*entered(0, 1, 2), *entered(3, 4, actor=2)],
    ],
    ids=["too slow", "too few", "not long ago", "two people"],
)
def test_ordinary_entries_are_no_burst(entries):
    assert not list(quality.bursts(entries))


def met(used, owner=7):
    return Met("NB-1", owner, MONDAY, MONDAY + 10 * HOUR, MONDAY + used * 10 * HOUR)


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        ([0.95] * 8, [(7, 8, 8)]),
        ([0.95] * 8 + [0.2, 0.3], [(7, 10, 8)]),
        ([0.95] * 7, []),
        ([0.95] * 7 + [0.2, 0.3], []),
        ([1.2] * 20, []),
        ([0.5] * 20, []),
    ],
)
def test_nearly_always_just_inside(shares, found):
    assert [tuple(one) for one in quality.just_inside(met(share) for share in shares)] == found


def test_a_placeholder_is_doubted_and_a_date_of_birth_is_not():
    born = [Born("NB-1", "child", date(1900, 1, 1)), Born("NB-2", "child", date(2015, 6, 9))]

    assert [(one.reference, one.doubt) for one in quality.doubtful_births(born, TODAY)] == [
        ("NB-1", "looks like a placeholder")
    ]


def test_a_meeting_on_a_bank_holiday():
    held = [
        Happened("NB-1", "meeting", datetime(2026, 4, 6, 10, tzinfo=UTC), MONDAY, 1),
        Happened("NB-2", "meeting", MONDAY, MONDAY, 1),
    ]

    assert [(one.reference, one.closed) for one in quality.met_on_closed_day(held, england())] == [
        ("NB-1", "Easter Monday")
    ]


def test_every_signal_has_its_words():
    assert set(quality.SIGNALS) == {"closed", "late", "burst", "inside", "birth", "meeting"}

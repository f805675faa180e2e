"""Who may decide a correction, when it is about lateness, and what the table of corrections must say."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.domain.corrections import Involved, concerns_lateness, correction_rows, is_late, why_not
from lado.queries.ledger import Entry
from workflows.case import Clock
from workflows.corrections import Consequences, Effect
from workflows.events import ClockRederived, CorrectionAsked, CorrectionDecided

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OWNER, COVER, RECORDER, OTHER, ASKER = 1, 2, 3, 4, 5
PEOPLE = Involved(frozenset({OWNER}), frozenset({COVER}), RECORDER)


def clock(due, ended=None, *, met=True, paused=None):
    plain = Clock("meeting", 1, NOON - 9 * DAY, NOON + due * DAY, NOON + due * DAY, False, "rules", paused_at=paused)
    return plain._replace(ended_at=NOON + ended * DAY, met=met) if ended is not None else plain


def effect(before, after):
    event = ClockRederived("meeting", 1, "correction", NOON, NOON, False, "rules", "calendar", None)
    return Effect(before, after, False, event)


@pytest.mark.parametrize(
    ("one", "late"),
    [
        (clock(1), False),
        (clock(-1), True),
        (clock(-1, paused=NOON - 2 * DAY), False),
        (clock(-2, -3), False),
        (clock(-2, -1), True),
        (clock(-2, -1, met=False), True),
        (clock(0), False),  # the due moment itself is in time
    ],
)
def test_a_clock_is_late_after_its_due_moment(one, late):
    assert is_late(one, NOON) is late


@pytest.mark.parametrize(
    ("before", "after", "concerns"),
    [
        (clock(1), clock(2), False),
        (clock(-1), clock(1), True),
        (clock(1), clock(-1), True),
        (clock(-1), clock(-2), True),
        (clock(-3, -4), clock(-5, -4), True),
        (clock(-3, -4), clock(-2, -4), False),
    ],
)
def test_it_is_about_lateness_where_a_clock_is_late_before_or_after(before, after, concerns):
    assert concerns_lateness(Consequences((effect(before, after),), ()), NOON) is concerns


@pytest.mark.parametrize(
    ("person", "is_about_lateness", "why"),
    [
        (OTHER, True, ""),
        (OTHER, False, ""),
        (OWNER, False, ""),
        (OWNER, True, "you are or were the accountable officer"),
        (COVER, True, "you covered the case"),
        (RECORDER, True, "you made the entry"),
        (ASKER, False, "you asked for it"),
        (ASKER, True, "you asked for it"),
        (None, False, "you asked for it"),
    ],
)
def test_who_had_a_part_in_it_leaves_it_to_somebody_else(person, is_about_lateness, why):
    said = why_not(person, ASKER, PEOPLE, is_about_lateness=is_about_lateness)

    assert said.startswith(why)
    assert bool(said) is bool(why)


def test_the_table_says_what_the_record_says():
    asked = CorrectionAsked(1, 4, "held_at", NOON, NOON - DAY, None, None, "exact", "derive")
    lines = [
        Entry(9, asked, {}, ASKER, NOON),
        Entry(10, asked._replace(number=2, name="received_at"), {}, OTHER, NOON),
        Entry(11, CorrectionDecided(1, False, "keep"), {}, OTHER, NOON + DAY),
    ]

    rows = correction_rows(lines)

    assert {
        number: (row["name"], row["state"], row["asked_by_id"], row["decided_by_id"]) for number, row in rows.items()
    } == {
        1: ("held_at", "refused", ASKER, OTHER),
        2: ("received_at", "asked", OTHER, None),
    }
    assert (rows[1]["asked_at"], rows[1]["decided_at"], rows[2]["decided_at"]) == (NOON, NOON + DAY, None)

"""Clocks that jump, changes to summer time and back, and days switched off: each rung once, none before its time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lado.clock import FixedClock
from lado.db import Database
from lado.jobs import escalation
from lado.jobs.node import Here
from lado.models import DueMoment, Escalation
from lado.queries import escalation as climbing
from lado.security.identity import SYSTEM
from tests.support.builders import Caseload
from tests.support.passes import at

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def climbed(database):
    with database.reading(SYSTEM) as act:
        return act.session.execute(
            select(Escalation.clock_id, Escalation.rung, Escalation.due_at, Escalation.recorded_at)
        ).all()


def next_at(database):
    with database.reading(SYSTEM) as act:
        return act.session.scalar(select(func.min(DueMoment.next_at)))


def sundays(year):
    """The last Sundays of March and October, when the clocks of London change."""
    for month in (3, 10):
        last = date(year, month, 31)
        yield last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.parametrize("step", [DAY, -DAY, HOUR, -HOUR], ids=["day on", "day back", "hour on", "hour back"])
def test_a_node_whose_clock_steps_climbs_nothing_early_and_the_others_everything_once(
    database, database_url, vault, caseload, clock, step
):
    """Two nodes tick through three days; the clock of one steps in the middle and is put right a day later."""
    caseload.referral()
    stepped = FixedClock(clock.now())
    other = Database(database_url, vault, stepped)
    nodes = [
        (database, Here("right", lambda session: clock.now())),
        (other, Here("stepped", lambda session: clock.now())),
    ]
    end = clock.now() + 3 * DAY
    try:
        while clock.now() < end:
            clock.advance(hours=4)
            is_off = at("2026-03-03T12:00") <= clock.now() < at("2026-03-04T12:00")
            stepped.move_to(clock.now() + step if is_off else clock.now())
            for each, here in reversed(nodes):
                escalation.tick(each, here)
    finally:
        other.engine.dispose()

    found = climbed(database)
    assert len({(row.clock_id, row.rung) for row in found}) == len(found) > 3
    for row in found:
        assert timedelta(0) <= row.recorded_at - row.due_at <= 4 * HOUR, row


@pytest.mark.parametrize("step", [DAY, HOUR])
def test_a_clock_that_goes_back_neither_repeats_nor_stalls(database, caseload, clock, step):
    caseload.referral()
    clock.move_to(at("2026-03-04T13:30"))
    escalation.run_pass(database)
    before = climbed(database)

    clock.advance(seconds=-step.total_seconds())
    escalation.run_pass(database)
    assert climbed(database) == before
    clock.move_to(next_at(database))
    escalation.run_pass(database)

    after = climbed(database)
    assert len({(row.clock_id, row.rung) for row in after}) == len(after) > len(before)


@pytest.mark.once
@pytest.mark.parametrize("year", range(2025, 2036))
def test_every_change_of_the_clocks_leaves_each_rung_once_and_at_its_time(new_council, year):
    """A case over each change, looked at a second before each due moment, and climbed at it."""
    database, clock, people = new_council()
    for sunday in sundays(year):
        friday = datetime(sunday.year, sunday.month, sunday.day, 14, tzinfo=UTC) - 2 * DAY
        clock.move_to(friday)
        Caseload(database, clock, people.olive).referral()
        while (due_at := next_at(database)) < friday + 5 * DAY:
            with database.reading(SYSTEM) as act:
                assert not climbing.is_due(act.session, due_at - timedelta(seconds=1)), "nothing before its time"
            before = len(climbed(database))
            clock.move_to(due_at)
            escalation.run_pass(database)
            assert len(climbed(database)) > before, "and nothing lost"

    found = climbed(database)
    assert len({(row.clock_id, row.rung) for row in found}) == len(found) >= 6
    assert all(row.recorded_at == row.due_at for row in found)


def test_after_three_days_switched_off_one_pass_records_each_rung_with_its_true_time(database, caseload, clock):
    caseload.referral()
    off_from = clock.now()
    clock.advance(hours=72)

    done = escalation.run_pass(database)
    found = climbed(database)

    assert done["escalated"] == len(found) > 3
    assert done["notices"] == 1, "the highest is told, and told of the rest"
    for row in found:
        assert off_from < row.due_at <= clock.now()
    lateness = {row.rung: row.recorded_at - row.due_at for row in found}
    assert lateness["warning 80"] > lateness["owner"] > lateness["cover"] > timedelta(0)
    assert escalation.run_pass(database)["escalated"] == 0

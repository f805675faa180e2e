"""Every published rule, from every start day of eleven years, against a counter that steps one day at a time."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest

from lado.adapters.bank_holidays import england
from workflows.calendar import BeyondCalendar
from workflows.clocks import Unit
from workflows.rules import NATIONAL, due_under, published

LONDON = ZoneInfo("Europe/London")
ENGLAND = england()
HOLIDAYS = frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(2018, 2030)))
ONE_DAY, ONE_HOUR = timedelta(days=1), timedelta(hours=1)
NATIONWIDE = ("National LADO Network", "KCSIE (edition read)", "EYFS")
FIRST, LAST = date(2018, 1, 1), date(2028, 12, 31)
TIMES = (time(0, 0), time(0, 30), time(15, 59), time(16, 0), time(16, 1), time(23, 59))
STARTS = [
    (day, at, datetime.combine(day, at, LONDON).astimezone(UTC))
    for day in (FIRST + n * ONE_DAY for n in range((LAST - FIRST).days + 1))
    for at in TIMES
]


def choices(row):
    """The rule of a row, in each unit that a council may choose where none is stated."""
    units = (Unit.WORKING_DAY, Unit.CALENDAR_DAY) if row["unit"] == "day_unit_not_stated" else (None,)
    return [published(row, unit=unit, cut_off_at=time(16)) for unit in units]


with (Path(__file__).parent / "data" / "council_rules.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
RULES = [rule for row in ROWS for rule in choices(row)]
# Councils share limits: each different clock is counted once.
CLOCKS = {(rule.starts_after, rule.limit, rule.cut_offs): rule for rule in RULES}


def is_open(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def last_of_month(day):
    return (day + ONE_DAY).month != day.month


@cache
def stepped(day, count, unit):
    """The day reached by stepping from day 0, one day at a time."""
    zero, seen = day, 0
    while seen < count:
        day += ONE_DAY
        if unit == "working_day":
            seen += is_open(day)
        elif unit == "calendar_month":
            seen += day.day == zero.day or (last_of_month(day) and day.day < zero.day)
        elif unit == "week":
            seen += day.weekday() == zero.weekday()
        else:
            seen += 1
    return day


@cache
def end_of(day):
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


@cache
def open_after(day):
    day += ONE_DAY
    while not is_open(day):
        day += ONE_DAY
    return day


def counted(rule, day, at, start):
    """The due instant of a rule, found without any of the arithmetic under test."""
    if rule.starts_after:
        day = stepped(day, rule.starts_after.count, rule.starts_after.unit.value)
    if is_open(day) and any(cut.weekday in (None, day.weekday()) and at > cut.at for cut in rule.cut_offs):
        day = open_after(day)
        start = datetime.combine(day, time(0), LONDON).astimezone(UTC)
    if rule.limit.unit == "hour":
        return start + rule.limit.count * ONE_HOUR
    return end_of(stepped(day, rule.limit.count, rule.limit.unit.value))


@pytest.mark.parametrize("rule", CLOCKS.values(), ids=lambda rule: f"{rule.key}-{rule.limit.count}-{rule.limit.unit}")
def test_every_start_day_agrees_with_the_counter(rule):
    checked, last_moment = 0, end_of(LAST)
    for day, at, start in STARTS:
        expected = counted(rule, day, at, start)
        if expected <= last_moment:
            moment = due_under(NATIONAL, rule, start, ENGLAND, strict=True)
            assert moment == (expected, False, ENGLAND.version), (rule, day, at)
            checked += 1
    assert checked > 23_000


@pytest.mark.parametrize("rule", CLOCKS.values(), ids=lambda rule: f"{rule.key}-{rule.limit.count}-{rule.limit.unit}")
def test_the_first_start_that_falls_due_in_an_unknown_year_is_refused(rule):
    start = next(row[2] for row in STARTS if counted(rule, *row) > end_of(LAST))
    with pytest.raises(BeyondCalendar):
        due_under(NATIONAL, rule, start, ENGLAND, strict=True)


def test_every_row_of_the_published_rules_is_a_rule():
    assert len(ROWS) == 20
    assert len(RULES) == 21
    assert all(rule.limit and rule.source for rule in RULES)


@pytest.mark.parametrize("row", [row for row in ROWS if row["council"] in NATIONWIDE], ids=lambda row: row["rule"])
def test_the_national_rules_say_what_is_published(row):
    stated, ours = published(row, unit=Unit.WORKING_DAY), NATIONAL.by_key[row["rule"]]
    for part in ("starts", "starts_after", "limit", "owed_by", "repeats", "pauses", "cut_offs"):
        assert getattr(ours, part) == getattr(stated, part)

"""England's bank holidays as GOV.UK publishes them: from the copy that the pinned package carries, or from a file."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from govuk_bank_holidays.bank_holidays import BankHolidays

from lado.errors import Refused
from workflows.calendar import NOTHING, Calendar

NAME = "England and Wales"
DIVISION = "england-and-wales"
EVERY_YEAR = 8  # a year with fewer bank holidays than the law gives is not published in full yet


@cache
def published() -> Calendar:
    """The bank holidays of England, known for the years that GOV.UK has published in full."""
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return of({row["date"]: row["title"] for row in listed})


def of(holidays: Mapping[date, str]) -> Calendar:
    """The calendar of these bank holidays, known for the years that are listed in full."""
    first, last = full_years(holidays)
    return Calendar.of(NAME, holidays, date(first, 1, 1), date(last, 12, 31))


def read(text: str) -> Calendar:
    """The calendar of a file as GOV.UK publishes it (bank-holidays.json).

    Raises Refused, in words, for a file that is damaged, of another kind, or lists no year in full.
    """
    try:
        found: Any = json.loads(text)
        holidays = {date.fromisoformat(row["date"]): str(row["title"]) for row in found[DIVISION]["events"]}
        return of(holidays)
    except (ValueError, TypeError, KeyError) as problem:
        raise Refused(
            "This is not a whole list of bank holidays. Take https://www.gov.uk/bank-holidays.json as it is published."
        ) from problem


def england(closures: Mapping[date, str] = NOTHING) -> Calendar:
    """England's working days, less a council's own closure days."""
    return published().with_closures(closures)


def full_years(holidays: Mapping[date, str]) -> tuple[int, int]:
    """First and last of the unbroken run of years that are listed in full."""
    in_year = Counter(day.year for day in holidays)
    first = last = min(year for year, count in in_year.items() if count >= EVERY_YEAR)
    while in_year[last + 1] >= EVERY_YEAR:
        last += 1
    return first, last

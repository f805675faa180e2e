"""Which days are working days and how many lie between two of them: look-ups over a fixed list, never a guess."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Self

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKEND = {SATURDAY: "Saturday", SATURDAY + 1: "Sunday"}
NOTHING: Mapping[date, str] = MappingProxyType({})


class BeyondCalendar(Exception):
    """A day was asked about for which no bank holidays are published."""

    def __init__(self, day: date, known_from: date, known_to: date) -> None:
        super().__init__(f"Bank holidays are known from {known_from} to {known_to}; this reaches {day}")
        self.day = day


@dataclass(frozen=True, slots=True)
class Calendar:
    """A list of holidays and closure days over known years, equal to another when its content is equal.

    Every question is answered strictly: a day outside the known years raises `BeyondCalendar`. With `provisional=True`
    an unknown Monday to Friday counts as a working day instead, and whoever asks must mark the answer as provisional.
    """

    version: str
    name: str = field(compare=False)
    known_from: date = field(compare=False)
    known_to: date = field(compare=False)
    holidays: Mapping[date, str] = field(compare=False, repr=False)
    closures: Mapping[date, str] = field(compare=False, repr=False)
    # Two arrays: how many working days up to and including the day at an offset, and which day is the nth of them.
    _first: int = field(compare=False, repr=False)
    _rank: tuple[int, ...] = field(compare=False, repr=False)
    _nth: tuple[date, ...] = field(compare=False, repr=False)

    @classmethod
    def of(
        cls,
        name: str,
        holidays: Mapping[date, str],
        known_from: date,
        known_to: date,
        closures: Mapping[date, str] = NOTHING,
    ) -> Self:
        """The calendar of these holidays and closures, trusted from `known_from` to `known_to`, both included."""
        rank, nth = [], [known_from]  # nth[0] is never asked for: working days are counted from 1
        for offset in range((known_to - known_from).days + 1):
            day = known_from + timedelta(days=offset)
            if day.weekday() < SATURDAY and day not in holidays and day not in closures:
                nth.append(day)
            rank.append(len(nth) - 1)
        return cls(
            version=fingerprint(name, holidays, known_from, known_to, closures),
            name=name,
            known_from=known_from,
            known_to=known_to,
            holidays=MappingProxyType(dict(holidays)),
            closures=MappingProxyType(dict(closures)),
            _first=known_from.toordinal(),
            _rank=tuple(rank),
            _nth=tuple(nth),
        )

    def with_closures(self, closures: Mapping[date, str]) -> "Calendar":
        """The same calendar with a council's own closure days added, such as those between Christmas and New Year."""
        if not closures:
            return self
        return Calendar.of(self.name, self.holidays, self.known_from, self.known_to, {**self.closures, **closures})

    def knows(self, day: date) -> bool:
        """Whether the holidays of this day are published."""
        return self.known_from <= day <= self.known_to

    def why_closed(self, day: date, *, provisional: bool = False) -> str | None:
        """The holiday, the closure or the weekend day that makes `day` no working day; None on a working day."""
        if not provisional:
            self.ensure_known(day)
        return self.holidays.get(day) or self.closures.get(day) or WEEKEND.get(day.weekday())

    def is_working(self, day: date, *, provisional: bool = False) -> bool:
        """Whether `day` is a working day."""
        return self.why_closed(day, provisional=provisional) is None

    def after(self, day: date, n: int, *, provisional: bool = False) -> date:
        """The nth working day after `day`, which is day 0 itself; after a closed day the next open day is day 1."""
        if n < 1:
            raise ValueError(f"working days are counted forwards from 1, not {n}")
        offset = day.toordinal() - self._first
        if 0 <= offset < len(self._rank):
            nth = self._rank[offset] + n
            if nth < len(self._nth):
                return self._nth[nth]
        if not provisional:
            self.ensure_known(day)
            raise BeyondCalendar(self.known_to + ONE_DAY, self.known_from, self.known_to)
        return self._step(day, n)

    def between(self, start: date, end: date, *, provisional: bool = False) -> int:
        """How many working days come after `start` up to and including `end`; negative when `end` is the earlier."""
        first, last = start.toordinal() - self._first, end.toordinal() - self._first
        if 0 <= first < len(self._rank) and 0 <= last < len(self._rank):
            return self._rank[last] - self._rank[first]
        if not provisional:
            self.ensure_known(start)
            self.ensure_known(end)
        low, high = sorted((start, end))
        days = (low + timedelta(days=n) for n in range(1, (high - low).days + 1))
        counted = sum(self.is_working(day, provisional=True) for day in days)
        return counted if low == start else -counted

    def next_open(self, day: date, *, provisional: bool = False) -> date:
        """The first working day strictly after `day`."""
        return self.after(day, 1, provisional=provisional)

    def ensure_known(self, day: date) -> None:
        """Raise `BeyondCalendar` unless the holidays of `day` are published."""
        if not self.knows(day):
            raise BeyondCalendar(day, self.known_from, self.known_to)

    def _step(self, day: date, n: int) -> date:
        """Count day by day where the arrays do not reach: rare, and only for a date that is marked provisional."""
        while n:
            if day == date.max:
                raise BeyondCalendar(day, self.known_from, self.known_to)
            day += ONE_DAY
            n -= self.is_working(day, provisional=True)
        return day


def fingerprint(
    name: str, holidays: Mapping[date, str], known_from: date, known_to: date, closures: Mapping[date, str]
) -> str:
    """The version of a calendar: twelve hexadecimal digits that change when, and only when, its content does."""
    content = {
        "name": name,
        "known": [known_from.isoformat(), known_to.isoformat()],
        "holidays": {day.isoformat(): title for day, title in holidays.items()},
        "closures": {day.isoformat(): title for day, title in closures.items()},
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]

"""A model of the one resolver, written apart from it: only the raw lists of a rota and the words of ADR 0013.

It looks everything up afresh, for one instant.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OPEN = ((time(9), time(17)),) * 4 + ((time(9), time(16, 30)), None, None)
"""The usual office hours, Monday first."""

Answer = tuple[tuple[int, ...], int | None, tuple[str, ...]]
"""Who was asked, in order; who was found; and why each of those before was not."""


class CoverModel:
    """The rota of ADR 0013, read literally, at an instant, without those barred; on `closed` days nobody works.

    `refused` says of a case who cannot take it, each with the number of the absence in which they said so.
    """

    def __init__(
        self,
        rota: Any,
        at: datetime,
        barred: Collection[int],
        closed: Collection[date],
        refused: Collection[tuple[int, int]] = (),
    ) -> None:
        self.rota, self.at, self.barred, self.closed, self.refused = rota, at, barred, closed, refused
        self.local = at.astimezone(LONDON)

    def open_today(self) -> tuple[time, time] | None:
        """The office hours of this day."""
        day = self.local.date()
        return None if day in self.closed else OPEN[day.weekday()]

    def absences(self, person: int) -> list[Any]:
        """The absences of this person that hold now, in the order in which they were recorded."""
        return [one for one in self.rota.absences if one.person == person and one.from_at <= self.at < one.until_at]

    def why_away(self, person: int) -> str:
        """The kind of absence that keeps the person away; empty where none does."""
        if own := self.absences(person):
            return str(own[-1].kind)
        newest = None
        for pattern in self.rota.patterns:
            starts_later = newest is None or pattern.from_on >= newest.from_on
            if pattern.person == person and pattern.from_on <= self.local.date() and starts_later:
                newest = pattern
        hours, now = self.open_today(), self.local.time()
        if newest is None or newest.week is None or hours is None or not hours[0] <= now < hours[1]:
            return ""
        worked = newest.week[self.local.weekday()]
        return "" if worked is not None and worked[0] <= now < worked[1] else "pattern"

    def why_not(self, person: int) -> str:
        """Why the person cannot act; empty where they can."""
        if person in self.rota.inactive:
            return "shut"
        return self.why_away(person) or ("conflict" if person in self.barred else "")

    def named_for(self, person: int) -> list[int]:
        """Who is named for the absence of this person, first and second."""
        own = self.absences(person)
        return [cover for cover in (own[-1].cover, own[-1].second) if cover is not None] if own else []

    def duty(self, rank: int) -> list[int]:
        """Who has this rank of duty today."""
        newest = None
        for day in self.rota.duty_days:
            is_today = day.rank == rank and day.weekday == self.local.weekday() and day.from_on <= self.local.date()
            if is_today and (newest is None or day.from_on >= newest.from_on):
                newest = day
        listed = [newest.person] if newest and newest.person is not None and self.open_today() else []
        for change in self.rota.duty_changes:
            if change.rank == rank and change.from_at <= self.at < change.until_at:
                if change.kind == "add":
                    listed.insert(0, change.person)
                elif change.kind == "remove":
                    listed = [person for person in listed if person != change.person]
                else:
                    listed = [change.by if person == change.person else person for person in listed]
        return listed

    def refusing(self, start: int | None) -> list[int]:
        """Who said in the absence for which somebody is looked for now that they cannot take it."""
        own = self.absences(start) if start is not None else []
        return [person for number, person in self.refused if own and own[-1].id == number]

    def everybody(self, start: int | None, ranks: tuple[int, ...], *, at_last: bool) -> Iterator[int]:
        """Everybody who would be asked if nobody were ever there, one after the other; `at_last` the leaders too."""
        asked = [(start, False)] if start is not None else []

        def is_new(person: int) -> bool:
            return all(person != one for one, _ in asked)

        while True:
            explicit = [(cover, duty) for one, duty in asked for cover in self.named_for(one) if is_new(cover)]
            standing = [
                (self.rota.deputies[one], False)
                for one, duty in asked[::-1]
                if not duty and one in self.rota.deputies and is_new(self.rota.deputies[one])
            ]
            on_duty_now = [(person, True) for rank in ranks for person in self.duty(rank) if is_new(person)]
            leaders = [(person, False) for person in (self.rota.leaders if at_last else ()) if is_new(person)]
            following = [*explicit, *standing, *on_duty_now, *leaders][:1]
            if not following:
                return
            asked += following
            yield following[0][0]

    def answer(self, start: int | None, ranks: tuple[int, ...] = (1, 2), besides: int | None = None) -> Answer:
        """Ask from somebody on, or with None from who has the duty; `besides` is passed over."""
        refusing = self.refusing(start)
        others = self.everybody(start, ranks, at_last=bool(refusing) and besides is None)
        line = [*([start] if start is not None else []), *others]
        chain: list[int] = []
        passed: list[str] = []
        for person in line:
            chain.append(person)
            why_not = self.why_not(person) or ("refused" if person in refusing else "")
            why_not = why_not or ("first" if person == besides else "")
            if not why_not:
                return tuple(chain), person, tuple(passed)
            passed.append(why_not)
        return tuple(chain), None, tuple(passed)

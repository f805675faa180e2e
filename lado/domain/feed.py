"""What a calendar feed sends: entries with lasting keys, and what changed since they were last sent. Pure.

An entry says what a person does in codes, never a name: who they are is looked up when it is sent.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from lado.domain.presence import AWAY, COVERS, DUTY, UNCOVERED, presences
from lado.domain.rota import MIDNIGHT, Rota
from workflows.calendar import ONE_DAY
from workflows.london import instant_on, london_day

BY_DAY = (COVERS, UNCOVERED, *DUTY.values())
"""What has an entry for each day on which the office is open; an absence has one from its beginning to its end."""

AHEAD = timedelta(weeks=12)
"""How far ahead a feed looks."""

KEPT = timedelta(days=60)
"""How long after its end an entry is still sent, so that a telephone that was switched off hears of it."""


class Entry(NamedTuple):
    """One entry as it should stand: its lasting key, from when until when (the end excluded)."""

    key: str
    from_at: datetime
    until_at: datetime


class Sent(NamedTuple):
    """One entry as it was last sent: how often it changed, when it last did, and whether it was taken back."""

    key: str
    from_at: datetime
    until_at: datetime
    sequence: int
    changed_at: datetime
    is_cancelled: bool


class Said(NamedTuple):
    """What a key says: what somebody does, who, and for whom (None: for nobody)."""

    what: str
    person: int
    other: int | None


def entries(people: Collection[int], at: datetime, rota: Rota) -> list[Entry]:
    """The entries of these people from the day of the instant on, each asked of the one resolver."""
    return [*_absences(people, at, rota), *_days(people, at, rota)]


def said(key: str) -> Said:
    """What the key of an entry says."""
    what, person, other, *_ = key.split("/")
    return Said(what, int(person), int(other) if other else None)


def _absences(people: Collection[int], at: datetime, rota: Rota) -> Iterator[Entry]:
    for absence in rota.absences:
        if absence.person in people and absence.until_at > at:
            yield Entry(f"{AWAY}/{absence.person}//{absence.id}", absence.from_at, absence.until_at)


def _days(people: Collection[int], at: datetime, rota: Rota) -> Iterator[Entry]:
    """Duty, covering and gaps, in the office hours of each open day."""
    first = london_day(at)
    from_at = instant_on(first, MIDNIGHT)
    pieces = [piece for piece in presences(people, from_at, from_at + AHEAD, rota) if piece.what in BY_DAY]
    times: Counter[str] = Counter()
    for number in range(AHEAD.days):
        day = first + number * ONE_DAY
        hours = rota.hours_on(day)
        if hours is None:
            continue
        for piece in pieces:
            begins_at, ends_at = max(piece.from_at, hours[0]), min(piece.until_at, hours[1])
            if begins_at < ends_at:
                same = f"{piece.what}/{piece.person}/{piece.other or ''}/{day}"
                times[same] += 1
                yield Entry(f"{same}/{times[same]}", begins_at, ends_at)


def changes(sent: Mapping[str, Sent], entries: Iterable[Entry], at: datetime) -> list[Sent]:
    """The entries that have to be sent anew at the instant: new ones, moved ones, those that came back, those gone.

    What was over already stays as it was sent: the past is not worked out again.
    """
    wanted = {entry.key: entry for entry in entries}
    changed = [_anew(entry, sent.get(entry.key), at) for entry in wanted.values() if _differs(entry, sent, at)]
    gone = (old for key, old in sent.items() if key not in wanted and not old.is_cancelled and old.until_at > at)
    changed += (old._replace(sequence=old.sequence + 1, changed_at=at, is_cancelled=True) for old in gone)
    return changed


def _differs(entry: Entry, sent: Mapping[str, Sent], at: datetime) -> bool:
    old = sent.get(entry.key)
    if old is None:
        return True
    if old.until_at <= at and entry.until_at <= at:
        return False
    return old.is_cancelled or (old.from_at, old.until_at) != (entry.from_at, entry.until_at)


def _anew(entry: Entry, old: Sent | None, at: datetime) -> Sent:
    sequence = old.sequence + 1 if old else 0
    return Sent(entry.key, entry.from_at, entry.until_at, sequence, at, is_cancelled=False)

"""What the record of a case says of telling each audience: what was agreed, whether they were told, and what before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from lado.domain.codes import TELLINGS
from lado.domain.telling import beyond, in_force
from lado.queries.case_file import CaseFile, Made
from workflows.events import Noted, TellingAgreed, Told
from workflows.facts import ANSWERED_BY, AUDIENCES


class Agreement(NamedTuple):
    """How much an audience may be told: one of `codes.EXTENTS`. The words say what, who agreed it and why."""

    extent: str
    words: Mapping[str, Any]
    by_id: int | None
    at: datetime


class Telling(NamedTuple):
    """What was recorded of telling an audience: `decision` is one of `codes.TELLINGS`.

    `extent` is how much they were told, where that was said. `told_on` is the day as it holds now, `first_on` as it was
    first recorded. `entry` is the number of the entry that holds the words. `as_one`: it was said of parents and child
    together, as older records do.
    """

    entry: int
    decision: str
    extent: str
    told_on: date | None
    first_on: date | None
    words: Mapping[str, Any]
    by_id: int | None
    at: datetime
    as_one: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """One audience of a case with all that was agreed for it and recorded of it, the oldest first."""

    key: str
    agreed: tuple[Agreement, ...]
    told: tuple[Telling, ...]

    @property
    def agreement(self) -> Agreement | None:
        """What holds now of what they may be told."""
        return self.agreed[-1] if self.agreed else None

    @property
    def telling(self) -> Telling | None:
        """What holds now of whether they were told."""
        return self.told[-1] if self.told else None

    def beyond(self, telling: Telling) -> str:
        """How this telling of them goes beyond what was agreed, as the end of a sentence; empty where it does not."""
        if telling.decision != "told":
            return ""
        agreed = in_force(((one.at, one.extent) for one in self.agreed), telling.at)
        return beyond(agreed, telling.extent)


def audiences(file: CaseFile) -> tuple[Audience, ...]:
    """Each audience of this case, in the order in which they are asked."""
    agreed: dict[str, list[Agreement]] = {}
    told: dict[str, list[Telling]] = {}
    for made in file.made:
        for audience, telling in _told(file, made):
            told.setdefault(audience, []).append(telling)
        for entry in made.entries:
            if isinstance(entry.event, TellingAgreed):
                found = Agreement(entry.event.extent, entry.words, entry.actor_id, entry.recorded_at)
                agreed.setdefault(entry.event.audience, []).append(found)
    return tuple(Audience(key, tuple(agreed.get(key, ())), tuple(_of(key, told))) for key in AUDIENCES)


def _of(key: str, told: Mapping[str, list[Telling]]) -> Iterator[Telling]:
    """What was said of them together with others, as older records do, and then what was said of them alone."""
    yield from (telling._replace(as_one=True) for telling in told.get(ANSWERED_BY.get(key, ""), ()))
    yield from told.get(key, ())


def _told(file: CaseFile, made: Made) -> Iterator[tuple[str, Telling]]:
    head = made.head
    said = head.event.answers if isinstance(head.event, Noted) else {}
    for entry in made.entries:
        if isinstance(event := entry.event, Told):
            stated = said.get("decision")
            decision = str(stated) if stated in TELLINGS else "told" if event.told else "not_told"
            now = file.case.corrected.get((head.number, "told_on"), event.told_on)
            words = {**head.words, **entry.words}
            by, at = head.actor_id, head.recorded_at
            yield (
                event.audience,
                Telling(head.number, decision, said.get("extent", ""), now, event.told_on, words, by, at, False),
            )

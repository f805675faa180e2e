"""What a case's life is made of: beats, one sitting each, laid out in office time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lado.council.invented import Scene
from lado.council.office_time import OfficeTime

NOT_YET = datetime.max.replace(tzinfo=UTC)
"""When a beat comes that has not been laid out."""


@dataclass(slots=True)
class Beat:
    """One sitting on a case: what is done, how many office minutes after the one before, and what it is done with."""

    kind: str
    gap: float = 0.0
    more: dict[str, Any] = field(default_factory=dict)
    at: datetime = NOT_YET


@dataclass(slots=True)
class Story:
    """One contact from the first call on, as it was meant; `referral` and `owner` are known once it is logged.

    `ending` is a key of the profile's endings, or `advice`. `outcomes` are those of its allegations, in order.
    """

    number: int
    council: str
    ending: str
    scene: Scene
    beats: list[Beat]
    outcomes: tuple[str, ...] = ()
    is_police: bool = False
    partner: str | None = None
    owner: str | None = None
    rests_at_end: float | None = None
    """For a case that is open at the end: how many office minutes before the end the last beat comes."""
    counts_from_opening: bool = False
    """Whether those minutes are counted back from the last day's opening, so that what is due that day stays so."""
    referral: int = 0
    reference: str = ""
    owner_id: int = 0
    tasks: list[bool] = field(default_factory=list)
    """The actions that were set, in order: whether the partner holds each."""
    done: int = 0
    merges_into: "Story | None" = None
    twist: str | None = None
    """What went otherwise than planned on it, one of `twists`."""
    typed_late: int = 0
    """By how many days the date received was typed too late."""

    def beat(self, kind: str, after: int = -1) -> Beat | None:
        """The first beat of a kind after the one at an index."""
        return next((beat for beat in self.beats[after + 1 :] if beat.kind == kind), None)


def lay_out(story: Story, office: OfficeTime, share: float) -> None:
    """Give each beat its instant: the life as it was drawn where it fits, else drawn together until it does.

    A case that is open at the end is laid out from the end; any other begins at `share` (0 to 1) of the time there is
    for it to begin in. The last beat is never after the end.
    """
    length = sum(beat.gap for beat in story.beats[1:])
    room = office.total - (story.rests_at_end or 0.0)
    scale = min(1.0, max(room, 0.0) / length) if length else 1.0
    spare = max(0.0, room - length * scale)
    minute = spare if story.rests_at_end is not None else spare * share
    for index, beat in enumerate(story.beats):
        minute += beat.gap * scale if index else 0.0
        beat.at = office.at(minute)

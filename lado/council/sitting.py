"""One sitting: a person on one case at one instant, the moves that they make there, and the dates that they promise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from lado.act import Act
from lado.clock import london_day
from lado.council.beats import Beat, Story
from lado.council.cast import Cast
from lado.services.moves import Step


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person on one case at one instant, with what was meant to happen."""

    act: Act
    story: Story
    index: int
    draw: Random
    cast: Cast
    end_at: datetime
    steps: list[Step] = field(default_factory=list)

    @property
    def beat(self) -> Beat:
        """The beat that this sitting is for."""
        return self.story.beats[self.index]

    @property
    def today(self) -> date:
        """The day in London."""
        return self.act.today

    def make(self, move: str, answers: Mapping[str, Any] | None = None, /, **words: Any) -> None:
        """Add a move to those of this sitting."""
        self.steps.append(Step(move, answers or {}, words))

    def note(self, *facts: str) -> None:
        """Record facts that a state wants."""
        for fact in facts:
            self.make("record_fact", {"fact": fact}, note="Done, see the note of the call.")

    def review_on(self) -> date:
        """The day for which the next review is promised: around it as a rule, some days too early where it is late."""
        following = self.story.beat("review", self.index)
        more = self.beat.more
        if "due_on_end" in more:
            found = london_day(self.end_at) + timedelta(days=more["due_on_end"])
        elif "review_in" in more:
            found = self.today + timedelta(days=more["review_in"])
        elif following is None:
            found = self.today + timedelta(days=self.draw.choice((14, 21, 28)))
        else:
            late = following.more.get("late", 0)
            found = london_day(following.at) + timedelta(days=-late if late else self.draw.randint(0, 2))
        return max(found, self.today + timedelta(days=1))

"""What a benchmark has to reach, and the table that says whether it did."""

from collections.abc import Iterable
from typing import NamedTuple


class Goal(NamedTuple):
    """A ratio and the bound it has to keep: at most, when the bound is a ceiling."""

    text: str
    ratio: float
    bound: float
    at_most: bool = True

    def is_met(self) -> bool:
        """Whether the bound is kept."""
        return self.ratio <= self.bound if self.at_most else self.ratio >= self.bound


def print_goals(goals: Iterable[Goal]) -> None:
    """Each goal with what was reached, its bound, and whether it is met."""
    print(f"\n{'goal':<36}{'reached':>10}{'bound':>12}")
    for goal in goals:
        bound = f"{'at most' if goal.at_most else 'at least'} {goal.bound:g}"
        print(f"{goal.text:<36}{goal.ratio:>10.2f}{bound:>12}  {'met' if goal.is_met() else 'NOT MET'}")

"""What a profile says: how many cases of which ending come in a year, and how they are to be spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

YEAR = 365


@dataclass(frozen=True, slots=True)
class Open:
    """One case that is still open at the end: what stands there, who owns it, and the partner who made the referral.

    `owner` and `partner` are people of the cast; none named takes whoever it falls to. `twist` is one of `twists`.
    """

    situation: str
    owner: str | None = None
    partner: str | None = None
    twist: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A year of a council in counts. Over a shorter or longer span they are scaled, and the whole stays the sum.

    `endings` are the referrals by what becomes of them: an outcome, `open`, or for some councils an ending without an
    outcome. `advice_calls` come on top. `opens` says in which situations the open ones stand, taken in turn. `again`
    is how many of the concluded ones were re-opened on the way. `away_at_end` is who is on leave on the last day.
    `messages` is how many calls came on the answering machine of a weekend. With `is_proved` the record is proved at
    the end. With `writes_letters` some went out: what is sealed, and its digest on the record, differs in each run.
    """

    key: str
    source: str
    endings: Mapping[str, int]
    advice_calls: int
    opens: tuple[Open, ...]
    councils: Mapping[str, int]
    again: int = 0
    away_at_end: tuple[str, str] | None = None
    messages: int = 0
    is_proved: bool = False
    writes_letters: bool = False
    days: int = YEAR

    def scaled(self, first_on: date, last_on: date) -> dict[str, int]:
        """The endings over the days from the first to the last, both included, shared out by largest remainder."""
        days = (last_on - first_on).days + 1
        return apportioned(self.endings, self.over(sum(self.endings.values()), first_on, last_on), self.days, days)

    def over(self, count: int, first_on: date, last_on: date) -> int:
        """A count of a year over a span, rounded; halves go up."""
        days = (last_on - first_on).days + 1
        return (2 * count * days + self.days) // (2 * self.days)


def apportioned(counts: Mapping[str, int], total: int, year: int, days: int) -> dict[str, int]:
    """Share a total out in proportion, whole numbers only: what is left goes to the largest remainders."""
    shares = {name: divmod(count * days, year) for name, count in counts.items()}
    found = {name: whole for name, (whole, _) in shares.items()}
    left = total - sum(found.values())
    by_remainder = sorted(shares, key=lambda name: shares[name][1], reverse=True)
    for name in by_remainder[:left]:
        found[name] += 1
    return found

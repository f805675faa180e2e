"""How fast cases may be read before a person is asked who they are again. Pure.

The limits are those of this product: OWASP ASVS 5.0 (2.4.1) asks for a brake on taking data out in bulk and leaves the
figure to the service. Sixty cases in ten minutes is one every ten seconds, which nobody reads.
"""

from datetime import timedelta
from typing import NamedTuple

SHORT, LONG = timedelta(minutes=10), timedelta(days=1)
MOST_IN_SHORT, MOST_IN_LONG = 60, 300
"""Different cases that somebody may open in each of these spans, from when they last proved who they are."""

PARTNER_PAGES = 30
"""Pages that a partner may ask for in one minute."""


class OtherCases(NamedTuple):
    """How many different cases somebody has opened besides this one, in ten minutes and in a day."""

    in_short: int
    in_long: int

    @property
    def is_braked(self) -> bool:
        """Whether this one would be one too many."""
        return self.in_short >= MOST_IN_SHORT or self.in_long >= MOST_IN_LONG

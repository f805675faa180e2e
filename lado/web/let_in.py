"""What stands above each page of a restricted case that two people opened to somebody: until when, and why."""

from dataclasses import dataclass

from lado.act import Act
from lado.queries import accounts
from lado.queries.restrictions import LetIn
from lado.web.due import point

WHY_SHOWN = 300
"""Characters of the reason that are shown; all of it stands on the record of the case."""


@dataclass(frozen=True, slots=True)
class Banner:
    """Until when somebody reads the case, why they said they need to, and who let them in."""

    until: str
    why: str
    by: str


def banner(act: Act, found: LetIn) -> Banner:
    """Say it to whoever reads."""
    why = found.why if len(found.why) <= WHY_SHOWN else f"{found.why[:WHY_SHOWN].rstrip()} …"
    names = accounts.names_of(act, {found.answered_by_id})
    return Banner(point(found.until_at, act.at), why, names.get(found.answered_by_id, "A colleague"))

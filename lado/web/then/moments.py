"""A past instant in an address and in words: the ISO instant, London's clocks, and the hour that comes twice."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lado.web.templating import day, moment_full
from workflows.london import LONDON

FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Years that can be meant; beyond them a calendar has no other side to convert to."""

LONGEST = 40
"""Characters of an ISO instant, with room to spare."""

END = (23, 59)
"""The last minute of a day, as a clock shows it: a limit in days ends with it."""

SUMMER, WINTER = "summer time", "winter time"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in every way in which a page says it. `twin` is the other instant that London's clocks show alike."""

    at: datetime
    words: str
    iso: str
    day: str
    twin: datetime | None
    twin_words: str


def moment(at: datetime) -> Moment:
    """Say an instant."""
    other = twin(at)
    return Moment(at, in_words(at), iso(at), day(at), other, _season(other))


def in_words(at: datetime) -> str:
    """Thursday 26 November 2026 at 15:40, with the seconds where there are any, and the season where in doubt."""
    local = _local(at)
    seconds = f":{local:%S}" if local.second or local.microsecond else ""
    season = f" ({_season(at)})" if twin(at) else ""
    return f"{moment_full(at)}{seconds}{season}"


def to_the_minute(at: datetime) -> str:
    """The same without seconds; the last moment of a day is its end."""
    local = _local(at)
    if (local.hour, local.minute) == END:
        return f"the end of {day(at)}"
    season = f" ({_season(at)})" if twin(at) else ""
    return f"{moment_full(at)}{season}"


def iso(at: datetime) -> str:
    """The instant in UTC, as an address holds it: 2026-11-26T15:40:00Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read(text: str) -> datetime | None:
    """Read an ISO instant; one without a zone is London time, the first of two. None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip()[:LONGEST].replace(" ", "+"))
    except ValueError:
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return (found if found.tzinfo is not None else found.replace(tzinfo=LONDON)).astimezone(UTC)


def is_skipped(local: datetime) -> bool:
    """Whether London's clocks never showed this time: they went forward over it."""
    back = local.astimezone(UTC).astimezone(LONDON)
    return back.replace(tzinfo=None) != local.replace(tzinfo=None)


def twin(at: datetime) -> datetime | None:
    """The other instant at which London's clocks show the same time: before or after they go back. None mostly."""
    local = _local(at)
    other = local.replace(fold=1 - local.fold).astimezone(UTC)
    return other if other != at.astimezone(UTC) else None


def _season(at: datetime | None) -> str:
    if at is None:
        return ""
    return SUMMER if _local(at).dst() else WINTER


def _local(at: datetime) -> datetime:
    return at.astimezone(LONDON)

"""What a search found, in plain values."""

from dataclasses import dataclass

from lado.queries.alike import Similar
from lado.queries.search import Found
from lado.web.case_rows import Rows
from lado.web.components import QueueRow
from lado.web.due import counted


@dataclass(frozen=True, slots=True)
class Results:
    """The rows that were found, how many they are in words, and where more of them begin."""

    caption: str
    rows: tuple[QueueRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Likenesses:
    """The cases whose names are not spelt as typed: those in another spelling, those that only sound alike."""

    spelling_caption: str
    spelling: tuple[QueueRow, ...]
    sound_caption: str
    sound: tuple[QueueRow, ...]
    has_more: bool


def likenesses(found: Similar, rows: Rows) -> Likenesses:
    """Say which is which: one that only sounds alike is often somebody else."""
    return Likenesses(
        f"Another spelling or form of the name: {counted(len(found.spelling), 'case')}",
        tuple(rows.row(case) for case in found.spelling),
        f"Only sounds alike: {counted(len(found.sound), 'case')}",
        tuple(rows.row(case) for case in found.sound),
        found.has_more,
    )


def results(found: Found, rows: Rows, *, is_first: bool) -> Results:
    """Say what was found."""
    many = counted(len(found.rows), "case")
    if found.following is not None:
        caption = f"The newest {many}; there are more" if is_first else f"{many} more; there are others"
    else:
        caption = f"{many} found" if is_first else f"The last {many}"
    return Results(caption, tuple(rows.row(case) for case in found.rows), str(found.following or ""))

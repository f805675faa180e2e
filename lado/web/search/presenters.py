"""What a search found, in plain values."""

from dataclasses import dataclass

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


def results(found: Found, rows: Rows, *, is_first: bool) -> Results:
    """Say what was found."""
    many = counted(len(found.rows), "case")
    if found.following is not None:
        caption = f"The newest {many}; there are more" if is_first else f"{many} more; there are others"
    else:
        caption = f"{many} found" if is_first else f"The last {many}"
    return Results(caption, tuple(rows.row(case) for case in found.rows), str(found.following or ""))

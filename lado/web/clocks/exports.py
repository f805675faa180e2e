"""The working of a clock as a file for a spreadsheet: what its page says, row by row."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from lado.queries.case_file import ClockFile
from lado.queries.clocks import Basis
from lado.web.clocks.presenters import date_rows, facts_of, note_on, pause_rows
from lado.web.referrals.clock_words import state_words
from lado.web.referrals.workings import working_of
from lado.web.templating import moment_full

HEAD = ("Part", "What", "When", "Until, or recorded", "Why")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet might take for a formula."""

Row = tuple[str, ...]


def working_csv(found: ClockFile, basis: Basis, at: datetime) -> str:
    """The rows as text. No cell can be a formula, whatever somebody wrote as a reason."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(HEAD)
    for row in _rows(found, basis, at):
        writer.writerow([plain(cell) for cell in (*row, "", "", "")[: len(HEAD)]])
    return written.getvalue()


def plain(cell: str) -> str:
    """The cell as text: one that might be taken for a formula begins with an apostrophe."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) else cell


def _rows(found: ClockFile, basis: Basis, at: datetime) -> Iterator[Row]:
    file, clock = found.file, found.clock
    working = working_of(file, clock, basis, at)
    sentence, status, _ = state_words(file, clock, at)
    yield "Clock", "Reference", file.reference
    yield "Clock", "Clock", working.name
    yield "Clock", "Stands", f"{status}: {sentence}"
    yield "Clock", "Due", moment_full(clock.due_at), "", "Provisional" if clock.provisional else ""
    yield "Clock", "As at", moment_full(at)
    for fact in facts_of(found, working):
        yield "Rule", fact.label, fact.value
    if note := note_on(working):
        yield "Note", note
    for step in working.steps:
        counts = f"Day {step.counted}" if step.counted is not None else "Not counted"
        yield "Day", counts, step.day.isoformat(), "", step.why
    for who, from_at, until, why in pause_rows(working):
        yield "Pause", who, from_at, until, why
    for which, due, recorded, why in date_rows(working):
        yield "Date", which, due, recorded, why

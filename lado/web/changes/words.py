"""Words for changes: how far one has come, what it did to a case, and why a case stayed as it is."""

from collections.abc import Mapping
from datetime import date

from lado.queries.calendars import Difference
from lado.queries.changes import CHANGED, FAILED, ListedChange, Progress
from lado.web.due import counted
from lado.web.templating import day
from workflows.facts import in_words
from workflows.model import Timescale
from workflows.registry import NAMED, PROCEDURES

STATES: Mapping[str, str] = {state.key: state.label for flow in PROCEDURES.values() for state in flow.states}
CLOCKS: Mapping[str, Timescale] = {row.key: row for flow in PROCEDURES.values() for row in flow.timescales}

KINDS: Mapping[str, str] = {
    "rules": "Running cases under new rules",
    "calendar": "Running cases under a new list of bank holidays",
    "procedure": "Running cases under another version of the procedure",
}
"""What a change is."""

PLAIN: Mapping[str, str] = {
    "already": "It is as it should be already",
    "way": "There is no way there from the version that it runs under",
    "clock": "No time limit would run in its state",
}


def why_kept(said: str) -> str:
    """Say why a case stays as it is; what the code is about is named."""
    kind, _, about = said.partition(":")
    if kind == "state":
        return f"Its state, “{STATES.get(about, about)}”, has none that stands for it there"
    if kind == "used":
        return f"It has what only its own version knows: {in_words(about)}"
    if kind == "lapsed":
        name = CLOCKS[about].label if about in CLOCKS else about
        return f"“{name}” has lapsed, and the other version does not know it"
    return PLAIN.get(kind, kind)


def result_words(result: str, said: str) -> str:
    """Say what a change did to one case."""
    if result == CHANGED:
        return (
            f"Its record says so; {counted(int(said), 'date')} moved"
            if said != "0"
            else "Its record says so; no date moved"
        )
    if result == FAILED:
        return f"Failed ({said}); it is tried again every few minutes"
    return f"Kept as it is. {why_kept(said)}"


def progress_words(progress: Progress, *, is_done: bool) -> str:
    """Say how far a change has come."""
    parts = [f"{counted(progress.changed, 'case')} changed"]
    if progress.kept:
        parts.append(f"{progress.kept} kept as they were" if progress.kept > 1 else "1 kept as it was")
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    said = ", ".join(parts)
    if is_done:
        return f"Done: {said}."
    return f"Under way: {said}, {progress.left} to go." if progress.left else f"Under way: {said}."


def procedure_name(name: str) -> str:
    """A version of a procedure by its number."""
    return f"Version {NAMED[name].version}" if name in NAMED else name


def what_changed(change: ListedChange) -> str:
    """What a change is, in as few words as can be."""
    if change.kind == "procedure":
        return f"{procedure_name(change.before)} to {procedure_name(change.after).lower()}"
    return KINDS[change.kind]


def holidays_changed(found: Difference) -> str:
    """Which days a new list of bank holidays adds, and which it takes away."""
    parts = []
    if found.added:
        parts.append(f"Added: {_days(found.added)}")
    if found.gone:
        parts.append(f"Taken away: {_days(found.gone)}")
    return ". ".join(parts) + "." if parts else "The same days, for other years."


def _days(days: Mapping[date, str]) -> str:
    shown = sorted(days.items())[:MOST_NAMED]
    named = ", ".join(f"{day(on)} ({name})" for on, name in shown)
    rest = len(days) - len(shown)
    return f"{named} and {rest} more" if rest else named


MOST_NAMED = 4

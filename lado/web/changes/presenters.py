"""Changes as pages show them: closed days, versions, what would happen case by case, and how far it has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from markupsafe import Markup

from lado.domain.rehearsal import ClockChange, Rehearsed
from lado.queries.calendars import Snapshot, difference
from lado.queries.changes import CaseResult, ListedChange
from lado.queries.holiday_reviews import Review
from lado.services.calendar_notices import WARN_BEFORE
from lado.web.changes import words
from lado.web.components import Fact, Place
from lado.web.due import counted, point
from lado.web.templating import day, moment_full
from lado.web.who_has import name_of
from workflows.calendar import SATURDAY, Calendar
from workflows.differences import differences
from workflows.model import ACTION, NEXT_UPDATE, NEXT_UPDATE_LABEL, Workflow
from workflows.registry import PASSAGES

Row = tuple[str | Markup, ...]


@dataclass(frozen=True)
class VersionView:
    """One version of the procedure."""

    name: str
    title: str
    is_in_force: bool
    states: int
    cases: str


@dataclass(frozen=True)
class Plan:
    """What a move to another version is: from, to, and what differs."""

    title: str
    before: str
    after: str
    differences: tuple[str, ...]


def year_of(asked: str, calendar: Calendar, today: date) -> int:
    """The year to show: the one asked for if it is known, or this one."""
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == len("2026") else today.year
    return min(max(year, calendar.known_from.year), calendar.known_to.year)


def years(calendar: Calendar, shown: int) -> list[Place]:
    """A few years about the one that is shown."""
    around = range(max(calendar.known_from.year, shown - 2), min(calendar.known_to.year, shown + 2) + 1)
    return [Place(str(year), url_for("calendar.home", year=year), year == shown) for year in around]


def closed_days(calendar: Calendar, year: int) -> list[Row]:
    """The bank holidays and the council's own closure days of a year."""
    found = [(on, name, "Bank holiday") for on, name in calendar.holidays.items() if on.year == year]
    found += [(on, name, "The council is closed") for on, name in calendar.closures.items() if on.year == year]
    return [
        (day(on), name, kind if on.weekday() < SATURDAY else f"{kind}, on a weekend")
        for on, name, kind in sorted(found)
    ]


def ends_soon(calendar: Calendar, today: date) -> str:
    """What to say when the published bank holidays come to their end; nothing otherwise."""
    if calendar.known_to - today >= WARN_BEFORE:
        return ""
    return (
        f"Bank holidays are known up to {day(calendar.known_to)} only. Dates beyond are provisional: every weekday "
        "there counts as a working day. Ask whoever runs this service to keep the newest list."
    )


def snapshot_rows(kept: Sequence[Snapshot]) -> list[Row]:
    """The lists that were kept, each with what it changed."""
    earlier = [*kept[1:], None]
    return [
        (
            moment_full(found.kept_at),
            found.version,
            f"{found.calendar.known_from.year} to {found.calendar.known_to.year}",
            "The first list" if before is None else words.holidays_changed(difference(before.calendar, found.calendar)),
        )
        for found, before in zip(kept, earlier, strict=True)
    ]


def change_rows(listed: Iterable[ListedChange], kept: Sequence[Snapshot], *, may_look: bool) -> list[Row]:
    """Changes of the calendar: when, which days, how far."""
    by_version = {found.version: found.calendar for found in kept}
    return [
        (
            _linked(moment_full(change.asked_at), change.id, may_look=may_look),
            words.holidays_changed(difference(by_version[change.before], by_version[change.after])),
            _far(change),
        )
        for change in listed
    ]


def review_rows(found: Iterable[Review], names: Mapping[int, str]) -> list[Row]:
    """The clocks to look at, or those that somebody has looked at."""
    return [
        (
            Markup('<a class="govuk-link" href="{}">{}</a>').format(
                url_for("calendar.review", review_id=row.id), row.reference
            ),
            clock_name(row.clock),
            f"{_verdict(row.due_at, row.ended_at)}: due {moment_full(row.due_at)}",
            f"{_verdict(row.would_be_due_at, row.ended_at)}: due {moment_full(row.would_be_due_at)}",
            f"{name_of(row.reviewed_by_id, names)}, {moment_full(row.reviewed_at)}" if row.reviewed_at else "Not yet",
        )
        for row in found
    ]


def review_facts(row: Review) -> list[Fact]:
    """Everything about one of them."""
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    return [
        Fact("Case", link.format(url_for("referrals.show", reference=row.reference), row.reference)),
        Fact("Time limit", clock_name(row.clock)),
        Fact("Done", moment_full(row.ended_at) if row.ended_at else "Still open"),
        Fact("Was due", f"{moment_full(row.due_at)}. {_verdict(row.due_at, row.ended_at)}."),
        Fact(
            "With the late day counted as closed",
            f"{moment_full(row.would_be_due_at)}. {_verdict(row.would_be_due_at, row.ended_at)}.",
        ),
    ]


def version_views(
    current: Workflow, counts: Mapping[tuple[str, int], int], flows: Iterable[Workflow]
) -> list[VersionView]:
    """The versions, the newest first."""
    return [
        VersionView(
            flow.name,
            words.procedure_name(flow.name),
            flow == current,
            len(flow.states),
            counted(counts.get((flow.key, flow.version), 0), "open case"),
        )
        for flow in sorted(flows, key=lambda flow: -flow.version)
    ]


def plan_of(before: Workflow, after: Workflow) -> Plan:
    """What a move between two versions is."""
    return Plan(
        f"{words.procedure_name(before.name)} to {words.procedure_name(after.name).lower()}",
        before.name,
        after.name,
        differences(before, after, PASSAGES.get((before.name, after.name))),
    )


def summary(rehearsed: Sequence[Rehearsed]) -> list[str]:
    """The counts in sentences."""
    if not rehearsed:
        return ["No case is open, so only new referrals are concerned."]
    kept = [found for found in rehearsed if found.kept_because and found.kept_because != "already"]
    already = sum(found.kept_because == "already" for found in rehearsed)
    moved = len(rehearsed) - len(kept) - already
    elsewhere = sum(found.state_before != found.state_after for found in rehearsed)
    dates = sum(clock.was_due_at != clock.now_due_at for found in rehearsed for clock in found.clocks)
    said = [f"{counted(moved, 'open case')} would move."]
    if elsewhere:
        said.append(f"{counted(elsewhere, 'case')} would stand in a state of another name.")
    said.append(f"{counted(dates, 'date')} would change." if dates else "No date would change.")
    if kept:
        said.append(
            f"{counted(len(kept), 'open case')} would stay under the version that it has, for the reason below."
        )
    if already:
        said.append(
            f"{counted(already, 'open case')} runs under it already."
            if already == 1
            else f"{already} run under it already."
        )
    return said


def case_rows(rehearsed: Iterable[Rehearsed], at: datetime) -> list[Row]:
    """A row for each case of which something is to be said."""
    return [
        (
            Markup('<a class="govuk-link" href="{}">{}</a>').format(
                url_for("referrals.show", reference=found.reference), found.reference
            ),
            _state_words(found),
            Markup("<br>").join(_clock_words(clock, at) for clock in found.clocks) or "All keep their dates",
        )
        for found in rehearsed
    ]


def move_rows(listed: Iterable[ListedChange], names: Mapping[int, str], *, may_look: bool) -> list[Row]:
    """Every move between versions so far."""
    return [
        (
            _linked(moment_full(change.asked_at), change.id, may_look=may_look),
            words.what_changed(change) + (" (taken back)" if change.reverts_id else ""),
            name_of(change.asked_by_id, names) if change.asked_by_id is not None else "A command",
            _far(change),
        )
        for change in listed
    ]


def change_facts(change: ListedChange, names: Mapping[int, str]) -> list[Fact]:
    """Who began a change and when, from what to what, and how far it has come."""
    by = (
        name_of(change.asked_by_id, names)
        if change.asked_by_id is not None
        else "a command of whoever runs this service"
    )
    versions = change.before, change.after
    if change.kind == "procedure":
        versions = words.procedure_name(change.before), words.procedure_name(change.after)
    return [
        Fact("Begun", f"{moment_full(change.asked_at)}, by {by}"),
        Fact("From", versions[0]),
        Fact("To", versions[1]),
        Fact("How far", _far(change)),
    ]


def result_rows(found: Iterable[CaseResult]) -> list[Row]:
    """What a change did to each case."""
    return [
        (
            Markup('<a class="govuk-link" href="{}">{}</a>').format(
                url_for("referrals.show", reference=row.reference), row.reference
            ),
            words.result_words(row.result, row.said),
            moment_full(row.done_at),
        )
        for row in found
    ]


def clock_name(key: str) -> str:
    """What a clock is called in whatever version knows it."""
    kind, _, number = key.partition(":")
    if kind == ACTION:
        return f"Action {number}"
    if key == NEXT_UPDATE:
        return NEXT_UPDATE_LABEL
    return words.CLOCKS[key].label if key in words.CLOCKS else key


def _state_words(found: Rehearsed) -> str:
    if found.kept_because:
        return f"Stays as it is. {words.why_kept(found.kept_because)}"
    before, after = (words.STATES.get(key, key) for key in (found.state_before, found.state_after))
    return f"“{before}”" if found.state_before == found.state_after else f"“{before}” becomes “{after}”"


def _clock_words(clock: ClockChange, at: datetime) -> str:
    name = clock_name(clock.key)
    if clock.now_due_at is None:
        return f"“{name}” stops"
    if clock.was_due_at is None:
        return f"“{name}” starts, due by {point(clock.now_due_at, at)}"
    if clock.was_due_at == clock.now_due_at:
        return f"“{name}” keeps its date; somebody else hears next"
    return f"“{name}”: by {point(clock.was_due_at, at)}, then by {point(clock.now_due_at, at)}"


def _verdict(due_at: datetime, ended_at: datetime | None) -> str:
    if ended_at is None:
        return "Lapsed"
    return "In time" if ended_at <= due_at else "Late"


def _linked(text: str, change_id: int, *, may_look: bool) -> str | Markup:
    if not may_look:
        return text
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(url_for("changes.show", change_id=change_id), text)


def _far(change: ListedChange) -> str:
    return words.progress_words(change.progress, is_done=change.done_at is not None)

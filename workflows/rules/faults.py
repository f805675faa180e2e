"""What is wrong with a council's rules, in words, before they can be used."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from workflows.calendar import Calendar
from workflows.office import OfficeHours
from workflows.rules.ladder import rung_at
from workflows.rules.terms import OWED_BY, ROLES, WEEKDAYS, Rules, Rung, TimeRule
from workflows.spans import Span

LONGEST = 4_000  # of any unit: 4,000 months is three centuries, so more is a slip of the hand
LONGEST_WAIT = 250  # office hours or working days before the next person hears

# A plain week without holidays, on which a ladder is tried out from every half hour.
TRIAL_WEEK = Calendar.of("trial", {}, date(2024, 1, 1), date(2025, 12, 31))
TRIAL_START = datetime(2024, 1, 1, tzinfo=UTC)
TRIAL_INSTANTS = tuple(TRIAL_START + timedelta(minutes=30 * n) for n in range(7 * 48))


def faults(rules: Rules) -> tuple[str, ...]:
    """Each fault of these rules as a sentence; an empty tuple means that they can be used."""
    return tuple(_faults(rules))


def _faults(rules: Rules) -> Iterator[str]:
    if not rules.name.strip():
        yield "the rules have no name"
    if not rules.timescales:
        yield "the rules hold no time limits"
    yield from _twice("time limit", [rule.key for rule in rules.timescales])
    yield from _twice("ladder", [ladder.key for ladder in rules.ladders])
    yield from _twice("closure day", [str(day) for day, _ in rules.closure_days])
    yield from (f"closure day {day}: say why" for day, why in rules.closure_days if not why.strip())
    yield from _shares("warnings", rules.warnings)
    office = list(_office(rules.office))
    yield from office
    for rule in rules.timescales:
        yield from _time_rule(rule, tuple(ladder.key for ladder in rules.ladders))
    for name, rungs in (("ladder", rules.ladder), *((f"ladder {row.key}", row.rungs) for row in rules.ladders)):
        yield from _ladder(name, rungs, None if office else rules.office)


def _time_rule(rule: TimeRule, ladders: tuple[str, ...]) -> Iterator[str]:
    key = rule.key or "a time limit without a key"
    for what, text in (("key", rule.key), ("label", rule.label), ("start", rule.starts), ("source", rule.source)):
        if not text.strip():
            yield f"{key}: has no {what}"
    yield from _span(key, "limit", rule.limit)
    yield from _span(key, "lead-in", rule.starts_after)
    yield from _shares(key, rule.warns_at or ())
    if rule.owed_by not in OWED_BY:
        yield f"{key}: “{rule.owed_by}” cannot owe it; choose from {', '.join(OWED_BY)}"
    if rule.ladder is not None and rule.ladder not in ladders:
        yield f"{key}: there is no ladder “{rule.ladder}”"
    if rule.limit is None and (rule.repeats or rule.pauses or rule.starts_after or rule.cut_offs):
        yield f"{key}: the officer gives its date, so it cannot repeat, pause, or have a lead-in or a cut-off"
    if rule.starts_after and rule.cut_offs:
        yield f"{key}: a lead-in ends with a day, so a cut-off cannot apply after it"
    for cut_off in rule.cut_offs:
        if cut_off.weekday is not None and cut_off.weekday not in range(len(WEEKDAYS)):
            yield f"{key}: a cut-off is on a day of the week, Monday 0 to Sunday 6, not {cut_off.weekday}"


def _span(key: str, what: str, span: Span | None) -> Iterator[str]:
    if span is None:
        return
    if span.count < 1:
        yield f"{key}: the {what} must be 1 {span.unit} or more, not {span.count}"
    if span.count > LONGEST:
        yield f"{key}: a {what} of {span.count} {span.unit} is longer than can be meant"


def _shares(where: str, shares: tuple[float, ...]) -> Iterator[str]:
    for share in shares:
        if not 0 < share < 1:
            yield f"{where}: a warning comes at a share between 0 and 1, such as 0.8, not {share:g}"


def _office(office: OfficeHours) -> Iterator[str]:
    if len(office.week) != len(WEEKDAYS):
        yield "office hours: give a line for each of the seven days"
    if not any(office.week[:5]):
        yield "office hours: the office never opens on a working day, so nobody could be warned"
    for day, opening in zip(WEEKDAYS, office.week, strict=False):
        if opening and opening[0] >= opening[1]:
            yield f"office hours on {day}: closes before it opens"


def _ladder(name: str, rungs: tuple[Rung, ...], office: OfficeHours | None) -> Iterator[str]:
    if not rungs:
        yield f"{name}: has no rungs, so a lapse would reach nobody"
    for rung in rungs:
        if rung.role not in ROLES:
            yield f"{name}: “{rung.role}” is not a role; choose from {', '.join(ROLES)}"
        if not 0 <= rung.wait.count <= LONGEST_WAIT:
            yield f"{name}: {rung.role} cannot wait {rung.wait.count} {rung.wait.unit}"
            return
    yield from _twice(f"{name}: role", [rung.role for rung in rungs])
    for earlier, later in pairwise(rungs):
        if office and _goes_backwards(earlier, later, office):
            yield f"{name}: {later.role} can be told before {earlier.role}; no wait is shorter than the last"


def _goes_backwards(earlier: Rung, later: Rung, office: OfficeHours) -> bool:
    """Tried out, because office hours and working days are not converted into each other."""
    if earlier.wait.unit is later.wait.unit:
        return later.wait.count < earlier.wait.count
    return any(
        rung_at(instant, later, office, TRIAL_WEEK) < rung_at(instant, earlier, office, TRIAL_WEEK)
        for instant in TRIAL_INSTANTS
    )


def _twice(what: str, keys: list[str]) -> Iterator[str]:
    yield from (f"{what} “{key}” stands there {count} times" for key, count in Counter(keys).items() if count > 1)

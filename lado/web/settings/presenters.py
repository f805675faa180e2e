"""A council's rules as sentences and rows, each limit with a due date worked out for this very moment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import url_for
from markupsafe import Markup

from lado.domain.rule_words import (
    OWED_BY,
    Difference,
    asking_words,
    closed_on_words,
    day_end_words,
    differences,
    ladder_name,
    limit_sentence,
    opening_words,
    rung_sentence,
    shares,
    unsourced,
)
from lado.queries.accounts import Person
from lado.queries.rules import Published
from lado.web.components import Fact
from lado.web.due import counted, point
from lado.web.who_has import name_of
from workflows.model import NEXT_UPDATE, State, Workflow
from workflows.practice import Practice
from workflows.rules import Rules, TimeRule, due_under
from workflows.rules.terms import WEEKDAYS
from workflows.updates import rule_of


@dataclass(frozen=True)
class RulesView:
    """The rules of a council as its page shows them."""

    name: str
    version: str
    timescales: list[tuple[str, ...]]
    ladder: list[str]
    ladders: list[tuple[str, list[str]]]
    warnings: str
    office: list[Fact]
    closures: list[str]
    states: list[tuple[str, ...]]
    procedure: str
    asking: str


def rules_view(practice: Practice, at: datetime) -> RulesView:
    """The rules in force."""
    rules, flow = practice.rules, practice.flow
    return RulesView(
        rules.name,
        rules.version,
        [_row(rule, practice, at) for rule in rules.timescales],
        [rung_sentence(rung) for rung in rules.ladder],
        [(ladder_name(row.key), [rung_sentence(rung) for rung in row.rungs]) for row in rules.ladders],
        shares(rules.warnings),
        _office(rules),
        closure_rows(rules),
        _states(flow),
        f"{flow.label}, version {flow.version}",
        asking_words(rules),
    )


def closure_rows(rules: Rules) -> list[str]:
    """Tuesday 29 December 2026: moving house. One for each day on which the council is closed, in order."""
    return [f"{closed_on_words(closed_on)}: {why}" for closed_on, why in sorted(rules.closure_days)]


def limit_facts(rules: Rules) -> list[Fact]:
    """Every time limit in a sentence, with the way to change it; that of the next update also where it has none yet."""
    shown = [*rules.timescales, *([] if NEXT_UPDATE in rules.by_key else [rule_of(rules)])]
    return [Fact(rule.label, limit_sentence(rule), url_for("rules_draft.limit", rule=rule.key)) for rule in shown]


def telling_facts(rules: Rules) -> list[Fact]:
    """Who is warned and told, with the way to change it."""
    ladders = [("The usual ladder", "usual", rules.ladder)]
    ladders += [(f"The ladder “{ladder_name(row.key)}”", row.key, row.rungs) for row in rules.ladders]
    warned = f"The accountable officer is warned {shares(rules.warnings)}."
    return [
        Fact("The usual warnings", warned, url_for("rules_draft.warnings")),
        *(
            Fact(label, " ".join(map(rung_sentence, rungs)), url_for("rules_draft.ladder", ladder=key))
            for label, key, rungs in ladders
        ),
    ]


def week_facts(rules: Rules) -> list[Fact]:
    """Office hours, closure days and the name in short, with the way to change them."""
    week = "; ".join(f"{days}: {hours.lower()}" for days, hours in _week(rules))
    end = day_end_words(rules.day_ends).lower()
    closed = "; ".join(closure_rows(rules)) or "England’s bank holidays and weekends only"
    return [
        Fact("Office hours", f"{week}. A due day ends {end}.", url_for("rules_draft.office")),
        Fact("Closed on", closed, url_for("rules_draft.closures")),
        Fact("Opening a colleague’s case", f"{asking_words(rules)}.", url_for("rules_draft.asking")),
        Fact("Name of the rules", rules.name, url_for("rules_draft.name")),
    ]


def difference_rows(differences: Iterable[Difference]) -> list[tuple[str, ...]]:
    """What differs as rows of a table: what it is about, what was, what is."""
    return [
        (row.about, row.before, Markup("<strong>{}</strong> ({})").format(row.after, row.kind.lower()))
        for row in differences
    ]


@dataclass(frozen=True)
class VersionView:
    """A version of the rules: who published it, when and why, and how many things it changed."""

    id: int
    version: str
    at: datetime
    by: str
    why: str
    changed: str
    href: str


def version_views(versions: list[Published], names: Mapping[int, str]) -> list[VersionView]:
    """Every version, the newest first, each held against the one before."""
    earlier = [*versions[1:], None]
    return [version_view(version, before, names) for version, before in zip(versions, earlier, strict=True)]


def version_view(published: Published, before: Published | None, names: Mapping[int, str]) -> VersionView:
    """One version against the one before."""
    by = published.published_by_id
    return VersionView(
        published.id,
        published.version,
        published.published_at,
        "When the council was set up" if by is None else name_of(by, names),
        published.why,
        _how_many(differences(before.rules, published.rules)) if before else "The first rules",
        url_for("rules_versions.show", published_id=published.id),
    )


def limit_sentences(rules: Rules) -> list[Fact]:
    """Every time limit in a sentence."""
    return [Fact(rule.label, limit_sentence(rule)) for rule in rules.timescales]


def source_doubts(before: Rules, after: Rules) -> list[Fact]:
    """The changed limits that are said to be written where they were, with the way to change that."""
    return [
        Fact(rule.label, rule.source, url_for("rules_draft.limit", rule=rule.key)) for rule in unsourced(before, after)
    ]


def people_rows(people: Iterable[Person]) -> list[tuple[str, ...]]:
    """The accounts of a council as rows: name, role, and whether they can sign in."""
    return [(person.name, person.role.label, "Can sign in" if person.is_active else "Shut") for person in people]


def _row(rule: TimeRule, practice: Practice, at: datetime) -> tuple[str, ...]:
    due = due_under(practice.rules, rule, at, practice.calendar)
    example = f"By {point(due.at, at)}" if due else "The day that the officer gives"
    if due and due.provisional:
        example += " (provisional)"
    owed_by = OWED_BY.get(rule.owed_by, rule.owed_by)
    return rule.label, limit_sentence(rule), example, owed_by, rule.source


def _week(rules: Rules) -> Iterator[tuple[str, str]]:
    """Monday to Thursday, 09:00 to 17:00: neighbours with the same hours together."""
    days = zip(WEEKDAYS, rules.office.week, strict=True)
    for opening, found in groupby(days, key=lambda day: day[1]):
        names = [name.capitalize() for name, _ in found]
        yield names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}", opening_words(opening)


def _how_many(found: tuple[Difference, ...]) -> str:
    if not found:
        return "Nothing changed"
    rest = f", and {counted(len(found) - 1, 'other thing')}" if len(found) > 1 else ""
    first = found[0]
    return f"{first.about}: {first.before} became {first.after}{rest}"


def _office(rules: Rules) -> list[Fact]:
    found = [
        Fact(name.capitalize(), opening_words(opening))
        for name, opening in zip(WEEKDAYS, rules.office.week, strict=True)
    ]
    return [*found, Fact("A due day ends", day_end_words(rules.day_ends))]


def _states(flow: Workflow) -> list[tuple[str, ...]]:
    return [(state.label, _holder(state), state.partner_sees) for state in flow.states]


def _holder(state: State) -> str:
    return "Ended" if state.final else OWED_BY.get(state.holder, state.holder.capitalize())

"""What a change of the rules would do, as a page shows it: by case and clock, then the cases that stay as they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from lado.domain.escalation import rung_in_words
from lado.domain.rehearsal import ClockChange, Rehearsed
from lado.web.due import counted, point
from lado.web.who_has import name_of
from workflows.changing import ALREADY

PER_PAGE = 25


@dataclass(frozen=True)
class Effect:
    """What would happen to one clock of one case."""

    reference: str
    change: ClockChange


@dataclass
class Rehearsal:
    """Every effect, and how many cases there are of each kind. `kept`: the cases that could not be brought along."""

    effects: list[Effect] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    cases: int = 0
    dates: int = 0
    tellings: int = 0
    changed_cases: int = 0

    @property
    def unchanged(self) -> int:
        """How many cases keep every date and everybody who is told next."""
        return self.cases - self.changed_cases

    @property
    def pages(self) -> int:
        """How many pages the effects fill."""
        return max(1, -(-len(self.effects) // PER_PAGE))

    def on_page(self, page: int) -> list[Effect]:
        """The effects on a page, counted from 1."""
        return self.effects[(page - 1) * PER_PAGE : page * PER_PAGE]

    def told(self, page: int) -> set[int]:
        """The accounts that a page names."""
        changes = (effect.change for effect in self.on_page(page))
        return {who for change in changes for who in (change.was_next_told, change.now_next_told) if who is not None}


def gathered(rehearsed: Iterable[Rehearsed]) -> Rehearsal:
    """Count and gather what was rehearsed, in order of the cases' references."""
    found = Rehearsal()
    for case in rehearsed:
        found.cases += 1
        found.changed_cases += bool(case.clocks)
        found.kept += [case.reference] if case.kept_because not in ("", ALREADY) else []
        found.dates += sum(change.was_due_at != change.now_due_at for change in case.clocks)
        found.tellings += sum(_tells_another(change) for change in case.clocks)
        found.effects += [Effect(case.reference, change) for change in case.clocks]
    found.effects.sort(key=lambda effect: effect.reference)
    return found


def effect_rows(
    effects: Iterable[Effect], labels: Mapping[str, str], names: Mapping[int, str], at: datetime
) -> list[tuple[str, ...]]:
    """A row for each clock: the case, what it is, due now and then, who is told next now and then."""
    return [
        (
            Markup('<a class="govuk-link reference" href="{}">{}</a>').format(
                url_for("referrals.show", reference=effect.reference), effect.reference
            ),
            _label(effect.change.key, labels),
            _pair(_due(effect.change.was_due_at, at), _due(effect.change.now_due_at, at)),
            _pair(
                _told(effect.change.was_next_rung, effect.change.was_next_told, names),
                _told(effect.change.now_next_rung, effect.change.now_next_told, names),
            ),
        )
        for effect in effects
    ]


def summary(rehearsal: Rehearsal) -> list[str]:
    """The counts in sentences."""
    if not rehearsal.cases:
        return ["No case is open, so nothing would change but for new referrals."]
    told = f"For {counted(rehearsal.tellings, 'clock')} somebody else would be told next, or at another step."
    said = [
        f"{counted(rehearsal.dates, 'date')} would change." if rehearsal.dates else "No date would change.",
        told if rehearsal.tellings else "Nobody else would be told next.",
        f"{counted(rehearsal.unchanged, 'case')} of {rehearsal.cases} open would stay as they are.",
    ]
    if rehearsal.kept:
        said.append(f"Kept under their rules, for nothing would be running in them: {', '.join(rehearsal.kept)}.")
    if not rehearsal.effects and not rehearsal.kept:
        return [f"No date would change and nobody else would be told, in any of the {rehearsal.cases} open cases."]
    return said


def _tells_another(change: ClockChange) -> bool:
    return (change.was_next_rung, change.was_next_told) != (change.now_next_rung, change.now_next_told)


def _label(key: str, labels: Mapping[str, str]) -> str:
    kind, _, number = key.partition(":")
    return f"{labels.get(kind, kind)} {number}".strip()


def _due(due_at: datetime | None, at: datetime) -> str:
    return "Not running" if due_at is None else f"By {point(due_at, at)}"


def _told(rung: str, who: int | None, names: Mapping[int, str]) -> str:
    if not rung:
        return "Nobody more"
    name = name_of(who, names) if who is not None else "nobody is there"
    return f"{name}, as {rung_in_words(rung)}"


def _pair(was: str, now: str) -> Markup:
    """One thing where nothing changes; otherwise what was, and in bold what would be."""
    if was == now:
        return Markup("{}").format(was)
    return Markup('<span class="trial__was">{}</span><br><strong>{}</strong>').format(f"Now: {was}", f"Then: {now}")

"""A council's rules in sentences, and what differs between two versions of them. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

from lado.domain.escalation import ROLE_WORDS
from workflows.diagram import UNITS, limit_in_words
from workflows.london import END_OF_DAY
from workflows.office import Opening
from workflows.rules import Rules, Rung, TimeRule
from workflows.rules.terms import WEEKDAYS, WaitUnit
from workflows.spans import CutOff, Span

STARTS: Mapping[str, str] = {
    "received": "a referral reaches us",
    "employer_aware": "the employer learns of it",
    "allegation": "an allegation is received",
    "initial_evaluation": "the threshold is met",
    "meeting_arranged": "a meeting is arranged",
    "meeting_held": "a meeting is held",
    "police_review": "a review with the police is held",
    "clearly_unsubstantiated": "it is found clearly unsubstantiated or malicious",
    "no_crime_no_discipline": "no crime is found, and no formal discipline is needed",
    "no_further_investigation": "no more investigation is needed before a hearing",
    "suspended": "the person is suspended",
    "transfer_offered": "another authority is asked to take the case",
    "outcome_decided": "the outcome is decided",
    "reopened": "a case is re-opened",
    "information_awaited": "information is asked for",
    "action_set": "an action is set",
    "update_given": "the referrer has had an update",
}
"""What starts a clock, in words."""

OWED_BY: Mapping[str, str] = {
    "lado": "Designated officer",
    "employer": "Employer",
    "provider": "Provider",
    "police_and_lado": "Police and designated officer",
}
WAITS: Mapping[WaitUnit, tuple[str, str]] = {
    WaitUnit.OFFICE_HOUR: ("office hour", "office hours"),
    WaitUnit.WORKING_DAY: ("working day", "working days"),
}
NOTHING = "Nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions of the rules say differently: `kind` is Changed, Added or Removed."""

    kind: str
    about: str
    before: str
    after: str


def starts_when(rule: TimeRule) -> str:
    """A referral reaches us: what starts the clock."""
    return STARTS.get(rule.starts, rule.starts.replace("_", " "))


def limit_sentence(rule: TimeRule) -> str:
    """1 working day. It starts when a referral reaches us. With its cut-offs, its pause and its own ladder, if any."""
    limit = limit_in_words(rule)
    words = [f"{_capital(limit)}. It starts when {starts_when(rule)}."]
    words += [f"{_cut_off(cut_off)} the next working day is day 0." for cut_off in rule.cut_offs]
    if rule.pauses:
        words.append("It stands still while the case is paused for the police.")
    if rule.ladder is not None:
        words.append(f"It has a ladder of its own, “{ladder_name(rule.ladder)}”.")
    return " ".join(words)


def offer_sentence(rule: TimeRule) -> str:
    """Offered is 10 working days from today: how a day came to be offered, and where that is written."""
    if rule.limit is None:
        return f"Offered is today, because our rules leave the day to you ({rule.source})."
    return f"Offered is {span_words(rule.limit)} from today ({rule.source})."


def rung_sentence(rung: Rung) -> str:
    """After 4 office hours: the cover."""
    who = ROLE_WORDS.get(rung.role, rung.role.replace("_", " "))
    if rung.wait.count == 0:
        return f"At once: {who}."
    one, many = WAITS[rung.wait.unit]
    return f"After {rung.wait.count} {one if rung.wait.count == 1 else many}: {who}."


def shares(warnings: Iterable[float]) -> str:
    """The shares of a clock at which to warn: when 80% of the time is used."""
    said = [f"{round(share * 100)}%" for share in warnings]
    return f"when {' and '.join(said)} of the time is used, in office hours" if said else "never before it lapses"


def span_words(span: Span) -> str:
    """24 hours; 1 working day."""
    one, many = UNITS[span.unit]
    return f"{span.count} {one if span.count == 1 else many}"


def ladder_name(key: str) -> str:
    """The name of a council's own ladder, as people read it."""
    return key.replace("_", " ").capitalize()


def opening_words(opening: Opening | None) -> str:
    """09:00 to 17:00, or Closed."""
    return f"{opening[0]:%H:%M} to {opening[1]:%H:%M}" if opening else "Closed"


def day_end_words(day_ends: time) -> str:
    """When a due day ends."""
    return "At midnight" if day_ends == END_OF_DAY else f"At {day_ends:%H:%M}"


def asking_words(rules: Rules) -> str:
    """Whether colleagues say why before they open a case that is not theirs."""
    return "They say why first, and its officer is told" if rules.asks_why else "They are not asked why"


def closed_on_words(closed_on: date) -> str:
    """Tuesday 29 December 2026."""
    return f"{closed_on:%A} {closed_on.day} {closed_on:%B %Y}"


def fault_words(fault: str, rules: Rules) -> str:
    """A fault as the pages say it: a time limit by its name and not by its key, with a capital at the front."""
    about, colon, what = fault.partition(": ")
    if colon and about in rules.by_key:
        return f"{rules.by_key[about].label}: {what}."
    return f"{_capital(fault)}."


def differences(before: Rules, after: Rules) -> tuple[Difference, ...]:
    """Everything that the later rules say differently, in the order in which the rules page says it."""
    old, new = _said(before), _said(after)
    found = []
    for about in {**old, **new}:
        was, now = old.get(about), new.get(about)
        if was == now:
            continue
        kind = "Added" if was is None else "Removed" if now is None else "Changed"
        found.append(Difference(kind, about, was or NOTHING, now or NOTHING))
    return tuple(found)


def unsourced(before: Rules, after: Rules) -> tuple[TimeRule, ...]:
    """The limits that change while where they are written does not: somebody should look whether it still says so."""
    return tuple(
        rule
        for rule in after.timescales
        if (was := before.by_key.get(rule.key)) and was.source == rule.source and _promise(was) != _promise(rule)
    )


def _promise(rule: TimeRule) -> tuple[object, ...]:
    return rule.limit, rule.starts_after, rule.cut_offs, rule.pauses


def _said(rules: Rules) -> dict[str, str]:
    """All that rules say, under the name of what each part is about."""
    return dict(_parts(rules))


def _parts(rules: Rules) -> Iterator[tuple[str, str]]:
    yield "The name of the rules", rules.name
    labels = [rule.label for rule in rules.timescales]
    for rule in rules.timescales:
        label = rule.label if labels.count(rule.label) == 1 else f"{rule.label} ({rule.key})"
        for aspect, words in _aspects(rule):
            yield f"{label}: {aspect}", words
    for name, opening in zip(WEEKDAYS, rules.office.week, strict=True):
        yield f"Office hours on {name.capitalize()}", opening_words(opening)
    yield "A due day ends", day_end_words(rules.day_ends)
    for closed_on, why in sorted(rules.closure_days):
        yield f"Closed on {closed_on_words(closed_on)}", why
    yield "The usual warnings", _capital(shares(rules.warnings))
    yield "The usual ladder", _rungs(rules.ladder)
    yield "Opening a colleague’s case", asking_words(rules)
    for ladder in rules.ladders:
        yield f"The ladder “{ladder_name(ladder.key)}”", _rungs(ladder.rungs)


def _aspects(rule: TimeRule) -> Iterator[tuple[str, str]]:
    yield "limit", "A date that the officer gives" if rule.limit is None else span_words(rule.limit)
    yield "starts when", _capital(starts_when(rule))
    yield "begins", "At once" if rule.starts_after is None else f"{span_words(rule.starts_after)} after the start"
    yield "comes again", "Each time it is met" if rule.repeats else "No"
    yield "cut-off", "; ".join(_cut_off(cut_off) for cut_off in rule.cut_offs) or "None"
    yield "while paused for the police", "It stands still" if rule.pauses else "It runs on"
    yield "warnings", "The usual ones" if rule.warns_at is None else _capital(shares(rule.warns_at))
    yield "who hears of a lapse", _ladder_of(rule)
    yield "owed by", OWED_BY.get(rule.owed_by, rule.owed_by)
    yield "written in", rule.source


def _ladder_of(rule: TimeRule) -> str:
    return "The usual ladder" if rule.ladder is None else f"The ladder “{ladder_name(rule.ladder)}”"


def _cut_off(cut_off: CutOff) -> str:
    which = "any day" if cut_off.weekday is None else f"a {WEEKDAYS[cut_off.weekday].capitalize()}"
    return f"After {cut_off.at:%H:%M} on {which}"


def _rungs(rungs: Iterable[Rung]) -> str:
    return " ".join(rung_sentence(rung) for rung in rungs)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

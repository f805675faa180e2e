"""A council's rules as sentences and rows, each limit with a due date worked out for this very moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from lado.domain.escalation import ROLE_WORDS
from lado.queries.accounts import Person
from lado.web.components import Fact
from lado.web.due import point
from lado.web.templating import day
from workflows.diagram import limit_in_words
from workflows.london import END_OF_DAY
from workflows.model import State, Workflow
from workflows.practice import Practice
from workflows.rules import Rules, Rung, TimeRule, due_under
from workflows.rules.terms import WEEKDAYS, WaitUnit

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


@dataclass(frozen=True)
class RulesView:
    """The rules of a council as its page shows them."""

    name: str
    version: str
    timescales: list[tuple[str, ...]]
    ladder: list[str]
    warnings: str
    office: list[Fact]
    closures: list[str]
    states: list[tuple[str, ...]]
    procedure: str


def rules_view(practice: Practice, at: datetime) -> RulesView:
    """The rules in force."""
    rules, flow = practice.rules, practice.flow
    return RulesView(
        rules.name,
        rules.version,
        [_row(rule, practice, at) for rule in rules.timescales],
        [rung_sentence(rung) for rung in rules.ladder],
        shares(rules.warnings),
        _office(rules),
        [f"{day(closed_on)}: {why}" for closed_on, why in sorted(rules.closure_days)],
        _states(flow),
        f"{flow.label}, version {flow.version}",
    )


def limit_sentence(rule: TimeRule) -> str:
    """1 working day. It starts when a referral reaches us. With its cut-offs, its pause and its own ladder, if any."""
    starts = STARTS.get(rule.starts, rule.starts.replace("_", " "))
    limit = limit_in_words(rule)
    words = [f"{limit[0].upper()}{limit[1:]}. It starts when {starts}."]
    for cut_off in rule.cut_offs:
        which = "any day" if cut_off.weekday is None else f"a {WEEKDAYS[cut_off.weekday].capitalize()}"
        words.append(f"After {cut_off.at:%H:%M} on {which} the next working day is day 0.")
    if rule.pauses:
        words.append("It stands still while the case is paused for the police.")
    if rule.ladder is not None:
        words.append("It has a ladder of its own.")
    return " ".join(words)


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


def _office(rules: Rules) -> list[Fact]:
    found = []
    for name, opening in zip(WEEKDAYS, rules.office.week, strict=True):
        hours = f"{opening[0]:%H:%M} to {opening[1]:%H:%M}" if opening else "Closed"
        found.append(Fact(name.capitalize(), hours))
    return [*found, Fact("A due day ends", _end(rules.day_ends))]


def _end(day_ends: time) -> str:
    return "At midnight" if day_ends == END_OF_DAY else f"At {day_ends:%H:%M}"


def _states(flow: Workflow) -> list[tuple[str, ...]]:
    return [(state.label, _holder(state), state.partner_sees) for state in flow.states]


def _holder(state: State) -> str:
    return "Ended" if state.final else OWED_BY.get(state.holder, state.holder.capitalize())

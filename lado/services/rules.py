"""A council's rules: the draft of whoever changes them, publishing it, and bringing an earlier version back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select

from lado.act import Act
from lado.domain.rule_words import closed_on_words, fault_words, ladder_name
from lado.errors import BadInput, Refused, Stale
from lado.models import LedgerHead
from lado.queries import practices
from lado.queries import rules as published_rules
from lado.queries.rules import Published
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import changes, drafts, installation
from workflows.changing import RULES
from workflows.office import OfficeHours
from workflows.rules import Ladder, Rules, Rung, TimeRule, faults, from_json

FORM = "rules"
"""The name under which the draft of the rules is kept."""

USUAL = "usual"
"""The name of the ladder that every time limit climbs unless it has one of its own."""

Edit = Callable[[Rules], Rules]


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """The rules as somebody would have them, and the ones in force. No date is ever counted with a draft."""

    authority_id: int
    rules: Rules
    in_force: Published
    begun_from: str
    """The version that was in force when the draft was begun."""
    saved_at: datetime | None
    """When it was last changed; None where there is none."""

    @property
    def differs(self) -> bool:
        """Whether anything in it differs from the rules in force."""
        return self.rules.version != self.in_force.version

    @property
    def is_overtaken(self) -> bool:
        """Whether other rules were published after it was begun."""
        return self.begun_from != self.in_force.version


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published: why, whether for running cases too, and the two versions that the person has seen."""

    why: str
    running_too: bool
    seen_in_force: str
    seen_draft: str


def draft(act: Act) -> RulesDraft:
    """The reader's own draft of their council's rules; the rules in force where none was begun."""
    authority = act.who.authority or 0
    in_force = published_rules.in_force(act.session, authority, act.at)
    kept = drafts.kept(act, FORM)
    if kept is None:
        return RulesDraft(authority, in_force.rules, in_force, in_force.version, None)
    return RulesDraft(authority, from_json(kept.fields["rules"][0]), in_force, kept.fields["base"][0], kept.saved_at)


def set_limit(act: Act, rule: TimeRule) -> None:
    """Change one time limit in the draft, in place of the one with its key, or add one that the council had not yet.

    Raises BadInput with every fault.
    """
    _edit(act, lambda rules: replace(rules, timescales=_swapped(rules.timescales, rule)))


def set_name(act: Act, name: str) -> None:
    """Change what the rules are called, in the draft."""
    _edit(act, lambda rules: replace(rules, name=name))


def set_office(act: Act, office: OfficeHours, day_ends: time) -> None:
    """Change the office hours, and when a due day ends, in the draft. Raises BadInput with every fault."""
    _edit(act, lambda rules: replace(rules, office=office, day_ends=day_ends))


def set_warnings(act: Act, warnings: tuple[float, ...]) -> None:
    """Change the usual warnings (shares of a clock, 0 to 1) in the draft."""
    _edit(act, lambda rules: replace(rules, warnings=warnings))


def set_asks_why(act: Act, *, asks_why: bool) -> None:
    """Change whether colleagues are asked why they open a case that is not theirs, in the draft."""
    _edit(act, lambda rules: replace(rules, asks_why=asks_why))


def add_closure(act: Act, closed_on: date, why: str) -> None:
    """Close the council on a day, in the draft. Raises BadInput when no working day passes on it anyway."""
    if why_closed := practices.england(act.session).why_closed(closed_on, provisional=True):
        problem = f"No working day passes on {closed_on_words(closed_on)} anyway: {why_closed}."
        raise BadInput({"closed_on": problem})

    def edit(rules: Rules) -> Rules:
        if any(day == closed_on for day, _ in rules.closure_days):
            raise BadInput({"closed_on": f"{closed_on_words(closed_on)} is on the list already."})
        return replace(rules, closure_days=tuple(sorted((*rules.closure_days, (closed_on, why)))))

    _edit(act, edit)


def remove_closure(act: Act, closed_on: date) -> None:
    """Open the council again on a day, in the draft."""
    _edit(
        act, lambda rules: replace(rules, closure_days=tuple(row for row in rules.closure_days if row[0] != closed_on))
    )


def set_ladder(act: Act, key: str, rungs: tuple[Rung, ...]) -> None:
    """Change who hears of a lapse and when, in the draft: the usual ladder, or one of the council's own."""

    def edit(rules: Rules) -> Rules:
        if key == USUAL:
            return replace(rules, ladder=rungs)
        return replace(rules, ladders=tuple(Ladder(key, rungs) if row.key == key else row for row in rules.ladders))

    _edit(act, edit)


def add_ladder(act: Act, name: str) -> str:
    """Add a ladder to the draft, at first like the usual one; returns its key. Raises BadInput for a name in use."""
    key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")

    def edit(rules: Rules) -> Rules:
        if not key:
            raise BadInput({"name": "Give the ladder a name with letters, for example: After a meeting."})
        if key == USUAL or any(row.key == key for row in rules.ladders):
            raise BadInput({"name": f"There is a ladder called “{ladder_name(key)}” already."})
        return replace(rules, ladders=(*rules.ladders, Ladder(key, rules.ladder)))

    _edit(act, edit)
    return key


def remove_ladder(act: Act, key: str) -> None:
    """Take a ladder out of the draft. Raises Refused while a time limit climbs it."""

    def edit(rules: Rules) -> Rules:
        users = [rule.label for rule in rules.timescales if rule.ladder == key]
        if users:
            raise Refused(f"“{ladder_name(key)}” is still used by: {', '.join(users)}. Give them another ladder first.")
        return replace(rules, ladders=tuple(row for row in rules.ladders if row.key != key))

    _edit(act, edit)


def throw_away(act: Act) -> None:
    """Throw the draft away: the rules in force stand as they are."""
    ensure(act.who, Permission.RULES_CHANGE)
    drafts.throw_away(act, FORM)


def bring_back(act: Act, earlier: Published) -> None:
    """Make the draft what an earlier version said. It is rehearsed and published like any other change."""
    ensure(act.who, Permission.RULES_CHANGE, earlier)
    in_force = published_rules.in_force(act.session, earlier.authority_id, act.at)
    if earlier.version == in_force.version:
        raise Refused("These rules are in force already.")
    _keep(act, earlier.rules, in_force.version)


def publish(act: Act, asked: Publication) -> int:
    """Put the draft in force from this instant, for running cases too where asked; returns what it is kept under.

    Raises BadInput without a reason, Refused when nothing differs or something is wrong, and Stale when the draft or
    the rules in force are not those that the person has seen. The record is held, so that of two people one is told.
    """
    act.session.scalars(select(LedgerHead.id).where(LedgerHead.id == 1).with_for_update()).one()
    found = draft(act)
    ensure(act.who, Permission.RULES_CHANGE, found)
    if (found.in_force.version, found.rules.version) != (asked.seen_in_force, asked.seen_draft):
        raise Stale("The rules in force, or your draft of them, have changed since you saw what they would do.")
    if not found.differs:
        raise Refused("Nothing in the draft differs from the rules in force, so there is nothing to publish.")
    if not asked.why.strip():
        raise BadInput({"why": "Say why the rules change. It is shown with this version for as long as it is kept."})
    number = installation.publish_rules(act, found.authority_id, found.rules, asked.why.strip())
    if asked.running_too:
        was, now = found.in_force.version, found.rules.version
        taken_back = published_rules.taken_back_by(act.session, found.authority_id, was, now)
        changes.begin(act, found.authority_id, RULES, was, now, reverts_id=taken_back)
    drafts.throw_away(act, FORM)
    return number


def _edit(act: Act, edit: Edit) -> None:
    """Change the draft; what would be faulty is refused in words and not kept."""
    found = draft(act)
    ensure(act.who, Permission.RULES_CHANGE, found)
    edited = edit(found.rules)
    if wrong := faults(edited):
        raise BadInput({"form": " ".join(fault_words(fault, edited) for fault in wrong)})
    if edited.version == found.in_force.version:
        drafts.throw_away(act, FORM)
    else:
        _keep(act, edited, found.begun_from)


def _keep(act: Act, rules: Rules, base: str) -> None:
    drafts.keep(act, FORM, {"rules": [rules.to_json()], "base": [base]})


def _swapped(rules: tuple[TimeRule, ...], new: TimeRule) -> tuple[TimeRule, ...]:
    if all(rule.key != new.key for rule in rules):
        return (*rules, new)
    return tuple(new if rule.key == new.key else rule for rule in rules)

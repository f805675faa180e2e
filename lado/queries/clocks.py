"""What one clock of a case runs under: the rule that was promised when it was last derived."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from lado.queries import practices
from workflows.calendar import Calendar
from workflows.case import Clock
from workflows.practice import Practice


class Basis(NamedTuple):
    """What the date of a clock can be worked out with again: its practice, and the calendars by version."""

    practice: Practice
    calendars: Mapping[str, Calendar]


def practice_of(session: Session, authority_id: int, clock: Clock, practice: Practice) -> Practice:
    """The practice that a clock was last derived under, counting with the bank holidays that its case counts with.

    `practice` is that of the case, and the answer unless the clock kept its date when the council's rules changed.
    """
    if clock.rule in ("", practice.rules_version):
        return practice
    flow = practice.flow
    now = practices.terms(
        session, authority_id, flow.key, flow.version, practice.rules_version, practice.calendar_version
    )
    body = practices.body_of(session, authority_id, clock.rule)
    return practices.practice(flow.key, flow.version, body, now.snapshot)


def bases(session: Session, authority_id: int, clocks: Iterable[Clock], practice: Practice) -> dict[str, Basis]:
    """What each of the clocks of a case was derived with, by the version of the rules; one reading for each version."""
    unders = {clock.rule: practice_of(session, authority_id, clock, practice) for clock in clocks}
    calendars = {under.rules_version: practices.known_calendars(session, under.rules) for under in set(unders.values())}
    return {rule: Basis(under, calendars[under.rules_version]) for rule, under in unders.items()}

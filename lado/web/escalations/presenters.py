"""What lapsed as cards: why it came to me, since when, the ladder so far and who hears next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from lado.domain.escalation import rung_in_words, told_as
from lado.queries.audit import NEVER_LOOKED_AT, NOBODY_TOLD, NOT_CLIMBED
from lado.queries.lapsed import Lapse
from lado.queries.rungs import Rung, SetAsideClock
from lado.web.case_rows import clock_label, initials
from lado.web.components import Tone
from lado.web.due import day_words, due_words, point
from lado.web.templating import time
from lado.web.who_has import name_of
from workflows.calendar import Calendar
from workflows.model import Workflow
from workflows.registry import CURRENT, PROCEDURES

WHY = {
    NOT_CLIMBED: "Nobody was looked for",
    NEVER_LOOKED_AT: "Nobody would look at it again",
    NOBODY_TOLD: "Found somebody, and no message was written",
}
"""What an audit found missing, in words."""


@dataclass(frozen=True)
class Card:
    """One clock that climbed. `answer` is where to say that one deals with it, empty when there is nothing to say."""

    reference: str
    href: str
    about: str
    clock: str
    due_at: datetime
    due_text: str
    status: str
    tone: Tone
    why: str
    ladder: tuple[str, ...]
    following: str
    answer: str = ""
    take_over: str = ""
    later: str = ""
    snoozed: str = ""
    is_urgent: bool = False


class Cards:
    """Makes cards for one page: at one instant, for one person, with the names that the page has read."""

    def __init__(self, at: datetime, calendar: Calendar, names: Mapping[int, str], me: int | None) -> None:
        """Keep what all cards share."""
        self.at = at
        self.calendar = calendar
        self.names = names
        self.me = me

    def card(self, lapse: Lapse) -> Card:
        """One clock as a card."""
        case, clock = lapse.case, lapse.clock
        words = due_words(clock.due_at, self.at, self.calendar)
        mine = [rung for rung in lapse.rungs if rung.told == self.me and rung.acknowledged_at is None]
        is_open = clock.ended_at is None
        return Card(
            case.reference,
            url_for("referrals.show", reference=case.reference),
            f"{initials(case.subject)}, {case.setting or 'setting not known'}",
            clock_label(_flow(case.procedure, case.procedure_version), clock.key),
            clock.due_at,
            words.text if is_open else f"Was due by {point(clock.due_at, self.at)}",
            words.status if is_open else "Recorded since",
            words.tone if is_open else "met",
            self._why(mine[-1] if mine else lapse.rungs[-1]),
            tuple(self._rung(rung) for rung in lapse.rungs),
            self._following(lapse),
            **self._answers(lapse, mine[-1] if mine and is_open else None),
            is_urgent=lapse.is_urgent,
        )

    def _answers(self, lapse: Lapse, mine: Rung | None) -> dict[str, str]:
        """What whoever was told can do about it: nothing, when that was not this person."""
        if mine is None:
            return {}
        until_at = mine.snoozed_until_at
        is_mine = lapse.owner == self.me
        return {
            "answer": url_for("escalations.acknowledge", escalation_id=mine.id),
            "take_over": "" if is_mine else url_for("answering.take_over", escalation_id=mine.id),
            "later": url_for("answering.later", escalation_id=mine.id),
            "snoozed": f"You come back to it at {self._when(until_at)}." if until_at and until_at > self.at else "",
        }

    def _why(self, rung: Rung) -> str:
        asked = [name_of(person, self.names) for person in rung.chain if person != rung.told]
        if rung.told is None:
            return f"Nobody was there. Asked in turn: {', '.join(asked)}." if asked else "Nobody has this role."
        who = "you" if rung.told == self.me else name_of(rung.told, self.names)
        away = f" {' and '.join(asked)} {'was' if len(asked) == 1 else 'were'} asked first." if asked else ""
        return f"It came to {who} {told_as(rung.rung, rung.chain)}.{away}"

    def _rung(self, rung: Rung) -> str:
        who = name_of(rung.told, self.names) if rung.told is not None else "nobody was there"
        answered = ""
        if rung.acknowledged_at is not None:
            by = name_of(rung.acknowledged_by, self.names)
            answered = f"; {by} deals with it since {self._when(rung.acknowledged_at)}"
        words = rung_in_words(rung.rung)
        return f"{words[0].upper()}{words[1:]}: {who}, {self._when(rung.due_at)}{answered}"

    def _following(self, lapse: Lapse) -> str:
        if lapse.clock.ended_at is not None:
            return "Nobody else: it is recorded."
        if lapse.clock.paused_at is not None:
            return "Nobody while it stands still."
        if lapse.following is None:
            return "Nobody: the ladder is at its end."
        return f"{_capital(rung_in_words(lapse.following.rung))}, {self._when(lapse.following.due_at)}."

    def _when(self, at: datetime) -> str:
        return f"{time(at)} {'' if (words := day_words(at, self.at)) == 'today' else 'on '}{words}"


def people_in(lapses: Iterable[Lapse]) -> set[int]:
    """Everyone whose name the cards need."""
    rungs = [rung for lapse in lapses for rung in lapse.rungs]
    people = {person for rung in rungs for person in (*rung.chain, rung.told, rung.acknowledged_by)}
    return {person for person in people if person is not None}


def set_aside_rows(clocks: Iterable[SetAsideClock], at: datetime) -> list[tuple[str, ...]]:
    """The clocks that could not be escalated, as rows."""
    return [
        (
            clock.reference,
            clock_label(CURRENT, clock.clock),
            f"{time(clock.since_at)}, {day_words(clock.since_at, at)}",
            f"{clock.tries}, next at {time(clock.next_try_at)}",
            clock.problem,
        )
        for clock in clocks
    ]


def _flow(procedure: str, version: int) -> Workflow:
    return PROCEDURES[procedure, version]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def unrecorded_rows(found: Iterable[Any], at: datetime) -> list[tuple[str, ...]]:
    """What the last audit found without a record, as rows."""
    return [
        (row.reference, clock_label(CURRENT, row.key), f"{time(row.due_at)}, {day_words(row.due_at, at)}", WHY[row.why])
        for row in found
    ]

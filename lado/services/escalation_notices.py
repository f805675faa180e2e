"""What an escalation says, and to whom: a reference, a due time and the rungs that were passed, never more."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from lado.domain import said
from lado.domain.cover import on_cover
from lado.domain.escalation import OWNER, Reached, Team, highest, rung_in_words, told_as
from lado.queries.climbs import Party
from lado.services.notices import Words

CASE = "{case}"
"""Stands for the reference in words that are made once for clocks that are alike."""

by = lru_cache(maxsize=1_024)(said.by)
"""Most of what lapses together was due by the same moment, so its words are made once."""


def letters(party: Party, reached: Sequence[Reached], team: Team, at: datetime) -> list[Words]:
    """The notices for the steps that clocks which are alike have just reached; none where they found nobody.

    The person of the highest step is told of all of them, and in an urgent case everybody whom a rung found. An action
    that lapses also concerns whoever holds it: a partner gets the reference and the link, and the accountable officer
    hears of what another officer holds.
    """
    top = highest(reached)
    if top is None or top.found.person is None:
        return []
    told = {top.found.person: _body(party, reached, top)}
    if top.step.role == OWNER:
        told = _others(party, top, team, at) | told
    elif party.is_urgent:
        told = {step.found.person: _body(party, (step,), step) for step in reached if step.found.person} | told
    urgent = "urgent: " if party.is_urgent else ""
    ending = "is near its end" if top.step.is_warning else "has lapsed"
    rung = top.step.rung.replace(" ", "-")
    covered = top.found.chain[0] if top.step.role == OWNER and len(top.found.chain) > 1 else None
    return [
        Words(
            person,
            clock.referral_id,
            f"{clock.reference}: {urgent}a timescale {ending}",
            body.replace(CASE, clock.reference),
            f"rung.{clock.id}.{rung}.{person}",
            covered if person == top.found.person else None,
        )
        for person, body in told.items()
        for clock in party.climbers
    ]


def _others(party: Party, top: Reached, team: Team, at: datetime) -> dict[int, str]:
    due = by(party.due_at)
    if party.partner is not None:
        when = f"is due {due}" if top.step.is_warning else f"was due {due}"
        return {party.partner: f"There is something for you to do on {CASE}. It {when}."}
    if party.holder is not None and party.owner is not None and not top.step.is_warning:
        owner = on_cover(party.owner, at, team.rota, party.barred).person
        if owner is not None:
            return {owner: f"On {CASE} a colleague had something to do. It was due {due}."}
    return {}


def _body(party: Party, reached: Sequence[Reached], top: Reached) -> str:
    due = by(party.due_at)
    if top.step.is_warning:
        lines = [f"Something on {CASE} is due {due}."]
    else:
        lines = [f"Something on {CASE} was due {due} and is not recorded yet."]
    lines.append(f"You are told {told_as(top.step.rung, top.found.chain)}.")
    rest = [_passed(step) for step in reached if step is not top]
    if rest:
        lines += ["", "Also reached:", *rest]
    return "\n".join(lines)


def _passed(step: Reached) -> str:
    nobody = ": nobody was there" if step.found.is_nobody else ""
    return f"- {rung_in_words(step.step.rung)}, at {said.moment(step.step.due_at)}{nobody}"

"""What an escalation says, and to whom: a reference, a due time and the rungs that were passed, never more."""

from collections.abc import Sequence

from lado.act import Act
from lado.domain import said
from lado.domain.cover import on_cover
from lado.domain.escalation import COVER, OWNER, Reached, rung_in_words
from lado.queries.escalation import CaseOnLadder, Climber
from lado.services import notices


def queue(act: Act, found: CaseOnLadder, climber: Climber, reached: Sequence[Reached], top: Reached) -> int:
    """Write the notices for the steps that a clock has just reached, and say how many.

    The person of the highest step is told of all of them. An action that lapses also concerns whoever holds it: a
    partner gets the reference and the link, and the accountable officer hears of what another officer holds.
    """
    if climber.clock is None or top.found.person is None:
        return 0
    told = {top.found.person: _body(found, climber, reached, top)}
    if top.step.role == OWNER:
        told = _others(act, found, climber, top) | told
    ending = "is near its end" if top.step.is_warning else "has lapsed"
    subject = f"{found.referral.reference}: a timescale {ending}"
    rung = top.step.rung.replace(" ", "-")
    return sum(
        notices.queue(act, person, found.referral, subject, body, key=f"rung.{climber.id}.{rung}.{person}")
        for person, body in told.items()
    )


def _others(act: Act, found: CaseOnLadder, climber: Climber, top: Reached) -> dict[int, str]:
    due_at = climber.clock.due_at if climber.clock else act.at
    reference = found.referral.reference
    if climber.partner is not None:
        when = f"is due {said.by(due_at)}" if top.step.is_warning else f"was due {said.by(due_at)}"
        return {climber.partner: f"There is something for you to do on {reference}. It {when}."}
    if climber.holder is not None and found.case.owner is not None and not top.step.is_warning:
        owner = on_cover(found.case.owner, act.at, found.team.rota).person
        if owner is not None:
            return {owner: f"On {reference} a colleague had something to do. It was due {said.by(due_at)}."}
    return {}


def _body(found: CaseOnLadder, climber: Climber, reached: Sequence[Reached], top: Reached) -> str:
    reference = found.referral.reference
    due_at = climber.clock.due_at if climber.clock else top.step.due_at
    if top.step.is_warning:
        lines = [f"Something on {reference} is due {said.by(due_at)}."]
    else:
        lines = [f"Something on {reference} was due {said.by(due_at)} and is not recorded yet."]
    covers = len(top.found.chain) > 1 and top.step.role != COVER
    lines.append(f"You are told {'in the place of' if covers else 'as'} {rung_in_words(top.step.rung)}.")
    rest = [_passed(step) for step in reached if step is not top]
    if rest:
        lines += ["", "Also reached:", *rest]
    return "\n".join(lines)


def _passed(step: Reached) -> str:
    nobody = ": nobody was there" if step.found.is_nobody else ""
    return f"- {rung_in_words(step.step.rung)}, at {said.moment(step.step.due_at)}{nobody}"

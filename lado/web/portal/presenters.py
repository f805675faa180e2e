"""What the partners' pages show: plain values made of the small values that the portal's queries give."""

from dataclasses import dataclass
from datetime import datetime

from lado.domain import said
from lado.domain.partner_words import asked
from lado.queries.portal import STEPS, PortalAction, PortalCase, PortalRow
from lado.queries.portal_messages import PortalMessage
from lado.services.partner_views import Shown
from lado.web.components import Fact, Task, Tone
from lado.web.templating import day


@dataclass(frozen=True)
class RowView:
    """One line of a partner's list."""

    reference: str
    received_at: datetime
    is_corrected: bool
    status: str
    tone: Tone
    happening: str
    do: str
    by: str
    is_late: bool
    news: str


@dataclass(frozen=True)
class MessageView:
    """One message, with who wrote it in words that name no officer."""

    by: str
    is_mine: bool
    sent_at: datetime
    words: str
    is_new: bool


@dataclass(frozen=True)
class CaseView:
    """One referral as its partner sees it."""

    reference: str
    status: str
    tone: Tone
    steps: tuple[str, ...]
    step: int
    happening: str
    do: str
    by: str
    update: str
    facts: tuple[Fact, ...]
    outcomes: tuple[str, ...]
    acknowledged: str
    tasks: tuple[Task, ...]
    messages: tuple[MessageView, ...]
    council: str
    phone: str


@dataclass(frozen=True)
class ActionView:
    """One action that the partner holds."""

    reference: str
    number: int
    is_done: bool
    facts: tuple[Fact, ...]


def row_view(row: PortalRow, at: datetime) -> RowView:
    """A line of the list at an instant."""
    do, by = asked(row.do, row.by, row.open_actions)
    return RowView(
        reference=row.reference,
        received_at=row.received_at,
        is_corrected=row.is_corrected,
        status=row.status,
        tone=_tone(row.status),
        happening=row.happening,
        do=do,
        by=_sentence(said.by(row.due_at)) if row.due_at else by,
        is_late=row.due_at is not None and at > row.due_at,
        news=_news(row.unopened),
    )


def owed(rows: list[PortalRow]) -> str:
    """What waits for the partner in these rows, in a sentence; empty when nothing does."""
    waiting = [row for row in rows if row.due_at is not None]
    if not waiting:
        return ""
    first = min(waiting, key=lambda row: row.due_at or row.received_at)
    count = sum(row.open_actions for row in waiting)
    by = said.by(first.due_at) if first.due_at else ""
    if count == 1:
        return f"One action waits for you: {first.reference}, {by}."
    return f"{count} actions wait for you. The first is on {first.reference}, {by}."


def case_view(case: PortalCase, addresses: list[str], at: datetime) -> CaseView:
    """The page of one referral at an instant; `addresses` are those of the pages of its actions, in order."""
    do, by = asked(case.do, case.by, case.open_actions)
    update = _update(case.update_due_at, at)
    return CaseView(
        reference=case.reference,
        status=case.status,
        tone=_tone(case.status),
        steps=STEPS,
        step=case.step,
        happening=case.happening,
        do=do,
        by=by,
        update=update,
        facts=(
            Fact("Received", day(case.received_at) + (" (corrected)" if case.is_corrected else "")),
            Fact("What is happening", case.happening),
            Fact("What you need to do", do),
            Fact("By when", by),
            *((Fact("Your next update", update),) if update else ()),
        ),
        outcomes=_outcomes(case.outcomes),
        acknowledged=f"You read it: {said.moment(case.acknowledged_at)}." if case.acknowledged_at else "",
        tasks=tuple(_task(action, href, at) for action, href in zip(case.actions, addresses, strict=True)),
        messages=tuple(_message(message, case.council) for message in case.messages),
        council=case.council,
        phone=case.phone,
    )


def shown_in_list(view: RowView) -> Shown:
    """What a partner reads in a line of their list, to be kept."""
    return Shown(view.reference, view.status, view.happening, view.do, view.by)


def shown_on_page(view: CaseView) -> Shown:
    """What a partner reads on the page of a referral, to be kept."""
    by = f"{view.by} {view.update}".strip()
    return Shown(view.reference, view.status, view.happening, view.do, by, "; ".join(view.outcomes))


def action_view(case: PortalCase, action: PortalAction) -> ActionView:
    """The page of one action."""
    facts = [Fact("What to do", action.what), Fact("By when", _sentence(said.by(action.due_at)))]
    if action.done_at is not None:
        facts.append(Fact("Done", _sentence(said.moment(action.done_at))))
    if action.reply:
        facts.append(Fact("Your reply", action.reply))
    return ActionView(case.reference, action.number, action.is_done, tuple(facts))


def _update(due_at: datetime | None, at: datetime) -> str:
    """By when the partner hears from us next, and what to do where that has passed; never why."""
    if due_at is None:
        return ""
    if at > due_at:
        return f"We said that we would update you {said.by(due_at)}. Ring us if you have not heard from us."
    return f"We will update you {said.by(due_at)}."


def _message(message: PortalMessage, council: str) -> MessageView:
    by = "You" if message.is_mine else f"The designated officer’s team, {council}"
    return MessageView(by, message.is_mine, message.sent_at, message.words, message.is_new)


def _task(action: PortalAction, href: str, at: datetime) -> Task:
    hint = _sentence(said.by(action.due_at))
    if action.is_done:
        return Task(_short(action.what), "Done", "met", href)
    if at > action.due_at:
        return Task(_short(action.what), "Late", "late", href, hint)
    return Task(_short(action.what), "To do", "soon", href, hint)


def _outcomes(outcomes: tuple[str, ...]) -> tuple[str, ...]:
    if len(outcomes) == 1:
        return outcomes
    return tuple(f"Allegation {number}: {outcome}" for number, outcome in enumerate(outcomes, start=1))


def _news(unopened: int) -> str:
    if not unopened:
        return ""
    return "New message" if unopened == 1 else f"{unopened} new messages"


def _tone(status: str) -> Tone:
    if status in ("Closed", "Advice given", "Concluded – letter sent"):
        return "met"
    return "paused" if status == "Waiting for another agency" else "running"


def _short(words: str, longest: int = 120) -> str:
    line = " ".join(words.split())
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]} …"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."

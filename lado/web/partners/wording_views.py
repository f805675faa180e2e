"""The sentences for partners in plain values: as a partner reads them, and who worded them when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from lado.domain.partner_words import Words
from lado.queries.wordings import Proposal, StateWords, state_of
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.components import Fact, Place, Tone
from lado.web.templating import moment_full
from lado.web.who_has import name_of
from workflows.model import Workflow
from workflows.registry import NAMED

STAGES: Mapping[str, str] = {"asked": "Waits for a second person", "approved": "Approved", "refused": "Refused"}
TONES: Mapping[str, Tone] = {"asked": "soon", "approved": "met", "refused": "quiet"}
LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
ABOUT = Markup('<br><span class="queue__about">{}</span>')
YOURS = "You proposed these sentences. Somebody else approves or refuses them."


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal; `why_not` is empty for somebody who may decide it."""

    stage: str
    tone: Tone
    is_open: bool
    words: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class WordedView:
    """One entry of the history of a state's sentences."""

    proposed_at: datetime
    stage: str
    tone: Tone
    words: tuple[Fact, ...]
    lines: tuple[str, ...]


def facts(words: Words) -> tuple[Fact, ...]:
    """The sentences as a partner reads them."""
    return (
        Fact("What is happening", words.happening),
        Fact("What you need to do", words.to_do),
        Fact("By when", words.by_when),
    )


def versions(flow: Workflow) -> list[Place]:
    """The versions of the procedure, to go between."""
    return [
        Place(f"Version {other.version}", url_for("sentences.home", procedure=name), other.name == flow.name)
        for name, other in NAMED.items()
        if other.key == flow.key
    ]


def state_rows(states: Iterable[StateWords]) -> list[tuple[str | Markup, ...]]:
    """A row for each state: its name with the word that partners are shown, and the three sentences."""
    return [
        (
            LINK.format(href(one), one.state.label) + ABOUT.format(_about(one)),
            one.words.happening,
            one.words.to_do,
            one.words.by_when,
        )
        for one in states
    ]


def waiting_rows(
    waiting: Iterable[Proposal], names: Mapping[int, str], who: Identity, council: str
) -> list[tuple[str | Markup, ...]]:
    """A row for each proposal that waits: which state, who proposed it when, and who can decide it."""
    rows: list[tuple[str | Markup, ...]] = []
    for one in waiting:
        flow, state = state_of(one)
        to_decide = url_for("sentences.decide", wording_id=one.id)
        to_state = url_for("sentences.show", council=council, procedure=flow.name, state=state.key)
        label = f"{state.label}, version {flow.version}"
        is_own = one.proposed_by_id == who.id
        rows.append(
            (
                LINK.format(to_decide if can(who, Permission.SENTENCE_APPROVE, one) else to_state, label),
                "You" if is_own else name_of(one.proposed_by_id, names),
                moment_full(one.proposed_at),
            )
        )
    return rows


def history_rows(history: Iterable[Proposal], names: Mapping[int, str]) -> list[WordedView]:
    """What was ever proposed for a state, and what became of it."""
    return [
        WordedView(one.proposed_at, STAGES[one.stage], TONES[one.stage], facts(one.words), tuple(_told(one, names)))
        for one in history
    ]


def proposal_view(found: Proposal, names: Mapping[int, str], who: Identity) -> ProposalView:
    """One proposal for the person who looks at it."""
    told = [
        Fact("Proposed by", f"{name_of(found.proposed_by_id, names)}\n{moment_full(found.proposed_at)}"),
        Fact("Why", found.why),
    ]
    if found.decided_at is not None:
        verb = "Approved by" if found.stage == "approved" else "Refused by"
        told.append(Fact(verb, f"{name_of(found.decided_by_id, names)}\n{moment_full(found.decided_at)}"))
    if found.answer:
        told.append(Fact("Their answer", found.answer))
    is_open = found.stage == "asked"
    why_not = YOURS if is_open and found.proposed_by_id == who.id else ""
    return ProposalView(STAGES[found.stage], TONES[found.stage], is_open, facts(found.words), tuple(told), why_not)


def _told(one: Proposal, names: Mapping[int, str]) -> Iterable[str]:
    yield f"Proposed by {name_of(one.proposed_by_id, names)}: {one.why}"
    if one.decided_at is not None:
        verb = "Approved" if one.stage == "approved" else "Refused"
        answer = f": {one.answer}" if one.answer else ""
        yield f"{verb} by {name_of(one.decided_by_id, names)}, {moment_full(one.decided_at)}{answer}"


def _about(one: StateWords) -> str:
    own = ["own words"] if one.words != one.came_with else []
    waiting = ["a proposal waits"] if one.waiting_id else []
    return ", ".join([f"“{one.state.partner_sees}”", *own, *waiting])


def href(one: StateWords) -> str:
    """The page of one state's sentences."""
    return url_for("sentences.show", council=one.council, procedure=one.flow.name, state=one.state.key)

"""What a second person decides, in plain values: a proposal, the history of what was proposed, and the form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from lado.queries.proposals import Proposal
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.components import Fact, Tone
from lado.web.fields import OneOfFew, Text, choices
from lado.web.forms import Form
from lado.web.templating import moment_full
from lado.web.who_has import name_of

STAGES: Mapping[str, str] = {"asked": "Waits for a second person", "approved": "Approved", "refused": "Refused"}
TONES: Mapping[str, Tone] = {"asked": "soon", "approved": "met", "refused": "quiet"}
LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
APPROVE, REFUSE = "approve", "refuse"

Facts = tuple[Fact, ...]
AsFacts = Callable[[Any], Facts]
"""Shows the words of a proposal."""


class ApprovalForm(Form):
    """Approve or refuse, and why."""

    decision = OneOfFew("What do you decide?", "Choose whether you approve.")
    answer = Text("Why? (needed if you refuse)")

    def __init__(self, approving: str) -> None:
        """Say what approving means."""
        super().__init__()
        self.decision.choices = choices({APPROVE: f"Approve: {approving}", REFUSE: "Refuse: nothing changes"})

    @property
    def approve(self) -> bool:
        """Whether the second person approves."""
        return bool(self.decision.data == APPROVE)


class About(NamedTuple):
    """What a proposal is about: in words, where it is shown, and where it is decided."""

    label: str
    shown: str
    decided: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal; `why_not` is empty for somebody who may decide it."""

    stage: str
    tone: Tone
    is_open: bool
    words: Facts
    facts: Facts
    why_not: str


@dataclass(frozen=True, slots=True)
class WordedView:
    """One entry of the history of some words."""

    proposed_at: datetime
    stage: str
    tone: Tone
    words: Facts
    lines: tuple[str, ...]


def history(found: Iterable[Proposal[Any, Any]], names: Mapping[int, str], as_facts: AsFacts) -> list[WordedView]:
    """What was ever proposed, and what became of it."""
    return [
        WordedView(one.proposed_at, STAGES[one.stage], TONES[one.stage], as_facts(one.words), tuple(_told(one, names)))
        for one in found
    ]


def proposal_view(
    found: Proposal[Any, Any], names: Mapping[int, str], who: Identity, as_facts: AsFacts, own: str
) -> ProposalView:
    """One proposal for the person who looks at it; `own` is what its author is told."""
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
    why_not = own if is_open and found.proposed_by_id == who.id else ""
    return ProposalView(STAGES[found.stage], TONES[found.stage], is_open, as_facts(found.words), tuple(told), why_not)


def waiting_rows(
    found: Iterable[Proposal[Any, Any]], names: Mapping[int, str], who: Identity, about: Callable[[Any], About]
) -> list[tuple[str | Markup, ...]]:
    """A row for each proposal that waits: what about, who proposed it when; whoever may decide it is led there."""
    rows: list[tuple[str | Markup, ...]] = []
    for one in found:
        label, shown, decided = about(one)
        by = "You" if one.proposed_by_id == who.id else name_of(one.proposed_by_id, names)
        href = decided if can(who, Permission.SENTENCE_APPROVE, one) else shown
        rows.append((LINK.format(href, label), by, moment_full(one.proposed_at)))
    return rows


def _told(one: Proposal[Any, Any], names: Mapping[int, str]) -> Iterable[str]:
    yield f"Proposed by {name_of(one.proposed_by_id, names)}: {one.why}"
    if one.decided_at is not None:
        verb = "Approved" if one.stage == "approved" else "Refused"
        answer = f": {one.answer}" if one.answer else ""
        yield f"{verb} by {name_of(one.decided_by_id, names)}, {moment_full(one.decided_at)}{answer}"

"""What each audience of a case may be told, as it was agreed, and whether they were told: several of them at once."""

from collections.abc import Sequence
from typing import NamedTuple

from lado.act import Act
from lado.domain.codes import AUDIENCES, EXTENTS
from lado.errors import BadInput
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import moves
from lado.services.moves import InHand, Step
from lado.services.record import append, project
from workflows.case import Case
from workflows.events import TellingAgreed

LONGEST = 5_000
"""Characters of what was agreed, by whom, and why."""

NO_AUDIENCE = "Choose for whom something was agreed."
NOT_KNOWN = "Choose one of the answers shown."
HELD_BACK = ("nothing_yet", "nothing")
"""What is agreed only with a reason."""

MISSING_REASON = "Say why they are told nothing, or nothing yet. For example: the police ask us to wait."
MISSING_AGREED_BY = "Say who agreed it, for example: the strategy meeting, or the police and you."


class Agreed(NamedTuple):
    """How much one audience may be told: one of `codes.AUDIENCES` and one of `codes.EXTENTS`."""

    audience: str
    extent: str


class Words(NamedTuple):
    """The words of an agreement: who agreed it, what exactly may be told, and why no more than that."""

    agreed_by: str
    what: str = ""
    reason: str = ""


def agree(act: Act, referral_id: int, agreed: Sequence[Agreed], words: Words, *, seen: int | None = None) -> Case:
    """Record what each of these audiences may be told from now on, as one agreement. Returns the case as it then is.

    It stands in no way of telling anybody: what was told beyond it is pointed out and never refused. Raises BadInput by
    field (agreed_by, what, reason, agreed), Stale, NotFound, NotAllowed.
    """
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    moves.refuse_stale(act, referral, seen)
    if problems := _problems(agreed, words):
        raise BadInput(problems)
    case, practice = moves.in_hand(act, referral)
    said = {name: text.strip() for name, text in words._asdict().items()}
    for one in agreed:
        append(act, referral, case, [TellingAgreed(one.audience, one.extent)], said)
    project(act, referral, case, practice, events=referral.events)
    act.session.info[InHand] = InHand(referral.id, referral.events, case, practice)
    return case


def tell(act: Act, referral_id: int, steps: Sequence[Step], *, seen: int | None = None) -> Case:
    """Record of several audiences at once whether they were told, each by the move that records it of one."""
    return moves.make_all(act, referral_id, steps, seen=seen)


def _problems(agreed: Sequence[Agreed], words: Words) -> dict[str, str]:
    found = {
        name: f"Shorten this to {LONGEST:,} characters or fewer."
        for name, text in words._asdict().items()
        if len(text) > LONGEST
    }
    if not words.agreed_by.strip():
        found["agreed_by"] = MISSING_AGREED_BY
    if not words.reason.strip() and any(one.extent in HELD_BACK for one in agreed):
        found["reason"] = MISSING_REASON
    if not agreed:
        found["agreed"] = NO_AUDIENCE
    elif any(one.audience not in AUDIENCES or one.extent not in EXTENTS for one in agreed):
        found["agreed"] = NOT_KNOWN
    return found

"""What a partner may see of the referrals granted to them: small values from an allow-list, never a case record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import aliased

from lado.act import Act
from lado.domain.codes import OUTCOMES
from lado.domain.partner_outcomes import RELEASED, Release
from lado.domain.references import tidied
from lado.models import Authority, CaseAction, CaseClock, LedgerEntry, Referral, SealingKey
from lado.queries import portal_messages, portal_outcomes, portal_words
from lado.queries.grants import granted, of_the_referrer
from lado.queries.ledger import place_of
from lado.queries.portal_messages import PortalMessage
from lado.queries.portal_words import InForce, Place, Told
from workflows.events import read_data
from workflows.model import NEXT_UPDATE

PAGE = 30
"""Referrals on one page of the list."""

STEPS = ("Received", "Being considered", "In progress", "Concluded")
STEP_OF = {
    "Received": 1,
    "More information needed": 2,
    "Being considered": 2,
    "In progress": 3,
    "Waiting for another agency": 3,
    "Advice given": 4,
    "Concluded – letter sent": 4,
    "Closed": 4,
}
"""Every status word that partners are shown, and the step it belongs to. There are no other words for them."""


@dataclass(frozen=True, slots=True)
class PortalRow:
    """One referral in a partner's list. `received_at` is as it holds now, marked where it was corrected.

    `due_at` is when the first of their own open actions falls due; `unopened` counts messages they have not opened.
    """

    reference: str
    received_at: datetime
    is_corrected: bool
    status: str
    happening: str
    do: str
    by: str
    open_actions: int
    due_at: datetime | None
    unopened: int


@dataclass(frozen=True, slots=True)
class PortalAction:
    """An action that this partner holds; `number` counts their own only, so that it tells nothing of others'."""

    number: int
    what: str
    due_at: datetime
    done_at: datetime | None
    is_done: bool
    reply: str


@dataclass(frozen=True, slots=True)
class PortalCase:
    """One referral as its partner sees it. `follower_id` is whom it was granted to; `outcomes` only once released.

    `update_due_at` is by when the referrer was promised to hear from us next; None for whoever is not the referrer.
    """

    follower_id: int
    reference: str
    received_at: datetime
    is_corrected: bool
    status: str
    step: int
    happening: str
    do: str
    by: str
    outcomes: tuple[str, ...]
    acknowledged_at: datetime | None
    actions: tuple[PortalAction, ...]
    messages: tuple[PortalMessage, ...]
    update_due_at: datetime | None
    council: str
    phone: str

    @property
    def open_actions(self) -> int:
        """How many of their own actions are not done."""
        return sum(not action.is_done for action in self.actions)


class HeldReferral(NamedTuple):
    """A referral that is granted to a partner, and to whom; for the service, never for a page."""

    referral_id: int
    follower_id: int


class HeldAction(NamedTuple):
    """Where the action that a partner speaks of stands on the record; for the service, never for a page."""

    referral_id: int
    number: int
    is_done: bool


def rows(act: Act, after: str = "") -> list[PortalRow]:
    """The partner's referrals, the newest first, one more than a page; `after` is the last reference seen."""
    owed = (
        select(
            CaseAction.referral_id, func.count().label("open_actions"), func.min(CaseAction.due_at).label("first_due")
        )
        .where(CaseAction.holder_id == act.who.id, CaseAction.is_done.is_(False))
        .group_by(CaseAction.referral_id)
        .subquery()
    )
    query = (
        select(
            Referral.reference,
            Referral.authority_id,
            Referral.received_at,
            Referral.corrected_received_at,
            Referral.procedure,
            Referral.procedure_version,
            Referral.state,
            owed.c.open_actions,
            owed.c.first_due,
            portal_messages.unopened(act.who.id).label("unopened"),
        )
        .outerjoin(owed, owed.c.referral_id == Referral.id)
        .where(Referral.id.in_(granted(act.who.id, act.at)))
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(PAGE + 1)
    )
    if exact := tidied(after):
        seen = select(Referral.received_at, Referral.id).where(
            Referral.reference == exact, Referral.id.in_(granted(act.who.id, act.at))
        )
        query = query.where(tuple_(Referral.received_at, Referral.id) < seen.scalar_subquery())
    found = act.session.execute(query).all()
    words = portal_words.in_force(act.session, {row.authority_id for row in found})
    return [_row(row, words) for row in found]


def case(act: Act, reference: str) -> PortalCase | None:
    """The referral of this reference if it is granted to the partner now; None whatever else may be."""
    return as_seen_by(act, reference, act.who.id or 0)


def as_seen_by(act: Act, reference: str, account_id: int) -> PortalCase | None:
    """The referral as this partner sees it now, for themselves or for an officer who looks at what they see."""
    found = _granted_referral(act, reference, account_id)
    if found is None:
        return None
    status, words = _told(found, portal_words.in_force(act.session, [found.authority_id]))
    release = _release(act, found.id, account_id) if STEP_OF[status] == len(STEPS) else Release()
    return PortalCase(
        follower_id=account_id,
        reference=found.reference,
        received_at=found.corrected_received_at or found.received_at,
        is_corrected=found.corrected_received_at is not None,
        status=status,
        step=STEP_OF[status],
        happening=words.happening,
        do=words.to_do,
        by=words.by_when,
        outcomes=tuple(OUTCOMES[release.outcomes[number]] for number in sorted(release.outcomes)),
        acknowledged_at=release.acknowledged_at,
        actions=_own_actions(act, found, account_id),
        messages=portal_messages.of_partner(act, found.id, found.wrapped, account_id),
        update_due_at=found.update_due_at,
        council=found.name,
        phone=found.phone,
    )


def held(act: Act, reference: str, number: int) -> HeldAction | None:
    """Where the partner's own action of this number stands, on a referral granted to them now; else None."""
    me = act.who.id or 0
    found = _granted_referral(act, reference, me)
    if found is None:
        return None
    own = act.session.execute(_own(found.id, me)).all()
    if not 1 <= number <= len(own):
        return None
    chosen = own[number - 1]
    return HeldAction(found.id, chosen.number, chosen.is_done)


def _granted_referral(act: Act, reference: str, account_id: int) -> Any:
    promised = select(CaseClock.due_at).where(
        CaseClock.referral_id == Referral.id,
        CaseClock.key == NEXT_UPDATE,
        CaseClock.ended_at.is_(None),
        of_the_referrer(account_id),
    )
    query = (
        select(
            Referral.id,
            Referral.reference,
            Referral.authority_id,
            Referral.received_at,
            Referral.corrected_received_at,
            Referral.procedure,
            Referral.procedure_version,
            Referral.state,
            SealingKey.wrapped,
            Authority.name,
            Authority.phone,
            promised.correlate(Referral).scalar_subquery().label("update_due_at"),
        )
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .join(Authority, Authority.id == Referral.authority_id)
        .where(Referral.reference == tidied(reference), Referral.id.in_(granted(account_id, act.at)))
    )
    return act.session.execute(query).one_or_none()


def find_held(act: Act, reference: str) -> HeldReferral | None:
    """The referral that the partner speaks of, if it is granted to them now; for the service, never for a page."""
    found = _granted_referral(act, reference, act.who.id or 0)
    return HeldReferral(found.id, act.who.id or 0) if found is not None else None


def _release(act: Act, referral_id: int, account_id: int) -> Release:
    found = portal_outcomes.release(act.session, referral_id, account_id)
    return found if found.stage == RELEASED else Release()


def _told(found: Any, in_force: InForce) -> Told:
    return in_force.told(Place(found.authority_id, found.procedure, found.procedure_version, found.state))


def _row(found: Any, in_force: InForce) -> PortalRow:
    status, words = _told(found, in_force)
    return PortalRow(
        reference=found.reference,
        received_at=found.corrected_received_at or found.received_at,
        is_corrected=found.corrected_received_at is not None,
        status=status,
        happening=words.happening,
        do=words.to_do,
        by=words.by_when,
        open_actions=found.open_actions or 0,
        due_at=found.first_due,
        unopened=found.unopened,
    )


def _own(referral_id: int, account_id: int) -> Select[int, datetime, bool]:
    return (
        select(CaseAction.number, CaseAction.due_at, CaseAction.is_done)
        .where(CaseAction.referral_id == referral_id, CaseAction.holder_id == account_id)
        .order_by(CaseAction.number)
    )


def _own_actions(act: Act, found: Any, account_id: int) -> tuple[PortalAction, ...]:
    own = act.session.execute(_own(found.id, account_id)).all()
    said = _said(act, found, account_id) if own else {}
    actions = []
    for counted, action in enumerate(own, start=1):
        done = said.get(("ActionDone", action.number), {})
        actions.append(
            PortalAction(
                number=counted,
                what=said["ActionSet", action.number].get("action", ""),
                due_at=action.due_at,
                done_at=done.get("at"),
                is_done=action.is_done,
                reply=done.get("reply", ""),
            )
        )
    return tuple(actions)


def _said(act: Act, found: Any, account_id: int) -> dict[tuple[str, int], dict[str, Any]]:
    """What was written when the partner's own actions were set, and by themselves when they were done.

    The words of an action are sealed with the note that stands just before it. Nothing else of the case is opened.
    """
    event, note = aliased(LedgerEntry), aliased(LedgerEntry)
    just_before = note.referral_id == event.referral_id, note.number == event.number - 1
    query = (
        select(event.kind, event.data, event.actor_id, event.recorded_at, note.number, note.sealed)
        .where(*just_before)  # no join: a wall's condition on an alias is only right among the conditions
        .where(event.referral_id == found.id, event.kind.in_(("ActionSet", "ActionDone")))
        .order_by(event.number)
    )
    said: dict[tuple[str, int], dict[str, Any]] = {}
    for row in act.session.execute(query):
        data = read_data(row.data)
        is_own_set = row.kind == "ActionSet" and data["user"] == account_id
        is_own_done = row.kind == "ActionDone" and ("ActionSet", data["number"]) in said
        if not is_own_set and not is_own_done:
            continue
        is_readable = row.sealed is not None and (is_own_set or row.actor_id == account_id)
        words = act.vault.open(found.wrapped, place_of(found.id, row.number), row.sealed) if is_readable else {}
        said[row.kind, data["number"]] = {
            "at": row.recorded_at,
            **{name: words[name] for name in ("action", "reply") if name in words},
        }
    return said

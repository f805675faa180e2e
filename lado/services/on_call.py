"""Arranging who is on call for an authority: one person at a time, with the telephone on which they are reached."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lado.act import Act
from lado.domain import said, telephone
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, OnCall
from lado.queries import reach
from lado.queries.on_call import place_of
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.accounts import directory_key

SENIORS = frozenset({Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR})
"""Who can be on call: those who may be asked for a decision in the night."""

NO_PHONE = "Enter the telephone to ring in the night: no number out of hours is known of them."


@dataclass(frozen=True, slots=True)
class NewShift:
    """Who is on call from when until when, and on which telephone; empty: the one that is kept of them."""

    account: int
    phone: str
    from_at: datetime
    until_at: datetime


def put(act: Act, new: NewShift) -> OnCall:
    """Put somebody on call for the authority of whoever arranges it, on their own number where none is given.

    Raises BadInput with a message a field, NotAllowed.
    """
    authority = Place(act.who.authority or 0)
    ensure(act.who, Permission.ON_CALL_ARRANGE, authority)
    seniors = _held(act, authority.authority_id)
    kept = reach.find(act, new.account)
    phone = new.phone.strip() or (kept.night_phone if kept else "")
    problems = _problems(act, authority.authority_id, seniors, new)
    if not phone and "account" not in problems:
        problems["phone"] = NO_PHONE
    elif wrong := telephone.problem(phone):
        problems["phone"] = wrong
    if problems:
        raise BadInput(problems)
    place = place_of(act.who.id, act.at, new.from_at)
    shift = OnCall(
        authority_id=authority.authority_id,
        account_id=new.account,
        from_at=new.from_at,
        until_at=new.until_at,
        sealed=act.vault.seal(directory_key(act, authority.authority_id), place, {"phone": phone}),
        recorded_by_id=act.who.id,
        recorded_at=act.at,
        cancelled_at=None,
    )
    act.session.add(shift)
    act.session.flush()
    return shift


def cancel(act: Act, shift_id: int) -> OnCall:
    """Take somebody off call. Raises NotFound, NotAllowed, and Refused when it is over or cancelled already."""
    shift = act.session.get(OnCall, shift_id, with_for_update=True, populate_existing=True)
    if shift is None:
        raise NotFound("no such shift")
    ensure(act.who, Permission.ON_CALL_ARRANGE, shift)
    if shift.cancelled_at is not None or shift.until_at <= act.at:
        raise Refused("This time on call is over or was cancelled already.")
    shift.cancelled_at = act.at
    return shift


@dataclass(frozen=True, slots=True)
class Place:
    """Whose people would be on call, for the policy."""

    authority_id: int


def _held(act: Act, authority_id: int) -> set[int]:
    """Everybody who can be on call, held until the act ends: no two are put on call over each other."""
    query = select(Account.id).where(
        Account.authority_id == authority_id,
        Account.disabled_at.is_(None),
        Account.role.in_([role.value for role in SENIORS]),
    )
    return set(act.session.scalars(query.order_by(Account.id).with_for_update()))


def _problems(act: Act, authority_id: int, seniors: set[int], new: NewShift) -> dict[str, str]:
    problems = {}
    if new.until_at <= new.from_at:
        problems["until_at"] = "This ends before it begins. Check both."
    elif new.until_at <= act.at:
        problems["until_at"] = "This is over already. Enter a time that is still to come."
    if new.account not in seniors:
        problems["account"] = "Choose a manager or the director of this council."
    over = select(OnCall).where(
        OnCall.authority_id == authority_id,
        OnCall.cancelled_at.is_(None),
        OnCall.from_at < new.until_at,
        OnCall.until_at > new.from_at,
    )
    other = act.session.scalars(over.order_by(OnCall.from_at).limit(1)).one_or_none()
    if other is not None and "until_at" not in problems:
        span = said.span(other.from_at, other.until_at)
        problems["from_at"] = f"Somebody is on call {span} already. Take them off first, or choose other times."
    return problems

"""Swapping duty: somebody asks colleagues to take a stretch of theirs, one takes it, and it becomes a replacement."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from lado.act import Act
from lado.domain import said
from lado.domain.rota import REPLACE, Rota
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, DutySwap
from lado.queries import cover
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import OFFICERS
from lado.services.rotas import DUTY, RANKS, NewChange, Saved, change_duty, span_problems, tell

OPEN, TAKEN, WITHDRAWN, PAST = "open", "taken", "withdrawn", "past"


class Taken(NamedTuple):
    """A swap that somebody took, and what that changed."""

    swap: DutySwap
    saved: Saved


@dataclass(frozen=True, slots=True)
class NewSwap:
    """Whose duty of which rank is to be taken by somebody else, from when until when (the end excluded)."""

    account: int
    rank: int
    from_at: datetime
    until_at: datetime


def ask(act: Act, new: NewSwap) -> DutySwap:
    """Ask colleagues to take a stretch of duty, and tell every officer. Raises BadInput, NotAllowed, NotFound."""
    account = act.session.get(Account, new.account)
    if account is None:
        raise NotFound("no such person")
    ensure(act.who, Permission.COVER_ARRANGE, account)
    rota = cover.rota(act.session, account.authority_id, min(act.at, new.from_at))
    if problems := _problems(act, account, new, rota):
        raise BadInput(problems)
    row = DutySwap(
        authority_id=account.authority_id,
        rank=new.rank,
        account_id=new.account,
        from_at=new.from_at,
        until_at=new.until_at,
        asked_at=act.at,
        state=OPEN,
        settled_at=None,
        change_id=None,
    )
    act.session.add(row)
    act.session.flush()
    officers = select(Account.id).where(
        Account.authority_id == account.authority_id,
        Account.disabled_at.is_(None),
        Account.role.in_([role.value for role in OFFICERS]),
        Account.id != new.account,
    )
    words = f"A colleague asks somebody to be {DUTY[new.rank - 1]} {said.span(new.from_at, new.until_at)}."
    for person in act.session.scalars(officers.order_by(Account.id)).all():
        tell(act, person, "Somebody asks to swap duty", words)
    return row


def take(act: Act, swap_id: int) -> Taken:
    """Take the duty that a colleague asks somebody to take: it becomes a replacement, and the first to take it has it.

    Raises Refused with the reason when it is taken, withdrawn or over, or when it would put nobody on duty.
    """
    swap = _held(act, swap_id)
    if swap.account_id == act.who.id:
        raise Refused("This is your own duty. Withdraw the swap to keep it.")
    if act.who.id is None:
        raise NotFound("only a person takes duty")
    rota = cover.rota(act.session, swap.authority_id, min(act.at, swap.from_at))
    if not _is_listed(rota, swap.account_id, swap.rank, swap.from_at, swap.until_at):
        raise Refused("Your colleague does not have this duty any more.")
    if _is_away_throughout(rota, act.who.id, swap):
        raise Refused("You are away for the whole of it yourself.")
    new = NewChange(swap.authority_id, REPLACE, swap.rank, swap.account_id, swap.from_at, swap.until_at, act.who.id)
    saved = change_duty(act, new)
    swap.state, swap.settled_at, swap.change_id = TAKEN, act.at, saved.id
    act.session.flush()
    return Taken(swap, saved)


def withdraw(act: Act, swap_id: int) -> DutySwap:
    """Say that the duty stays where it is: for whose duty it is, or for a manager.

    Raises Refused when the swap is settled already, NotAllowed, NotFound.
    """
    swap = _held(act, swap_id, Permission.SWAP_WITHDRAW)
    swap.state, swap.settled_at = WITHDRAWN, act.at
    act.session.flush()
    return swap


def let_go(act: Act) -> int:
    """Close the swaps that nobody took in time; says how many."""
    ensure(act.who, Permission.COVER_WATCH)
    over = (
        update(DutySwap)
        .where(DutySwap.state == OPEN, DutySwap.until_at <= act.at)
        .values(state=PAST, settled_at=act.at)
        .returning(DutySwap.id)
    )
    return len(act.session.scalars(over).all())


def _held(act: Act, swap_id: int, permission: Permission = Permission.COVER_ARRANGE) -> DutySwap:
    """An open swap, held until the act ends: of two who take it at once, one does."""
    query = select(DutySwap).where(DutySwap.id == swap_id).with_for_update()
    swap = act.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if swap is None:
        raise NotFound("no such swap")
    ensure(act.who, permission, swap)
    if swap.state == TAKEN:
        raise Refused("Somebody has taken this duty already.")
    if swap.state != OPEN or swap.until_at <= act.at:
        raise Refused("This swap is over or was withdrawn.")
    return swap


def _problems(act: Act, account: Account, new: NewSwap, rota: Rota) -> dict[str, str]:
    problems = span_problems(act, new.from_at, new.until_at)
    if new.rank not in RANKS:
        problems["rank"] = "Select the first or the second on duty."
    if problems:
        return problems
    if not _is_listed(rota, account.id, new.rank, new.from_at, new.until_at):
        return {"from_at": "There is no such duty to swap then. Check the dates."}
    open_already = select(DutySwap.id).where(
        DutySwap.account_id == account.id,
        DutySwap.rank == new.rank,
        DutySwap.state == OPEN,
        DutySwap.from_at < new.until_at,
        DutySwap.until_at > new.from_at,
    )
    if act.session.scalars(open_already.limit(1)).first() is not None:
        return {"from_at": "A swap is asked for in this time already."}
    return {}


def _is_listed(rota: Rota, person: int, rank: int, from_at: datetime, until_at: datetime) -> bool:
    """Whether the person has the duty at any time of the stretch."""
    at = from_at
    while at < until_at:
        if person in rota.on_duty(rank, at):
            return True
        at = rota.next_edge((), at, until_at, duty=True)
    return False


def _is_away_throughout(rota: Rota, person: int, swap: DutySwap) -> bool:
    at = swap.from_at
    while at < swap.until_at:
        if rota.is_there(person, at):
            return False
        at = rota.next_edge((person,), at, swap.until_at, duty=False)
    return True

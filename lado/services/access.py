"""Letting one partner follow one referral, and no longer. It is on the record of the case, with the reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, Grant, Referral
from lado.queries.grants import can_sign_in, may_follow
from lado.queries.wall import BARRED, kept_from
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import grants, moves, partner_news
from lado.services.record import record
from workflows.events import AccessEnded, AccessGiven, Event

WITH_KEY = joinedload(Referral.sealing_key, innerjoin=True)
"""A referral is written to with the key of its case."""

NOT_THE_SUBJECT = (
    "This person has the name of the adult that the case is about, so they cannot follow it. If they are two people, a "
    "manager can write down the date of birth on the page of this person."
)


@dataclass(frozen=True, slots=True)
class NewAccess:
    """That somebody may follow a referral: whose account, why, and the last day of it (None: until it is ended)."""

    account: int
    why: str
    ends_on: date | None = None


def give(act: Act, referral_id: int, new: NewAccess) -> None:
    """Let a partner follow a referral from now on, and tell them that they may if they chose to be told of news.

    Raises BadInput by field (account, why, ends_on), Refused for who is the subject or follows it already, NotAllowed,
    NotFound.
    """
    referral = _held(act, referral_id)
    if problems := _problems(act, referral, new):
        raise BadInput(problems)
    if may_follow(act.session, new.account, referral.id, act.at):
        raise Refused("This person can follow the referral already.")
    if act.session.scalar(kept_from(new.account).where(BARRED.c.referral_id == referral.id)) is not None:
        raise Refused(NOT_THE_SUBJECT)
    ends_at = grants.end_of(new.ends_on)
    grants.begin(act, referral, new.account, new.why, ends_at=ends_at)
    _write(act, referral, AccessGiven(new.account, ends_at), new.why)
    body = f"You can follow {referral.reference} on line from now on."
    partner_news.tell(act, new.account, referral, f"{referral.reference}: you can follow this referral", body)


def end(act: Act, referral_id: int, grant_id: int, why: str) -> None:
    """End somebody's access from the next request on. Raises BadInput by field (why), Refused, NotAllowed, NotFound."""
    referral = _held(act, referral_id)
    if problem := grants.problem_with_reason(why):
        raise BadInput({"why": problem})
    grant = act.session.get(Grant, grant_id, populate_existing=True)
    if grant is None or grant.referral_id != referral.id:
        raise NotFound("no such access to this case")
    if grant.ended_at is not None:
        raise Refused("This access has been ended already.")
    grants.end_these(act, [grant], why)
    _write(act, referral, AccessEnded(grant.account_id), why)


def end_all(act: Act, account: Account, why: str) -> None:
    """End whatever access somebody has, as when they go to another organisation. Who may do that is asked before."""
    standing = Grant.account_id == account.id, Grant.ended_at.is_(None)
    cases = select(Grant.referral_id).where(*standing)
    held = select(Referral).where(Referral.id.in_(cases)).order_by(Referral.id).with_for_update(of=Referral)
    referrals = act.session.scalars(held.options(WITH_KEY).execution_options(populate_existing=True)).all()
    grants.end_these(act, act.session.scalars(select(Grant).where(*standing).order_by(Grant.id)).all(), why)
    for referral in referrals:
        _write(act, referral, AccessEnded(account.id), why)


def _write(act: Act, referral: Referral, event: Event, why: str) -> None:
    case, practice = moves.in_hand(act, referral)
    record(act, referral, case, [event], practice, {"why": why.strip()})


def _held(act: Act, referral_id: int) -> Referral:
    """The referral, held until the act ends, so that it is given once; asked of the policy."""
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.ACCESS_GIVE, referral)
    return referral


def _problems(act: Act, referral: Referral, new: NewAccess) -> dict[str, str]:
    found = {}
    here = select(Account.id).where(
        Account.id == new.account,
        Account.authority_id == referral.authority_id,
        Account.role == Role.PARTNER.value,
        can_sign_in(act.at),
    )
    if act.session.scalar(here) is None:
        found["account"] = "Choose somebody of a partner organisation who can sign in."
    if problem := grants.problem_with_reason(new.why):
        found["why"] = problem
    if new.ends_on is not None and new.ends_on < act.today:
        found["ends_on"] = "The last day is in the past. Choose today or a later day."
    return found

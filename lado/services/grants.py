"""Letting one partner follow one referral, and no longer: with a reason, by whom, and until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, CaseAction, Grant, Referral, SealingKey
from lado.queries.grants import can_sign_in, may_follow, place_of
from lado.queries.wall import BARRED, kept_from
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from workflows.london import LONDON

LONGEST_REASON = 500
"""Characters of a reason."""

NOBODY_FOR_IT = "A partner who has an action to do cannot follow this case any more. Give the action to somebody else."
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
    """Let a partner follow a referral from now on, and tell them that they may.

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
    begin(act, referral, new.account, new.why, ends_at=end_of(new.ends_on))
    body = f"You can follow {referral.reference} on line from now on."
    notices.queue(act, new.account, referral, f"{referral.reference}: you can follow this referral", body)


def begin(act: Act, referral: Referral, account_id: int, why: str, *, ends_at: datetime | None = None) -> None:
    """Write a grant for the agency that the person is of now. Who may be given it is asked before."""
    account = act.session.get_one(Account, account_id)
    if account.agency_id is None:
        raise Refused("Only somebody of a partner organisation follows a referral on line.")
    grant = Grant(
        referral_id=referral.id,
        account_id=account.id,
        agency_id=account.agency_id,
        granted_at=act.at,
        given_by_id=act.who.id,
        ends_at=ends_at,
        ended_at=None,
        ended_by_id=None,
        sealed=None,
    )
    act.session.add(grant)
    act.session.flush()
    grant.sealed = act.vault.seal(keys_of(act, [referral.id])[referral.id], place_of(grant.id), {"why": why.strip()})
    act.session.flush()


def end(act: Act, referral_id: int, grant_id: int, why: str) -> None:
    """End somebody's access from the next request on. Raises BadInput by field (why), Refused, NotAllowed, NotFound."""
    referral = _held(act, referral_id)
    if problem := problem_with_reason(why):
        raise BadInput({"why": problem})
    grant = act.session.get(Grant, grant_id, populate_existing=True)
    if grant is None or grant.referral_id != referral.id:
        raise NotFound("no such access to this case")
    if grant.ended_at is not None:
        raise Refused("This access has been ended already.")
    end_these(act, [grant], why)


def end_all(act: Act, account: Account, why: str) -> None:
    """End whatever access somebody has, as when they go to another organisation. Who may do that is asked before."""
    query = select(Grant).where(Grant.account_id == account.id, Grant.ended_at.is_(None)).order_by(Grant.id)
    end_these(act, act.session.scalars(query).all(), why)


def end_of(day: date | None) -> datetime | None:
    """The instant at which something ends whose last day this is, in London."""
    return None if day is None else datetime.combine(day + timedelta(days=1), time(0), tzinfo=LONDON)


def problem_with_reason(why: str) -> str:
    """What is wrong with a reason, or nothing."""
    if not why.strip():
        return "Say why."
    return f"Shorten this to {LONGEST_REASON} characters or fewer." if len(why) > LONGEST_REASON else ""


def keys_of(act: Act, referral_ids: Iterable[int]) -> dict[int, bytes]:
    """The wrapped keys of these cases, by the id of the case."""
    query = (
        select(Referral.id, SealingKey.wrapped)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(Referral.id.in_(sorted(referral_ids)))
    )
    return {row.id: row.wrapped for row in act.session.execute(query)}


def end_these(act: Act, standing: Sequence[Grant], why: str) -> None:
    """End these grants with one reason. Who may do that is asked before."""
    keys = keys_of(act, {grant.referral_id for grant in standing})
    for grant in standing:
        wrapped, place = keys[grant.referral_id], place_of(grant.id)
        said = act.vault.open(wrapped, place, grant.sealed) if grant.sealed is not None else {}
        grant.sealed = act.vault.seal(wrapped, place, {**said, "why_ended": why.strip()})
        grant.ended_at, grant.ended_by_id = act.at, act.who.id
    act.session.flush()
    _tell_of_actions(act, standing)


def _tell_of_actions(act: Act, ended: Sequence[Grant]) -> None:
    """Tell the accountable officers of actions that their holder cannot come to any more."""
    query = (
        select(CaseAction.holder_id, Referral)
        .join(Referral, Referral.id == CaseAction.referral_id)
        .where(
            CaseAction.referral_id.in_(sorted({grant.referral_id for grant in ended})),
            CaseAction.holder_id.in_(sorted({grant.account_id for grant in ended})),
            CaseAction.is_done.is_(False),
            Referral.owner_id.is_not(None),
        )
    )
    pairs = {(grant.account_id, grant.referral_id) for grant in ended}
    told = {referral for holder, referral in act.session.execute(query) if (holder, referral.id) in pairs}
    for referral in sorted(told, key=lambda one: one.id):
        if referral.owner_id is not None and referral.owner_id != act.who.id:
            subject = f"{referral.reference}: an action needs somebody else"
            notices.queue(act, referral.owner_id, referral, subject, NOBODY_FOR_IT)


def _held(act: Act, referral_id: int) -> Referral:
    """The referral, held until the act ends, so that it is given once; asked of the policy."""
    query = select(Referral).where(Referral.id == referral_id, Referral.id.not_in(kept_from(act.who.id)))
    referral = act.session.scalars(query.with_for_update()).one_or_none()
    if referral is None:
        raise NotFound("no such referral")
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
    if problem := problem_with_reason(new.why):
        found["why"] = problem
    if new.ends_on is not None and new.ends_on < act.today:
        found["ends_on"] = "The last day is in the past. Choose today or a later day."
    return found

"""The grants by which one partner follows one referral: for which organisation, by whom, why and until when.

They are written with what causes them: giving and ending access, and logging a referral that somebody made.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from lado.act import Act
from lado.errors import Refused
from lado.models import Account, CaseAction, Grant, Referral, SealingKey
from lado.queries.grants import place_of
from lado.services import notices
from workflows.london import LONDON

LONGEST_REASON = 500
"""Characters of a reason."""

NOBODY_FOR_IT = "A partner who has an action to do cannot follow this case any more. Give the action to somebody else."


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

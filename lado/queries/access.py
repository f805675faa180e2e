"""Who may follow a case, as its officers see it: each grant with its words opened, and to whom one could be given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, select

from lado.act import Act
from lado.domain.access import OPEN, Facts, state_of
from lado.models import Account, Agency, Authority, CaseAction, Grant, Invitation, LoginSession, Referral, SealingKey
from lado.queries.accounts import name_of, names_of
from lado.queries.conflicts import LARGEST_ID
from lado.queries.grants import can_sign_in, followers, place_of
from lado.queries.referrals import find as find_referral
from lado.queries.wall import BARRED
from lado.security.identity import Role

NOT_THERE_YET = and_(
    select(Invitation.id)
    .where(Invitation.account_id == Account.id, Invitation.accepted_at.is_(None))
    .correlate(Account)
    .exists(),
    ~select(LoginSession.digest).where(LoginSession.account_id == Account.id).correlate(Account).exists(),
)
"""That somebody was invited and has never signed in."""


class Access(NamedTuple):
    """One grant. `state` is a code of `lado.domain.access`; `is_invited`: its person has never signed in yet."""

    id: int
    authority_id: int
    referral_id: int
    reference: str
    account_id: int
    name: str
    agency: str
    granted_at: datetime
    given_by: str
    why: str
    ends_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    why_ended: str
    state: str
    is_invited: bool
    open_actions: int

    @property
    def is_open(self) -> bool:
        """Whether the person may follow the case now."""
        return self.state == OPEN


class Follower(NamedTuple):
    """Somebody of a partner agency to whom access could be given."""

    id: int
    name: str
    agency: str


def of_case(act: Act, referral: Referral) -> list[Access]:
    """Everybody who may follow a case or once could, those who may first, and the latest first of each."""
    return sorted(_accesses(act, referral), key=lambda one: not one.is_open)


def find(act: Act, reference: str, grant_id: int) -> Access | None:
    """One grant of a case of one's own authority, or None."""
    referral = find_referral(act, reference) if grant_id <= LARGEST_ID else None
    found = _accesses(act, referral, Grant.id == grant_id) if referral is not None else ()
    return found[0] if found else None


def could_follow(act: Act, referral: Referral) -> list[Follower]:
    """The partners of the authority who may not follow the case yet, but for those whom it is about."""
    barred = select(BARRED.c.account_id).where(BARRED.c.referral_id == referral.id, BARRED.c.ended_at.is_(None))
    query = (
        select(Account.id, Account.email_token, Account.sealed, SealingKey.wrapped, Agency.name)
        .join(Agency, Agency.id == Account.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(
            Account.authority_id == referral.authority_id,
            Account.role == Role.PARTNER.value,
            can_sign_in(act.at),
            Account.id.not_in(followers(act.session, referral.id, act.at)),
            Account.id.not_in(barred),
        )
    )
    found = [Follower(row.id, name_of(act, row), row.name) for row in act.session.execute(query)]
    return sorted(found, key=lambda person: (person.agency, person.name))


def _accesses(act: Act, referral: Referral, *where: Any) -> list[Access]:
    rows = _rows(act, referral, where)
    names = names_of(act, {who for row in rows for who in (row.given_by_id, row.ended_by_id) if who is not None})
    return [_access(act, referral, row, names) for row in rows]


def _rows(act: Act, referral: Referral, where: Sequence[Any]) -> Sequence[Any]:
    owed = (
        select(func.count())
        .where(
            CaseAction.referral_id == referral.id,
            CaseAction.holder_id == Account.id,
            CaseAction.is_done.is_(False),
        )
        .scalar_subquery()
    )
    is_subject = exists().where(
        BARRED.c.account_id == Account.id, BARRED.c.referral_id == referral.id, BARRED.c.ended_at.is_(None)
    )
    query = (
        select(
            Grant.id,
            Grant.granted_at,
            Grant.given_by_id,
            Grant.ends_at,
            Grant.ended_at,
            Grant.ended_by_id,
            Grant.sealed.label("said"),
            Grant.account_id,
            Account.email_token,
            Account.sealed,
            Account.disabled_at,
            Account.ends_at.label("account_ends_at"),
            (Account.agency_id == Grant.agency_id).label("is_of_the_agency"),
            SealingKey.wrapped,
            Agency.name,
            is_subject.label("is_subject"),
            NOT_THERE_YET.label("is_invited"),
            owed.label("open_actions"),
        )
        .join(Account, Account.id == Grant.account_id)
        .join(Agency, Agency.id == Grant.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Grant.referral_id == referral.id, *where)
        .order_by(Grant.id.desc())
    )
    return act.session.execute(query).all()


def _access(act: Act, referral: Referral, row: Any, names: dict[int, str]) -> Access:
    wrapped = referral.sealing_key.wrapped
    said = act.vault.open(wrapped, place_of(row.id), row.said) if row.said is not None else {}
    account_ended_at = min((at for at in (row.disabled_at, row.account_ends_at) if at is not None), default=None)
    facts = Facts(
        row.granted_at, row.ends_at, row.ended_at, account_ended_at, bool(row.is_of_the_agency), bool(row.is_subject)
    )
    return Access(
        id=row.id,
        authority_id=referral.authority_id,
        referral_id=referral.id,
        reference=referral.reference,
        account_id=row.account_id,
        name=name_of(act, row),
        agency=row.name,
        granted_at=row.granted_at,
        given_by=names.get(row.given_by_id, ""),
        why=said.get("why", ""),
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        ended_by=names.get(row.ended_by_id, ""),
        why_ended=said.get("why_ended", ""),
        state=state_of(facts, act.at),
        is_invited=bool(row.is_invited),
        open_actions=row.open_actions,
    )

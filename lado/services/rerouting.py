"""Rerouting notices: whose they are at the moment of sending, and who gets one that did not reach its person."""

from sqlalchemy import update

from lado.act import Act
from lado.domain.cover import passing_over
from lado.domain.delivery import next_in_line
from lado.models import Account, Notice, Referral
from lado.queries import conflicts, cover
from lado.queries import notices as reading
from lado.queries.grants import may_follow
from lado.security.identity import Identity, Role
from lado.security.permissions import Permission
from lado.security.policy import can, ensure
from lado.services import notices, sessions

TO_COLLEAGUE = "This message did not reach the colleague it was written to, so it comes to you in their place. It said:"
TO_PARTNER = (
    "A message about this case did not reach somebody of a partner agency. Please tell them in another way. It said:"
)
STAYS = (notices.GLASS, notices.NOBODY_LEFT)
"""What concerns a case behind a wall without naming it to the resolver: whoever may know of it was written to."""
TO_COVERED = "This message was written to a colleague who covered for you, and comes to you instead. It said:"


def withheld(act: Act, notice_id: int) -> str:
    """Say why the notice is not for this person at this moment, in words for its failure; empty when it is."""
    notice = act.session.get_one(Notice, notice_id, populate_existing=True)
    account = act.session.get_one(Account, notice.account_id, populate_existing=True)
    if sessions.has_ended(act, account):
        return reading.SHUT
    if notice.referral_id is not None and not _may_see(act, account, notice.referral_id):
        return reading.NO_RIGHT
    if notice.instead_of_id is not None and _next(act, notice, reading.tried(act.session, notice)) != account.id:
        return reading.NOT_COVERING
    return ""


def move_on(act: Act, notice_id: int) -> int | None:
    """Write a failed notice to the next person, once. Returns who that is; None when nobody is left.

    Then it stands as failed, where every page of its council says so.
    """
    ensure(act.who, Permission.NOTICE_SEND)
    notice = act.session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice.state != "failed" or notice.moved_at is not None:
        return None
    act.session.execute(update(Notice).where(Notice.id == notice_id).values(moved_at=act.at))
    if notice.message_id.startswith(STAYS):
        return None
    account = act.session.get_one(Account, notice.account_id)
    person = _next(act, notice, [account.id, *reading.tried(act.session, notice)])
    if person is None:
        return None
    notices.queue(
        act,
        person,
        act.session.get_one(Referral, notice.referral_id) if notice.referral_id is not None else None,
        notice.subject,
        _words(notice, account, person),
        key=notices.moved_key(notice),
        instead_of=_whose(act, notice),
        stands_for=notice.id,
    )
    return person


def _words(notice: Notice, account: Account, person: int) -> str:
    if notice.stands_for_id is not None:
        return notice.body
    if account.role == Role.PARTNER.value:
        return f"{TO_PARTNER}\n\n{notice.body}"
    return f"{TO_COVERED if person == notice.instead_of_id else TO_COLLEAGUE}\n\n{notice.body}"


def _may_see(act: Act, account: Account, referral_id: int) -> bool:
    if account.role == Role.PARTNER.value:
        return may_follow(act.session, account.id, referral_id, act.at)
    who = Identity(account.id, Role(account.role), account.authority_id)
    may = can(who, Permission.REFERRAL_READ, act.session.get_one(Referral, referral_id))
    return may and account.id not in _kept_from(act, referral_id)


def _next(act: Act, notice: Notice, tried: list[int]) -> int | None:
    """Who is told in the place of those who were tried."""
    authority_id = act.session.get_one(Account, notice.account_id).authority_id
    whose = _whose(act, notice)
    if whose is None:
        return None
    barred = _kept_from(act, notice.referral_id)
    team, passed_over = cover.team(act.session, authority_id, act.at), passing_over(barred, tried)
    found = next_in_line(whose, passed_over, team, act.at).person
    if found is None and barred and team.contact not in passed_over:
        return team.contact  # everybody else is kept from the case, or was tried: ADR 0014
    return found


def _kept_from(act: Act, referral_id: int | None) -> frozenset[int]:
    if referral_id is None:
        return frozenset()
    return conflicts.barred_from(act.session, [referral_id]).get(referral_id, frozenset())


def _whose(act: Act, notice: Notice) -> int | None:
    """In whose place somebody is told: the colleague whom it concerned first, and for a partner the case's owner."""
    account = act.session.get_one(Account, notice.instead_of_id or notice.account_id)
    if account.role != Role.PARTNER.value:
        return account.id
    referral = act.session.get_one(Referral, notice.referral_id) if notice.referral_id is not None else None
    return referral.owner_id if referral is not None else None

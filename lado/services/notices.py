"""Notices, written with the change that causes them and sent afterwards: a reference, a due time, never a name."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update

from lado.act import Act
from lado.adapters.mail import Letter
from lado.domain import said
from lado.models import Account, Authority, Notice, Referral, SealingKey
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.insertion import insert_new
from workflows.case import Case

MOST_TRIES = 8
"""With waits of 1, 2, 4 ... 64 minutes between them: two hours of silence (a default of this product)."""

STUCK_AFTER = timedelta(minutes=15)
"""When a sending that nobody finished (the process was killed) is taken up again, under the same Message-ID."""

ABOUT_THE_RECORD = "certificate."
"""How the key of a notice begins that is about the record as a whole."""

FOOTING = "This message names nobody on purpose. Sign in to read more."
NOT_SENT = text("state <> 'sent'")
"""Word for word the condition of the index, which both databases ask for before they use it."""


def queue(
    act: Act,
    account_id: int,
    referral: Referral | None,
    subject: str,
    body: str,
    *,
    key: str = "",
    failure: str = "",
) -> bool:
    """Write a notice for one person, to be sent after this act is saved. Its Message-ID is fixed once and for all.

    A notice with a `key` is written once for that key, whatever runs how often; says whether it is new. One with a
    `failure` is not sent: it stands as failed from the beginning, where pages show it.
    """
    row = {
        "account_id": account_id,
        "referral_id": referral.id if referral else None,
        "subject": subject,
        "body": body,
        "state": "failed" if failure else "waiting",
        "tries": 0,
        "created_at": act.at,
        "next_try_at": act.at,
        "sent_at": None,
        "failure": failure,
        "message_id": key or secrets.token_hex(12),
    }
    return bool(insert_new(act.session, Notice, [row], Notice.id))


def after_move(
    act: Act, referral: Referral, case: Case, move: str, answers: Mapping[str, Any], owner_before: int | None
) -> None:
    """Tell those whom a move concerns: a new owner, and whoever was given an action."""
    if case.owner is not None and case.owner != owner_before and case.owner != act.who.id:
        queue(act, case.owner, referral, f"{referral.reference}: given to you", "You are now the accountable officer.")
    holder = answers.get("user") if move == "set_action" else None
    if holder is not None and holder != act.who.id:
        due_at = case.running[f"action:{len(case.actions)}"].due_at
        body = f"There is something for you to do on {referral.reference}, {said.by(due_at)}."
        queue(act, holder, referral, f"{referral.reference}: an action for you", body)


def claim(act: Act, limit: int) -> list[int]:
    """Take notices that are due for sending, and those that nobody finished, oldest first; each counts as a try.

    No other process takes them before they are marked, or STUCK_AFTER has passed.
    """
    ensure(act.who, Permission.NOTICE_SEND)
    query = (
        select(Notice.id)
        .where(NOT_SENT, Notice.state.in_(("waiting", "sending")), Notice.next_try_at <= act.at)
        .order_by(Notice.next_try_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(act.session.scalars(query))
    if ids:
        claimed = {"state": "sending", "tries": Notice.tries + 1, "next_try_at": act.at + STUCK_AFTER}
        act.session.execute(update(Notice).where(Notice.id.in_(ids)).values(claimed))
    return ids


def letter(act: Act, notice_id: int, public_url: str) -> Letter | None:
    """The notice as it is sent, its address opened at this moment; None when the account is shut."""
    query = (
        select(Notice, Account, Referral.reference, SealingKey.wrapped)
        .join(Account, Account.id == Notice.account_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .outerjoin(Referral, Referral.id == Notice.referral_id)
        .where(Notice.id == notice_id)
    )
    notice, account, reference, wrapped = act.session.execute(query).one()
    if account.disabled_at is not None:
        return None
    person = act.vault.open(wrapped, f"account/{account.email_token.hex()}", account.sealed)
    words = f"{notice.body}\n\n{public_url}{_page(notice, reference, account.role)}\n\n{FOOTING}\n"
    return Letter(person["email"], notice.subject, words, notice.message_id, act.at)


def mark_sent(act: Act, notice_id: int) -> None:
    """The mail server has taken the message."""
    _mark(act, notice_id, state="sent", sent_at=act.at, failure="")


def mark_failed(act: Act, notice_id: int, failure: str) -> None:
    """The message will not be sent: it is shown as failed, with the reason."""
    _mark(act, notice_id, state="failed", next_try_at=act.at, failure=failure)


def try_later(act: Act, notice_id: int, failure: str) -> bool:
    """The message could not be sent now: wait twice as long after each try. Says whether it was given up instead."""
    tries = act.session.scalars(select(Notice.tries).where(Notice.id == notice_id)).one()
    if tries >= MOST_TRIES:
        mark_failed(act, notice_id, failure)
        return True
    wait = timedelta(minutes=2 ** (tries - 1))
    _mark(act, notice_id, state="waiting", next_try_at=act.at + wait, failure=failure)
    return False


def put_back(act: Act, notice_ids: list[int]) -> None:
    """Give back what was claimed and not tried, because the mail server cannot be reached at all: no try is lost."""
    back = {"state": "waiting", "tries": Notice.tries - 1, "next_try_at": act.at + timedelta(minutes=1)}
    act.session.execute(
        update(Notice).where(Notice.id.in_(notice_ids), NOT_SENT, Notice.state == "sending").values(back)
    )


def _mark(act: Act, notice_id: int, **values: Any) -> None:
    act.session.execute(update(Notice).where(Notice.id == notice_id, Notice.state == "sending").values(**values))


def _page(notice: Notice, reference: str | None, role: str) -> str:
    """Where the link leads: a partner's own page, the case, or, for what concerns no case, the record or the cover."""
    if reference is None:
        return "/record" if notice.message_id.startswith(ABOUT_THE_RECORD) else "/cover"
    return f"/portal/{reference}" if role == Role.PARTNER.value else f"/referrals/{reference}"

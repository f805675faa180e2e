"""Notices, written with the change that causes them and sent afterwards: a reference, a due time, never a name."""

from collections.abc import Mapping
from typing import Any

from lado.act import Act
from lado.models import Notice, Referral
from workflows.case import Case


def queue(act: Act, account_id: int, referral: Referral | None, subject: str, body: str) -> None:
    """Write a notice for one person, to be sent after this act is saved. Its Message-ID is fixed once and for all."""
    place = referral.reference if referral else "general"
    act.session.add(
        Notice(
            account_id=account_id,
            referral_id=referral.id if referral else None,
            subject=subject,
            body=body,
            state="waiting",
            tries=0,
            created_at=act.at,
            next_try_at=act.at,
            sent_at=None,
            failure="",
            message_id=f"{place}.{account_id}.{act.at.timestamp():.6f}",
        )
    )


def after_move(
    act: Act, referral: Referral, case: Case, move: str, answers: Mapping[str, Any], owner_before: int | None
) -> None:
    """Tell those whom a move concerns: a new owner, and whoever was given an action."""
    if case.owner is not None and case.owner != owner_before and case.owner != act.who.id:
        queue(act, case.owner, referral, f"{referral.reference}: given to you", "You are now the accountable officer.")
    holder = answers.get("user") if move == "set_action" else None
    if holder is not None and holder != act.who.id:
        due_at = case.running[f"action:{len(case.actions)}"].due_at
        queue(act, holder, referral, f"{referral.reference}: an action for you", f"Due by {due_at:%d %B %Y}.")

"""Keeping what somebody typed, sealed, until they have shown who they are; nobody else is ever given it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select

from lado.act import Act
from lado.models import Account, KeptForm
from lado.services.accounts import directory_key

LASTS = timedelta(hours=12)
"""How long what nobody came back for is kept."""

Typed = Sequence[tuple[str, str]]
"""A form as it was sent: names and values, in order."""


def keep(act: Act, account_id: int, path: str, typed: Typed) -> int:
    """Keep a form of this page for this person; returns its number."""
    act.session.execute(delete(KeptForm).where(KeptForm.kept_at <= act.at - LASTS))
    sealed = act.vault.seal(_key(act, account_id), _place(account_id), {"path": path, "typed": [*map(list, typed)]})
    kept = KeptForm(account_id=account_id, sealed=sealed, kept_at=act.at)
    act.session.add(kept)
    act.session.flush()
    return kept.id


def take(act: Act, account_id: int, number: int, path: str) -> Typed | None:
    """Give a kept form back to the page that it was typed on, once; None where there is none for this person."""
    mine = KeptForm.id == number, KeptForm.account_id == account_id, KeptForm.kept_at > act.at - LASTS
    sealed = act.session.scalar(select(KeptForm.sealed).where(*mine))
    if sealed is None:
        return None
    kept = act.vault.open(_key(act, account_id), _place(account_id), sealed)
    if kept["path"] != path:
        return None
    if act.session.scalar(delete(KeptForm).where(*mine).returning(KeptForm.id)) is None:
        return None  # another sending of the same form was first
    return [(name, value) for name, value in kept["typed"]]


class Kept(NamedTuple):
    """A kept form: the page that it was typed on, with its query, and what was typed."""

    number: int
    path: str
    typed: Typed


def find(act: Act, number: int) -> Kept | None:
    """A form that was kept for whoever asks, and that is still there; None for anybody else's."""
    mine = KeptForm.id == number, KeptForm.account_id == act.who.id, KeptForm.kept_at > act.at - LASTS
    sealed = act.session.scalar(select(KeptForm.sealed).where(*mine))
    if sealed is None or act.who.id is None:
        return None
    kept = act.vault.open(_key(act, act.who.id), _place(act.who.id), sealed)
    return Kept(number, kept["path"], [(name, value) for name, value in kept["typed"]])


def throw_away(act: Act, number: int) -> None:
    """Throw a kept form away, as when it was sent at last."""
    act.session.execute(delete(KeptForm).where(KeptForm.id == number, KeptForm.account_id == act.who.id))


def _key(act: Act, account_id: int) -> bytes:
    return directory_key(act, act.session.get_one(Account, account_id).authority_id)


def _place(account_id: int) -> str:
    return f"kept_form/{account_id}"

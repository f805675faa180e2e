"""Drafts: what somebody is typing, kept sealed on the server until it is sent or thrown away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from lado.act import Act
from lado.errors import BadInput
from lado.models import Draft
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.accounts import directory_key

LARGEST = 200_000
"""Characters in one draft."""

Fields = Mapping[str, Sequence[str]]


class Kept(NamedTuple):
    """A draft: what was typed, by the name of its input, and when it was kept."""

    fields: Fields
    saved_at: datetime


def keep(act: Act, form: str, fields: Fields) -> None:
    """Keep the fields of a form as typed, in place of an earlier draft of the same form."""
    ensure(act.who, Permission.DRAFT_KEEP)
    if sum(len(value) for values in fields.values() for value in values) > LARGEST:
        raise BadInput({"draft": "This is too long to keep as a draft. Shorten the longest text."})
    draft = _found(act, form) or Draft(account_id=act.who.id, form=form)
    draft.sealed = act.vault.seal(_key(act), _place(act, form), {name: list(values) for name, values in fields.items()})
    draft.saved_at = act.at
    act.session.add(draft)


def kept(act: Act, form: str) -> Kept | None:
    """The draft of the form, opened, or None when there is none."""
    draft = _found(act, form)
    if draft is None:
        return None
    return Kept(act.vault.open(_key(act), _place(act, form), draft.sealed), draft.saved_at)


def throw_away(act: Act, form: str) -> None:
    """Throw the draft away: the form was sent, or the officer says so."""
    act.session.execute(delete(Draft).where(Draft.account_id == act.who.id, Draft.form == form))


def _found(act: Act, form: str) -> Draft | None:
    return act.session.scalars(select(Draft).where(Draft.account_id == act.who.id, Draft.form == form)).one_or_none()


def _key(act: Act) -> bytes:
    if act.who.authority is None:
        raise BadInput({"draft": "A draft belongs to a person of an authority."})
    return directory_key(act, act.who.authority)


def _place(act: Act, form: str) -> str:
    return f"draft/{act.who.id}/{form}"

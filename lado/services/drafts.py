"""Drafts: what somebody is typing, kept sealed on the server until it is sent or thrown away."""

from collections.abc import Mapping, Sequence

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


def keep(act: Act, form: str, fields: Fields) -> None:
    """Keep the fields of a form as typed, in place of an earlier draft of the same form."""
    ensure(act.who, Permission.DRAFT_KEEP)
    if sum(len(value) for values in fields.values() for value in values) > LARGEST:
        raise BadInput({"draft": "This is too long to keep as a draft. Shorten the longest text."})
    draft = _found(act, form) or Draft(account_id=act.who.id, form=form)
    draft.sealed = act.vault.seal(_key(act), _place(act, form), {name: list(values) for name, values in fields.items()})
    draft.saved_at = act.at
    act.session.add(draft)


def fields_of(act: Act, form: str) -> dict[str, list[str]] | None:
    """The fields of the draft, or None when there is none."""
    draft = _found(act, form)
    if draft is None:
        return None
    fields: dict[str, list[str]] = act.vault.open(_key(act), _place(act, form), draft.sealed)
    return fields


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

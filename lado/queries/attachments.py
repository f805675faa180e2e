"""Reading files that people sent: what there is, and one of them, opened and held against its digest."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from lado.act import Act
from lado.domain.files import NOTED
from lado.domain.kept_fields import IN_PLACE, Kept
from lado.models import Attachment, OnlineDraft, Referral, SealingKey
from lado.queries import noted
from lado.queries.permitted import of_police
from lado.queries.referrals import find as find_case

LARGEST_NUMBER = 2**31 - 1


class Listed(NamedTuple):
    """One file: its number there, its name, its kind (`lado.domain.files`) and its size in bytes."""

    number: int
    name: str
    kind: str
    size: int
    is_scanned: bool
    added_by_id: int | None
    added_at: datetime
    is_kept: bool = False
    """Whether it is kept from the reader: the name is a sentence that says so, and there is nothing to open."""


class OfCase(NamedTuple):
    """One file of a case, opened. `owner_id` is the case's officer, for the policy."""

    authority_id: int
    owner_id: int | None
    reference: str
    listed: Listed
    content: bytes
    is_as_recorded: bool
    """Whether it is what came: what is sealed has the digest that the record of the case names for this number."""


def of_case(act: Act, referral: Referral) -> list[Listed]:
    """The files of a case in the order in which they came."""
    police = of_police(act, referral)
    return [
        one._replace(name=IN_PLACE[Kept.POLICE], is_kept=True) if one.added_by_id in police else one
        for one in _listed(act, Attachment.referral_id == referral.id)
    ]


def of_draft(act: Act, account_id: int) -> list[Listed]:
    """The files of the referral that somebody is writing."""
    mine = select(OnlineDraft.id).where(OnlineDraft.account_id == account_id).scalar_subquery()
    return _listed(act, Attachment.draft_id == mine)


def find(act: Act, reference: str, number: int) -> OfCase | None:
    """A file of a case by its number, or None; one from the police is none to whoever may not read what they say."""
    referral = find_case(act, reference)
    if referral is None or number > LARGEST_NUMBER:
        return None
    query = (
        select(Attachment, Attachment.content, SealingKey.wrapped)
        .join(SealingKey, SealingKey.id == Attachment.key_id)
        .where(Attachment.referral_id == referral.id, Attachment.number == number)
    )
    row = act.session.execute(query).one_or_none()
    if row is None:
        return None
    kept, sealed, wrapped = row
    if kept.added_by_id in of_police(act, referral):
        return None
    content = act.vault.open_bytes(wrapped, f"{place_of(kept.place)}/content", sealed)
    is_as_recorded = hashlib.sha256(sealed).hexdigest() == noted.digest(act, referral.id, NOTED, "attachment", number)
    listed = _one(act, (kept, wrapped))
    return OfCase(referral.authority_id, referral.owner_id, referral.reference, listed, content, is_as_recorded)


def place_of(place: bytes) -> str:
    """What the name of a file is bound to; its content is bound to a place below."""
    return f"attachment/{place.hex()}"


def _listed(act: Act, where: ColumnElement[bool]) -> list[Listed]:
    query = (
        select(Attachment, SealingKey.wrapped)
        .join(SealingKey, SealingKey.id == Attachment.key_id)
        .where(where)
        .order_by(Attachment.number)
    )
    return [_one(act, row) for row in act.session.execute(query)]


def _one(act: Act, row: Sequence[Any]) -> Listed:
    kept, wrapped = row
    name = act.vault.open(wrapped, place_of(kept.place), kept.sealed)["name"]
    return Listed(kept.number, name, kept.kind, kept.size, kept.is_scanned, kept.added_by_id, kept.added_at)

"""Files that people send: checked by their content, scanned where there is a scanner, and kept sealed with their case.

`check` comes first and outside any transaction: a scanner may take its time. What it gives is put to a referral that is
being written, or to a case, where the record keeps the digest of what was sealed.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select, update

from lado.act import Act
from lado.adapters.scanner import Scanner, ScannerProblem
from lado.domain import files
from lado.errors import BadInput
from lado.models import Attachment, OnlineDraft, Referral, SealingKey
from lado.queries.attachments import place_of
from lado.services import moves
from lado.services.record import record
from workflows.case import Case
from workflows.events import Noted
from workflows.practice import Practice

HARMFUL = "The scanner says that this file can do harm. It is not kept. Ring us if it matters."
NOT_SCANNED = "The file could not be checked just now and is not kept. Try again in a few minutes, or go on without it."
TOO_MANY = f"There are {files.MOST} files already. Take one away, or ring us about the rest."


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept. Only `check` makes one."""

    name: str
    kind: str
    content: bytes = field(repr=False)
    is_scanned: bool


def check(name: str, content: bytes, scanner: Scanner | None) -> Checked:
    """A file as it may be kept. Raises BadInput under `file`; what a scanner cannot be asked about is not taken."""
    if fault := files.fault(name, content):
        raise BadInput({"file": fault})
    try:
        if scanner is not None and not scanner.is_clean(content):
            raise BadInput({"file": HARMFUL})
    except ScannerProblem as problem:
        raise BadInput({"file": NOT_SCANNED}) from problem
    return Checked(files.named(name), files.kind_of(content), content, scanner is not None)


def put_to_draft(act: Act, draft: OnlineDraft, checked: Checked) -> None:
    """Keep a file with a referral that is being written. The draft is held. Raises BadInput when there are too many."""
    found = act.session.execute(
        select(func.count(), func.max(Attachment.number)).where(Attachment.draft_id == draft.id)
    ).one()
    if found[0] >= files.MOST:
        raise BadInput({"file": TOO_MANY})
    row = _sealed(act, draft.sealing_key, checked)
    row.draft_id, row.number = draft.id, (found[1] or 0) + 1
    act.session.add(row)


def take_from_draft(act: Act, draft: OnlineDraft, number: int) -> None:
    """Take a file away from a referral that is being written."""
    act.session.execute(delete(Attachment).where(Attachment.draft_id == draft.id, Attachment.number == number))


def bring_to_case(act: Act, draft: OnlineDraft, referral: Referral, case: Case, practice: Practice) -> None:
    """Let the files of a draft be those of the case that was opened under its key, and put each on the record."""
    query = select(Attachment).where(Attachment.draft_id == draft.id).order_by(Attachment.number)
    for number, row in enumerate(act.session.scalars(query).all(), start=_next(act, referral)):
        home = {"referral_id": referral.id, "draft_id": None, "number": number}
        act.session.execute(update(Attachment).where(Attachment.id == row.id).values(home))
        words = act.vault.open(draft.sealing_key.wrapped, place_of(row.place), row.sealed)
        record(act, referral, case, [_noted(number, row)], practice, {"file": words["name"]})


def put_to_case(act: Act, referral_id: int, checked: Sequence[Checked]) -> list[int]:
    """Keep files with a case and put each on its record. Whoever calls has asked the policy. Returns their numbers."""
    referral = moves.locked(act, referral_id)
    case, practice = moves.in_hand(act, referral)
    numbers = []
    for number, one in enumerate(checked, start=_next(act, referral)):
        row = _sealed(act, referral.sealing_key, one)
        row.referral_id, row.number = referral.id, number
        act.session.add(row)
        record(act, referral, case, [_noted(number, row)], practice, {"file": one.name})
        numbers.append(number)
    return numbers


def _next(act: Act, referral: Referral) -> int:
    last = act.session.scalar(select(func.max(Attachment.number)).where(Attachment.referral_id == referral.id))
    return (last or 0) + 1


def _noted(number: int, row: Attachment) -> Noted:
    answers = {"attachment": number, "file_kind": row.kind, "size": row.size, "digest": row.digest.hex()}
    return Noted(files.NOTED, answers)


def _sealed(act: Act, key: SealingKey, checked: Checked) -> Attachment:
    place = os.urandom(16)
    content = act.vault.seal_bytes(key.wrapped, f"{place_of(place)}/content", checked.content)
    return Attachment(
        key_id=key.id,
        kind=checked.kind,
        size=len(checked.content),
        place=place,
        digest=hashlib.sha256(content).digest(),
        sealed=act.vault.seal(key.wrapped, place_of(place), {"name": checked.name}),
        content=content,
        is_scanned=checked.is_scanned,
        added_by_id=act.who.id,
        added_at=act.at,
    )

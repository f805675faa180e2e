"""A referral that is being written on line, kept sealed part by part until it is sent, thrown away or too old."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, select

from lado.act import Act
from lado.domain.online import PARTS
from lado.domain.self_check import Check
from lado.errors import BadInput, NotFound
from lado.models import Attachment, OnlineDraft
from lado.queries.attachments import Listed, of_draft
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import sealing
from lado.services.attachments import Checked, put_to_draft, take_from_draft

KEPT_FOR = timedelta(days=28)
"""How long a referral waits to be sent after it was last saved (a default of this product)."""

LARGEST = 200_000
"""Characters in one part."""

Fields = Mapping[str, Sequence[str]]
EMPTY: Mapping[str, Any] = {"check": {}, "parts": {}}


class Part(NamedTuple):
    """What was typed into one part, by the name of its input, and whether it was found whole."""

    fields: Fields
    is_whole: bool


class Written(NamedTuple):
    """A draft as its writer sees it: their own check, and the parts that were begun."""

    harms: tuple[str, ...]
    parts: Mapping[str, Part]

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that are still to be written, in order."""
        return tuple(key for key in PARTS if key not in self.parts or not self.parts[key].is_whole)


def begin(act: Act, check: Check) -> None:
    """Begin a referral, or go on with the one that there is; what nobody came back to is thrown away."""
    ensure(act.who, Permission.REFERRAL_SEND)
    _forget_old(act)
    draft = held(act)
    if draft is None:
        key = sealing.new_key(act)
        act.session.add(key)
        act.session.flush()
        draft = OnlineDraft(
            authority_id=act.who.authority,
            account_id=act.who.id,
            key_id=key.id,
            sealing_key=key,
            sealed=b"",
            begun_at=act.at,
            saved_at=act.at,
        )
        act.session.add(draft)
    _seal(act, draft, {**_opened(act, draft), "check": {"harms": list(check.harms)}})


def keep(act: Act, part: str, fields: Fields, *, is_whole: bool) -> None:
    """Keep one part as it was typed, in place of what was kept of it before. Raises NotFound where none was begun."""
    ensure(act.who, Permission.REFERRAL_SEND)
    if part not in PARTS:
        raise NotFound(f"no part is called {part}")
    if sum(len(value) for values in fields.values() for value in values) > LARGEST:
        raise BadInput({"form": "This is too long to keep. Shorten the longest text."})
    draft = needed(act)
    kept = _opened(act, draft)
    typed = {"fields": {name: list(values) for name, values in fields.items()}, "is_whole": is_whole}
    _seal(act, draft, {**kept, "parts": {**kept["parts"], part: typed}})


def written(act: Act) -> Written | None:
    """What the person who asks has written so far, or None where nothing was begun."""
    draft = act.session.scalars(_mine(act)).one_or_none()
    return None if draft is None else read(act, draft)


def read(act: Act, draft: OnlineDraft) -> Written:
    """A draft, opened."""
    kept = _opened(act, draft)
    parts = {key: Part(part["fields"], part["is_whole"]) for key, part in kept["parts"].items()}
    return Written(tuple(kept["check"].get("harms", ())), parts)


def throw_away(act: Act) -> None:
    """Throw the draft away, with its files."""
    ensure(act.who, Permission.REFERRAL_SEND)
    if (draft := held(act)) is not None:
        remove(act, [draft.id])


def files_of(act: Act) -> list[Listed]:
    """The files that were added to the draft of the person who asks."""
    return of_draft(act, act.who.id or 0)


def add_file(act: Act, checked: Checked) -> None:
    """Add a file to the draft. Raises BadInput when there are too many, NotFound where nothing was begun."""
    ensure(act.who, Permission.REFERRAL_SEND)
    draft = needed(act)
    put_to_draft(act, draft, checked)
    draft.saved_at = act.at


def take_file(act: Act, number: int) -> None:
    """Take a file away from the draft; one that is not there any more is taken away already."""
    ensure(act.who, Permission.REFERRAL_SEND)
    if (draft := held(act)) is not None:
        take_from_draft(act, draft, number)


def held(act: Act) -> OnlineDraft | None:
    """The draft of the person who asks, held until the act ends; None where there is none or it is too old."""
    return act.session.scalars(_mine(act).with_for_update(of=OnlineDraft)).one_or_none()


def needed(act: Act) -> OnlineDraft:
    """The same, where there has to be one. Raises NotFound."""
    draft = held(act)
    if draft is None:
        raise NotFound("no referral was begun on line")
    return draft


def remove(act: Act, ids: Sequence[int]) -> None:
    """Remove drafts, with the files that are still theirs."""
    act.session.execute(delete(Attachment).where(Attachment.draft_id.in_(ids)))
    act.session.execute(delete(OnlineDraft).where(OnlineDraft.id.in_(ids)))


def _mine(act: Act) -> Select[OnlineDraft]:
    return select(OnlineDraft).where(OnlineDraft.account_id == act.who.id, OnlineDraft.saved_at > act.at - KEPT_FOR)


def _forget_old(act: Act) -> None:
    old = select(OnlineDraft.id).where(OnlineDraft.saved_at <= act.at - KEPT_FOR)
    if ids := act.session.scalars(old).all():
        remove(act, ids)


def _opened(act: Act, draft: OnlineDraft) -> Mapping[str, Any]:
    if not draft.sealed:
        return EMPTY
    found: Mapping[str, Any] = act.vault.open(draft.sealing_key.wrapped, _place(draft), draft.sealed)
    return found


def _seal(act: Act, draft: OnlineDraft, kept: Mapping[str, Any]) -> None:
    draft.sealed = act.vault.seal(draft.sealing_key.wrapped, _place(draft), kept)
    draft.saved_at = act.at


def _place(draft: OnlineDraft) -> str:
    return f"online_draft/{draft.key_id}"

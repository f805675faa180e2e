"""The lines of an export bundle, written and read as `docs/record-format.md` says: each in one way only."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from lado.domain.chain import Linked, Looked, Stated, instant
from lado.domain.witnessed import Signed

HEADER, CHECKPOINT, ENTRY = "lado-bundle-1", "lado-checkpoint-1", "lado-entry-1"
READ, END = "lado-read-1", "lado-bundle-end-1"
MOST = 2**63 - 1


class Header(NamedTuple):
    """How the bundle begins: when it was made, by which key it is signed, and how much follows."""

    made_at: datetime
    public_key: bytes
    entries: int
    link: bytes
    checkpoints: int
    reads: int


class Chained(NamedTuple):
    """An entry with its link."""

    entry: Linked
    link: bytes


class End(NamedTuple):
    """How the bundle ends: the digest of the log of reads, and a signature over all of it."""

    reads_digest: bytes
    signature: bytes


Line = Header | Signed | Chained | Looked | End


class Malformed(ValueError):
    """A line that is not written as the format says."""


def end_statement(header: Header, reads_digest: bytes) -> bytes:
    """The bytes that are signed at the end of a bundle."""
    made_at, link = instant(header.made_at), header.link.hex()
    said = (HEADER, made_at, header.entries, link, header.checkpoints, header.reads, reads_digest.hex())
    return "\n".join(map(str, said)).encode()


def write(line: Line) -> bytes:
    """A line of a bundle with its line feed."""
    match line:
        case Header():
            fields = {"format": HEADER, **line._asdict()}
        case Signed(stated, signature):
            fields = {"format": CHECKPOINT, **stated._asdict(), "signature": signature}
        case Chained(entry, link):
            fields = {"format": ENTRY, **entry._asdict(), "link": link}
        case Looked():
            fields = {"format": READ, **line._asdict()}
        case End():
            fields = {"format": END, **line._asdict()}
    return _dumped({name: _plain(name, value) for name, value in fields.items()}) + b"\n"


def _dumped(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode() if name in ("signature", "public_key") else value.hex()
    return value


def read(line: bytes) -> Line:
    """Read a line of a bundle, without its line feed. Raises Malformed where it is not written as `write` does."""
    fields = _loaded(line)
    if _dumped(fields) != line:
        raise Malformed("it is not written in the one way of the format")
    return _understood(fields)


def read_checkpoint(file: bytes) -> Signed:
    """Read a checkpoint that was sent away; a file may have spaces and line breaks. Raises Malformed."""
    found = _understood(_loaded(file))
    if not isinstance(found, Signed):
        raise Malformed("it is not a checkpoint")
    return found


def _loaded(text: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(text.decode())
    except (ValueError, RecursionError) as problem:
        raise Malformed("it is not JSON") from problem
    if not isinstance(fields, dict) or any(isinstance(value, dict | list) for value in fields.values()):
        raise Malformed("it is not a flat object")
    return fields


def _understood(fields: dict[str, Any]) -> Line:
    kind = fields.pop("format", None)
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None or fields.keys() != shape.fields.keys():
        raise Malformed("it is no line of this format, or has other fields")
    return shape.make({name: take(fields[name]) for name, take in shape.fields.items()})


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST:
        raise Malformed("a number is no whole number, or out of range")
    return value


def _number_or_none(value: Any) -> int | None:
    return None if value is None else _number(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or (value and min(value) < " "):
        raise Malformed("a text is missing or holds a control character")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Malformed("a text is not Unicode")
    return value


def _unbarred(value: Any) -> str:
    if "|" in _text(value):
        raise Malformed("a text of a read holds a bar")
    return str(value)


def _instant(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except (AttributeError, ValueError) as problem:
        raise Malformed("an instant is none") from problem
    if at.year < 1000 or instant(at) != value:
        raise Malformed("an instant is not UTC to the microsecond")
    return at


def _digest(value: Any) -> bytes:
    try:
        found = bytes.fromhex(value)
    except (TypeError, ValueError) as problem:
        raise Malformed("a digest is not hexadecimal") from problem
    if len(found) != 32 or found.hex() != value:
        raise Malformed("a digest is not 64 lower-case hexadecimal digits")
    return found


def _sealed(value: Any) -> str:
    return _digest(value).hex() if value != "" else ""


def _base64(length: int) -> Callable[[Any], bytes]:
    def take(value: Any) -> bytes:
        try:
            found = base64.b64decode(value, validate=True)
        except (TypeError, ValueError) as problem:
            raise Malformed("a key or signature is not base64") from problem
        if len(found) != length or base64.b64encode(found).decode() != value:
            raise Malformed(f"a key or signature is not {length} bytes in base64")
        return found

    return take


def _signed(values: dict[str, Any]) -> Signed:
    signature = values.pop("signature")
    return Signed(Stated(**values), signature)


def _chained(values: dict[str, Any]) -> Chained:
    link = values.pop("link")
    return Chained(Linked(**values), link)


class Shape(NamedTuple):
    """What a line is made into, and what each of its fields is."""

    make: Callable[[dict[str, Any]], Line]
    fields: Mapping[str, Callable[[Any], Any]]


SHAPES: Mapping[str, Shape] = {
    HEADER: Shape(
        lambda values: Header(**values),
        {
            "made_at": _instant,
            "public_key": _base64(32),
            "entries": _number,
            "link": _digest,
            "checkpoints": _number,
            "reads": _number,
        },
    ),
    CHECKPOINT: Shape(
        _signed,
        {
            "id": _number,
            "at": _instant,
            "entries": _number,
            "link": _digest,
            "reads": _number,
            "reads_digest": _digest,
            "signature": _base64(64),
        },
    ),
    ENTRY: Shape(
        _chained,
        {
            "sequence": _number,
            "referral_id": _number,
            "number": _number,
            "kind": _text,
            "data": _text,
            "sealed": _sealed,
            "actor_id": _number_or_none,
            "role": _text,
            "login": _text,
            "recorded_at": _instant,
            "link": _digest,
        },
    ),
    READ: Shape(
        lambda values: Looked(**values),
        {
            "id": _number,
            "at": _instant,
            "account_id": _number,
            "role": _unbarred,
            "what": _unbarred,
            "page": _unbarred,
            "right": _unbarred,
            "referral_id": _number_or_none,
        },
    ),
    END: Shape(lambda values: End(**values), {"reads_digest": _digest, "signature": _base64(64)}),
}
"""Every line of the format by its name."""

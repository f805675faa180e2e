#!/usr/bin/env python3
"""Check an export bundle of the record without trusting the product that wrote it.

Written from docs/record-format.md alone: it imports nothing of the product, only the standard library, and asks the
command `openssl` whether signatures hold. It says accepted or refused, with the reason and the place.

    python3 verify_bundle.py BUNDLE --public-key FILE [--record-key FILE] [--checkpoints FOLDER]

The record key is 32 bytes in base64, in the file named or in LADO_RECORD_KEY. Status: 0 accepted, 1 refused, 2 that it
could not be checked.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

ZERO = "00" * 32
INSTANT = re.compile(r"[1-9]\d{3}-\d\d-\d\dT([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z", re.ASCII)
HEX = re.compile(r"[0-9a-f]{64}")
ED25519_DER = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: what stands before the 32 bytes of a public key

# The fields of each line, by the letter of what they hold.
# n number, N number or null, t text, r text of a read, s sealed, d digest, i instant, k key, g signature
FIELDS = {
    "lado-bundle-1": {
        "made_at": "i",
        "public_key": "k",
        "entries": "n",
        "link": "d",
        "checkpoints": "n",
        "reads": "n",
    },
    "lado-checkpoint-1": {
        "id": "n",
        "at": "i",
        "entries": "n",
        "link": "d",
        "reads": "n",
        "reads_digest": "d",
        "signature": "g",
    },
    "lado-entry-1": {
        "sequence": "n",
        "referral_id": "n",
        "number": "n",
        "kind": "t",
        "data": "t",
        "sealed": "s",
        "actor_id": "N",
        "role": "t",
        "login": "t",
        "recorded_at": "i",
        "link": "d",
    },
    "lado-read-1": {
        "id": "n",
        "at": "i",
        "account_id": "n",
        "role": "r",
        "what": "r",
        "page": "r",
        "right": "r",
        "referral_id": "N",
    },
    "lado-bundle-end-1": {"reads_digest": "d", "signature": "g"},
}
ORDER = list(FIELDS)
Line = dict[str, Any]


class Refused(Exception):
    """The bundle does not hold: the reason of the format, the place and words."""

    def __init__(self, reason: str, words: str, place: str | None = None) -> None:
        super().__init__(words)
        self.reason, self.words, self.place = reason, words, place


class CannotCheck(Exception):
    """Something that a verifier needs is missing."""


def is_signed(public_key: bytes, statement: bytes, signature: bytes) -> bool:
    """Ask openssl whether the Ed25519 signature (64 bytes) of the statement holds under the key (32 bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        named = {"key": ED25519_DER + public_key, "said": statement, "signature": signature}
        for name, content in named.items():
            Path(folder, name).write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key"]
        try:
            done = subprocess.run(
                [*command, "-in", "said", "-sigfile", "signature"], cwd=folder, capture_output=True, text=True
            )
        except OSError as problem:
            raise CannotCheck(f"openssl cannot be run: {problem}") from problem
    if done.returncode == 0 and "Verified Successfully" in done.stdout:
        return True
    if "Verification Failure" in done.stdout + done.stderr:
        return False
    raise CannotCheck(f"openssl said: {(done.stderr or done.stdout).strip()}")


def right(letter: str, value: Any) -> bool:
    """Whether a field holds what its letter asks."""
    if letter in "nN":
        return (letter == "N" and value is None) or (type(value) is int and 0 <= value < 2**63)
    if not isinstance(value, str):
        return False
    if letter in "tr":
        bad = any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF for c in value)
        return not bad and not (letter == "r" and "|" in value)
    if letter in "ds":
        return (letter == "s" and not value) or HEX.fullmatch(value) is not None
    if letter == "i":
        return INSTANT.fullmatch(value) is not None and is_real(value)
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == {"k": 32, "g": 64}[letter] and base64.b64encode(raw).decode() == value


def is_real(instant: str) -> bool:
    """Whether there was such a day."""
    try:
        date.fromisoformat(instant[:10])
    except ValueError:
        return False
    return True


def parse(text: bytes, place: str | None = None) -> Line:
    """A line, or a file of one checkpoint, as a dictionary of checked fields."""
    try:
        line = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused("form", "this is not JSON", place) from None
    if not isinstance(line, dict):
        raise Refused("form", "this is not an object", place)
    kind = line.get("format")
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None or set(line) != {"format", *fields}:
        raise Refused("form", "this is no line of the format, or its fields are others", place)
    for name, letter in fields.items():
        if not right(letter, line[name]):
            raise Refused("form", f"{name} is not what the format asks for", place)
    return line


class Verifier:
    """Takes a bundle line by line and raises Refused at the first thing that does not hold."""

    def __init__(self, record_key: bytes, public_key: bytes) -> None:
        self.record_key, self.public_key = record_key, public_key
        self.files: list[tuple[int, str, Line]] = []
        self.kind = ""  # of the line that was read last
        self.header: Line = {}
        self.checkpoints: list[Line] = []
        self.entries, self.link = 0, bytes(32)
        self.numbers: dict[int, int] = {}  # of the last entry of each case
        self.next_signed = 0  # the checkpoint whose entry was not met yet
        self.reads, self.last_read = 0, 0
        self.closed, self.digest = 0, bytes(32)  # checkpoints whose reads are behind us, and their digest
        self.hash = hashlib.sha256(self.digest)

    def file(self, name: str, content: bytes) -> None:
        """Take a checkpoint file from a place off the host."""
        line = parse(content, name)
        if line["format"] != "lado-checkpoint-1":
            raise Refused("form", "this is not a checkpoint", name)
        self.signature_of(line, name)
        self.files.append((line["id"], name, line))

    def signature_of(self, checkpoint: Line, place: str | None = None) -> None:
        names = ("format", "id", "at", "entries", "link", "reads", "reads_digest")
        self.signature([checkpoint[name] for name in names], checkpoint["signature"], "a checkpoint", place)

    def signature(self, parts: list[Any], signature: str, whose: str, place: str | None = None) -> None:
        statement = "\n".join(str(part) for part in parts).encode()
        if not is_signed(self.public_key, statement, base64.b64decode(signature)):
            raise Refused("signature", f"the signature of {whose} does not hold", place)

    def line(self, text: bytes) -> None:
        """Take the next line of the bundle, without its line feed."""
        line = parse(text)
        if json.dumps(line, sort_keys=True, separators=(",", ":")).encode() != text:
            raise Refused("form", "this is not written in the one way of the format")
        before, self.kind = self.kind, line["format"]
        self.in_order(before)
        if before in ORDER[:2] and self.kind in ORDER[2:]:
            self.after_checkpoints()
        if before in ORDER[:3] and self.kind in ORDER[3:]:
            self.after_entries()
        take = (self.take_header, self.take_checkpoint, self.take_entry, self.take_read, self.take_end)
        take[ORDER.index(self.kind)](line)

    def in_order(self, before: str) -> None:
        if not before:
            fits = self.kind == ORDER[0]
        elif before == ORDER[-1]:
            fits = False
        else:
            fits = self.kind != ORDER[0] and ORDER.index(self.kind) >= ORDER.index(before)
        if not fits:
            raise Refused("form", "the line stands out of order")

    def take_header(self, line: Line) -> None:
        if base64.b64decode(line["public_key"]) != self.public_key:
            raise Refused("key", "the bundle names another key than the trusted one")
        self.header = line

    def take_checkpoint(self, line: Line) -> None:
        self.signature_of(line)
        before = self.checkpoints[-1] if self.checkpoints else {"id": 0, "entries": 0, "reads": 0}
        if line["id"] != before["id"] + 1 or any(line[name] < before[name] for name in ("entries", "reads")):
            raise Refused("order", f"checkpoint {line['id']} does not follow from checkpoint {before['id']}")
        self.checkpoints.append(line)

    def after_checkpoints(self) -> None:
        if len(self.checkpoints) != self.header["checkpoints"]:
            raise Refused("count", f"there are {len(self.checkpoints)} checkpoints here")
        for number, name, sent in sorted(self.files, key=lambda file: file[:2]):
            if 1 <= number <= len(self.checkpoints):
                ours = self.checkpoints[number - 1]
                if any(ours[field] != sent[field] for field in sent if field != "signature"):
                    raise Refused("checkpoint", f"checkpoint {number} says otherwise in the bundle", name)
            elif sent["at"] < self.header["made_at"]:
                raise Refused("older", f"the bundle lacks checkpoint {number}, which is older than itself", name)
        self.meet_checkpoints()

    def meet_checkpoints(self) -> None:
        """Hold the link that was reached against every checkpoint that signed this very entry."""
        while self.next_signed < len(self.checkpoints):
            checkpoint = self.checkpoints[self.next_signed]
            if checkpoint["entries"] != self.entries:
                break
            if checkpoint["link"] != self.link.hex():
                words = f"entry {self.entries} is not the one that checkpoint {checkpoint['id']} signed"
                raise Refused("checkpoint", words)
            self.next_signed += 1

    def take_entry(self, line: Line) -> None:
        if line["sequence"] != self.entries + 1:
            raise Refused("sequence", f"entry {self.entries + 1} should stand here")
        self.entries += 1
        case = line["referral_id"]
        self.numbers[case] = self.numbers.get(case, 0) + 1
        if line["number"] != self.numbers[case]:
            raise Refused("number", f"number {self.numbers[case]} of the case should stand here")
        names = ("format", "sequence", "referral_id", "number", "kind", "data", "sealed", "actor_id", "role", "login")
        parts = ["" if line[name] is None else str(line[name]) for name in (*names, "recorded_at")]
        self.link = hmac.digest(self.record_key, self.link + "\n".join(parts).encode(), "sha256")
        if self.link.hex() != line["link"]:
            raise Refused("link", f"entry {self.entries} is not what was linked")
        self.meet_checkpoints()

    def after_entries(self) -> None:
        if self.next_signed < len(self.checkpoints):
            number = self.checkpoints[self.next_signed]["id"]
            raise Refused("cut", f"the entries end with {self.entries}, before checkpoint {number}")
        if (self.entries, self.link.hex()) != (self.header["entries"], self.header["link"]):
            raise Refused("head", "the last entry is not the head that the bundle names")

    def close_reads(self, before: int | None) -> None:
        """Hold the digest against the checkpoints that end before this read (None: against all that are left)."""
        while self.closed < len(self.checkpoints):
            checkpoint = self.checkpoints[self.closed]
            if before is not None and checkpoint["reads"] >= before:
                break
            if checkpoint["reads"] > (self.checkpoints[self.closed - 1]["reads"] if self.closed else 0):
                self.digest = self.hash.digest()
                self.hash = hashlib.sha256(self.digest)
            if self.digest.hex() != checkpoint["reads_digest"]:
                raise Refused("reads", f"the reads are not those of checkpoint {checkpoint['id']}")
            self.closed += 1

    def take_read(self, line: Line) -> None:
        self.close_reads(line["id"])
        if line["id"] <= self.last_read:
            raise Refused("reads", f"read {line['id']} stands after read {self.last_read}")
        self.reads, self.last_read = self.reads + 1, line["id"]
        parts = (line[name] for name in FIELDS["lado-read-1"])
        self.hash.update(("|".join("" if part is None else str(part) for part in parts) + "\n").encode())

    def take_end(self, line: Line) -> None:
        self.close_reads(None)
        if self.reads != self.header["reads"]:
            raise Refused("count", f"there are {self.reads} reads")
        if self.hash.hexdigest() != line["reads_digest"]:
            raise Refused("reads", "the reads are not those of the end")
        names = ("format", "made_at", "entries", "link", "checkpoints", "reads")
        parts = [*(self.header[name] for name in names), line["reads_digest"]]
        self.signature(parts, line["signature"], "the end")


def verify(
    bundle: Iterable[bytes], record_key: bytes, public_key: bytes, files: Mapping[str, bytes]
) -> tuple[str, str, str] | None:
    """Judge a bundle (lines of bytes) beside checkpoint files (bytes by name): None, or (reason, place, words)."""
    verifier, number = Verifier(record_key, public_key), 0
    try:
        for name in sorted(files):
            verifier.file(name, files[name])
        for text in bundle:
            if not text.endswith(b"\n") and verifier.kind != ORDER[-1]:
                raise Refused("cut", "the file ends within a line")
            number += 1
            verifier.line(text.removesuffix(b"\n"))
        if verifier.kind != ORDER[-1]:
            raise Refused("cut", "the file ends before its signed end")
    except Refused as refused:
        return refused.reason, refused.place or f"line {number}", refused.words
    return None


def record_key_from(file: str | None) -> bytes:
    """The record key out of a file or the environment; never out of an argument, which others can see."""
    try:
        text = Path(file).read_text(encoding="ascii") if file else os.environ.get("LADO_RECORD_KEY", "")
        key = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (OSError, ValueError) as problem:
        raise CannotCheck(f"the record key cannot be read: {problem}") from None
    if len(key) != 32:
        raise CannotCheck("the record key is needed: 32 bytes in base64, in --record-key FILE or LADO_RECORD_KEY")
    return key


def public_key_from(file: str) -> bytes:
    """The 32 bytes of an Ed25519 public key out of a PEM file."""
    try:
        text = Path(file).read_text(encoding="ascii")
        found = re.search(r"-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----", text)
        der = base64.b64decode("".join(found.group(1).split()), validate=True) if found else b""
    except (OSError, ValueError) as problem:
        raise CannotCheck(f"the public key cannot be read: {problem}") from None
    if len(der) != 44 or not der.startswith(ED25519_DER):
        raise CannotCheck(f"{file} holds no Ed25519 public key in PEM (BEGIN PUBLIC KEY)")
    return der[12:]


def main() -> int:
    """Check the bundle that is named on the command line and say the verdict."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("bundle", type=Path)
    ask.add_argument("--public-key", required=True, metavar="FILE", help="the trusted public key, in PEM")
    ask.add_argument("--record-key", metavar="FILE", help="the record key, in base64")
    ask.add_argument("--checkpoints", type=Path, metavar="FOLDER", help="checkpoint files from places off the host")
    given = ask.parse_args()
    try:
        keys = record_key_from(given.record_key), public_key_from(given.public_key)
        if given.checkpoints and not given.checkpoints.is_dir():
            raise CannotCheck(f"{given.checkpoints} is no folder")
        found = given.checkpoints.glob("*.json") if given.checkpoints else ()
        files = {file.name: file.read_bytes() for file in found}
        with given.bundle.open("rb") as bundle:
            refusal = verify(bundle, *keys, files)
    except (CannotCheck, OSError) as problem:
        print(f"Could not check: {problem}", file=sys.stderr)
        return 2
    if refusal:
        reason, place, words = refusal
        print(f"REFUSED  {reason} at {place}: {words}.")
        return 1
    print(f"ACCEPTED  every line holds, and {len(files)} checkpoint files agree.")
    if not files:
        print("Without checkpoint files from elsewhere nothing shows that this is not an older copy.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

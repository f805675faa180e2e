"""Witnesses: places off this machine to which checkpoints are sent, so that the record cannot be rewritten unseen.

A checkpoint travels as JSON, the same in a file and in a mail. A file that is there is never overwritten.
"""

import base64
import contextlib
import json
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from lado.adapters.mail import Letter, Mail, MailProblem
from lado.domain.chain import Stated, instant
from lado.domain.witnessed import Signed

FORMAT = "lado-checkpoint-1"
READABLE = 0o444


class WitnessProblem(Exception):
    """A checkpoint did not arrive, or a folder of them cannot be read. The words name no person."""


class FolderWitness:
    """A folder, best on another machine, in which each checkpoint is a file of its own."""

    def __init__(self, folder: Path) -> None:
        """Send to this folder, which has to be there: one that is not mounted must not be made on this machine."""
        self.folder = folder
        self.name = str(folder)

    def send(self, checkpoint: Signed) -> None:
        """Put the file there whole, or find it there already. Raises WitnessProblem."""
        place = self.folder / f"checkpoint-{checkpoint.stated.id:08d}.json"
        content = as_json(checkpoint)
        try:
            if not self.folder.is_dir():
                raise WitnessProblem("the folder is not there")
            if not place.exists():
                self._put(place, content)
            if place.read_bytes() != content:
                raise WitnessProblem(f"another checkpoint {checkpoint.stated.id} is there already")
        except OSError as problem:
            raise WitnessProblem(problem.strerror or type(problem).__name__) from problem

    def _put(self, place: Path, content: bytes) -> None:
        """Write beside the place, and link it there: of two that come together one is first, and none is torn."""
        handle, fresh = tempfile.mkstemp(dir=self.folder, prefix=".arriving-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(fresh).chmod(READABLE)
            with contextlib.suppress(FileExistsError):
                os.link(fresh, place)
        finally:
            Path(fresh).unlink()


class MailWitness:
    """A mailbox, best of somebody who does not keep this machine."""

    name = "mail"

    def __init__(self, mail: Mail, address: str) -> None:
        """Send by this mail to this address."""
        self.mail = mail
        self.address = address

    def send(self, checkpoint: Signed) -> None:
        """Hand the letter over. Raises WitnessProblem."""
        number = checkpoint.stated.id
        text = f"{MAIL_TEXT}\n\n{as_json(checkpoint).decode()}"
        name = f"checkpoint.{number}.{checkpoint.signature.hex()[:16]}"
        try:
            self.mail.send(Letter(self.address, f"Checkpoint {number} of the record", text, name, checkpoint.stated.at))
        except MailProblem as problem:
            raise WitnessProblem(str(problem)) from problem


MAIL_TEXT = (
    "Please keep this message. It proves how far the record had gone, and names nobody.\n"
    "To check the record against it, save what follows as a file that ends in .json."
)


def as_json(checkpoint: Signed) -> bytes:
    """A checkpoint as it travels: the same bytes whenever it is sent."""
    stated = checkpoint.stated
    said = {
        "format": FORMAT,
        "id": stated.id,
        "at": instant(stated.at),
        "entries": stated.entries,
        "link": stated.link.hex(),
        "reads": stated.reads,
        "reads_digest": stated.reads_digest.hex(),
        "signature": base64.b64encode(checkpoint.signature).decode(),
    }
    return (json.dumps(said, indent=1) + "\n").encode()


def read_folder(folder: Path) -> list[Signed]:
    """Every checkpoint of a folder. One that is not whole is read as one without a signature. Raises WitnessProblem."""
    if not folder.is_dir():
        raise WitnessProblem(f"{folder} is not a folder")
    try:
        return [_read(file) for file in sorted(folder.glob("*.json"))]
    except OSError as problem:
        raise WitnessProblem(f"{folder}: {problem.strerror}") from problem


def _read(file: Path) -> Signed:
    try:
        said = json.loads(file.read_bytes())
        numbers = [int(said[name]) for name in ("id", "entries", "reads")]
        link, digest = bytes.fromhex(said["link"]), bytes.fromhex(said["reads_digest"])
        stated = Stated(numbers[0], datetime.fromisoformat(said["at"]), numbers[1], link, numbers[2], digest)
        is_known = said["format"] == FORMAT and stated.at.tzinfo is not None
        return Signed(stated, base64.b64decode(said["signature"], validate=True) if is_known else b"")
    except (ValueError, KeyError, TypeError, AttributeError):
        number = re.search(r"[0-9]{1,18}", file.name)
        nothing = Stated(int(number[0]) if number else 0, datetime.min.replace(tzinfo=UTC), 0, b"", 0, b"")
        return Signed(nothing, b"")

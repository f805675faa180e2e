"""The demonstration's mail server: takes every message, sends none on, and keeps each as a file for a page to show."""

import argparse
import os
import signal
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lado.clock import Clock, SystemClock

HOST = "127.0.0.1"
LARGEST = 1_000_000  # bytes of one message
NAME = "%Y%m%dT%H%M%S%fZ"  # the instant of arrival, so that names sort by time
SHOWN = 200


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """A message as the page shows it."""

    subject: str
    to: str
    at: datetime
    text: str


class Keeping:
    """Keeps what arrives, each message as one whole file: a reader never sees half of one."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Keep messages in the folder, which is made if it is not there."""
        self.folder, self.clock = folder, clock
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message."""
        content = envelope.content
        self.keep(content if isinstance(content, bytes) else str(content).encode())
        return "250 Kept"

    def keep(self, content: bytes) -> Path:
        """Write the message beside its place, then put it there in one step."""
        handle, fresh = tempfile.mkstemp(dir=self.folder, prefix=".arriving-")
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        ending = Path(fresh).name.removeprefix(".arriving-")
        place = self.folder / f"{self.clock.now():{NAME}}-{ending}.eml"
        return Path(fresh).replace(place)


def caught(folder: Path, limit: int = SHOWN) -> list[CaughtMail]:
    """The messages that were kept, newest first; none while the folder is not there."""
    names = sorted((file.name for file in folder.glob("*.eml")), reverse=True)[:limit]
    return [_read(folder / name) for name in names]


def controller(folder: Path, port: int, clock: Clock) -> Controller:
    """A mail server on this machine alone, to be started and stopped."""
    return Controller(Keeping(folder, clock), hostname=HOST, port=port, data_size_limit=LARGEST)


def main(arguments: list[str] | None = None) -> int:
    """Take mail until the process is asked to end."""
    parser = argparse.ArgumentParser(prog="python -m lado.adapters.mail_catcher", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args(arguments)
    server = controller(asked.folder, asked.port, SystemClock())
    endings = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)  # before the server's thread begins, which then inherits it
    server.start()
    signal.sigwait(endings)
    server.stop()
    return 0


def _read(file: Path) -> CaughtMail:
    message: Any = message_from_bytes(file.read_bytes(), policy=default)
    at = datetime.strptime(file.name.partition("-")[0], NAME).replace(tzinfo=UTC)
    return CaughtMail(str(message["Subject"] or ""), str(message["To"] or ""), at, _text(message))


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


if __name__ == "__main__":
    raise SystemExit(main())

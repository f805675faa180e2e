"""A scanner for what people send, where a council has one: ClamAV's daemon, asked over its socket."""

import socket
import struct
from pathlib import Path
from typing import Protocol

from config import Settings

PIECE = 65_536
LONGEST_ANSWER = 1_024
TIMEOUT = 20  # seconds


class ScannerProblem(Exception):
    """The scanner could not be asked, or gave no answer that is understood."""


class Scanner(Protocol):
    """Looks for what does harm."""

    def is_clean(self, content: bytes) -> bool:
        """Whether nothing was found. Raises ScannerProblem: what could not be looked at is not clean."""
        ...


class Clamd:
    """ClamAV's daemon at `host:port`, or at the path of its socket."""

    def __init__(self, address: str) -> None:
        """Take the address. Nothing is asked yet."""
        self._address = address

    def is_clean(self, content: bytes) -> bool:
        """Send the content (INSTREAM) and read what was found. Raises ScannerProblem."""
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    line.sendall(struct.pack("!I", len(piece)) + piece)
                line.sendall(struct.pack("!I", 0))
                answer = _answer(line)
        except OSError as problem:
            raise ScannerProblem(f"the scanner cannot be asked: {type(problem).__name__}") from problem
        if answer.endswith(" OK"):
            return True
        if answer.endswith(" FOUND"):
            return False
        raise ScannerProblem("the scanner gave no answer that is understood")

    def _connected(self) -> socket.socket:
        if Path(self._address).is_absolute():
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(TIMEOUT)
            try:
                line.connect(self._address)
            except OSError:
                line.close()
                raise
            return line
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host, int(port)), TIMEOUT)


def scanner_of(settings: Settings) -> Scanner | None:
    """The council's scanner, or None where it has none."""
    return Clamd(settings.scanner) if settings.scanner else None


def _answer(line: socket.socket) -> str:
    """Everything up to the end of the answer."""
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        heard += more
    return heard.rstrip(b"\0").decode("ascii", "replace").strip()

"""A sign of life for the council's own monitor: a file that is written anew, an address that is asked for."""

import os
import tempfile
from datetime import datetime
from pathlib import Path

import requests

from config import Settings

TIMEOUT = 5  # seconds
READABLE = 0o644


class PulseProblem(Exception):
    """The sign of life did not get there. The words hold no address: one of a monitor is often a secret."""


class Pulse:
    """Gives the sign of life of the settings: to a file, to an address, to both or to nobody."""

    def __init__(self, settings: Settings) -> None:
        """Take the file and the address from the settings. Nothing is written or asked for yet."""
        self.file, self.url = settings.heartbeat_file, settings.heartbeat_url

    def give(self, at: datetime) -> None:
        """Write the instant into the file and ask for the address. Raises PulseProblem after trying both."""
        problems = []
        try:
            if self.file is not None:
                _write(self.file, f"{at.isoformat(timespec='seconds')}\n")
        except OSError as problem:
            problems.append(f"the file: {problem.strerror}")
        try:
            if self.url:
                requests.get(self.url, timeout=TIMEOUT, allow_redirects=False).raise_for_status()
        except requests.RequestException as problem:
            problems.append(f"the address: {type(problem).__name__}")
        if problems:
            raise PulseProblem("; ".join(problems))


def _write(file: Path, text: str) -> None:
    """Write beside the place and put it there in one step: a monitor never reads half of it."""
    handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".heartbeat-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
        Path(fresh).chmod(READABLE)
        os.replace(fresh, file)
    finally:
        Path(fresh).unlink(missing_ok=True)

"""What set-up says on the terminal, how it runs a step, and the one way in which it fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


class SetUpFailed(Exception):
    """A step could not be done; the message says which, why, and what would help."""


def say(words: str) -> None:
    """One line for the person at the terminal, shown at once even when it goes to a file."""
    print(words, flush=True)


def quietly(
    command: Sequence[str | Path],
    purpose: str,
    *,
    cwd: Path = PROJECT,
    extra: Mapping[str, str] | None = None,
) -> str:
    """Run a step without its chatter and return what it printed; `SetUpFailed` carries the last of it."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=os.environ | dict(extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as problem:
        raise SetUpFailed(f"{purpose}: {command[0]} cannot be started ({problem.strerror}).") from problem
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-20:])
        raise SetUpFailed(f"{purpose} did not work (exit status {done.returncode}):\n{last}")
    return done.stdout

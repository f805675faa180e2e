"""The processes of the demonstration: started together, watched, and stopped together."""

import os
import queue
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from setup.console import PROJECT, SetUpFailed
from setup.packages import PYTHON

HOST = "127.0.0.1"
READY_WITHIN = 90.0  # seconds, on a slow machine with a cold disk; the scheduler's first heartbeat counts in
PAUSE = 0.2  # seconds between two looks
GRACE = 10.0  # seconds a process may take to finish what it is doing


@dataclass(frozen=True)
class Child:
    """One process of the product, and the file that holds what it says."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def last_words(self) -> str:
        """The end of its log, for a person to read."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


class Household:
    """Processes that live together: when one ends by itself, that is news, and all are stopped in the end."""

    def __init__(self, logs: Path, environ: Mapping[str, str]) -> None:
        """Keep one log a process in `logs`, written anew at each start."""
        self.logs, self.environ = logs, dict(environ)
        self.children: list[Child] = []
        self.ended: queue.SimpleQueue[Child] = queue.SimpleQueue()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *arguments: str) -> Child:
        """Start `python ARGUMENTS` of the environment as a process of its own."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(PYTHON), *arguments],
                cwd=PROJECT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this program alone, which then stops them in order
            )
        child = Child(name, process, log)
        self.children.append(child)
        threading.Thread(target=self._watch, args=[child], daemon=True).start()
        return child

    def wait_until_one_ends(self) -> Child:
        """The first process that ends by itself, however long it takes."""
        return self.ended.get()

    def wait_until_ready(self, url: str, within: float = READY_WITHIN) -> None:
        """Wait until `url` answers 200; `SetUpFailed` when a process ends first or the time is over."""
        answer = "no answer"
        for _ in range(int(within / PAUSE)):
            with suppress(queue.Empty):
                gone = self.ended.get(timeout=PAUSE)
                raise SetUpFailed(f"The {gone.name} ended at once:\n{gone.last_words()}")
            answer = _ask(url)
            if answer == "200":
                return
        logs = "\n".join(f"--- {child.name}\n{child.last_words()}" for child in self.children)
        raise SetUpFailed(f"{url} was not ready within {within:.0f} seconds (it said: {answer}).\n{logs}")

    def stop(self) -> None:
        """End every process, last started first, and wait for each."""
        for child in reversed(self.children):
            if child.process.poll() is None:
                child.process.terminate()
            try:
                child.process.wait(GRACE)
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()

    def _watch(self, child: Child) -> None:
        child.process.wait()
        self.ended.put(child)


@contextmanager
def household(logs: Path, environ: Mapping[str, str]) -> Iterator[Household]:
    """A `Household` that is stopped however the block ends; a polite kill counts as Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = Household(logs, environ)
    try:
        yield home
    finally:
        home.stop()
        signal.signal(signal.SIGTERM, before)


def web_server(port: int) -> Sequence[str]:
    """The arguments that start the web server: two processes of eight threads, and no socket in the user's home."""
    size = ["--workers", "2", "--threads", "8", "--graceful-timeout", "5"]
    return ["-m", "gunicorn", "wsgi:app", "--bind", f"{HOST}:{port}", "--no-control-socket", *size]


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Some port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _ask(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            return str(answer.status)
    except urllib.error.HTTPError as refusal:
        return f"{refusal.code} {refusal.read(300).decode(errors='replace')}"
    except OSError as problem:
        return str(problem)

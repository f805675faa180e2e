"""Killing a process at its n-th system call of a kind: strace takes hold of it and strikes.

The process that is to die is a child that waits for its start, so that nothing it does goes uncounted.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import IO, NamedTuple

CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink")
"""The calls by which SQLite changes what is on the disk: each is counted by itself."""
KNOWN_BY = "attached"
"""The word that strace says once nothing of the process escapes it."""
PR_SET_PTRACER, ANYBODY = 0x59616D61, -1
BROKEN = 70


class CannotStrike(Exception):
    """This machine does not let a process be held and killed from outside; the message says what to do."""


class Struck(NamedTuple):
    """How the process ended: killed or not, and whether it had said that its work was saved."""

    was_killed: bool
    acknowledged: bool


def strike(work: Callable[[], None], finish: Callable[[], None], call: str, at: int) -> Struck:
    """Do the work in a child, acknowledge it, finish, and kill the child as it makes the `at`-th call of this kind.

    A child that was not killed came to its end before there were so many. Raises CannotStrike, or RuntimeError when
    the child failed by itself.
    """
    start_read, start = os.pipe()
    heard, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(start)
        os.close(heard)
        _live(work, finish, start_read, say)
    os.close(start_read)
    os.close(say)
    try:
        holder = _hold(pid, call, at)
        os.write(start, b"go")
        acknowledged = os.read(heard, 1) == b"y"
        _, status = os.waitpid(pid, 0)
        holder.communicate()
    finally:
        os.close(start)
        os.close(heard)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Struck(was_killed=True, acknowledged=acknowledged)
    if status:
        raise RuntimeError(f"the work itself failed at call {at} of {call}: see its traceback above")
    return Struck(was_killed=False, acknowledged=acknowledged)


def _live(work: Callable[[], None], finish: Callable[[], None], start: int, say: int) -> None:
    """What the child does; it never returns."""
    try:
        # Where a process may only be held by its parents, this lets strace, which is none, hold it.
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(ANYBODY), 0, 0, 0)
        if os.read(start, 2) != b"go":
            os._exit(BROKEN)
        work()
        os.write(say, b"y")
        finish()
        os._exit(0)
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        sys.stderr.flush()
        os._exit(BROKEN)


def _hold(pid: int, call: str, at: int) -> subprocess.Popen[str]:
    """Let strace take hold of the process, and return once it has."""
    program = shutil.which("strace")
    if program is None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise CannotStrike("strace is not on this machine. Install it as root, with: apt-get install strace")
    command = [program, "-p", str(pid), "-o", os.devnull, "-e", f"trace={call}"]
    command += ["-e", f"inject={call}:signal=KILL:when={at}"]
    holder = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert holder.stderr is not None
    said = _until_held(holder.stderr)
    if KNOWN_BY not in said:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        holder.wait()
        raise CannotStrike(
            f"strace may not hold a process here, so the faults cannot be tried: {said.strip() or 'it said nothing'}. "
            "A container needs the capability SYS_PTRACE, or a seccomp profile that allows ptrace."
        )
    return holder


def _until_held(stream: IO[str]) -> str:
    """What strace says until it has the process, or all that it says when it never gets it."""
    said = ""
    for line in stream:
        said += line
        if KNOWN_BY in line:
            break
    return said

"""The program that kills a process at a chosen system call: what the tests of sudden ends are made with."""

import shutil
from pathlib import Path

from setup import debian
from setup.console import SetUpFailed


def ensure() -> Path:
    """The program, installed from Debian if need be. Without it those tests fail: none is skipped."""
    if found := shutil.which("strace"):
        return Path(found)
    debian.install(["strace"], "Testing what a sudden end leaves behind")
    if found := shutil.which("strace"):
        return Path(found)
    raise SetUpFailed("strace was installed, but it is not on the path.")

"""Programs that are not Python packages: installed from Debian's archive when we may, named when we may not."""

import os
import shutil
from collections.abc import Sequence

from setup.console import SetUpFailed, quietly, say


def install(packages: Sequence[str], purpose: str) -> None:
    """Install Debian packages as root, or raise `SetUpFailed` saying what somebody has to install and what for."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise SetUpFailed(f"{purpose} needs {names} (Debian's names), and this machine has no apt-get to install it.")
    if os.geteuid() != 0:
        raise SetUpFailed(f"{purpose} needs {names}. Install it as root, with: apt-get install {names}")
    say(f"Installing {names} from Debian ...")
    silent = {"DEBIAN_FRONTEND": "noninteractive"}
    quietly(["apt-get", "update"], "Reading Debian's package lists", extra=silent)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    quietly(command, f"Installing {names}", extra=silent)

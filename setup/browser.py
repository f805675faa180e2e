"""The browser that the journeys drive: the one already here, else Debian's Chromium, else a failure that says so."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from setup import debian
from setup.console import SetUpFailed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


def find(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The browser named by `CHROMIUM_PATH`, or the first known one on the path, or None.

    A `CHROMIUM_PATH` that is no program is refused rather than passed over: somebody meant it.
    """
    if chosen := environ.get("CHROMIUM_PATH"):
        if found := shutil.which(chosen):
            return Path(found)
        raise SetUpFailed(f"CHROMIUM_PATH names {chosen}, which is not a program that can be started.")
    return next((Path(found) for name in NAMES if (found := shutil.which(name, path=environ.get("PATH")))), None)


def ensure() -> Path:
    """A browser to drive, installed from Debian if need be. Without one the journeys fail: none is skipped."""
    if found := find():
        return found
    # Without a font the pages have no letters, and then no size at which they could be judged.
    debian.install(["chromium", "fonts-liberation"], "Testing in a browser")
    if found := find():
        return found
    raise SetUpFailed("Chromium was installed, but none of " + ", ".join(NAMES) + " is on the path.")

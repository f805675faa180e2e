"""PostgreSQL's server programs: found where Debian keeps them or on the path, else installed."""

import os
import shutil
from pathlib import Path

from setup import debian
from setup.console import SetUpFailed

NEEDED = ("initdb", "pg_ctl", "postgres")


def find() -> Path | None:
    """The folder that holds the server's programs, of the newest version here, or None."""
    if chosen := os.environ.get("POSTGRESQL_BIN"):
        if _complete(Path(chosen)):
            return Path(chosen)
        raise SetUpFailed(f"POSTGRESQL_BIN names {chosen}, which does not hold {', '.join(NEEDED)}.")
    # Debian keeps a folder for each version and puts none of them on the path.
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if _complete(folder)]
    if versions:
        return max(versions, key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0)
    on_path = shutil.which("pg_ctl")
    folder = Path(on_path).resolve().parent if on_path else None
    return folder if folder and _complete(folder) else None


def ensure() -> Path:
    """The server's programs, installed from Debian if need be. Without them the PostgreSQL part fails."""
    if found := find():
        return found
    debian.install(["postgresql"], "Testing on PostgreSQL")
    if found := find():
        return found
    raise SetUpFailed("postgresql was installed, but " + ", ".join(NEEDED) + " are nowhere to be found.")


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in NEEDED)

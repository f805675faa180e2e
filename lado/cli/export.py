"""`flask ledger export` and `flask ledger check`: give the whole record away in one file, and check such a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from lado.cli.commands import installed, open_database, report
from lado.domain.bundle_verdict import judge
from lado.errors import Refused
from lado.security.identity import SYSTEM
from lado.services import exports

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("export")
@click.option("--to", "file", type=FILE, required=True, help="A file that does not exist yet.")
@with_appcontext
def export(file: Path) -> None:
    """Write the record into one file that can be checked anywhere; it holds no name and no word."""
    with open_database().reading(SYSTEM) as act, _new(file) as out:
        header = exports.export(act, out.write)
    report(
        {
            "file": str(file),
            "entries": header.entries,
            "head": header.link.hex(),
            "checkpoints": header.checkpoints,
            "reads": header.reads,
        }
    )


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checkpoints", "folder", type=FOLDER, help="Where checkpoints were sent to.")
@with_appcontext
def check(file: Path, folder: Path | None) -> None:
    """Check such a file with the keys of this installation; exit 1 and say why when it does not hold."""
    elsewhere = {each.name: each.read_bytes() for each in folder.glob("*.json")} if folder else {}
    with file.open("rb") as lines:
        verdict = judge(lines, exports.keys(installed().database.vault), elsewhere)
    if verdict.header is None:
        report({"accepted": False, "reason": verdict.reason, "place": verdict.place, "words": verdict.words})
        raise click.exceptions.Exit(1)
    report({"accepted": True, "entries": verdict.header.entries, "checkpoint_files": len(elsewhere)})


@contextmanager
def _new(file: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone that appears when it is complete. Raises Refused where one stands already."""
    if file.exists():
        raise Refused(f"{file} is there already. Choose another name.")
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            yield out
        unfinished.replace(file)
    except OSError as problem:
        raise Refused(f"{file} cannot be written: {problem.strerror}.") from problem
    finally:
        unfinished.unlink(missing_ok=True)

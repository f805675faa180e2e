"""`flask procedures`: check the procedures in words, and draw them for the documentation. Opens no database."""

from pathlib import Path

import click

from lado.cli.commands import Commands, report
from workflows.check import faults
from workflows.diagram import svg, table
from workflows.registry import PROCEDURES
from workflows.rules import NATIONAL

procedures = Commands("procedures", help="Check and draw the procedures.")


@procedures.command("check")
def check_command() -> None:
    """Say what is wrong with each procedure under the national standards; exit 1 when anything is."""
    found = [
        {"key": flow.key, "version": flow.version, "faults": list(faults(flow, NATIONAL))}
        for flow in PROCEDURES.values()
    ]
    report({"procedures": found})
    if any(procedure["faults"] for procedure in found):
        raise click.exceptions.Exit(1)


@procedures.command("draw")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/procedures"),
    show_default=True,
    help="The folder to write to.",
)
def draw_command(folder: Path) -> None:
    """Write each procedure as a picture (SVG) and as a table (Markdown)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for flow in PROCEDURES.values():
            name = f"{flow.key}_v{flow.version}"
            (folder / f"{name}.svg").write_text(svg(flow), encoding="utf-8")
            (folder / f"{name}.md").write_text(table(flow, NATIONAL), encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(f"{folder} cannot be written to: {problem.strerror}.") from problem
    report({"folder": str(folder), "procedures": [f"{flow.key}_v{flow.version}" for flow in PROCEDURES.values()]})

"""`flask procedures`: check and draw the procedures; rehearse what another version would do to running cases."""

from pathlib import Path

import click

from lado.cli.changes import rehearsal
from lado.cli.commands import Commands, open_database, report
from lado.security.identity import SYSTEM
from workflows.check import faults
from workflows.diagram import svg, table
from workflows.registry import NAMED, PROCEDURES
from workflows.rules import NATIONAL

procedures = Commands("procedures", help="Check, draw and rehearse the procedures.")


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


@procedures.command("rehearse")
@click.argument("key")
@click.option("--to", "name", type=click.Choice(sorted(NAMED)), required=True, help="The version to move to.")
def rehearse_command(key: str, name: str) -> None:
    """Say case by case what moving the running cases of the council KEY would do; write nothing."""
    with open_database().reading(SYSTEM) as act:
        report(rehearsal(act, key, "procedure", name))

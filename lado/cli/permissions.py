"""`flask permissions`: list every page with what it needs, and draw who may do what. Opens no database."""

from pathlib import Path

import click
from flask import Flask, current_app

from lado.cli.commands import Commands, report
from lado.security.matrix import Page, document
from lado.security.permissions import Permission
from workflows.registry import PROCEDURES

permissions = Commands("permissions", help="List and draw who may do what.")
UNASKED = frozenset({"HEAD", "OPTIONS"})


@permissions.command("list")
def list_command() -> None:
    """Print every page with its method and the permission that it needs."""
    pages = sorted(pages_of(current_app), key=lambda page: (page.path, page.method))
    report({"pages": [{"method": page.method, "path": page.path, "needs": page.needs} for page in pages]})


@permissions.command("draw")
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("docs/permissions.md"),
    show_default=True,
    help="The file to write.",
)
def draw_command(file: Path) -> None:
    """Write the tables of who may do what (Markdown)."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(document(pages_of(current_app), moves()), encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be written to: {problem.strerror}.") from problem
    report({"file": str(file)})


def pages_of(app: Flask) -> list[Page]:
    """Every address and method of the app, but those that a web server answers by itself."""
    pages = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in (rule.methods or set()) - UNASKED:
            pages.append(Page(method, rule.rule, getattr(view, "needs", None), getattr(view, "finds", False)))
    return pages


def moves() -> list[tuple[str, Permission]]:
    """Each move of any procedure in words, with what it needs."""
    needed = {move.label: Permission(move.needs) for flow in PROCEDURES.values() for move in flow.moves}
    return list(needed.items())

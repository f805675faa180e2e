"""`flask certificate`: prove the record now and keep the certificate."""

import click
from flask.cli import with_appcontext

from lado.cli.commands import in_words, open_database, report
from lado.jobs import certificate as job


@click.command("certificate")
@with_appcontext
def certificate() -> None:
    """Rebuild every case from the record and compare; exit 1 when anything differs."""
    with in_words():
        made = job.make(open_database())
        report(made)
    if any(each["differences"] for each in made):
        raise SystemExit(1)

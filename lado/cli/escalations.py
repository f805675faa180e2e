"""`flask escalations`: what would be escalated, without doing it."""

from datetime import datetime

import click

from lado.cli.clocks import Instant
from lado.cli.commands import Commands, open_database, report
from lado.queries import escalation
from lado.security.identity import SYSTEM

escalations = Commands("escalations", help="See what would be escalated.")


@escalations.command("due")
@click.option("--at", type=Instant(), required=True, help="As at which instant, in ISO 8601.")
def due_command(at: datetime) -> None:
    """Print every rung that a pass at the instant would reach, and whom it would tell; write nothing."""
    with open_database().reading(SYSTEM) as act:
        report(
            [{**rung._asdict(), "due_at": rung.due_at.isoformat()} for rung in escalation.would_fire(act.session, at)]
        )

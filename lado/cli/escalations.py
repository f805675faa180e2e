"""`flask escalations`: what would be escalated, without doing it, and what should have been and was not."""

from datetime import datetime

import click

from lado.cli.clocks import Instant
from lado.cli.commands import Commands, open_database, report
from lado.queries import escalation
from lado.security.identity import SYSTEM
from lado.services import audit

escalations = Commands("escalations", help="See what would be escalated, and what should have been.")


@escalations.command("due")
@click.option("--at", type=Instant(), required=True, help="As at which instant, in ISO 8601.")
def due_command(at: datetime) -> None:
    """Print every rung that a pass at the instant would reach, and whom it would tell; write nothing."""
    with open_database().reading(SYSTEM) as act:
        report(
            [{**rung._asdict(), "due_at": rung.due_at.isoformat()} for rung in escalation.would_fire(act.session, at)]
        )


@escalations.command("audit")
def audit_command() -> None:
    """Look for rungs that are due and have no record, over every running clock; exit status 1 when there is one."""
    with open_database().work(SYSTEM) as act:
        found = audit.run(act)
    report([{**one._asdict(), "due_at": one.due_at.isoformat()} for one in found])
    if found:
        raise SystemExit(1)

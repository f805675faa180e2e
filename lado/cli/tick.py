"""`flask tick`: one pass of the scheduler as at an instant, over what climbs and what is handed over."""

from copy import copy
from datetime import datetime

import click
from flask.cli import with_appcontext

from lado.cli.clocks import Instant
from lado.cli.commands import in_words, open_database, report
from lado.clock import FixedClock
from lado.jobs import escalation, handovers


@click.command("tick")
@click.option("--at", type=Instant(), required=True, help="As at which instant, in ISO 8601.")
@with_appcontext
def tick(at: datetime) -> None:
    """Run one pass as at the instant, print what it did, and fail if a clock or a case had to be set aside."""
    with in_words():
        database = copy(open_database())
        database.clock = FixedClock(at)
        climbed = escalation.run_pass(database)
        handed = handovers.run_pass(database)
    report({"escalation": climbed, "handovers": handed._asdict()})
    if climbed["set_aside"] or handed.set_aside:
        raise SystemExit(1)

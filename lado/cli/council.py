"""`flask council`: fill an empty database with a synthetic council's work, and show who can sign in to it."""

from datetime import date, datetime

import click

from lado.cli.commands import Commands, open_database, report
from lado.clock import london_day
from lado.council import cast
from lado.council.profiles import PROFILES
from lado.council.simulation import Span, simulate
from lado.security.identity import SYSTEM
from workflows.london import END_OF_DAY, instant_on

council = Commands("council", help="A synthetic council for demonstrations and tests.")

DAY = click.DateTime(["%Y-%m-%d"])


@council.command("simulate")
@click.option("--profile", type=click.Choice(sorted(PROFILES)), required=True, help="Whose year it is shaped on.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same year.")
@click.option("--from", "first", type=DAY, required=True, help="The first day.")
@click.option("--to", "last", type=DAY, required=True, help="The last day, included.")
def simulate_command(profile: str, seed: int, first: datetime, last: datetime) -> None:
    """Let a council live through a span of days in an empty migrated database, and mark it as a demonstration."""
    if last < first:
        raise click.UsageError("--to is before --from.")
    database = open_database()
    span = span_of(first.date(), last.date(), database.clock.now())
    found = simulate(database, PROFILES[profile], seed, span, lambda words: click.echo(words, err=True))
    report(found._asdict())


@council.command("sign-ins")
def sign_ins_command() -> None:
    """Show who can sign in to this demonstration, and with which password."""
    with open_database().reading(SYSTEM) as act:
        click.echo(cast.sign_ins(act))


def span_of(first_on: date, last_on: date, now: datetime) -> Span:
    """The span of these days. Where the last one is today it ends now: nothing has happened yet that has not."""
    end_at = instant_on(last_on, END_OF_DAY)
    return Span(first_on, last_on, min(end_at, now) if last_on == london_day(now) else end_at)

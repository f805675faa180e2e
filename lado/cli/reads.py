"""`flask reads`: who has looked at a case."""

import click
from sqlalchemy import select

from lado.cli.commands import Commands, open_database, report
from lado.domain.references import tidied
from lado.errors import NotFound
from lado.models import Referral
from lado.queries import reads as looking
from lado.security.identity import SYSTEM

reads = Commands("reads", help="Say who has looked at a case.")


@reads.command("of")
@click.argument("reference")
def of_command(reference: str) -> None:
    """Print everybody who has looked at the case, how often, first and last."""
    with open_database().reading(SYSTEM) as act:
        case = act.session.scalar(select(Referral.id).where(Referral.reference == tidied(reference)))
        if case is None:
            raise NotFound("There is no case of this reference.")
        found = looking.of_case(act, case)
    report(
        [
            one._asdict() | {"first_at": one.first_at.isoformat(), "last_at": one.last_at.isoformat()}
            for one in found.readers
        ]
    )

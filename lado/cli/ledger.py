"""`flask ledger`: prove that the screen is the record."""

from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lado.adapters.notify import mail_of
from lado.adapters.witness import WitnessProblem, read_folder
from lado.cli.commands import Commands, give_way, installed, open_database, report
from lado.cli.export import check, export
from lado.jobs import checkpoint
from lado.queries import checkpoints as kept
from lado.security.identity import SYSTEM
from lado.services import chain, verification

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

ledger = Commands("ledger", help="Prove the record.")
ledger.add_command(export)
ledger.add_command(check)


@ledger.command("verify")
@click.option("--checkpoints", type=FOLDER, help="A folder of checkpoints that were kept away from this machine.")
def verify_command(checkpoints: Path | None) -> None:
    """Prove that nobody changed the record, and that screens say what it says; exit 1 when anything is found."""
    give_way()
    try:
        away = read_folder(checkpoints) if checkpoints else []
    except WitnessProblem as problem:
        raise click.ClickException(str(problem)) from problem
    with open_database().reading(SYSTEM) as act:
        proof = chain.prove(act, away)
        verdict = verification.verify(act)
        tampering = chain.plain(act, proof.findings)
    report(
        {
            "cases": verdict.cases,
            "entries": proof.entries,
            "head": proof.link.hex(),
            "checkpoints": proof.checkpoints,
            "checkpoints_away": len(away),
            "reads": proof.reads,
            "tampering": tampering,
            "differences": [difference._asdict() for difference in verdict.differences],
        }
    )
    if verdict.differences or tampering:
        raise click.exceptions.Exit(1)


@ledger.command("public-key")
def public_key_command() -> None:
    """Print the key (Ed25519, PEM) by which anybody can check the signature of a checkpoint."""
    key = installed().database.vault.public_key
    click.echo(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), nl=False)


@ledger.command("checkpoint")
def checkpoint_command() -> None:
    """Make a checkpoint now if anything has changed, and send every witness what it has not got yet."""
    here = installed()
    database = open_database()
    done = checkpoint.run_pass(database, checkpoint.of_settings(here.settings, mail_of(here.settings)), at_once=True)
    with database.reading(SYSTEM) as act:
        failing = {each.name: each.problem for each in kept.witnesses(act.session) if each.failing_since_at is not None}
    report({**done, "problems": failing})
    if failing:
        raise click.exceptions.Exit(1)

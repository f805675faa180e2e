"""`flask ledger`: what it finds it names, and its exit status is the verdict."""

import json

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from lado.adapters.witness import read_folder
from lado.domain.chain import statement
from lado.jobs import checkpoint
from tests.support.commands import runner, said
from tests.support.tampering import tamper


def sent_to(folder, database):
    """Make a checkpoint and send it to this folder alone."""
    folder.mkdir(exist_ok=True)
    witnesses = checkpoint.Witnesses(folders=[checkpoint.FolderWitness(folder)])
    return checkpoint.run_pass(database, witnesses, at_once=True)


def test_a_good_record_and_its_checkpoints_verify(database, caseload, tmp_path):
    caseload.referral()
    away = tmp_path / "away"
    sent_to(away, database)

    found = said(runner(database)("ledger", "verify", "--checkpoints", str(away)))

    assert (found["cases"], found["checkpoints"], found["checkpoints_away"]) == (1, 1, 1)
    assert (found["tampering"], found["differences"]) == ([], [])
    assert len(bytes.fromhex(found["head"])) == 32


def test_a_folder_with_a_checkpoint_that_the_database_has_not_got_names_an_older_copy(
    database, new_council, caseload, tmp_path
):
    """A whole older database, put back in the place of the present one."""
    away = tmp_path / "away"
    older, *_ = new_council()
    sent_to(away, older)
    caseload.referral()
    sent_to(away, database)

    result = runner(older)("ledger", "verify", "--checkpoints", str(away))

    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["tampering"]
    assert (found["kind"], found["first"]) == ("restored older copy", 1)


def test_a_checkpoint_that_is_not_whole_is_a_forged_one(database, caseload, tmp_path):
    caseload.referral()
    (tmp_path / "checkpoint-00000007.json").write_text("{}")

    result = runner(database)("ledger", "verify", "--checkpoints", str(tmp_path))

    assert result.exit_code == 1
    assert [(each["kind"], each["first"]) for each in json.loads(result.stdout)["tampering"]] == [
        ("forged checkpoint", 7)
    ]


def test_what_was_done_is_named_with_its_case(database, caseload):
    referral = caseload.referral()
    is_sqlite = database.engine.dialect.name == "sqlite"
    aside = (
        "DROP TRIGGER ledger_entry_is_never_changed" if is_sqlite else "SET LOCAL session_replication_role = replica"
    )
    tamper(database, aside, "UPDATE ledger_entry SET role = 'system' WHERE sequence = 2")

    result = runner(database)("ledger", "verify")

    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["tampering"]
    assert (found["kind"], found["first"], found["reference"]) == ("edited entry", 2, referral.reference)


def test_the_public_key_checks_what_was_sent(database, caseload, tmp_path):
    caseload.referral()
    sent_to(tmp_path / "away", database)

    printed = runner(database)("ledger", "public-key").stdout
    (sent,) = read_folder(tmp_path / "away")

    load_pem_public_key(printed.encode()).verify(sent.signature, statement(sent.stated))


def test_a_checkpoint_is_made_now(app, caseload):
    caseload.referral()
    run = app.test_cli_runner()

    assert said(run.invoke(args=["ledger", "checkpoint"])) == {"made": 1, "sent": 0, "failing": 0, "problems": {}}
    assert said(run.invoke(args=["ledger", "checkpoint"]))["made"] is None

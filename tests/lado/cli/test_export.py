"""`flask ledger export` and `check`, and the second verifier as its own command on what the product exported."""

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import insert, select

from lado.db import Database
from lado.domain.chain import GENESIS, Looked, Stated, reads_digest, statement
from lado.errors import NotAllowed
from lado.models import Checkpoint, LedgerHead, ReadEntry
from lado.security.identity import SYSTEM
from lado.services import exports
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.commands import Run, refused, said

VERIFIER = Path(__file__).resolve().parents[3] / "verifier" / "verify_bundle.py"
NAMES = ("Robin Sample", "Kim Example", "Willow Lane", "Pat Partner", "pulled a child")

Verify = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def lived(caseload: Caseload, database: Database, people) -> Database:
    """A record with two cases, three reads, and a checkpoint before the last of them."""
    caseload.referral(("meet_threshold", "hold_meeting"))
    with database.work(SYSTEM) as act:
        looks = [Looked(n, act.at, people.olive.id, "designated_officer", "view", "case", "read", 1) for n in (1, 2, 3)]
        act.session.execute(insert(ReadEntry), [look._asdict() for look in looks])
        entries, link = act.session.execute(select(LedgerHead.entries, LedgerHead.link)).one()
        stated = Stated(1, act.at, entries, link, 2, reads_digest(GENESIS, looks[:2]))
        signature = act.vault.sign(statement(stated))
        act.session.execute(insert(Checkpoint).values(**stated._asdict(), signature=signature))
    caseload.referral()
    return database


@pytest.fixture
def bundle(lived: Database, run: Run, tmp_path: Path) -> Path:
    """What was exported of it."""
    file = tmp_path / "bundle.jsonl"
    said(run("ledger", "export", "--to", file))
    return file


@pytest.fixture
def verify(vault: Vault, tmp_path: Path) -> Verify:
    """Runs the second verifier as its own command, with the key in the environment unless one is named."""
    public = tmp_path / "public.pem"
    public.write_bytes(vault.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    key = base64.b64encode(vault._record_key).decode()

    def command(
        *words: object, record_key: str = key, path: str = os.environ["PATH"]
    ) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": path, "LADO_RECORD_KEY": record_key}
        command = [sys.executable, "-I", str(VERIFIER), *map(str, words), "--public-key", str(public)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return command


def test_the_record_is_written_for_its_owner_alone_and_names_nobody(bundle: Path) -> None:
    text = bundle.read_text(encoding="ascii")
    kinds = [json.loads(line)["format"] for line in text.splitlines()]

    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert kinds[:2] == ["lado-bundle-1", "lado-checkpoint-1"]
    assert kinds[-4:] == ["lado-read-1"] * 3 + ["lado-bundle-end-1"]
    assert set(kinds[2:-4]) == {"lado-entry-1"}
    assert not any(name in text for name in NAMES)


def test_both_accept_what_was_exported(bundle: Path, run: Run, verify: Verify, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "checkpoint-00000001.json").write_text(bundle.read_text().splitlines()[1])

    ours = said(run("ledger", "check", bundle, "--checkpoints", tmp_path / "elsewhere"))
    theirs = verify(bundle, "--checkpoints", tmp_path / "elsewhere")

    assert (ours["accepted"], ours["checkpoint_files"]) == (True, 1)
    assert (theirs.returncode, theirs.stderr) == (0, "")
    assert "ACCEPTED" in theirs.stdout


def test_both_refuse_an_edited_entry_and_say_where(bundle: Path, run: Run, verify: Verify) -> None:
    lines = bundle.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace('"role":"designated_officer"', '"role":"service_manager"')
    bundle.write_text("".join(lines))

    ours, theirs = run("ledger", "check", bundle), verify(bundle)

    assert ours.exit_code == theirs.returncode == 1
    assert (json.loads(ours.stdout)["reason"], json.loads(ours.stdout)["place"]) == ("link", "line 4")
    assert theirs.stdout.startswith("REFUSED  link at line 4")


def test_the_second_verifier_takes_the_key_from_a_file_and_misses_it_in_words(
    bundle: Path, verify: Verify, vault: Vault, tmp_path: Path
) -> None:
    file = tmp_path / "record.key"
    file.write_bytes(base64.b64encode(vault._record_key) + b"\n")

    assert verify(bundle, "--record-key", file, record_key="").returncode == 0
    without = verify(bundle, record_key="")
    assert without.returncode == 2
    assert "the record key is needed" in without.stderr
    assert "No such file" in verify(tmp_path / "no such file").stderr


def test_what_the_second_verifier_cannot_do_without_is_said_in_words(
    bundle: Path, verify: Verify, tmp_path: Path
) -> None:
    no_folder = verify(bundle, "--checkpoints", tmp_path / "nowhere")
    no_openssl = verify(bundle, path=str(tmp_path))
    (tmp_path / "public.pem").write_text("not a key")
    no_key = verify(bundle)

    assert [each.returncode for each in (no_folder, no_openssl, no_key)] == [2, 2, 2]
    assert "is no folder" in no_folder.stderr
    assert "openssl cannot be run" in no_openssl.stderr
    assert "holds no Ed25519 public key in PEM" in no_key.stderr


@pytest.mark.parametrize(("name", "may"), [("mina", True), ("abe", True), ("olive", False), ("ada", False)])
def test_who_may_give_the_record_away(database: Database, people, name: str, may: bool) -> None:
    with database.reading(getattr(people, name)) as act, nullcontext() if may else pytest.raises(NotAllowed):
        assert exports.export(act, lambda line: None).entries == 0


def test_another_record_key_is_no_key_to_this_record(bundle: Path, verify: Verify) -> None:
    assert verify(bundle, record_key=base64.b64encode(bytes(32)).decode()).stdout.startswith("REFUSED  link at line 3")


def test_a_record_with_nothing_in_it_is_a_bundle_too(run: Run, verify: Verify, tmp_path: Path) -> None:
    said(run("ledger", "export", "--to", tmp_path / "empty.jsonl"))

    assert said(run("ledger", "check", tmp_path / "empty.jsonl"))["entries"] == 0
    assert verify(tmp_path / "empty.jsonl").returncode == 0


def test_a_file_that_is_there_is_never_written_over(bundle: Path, run: Run, tmp_path: Path) -> None:
    before = bundle.read_bytes()

    refused(run("ledger", "export", "--to", bundle), "is there already")
    refused(run("ledger", "export", "--to", tmp_path / "no" / "folder.jsonl"), "cannot be written")
    assert bundle.read_bytes() == before
    assert not list(tmp_path.glob("*.unfinished"))

"""A checkpoint arrives whole or not at all, is never overwritten, and reads back as it was sent."""

import json
from datetime import UTC, datetime

import pytest

from lado.adapters.mail import ServerUnreachable
from lado.adapters.witness import FolderWitness, MailWitness, WitnessProblem, as_json, read_folder
from lado.domain.chain import Stated
from lado.domain.witnessed import Signed
from tests.support.mail import Pigeon

ONE = Signed(Stated(12, datetime(2026, 3, 2, 9, 30, tzinfo=UTC), 40, b"\1" * 32, 7, b"\2" * 32), b"\3" * 64)


def test_a_file_says_what_the_checkpoint_states(tmp_path):
    FolderWitness(tmp_path).send(ONE)

    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint-00000012.json"]
    assert json.loads((tmp_path / "checkpoint-00000012.json").read_text()) == {
        "format": "lado-checkpoint-1",
        "id": 12,
        "at": "2026-03-02T09:30:00.000000Z",
        "entries": 40,
        "link": "01" * 32,
        "reads": 7,
        "reads_digest": "02" * 32,
        "signature": "AwMD" * 21 + "Aw==",
    }
    assert read_folder(tmp_path) == [ONE]


def test_the_same_again_is_fine_and_another_is_refused(tmp_path):
    witness = FolderWitness(tmp_path)
    witness.send(ONE)
    witness.send(ONE)

    with pytest.raises(WitnessProblem, match="another checkpoint 12"):
        witness.send(ONE._replace(signature=b"\4" * 64))
    assert read_folder(tmp_path) == [ONE]


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(WitnessProblem, match="not there"):
        FolderWitness(tmp_path / "unmounted").send(ONE)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_behind_when_it_cannot_be_put_there(tmp_path, monkeypatch):
    def refuse(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", refuse)
    with pytest.raises(WitnessProblem, match="No space left"):
        FolderWitness(tmp_path).send(ONE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "lado-checkpoint-1"}', '{"format": 3, "id": "x"}'])
def test_a_file_that_is_not_whole_bears_no_signature(tmp_path, content):
    (tmp_path / "checkpoint-00000012.json").write_text(content)

    found = read_folder(tmp_path)

    assert [(each.stated.id, each.signature) for each in found] == [(12, b"")]


def test_a_folder_to_read_has_to_be_there(tmp_path):
    with pytest.raises(WitnessProblem, match="not a folder"):
        read_folder(tmp_path / "nowhere")


def test_a_mail_holds_the_same_and_names_nobody(tmp_path):
    pigeon = Pigeon()

    MailWitness(pigeon, "records@council.example").send(ONE)

    (letter,) = pigeon.letters
    assert (letter.to, letter.subject) == ("records@council.example", "Checkpoint 12 of the record")
    saved = tmp_path / "from-the-mail.json"
    saved.write_text(letter.text.partition("\n\n")[2])
    assert saved.read_bytes() == as_json(ONE)


def test_mail_that_does_not_go_is_a_problem():
    with pytest.raises(WitnessProblem, match="ConnectionRefusedError"):
        MailWitness(Pigeon(ServerUnreachable("ConnectionRefusedError")), "a@b.example").send(ONE)

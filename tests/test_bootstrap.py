"""What `run` hands to the processes of the demonstration."""

from pathlib import Path

import pytest

import bootstrap
from config import Settings


def test_a_demonstration_sends_its_checkpoints_beside_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LADO_CHECKPOINTS", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    data = tmp_path / "records"
    settings = Settings.from_environment(bootstrap.environment(data, 8000, 2500))
    assert settings.data_folder == data
    assert settings.checkpoint_folders == (tmp_path / "records-checkpoints",)


def test_places_that_are_named_for_checkpoints_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADO_CHECKPOINTS", "/mnt/elsewhere")
    assert bootstrap.environment(tmp_path, 8000, 2500)["LADO_CHECKPOINTS"] == "/mnt/elsewhere"

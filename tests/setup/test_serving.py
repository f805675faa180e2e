"""The demonstration's processes: waited for, missed when one ends, and all gone afterwards."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from setup import serving
from setup.console import SetUpFailed
from setup.demonstration import Demonstration, set_aside_unfinished, year_before

STAYS = "import signal; signal.pause()"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[serving.Household]:
    monkeypatch.setattr(serving, "PYTHON", sys.executable)
    with serving.household(tmp_path / "logs", {}) as household:
        yield household


def test_it_is_ready_when_the_page_answers_and_gone_when_the_block_ends(tmp_path: Path) -> None:
    (tmp_path / "health").write_text("ready")
    port = serving.free_port()
    with serving.household(tmp_path / "logs", {}) as home:
        child = home.start("server", "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(tmp_path))
        home.wait_until_ready(f"http://127.0.0.1:{port}/health", within=20)
        assert not serving.is_free(port)
        with pytest.raises(SetUpFailed, match=r"not ready within 1 seconds.*404"):
            home.wait_until_ready(f"http://127.0.0.1:{port}/absent", within=1)
    assert child.process.poll() is not None
    assert serving.is_free(port)


def test_a_process_that_cannot_start_is_reported_with_its_last_words(home: serving.Household) -> None:
    home.start("scheduler", "-c", STAYS)
    home.start("web server", "-c", "raise SystemExit('no such database')")
    with pytest.raises(SetUpFailed, match=r"(?s)The web server ended at once.*no such database"):
        home.wait_until_ready("http://127.0.0.1:9/", within=20)


def test_the_death_of_any_process_is_noticed(home: serving.Household) -> None:
    home.start("web server", "-c", STAYS)
    scheduler = home.start("scheduler", "-c", STAYS)
    scheduler.process.kill()
    assert home.wait_until_one_ends() is scheduler


def test_a_process_that_does_not_listen_is_ended_all_the_same(
    home: serving.Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "GRACE", 0.2)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    child = home.start("scheduler", "-c", deaf)
    while "deaf" not in child.last_words():
        assert child.process.poll() is None
    home.stop()
    assert child.process.returncode == -9


@pytest.mark.parametrize(
    ("today", "from_"),
    [("2026-11-23", "2025-11-23"), ("2024-02-29", "2023-02-28"), ("2025-02-28", "2024-02-28")],
)
def test_the_demonstration_covers_a_year(today: str, from_: str) -> None:
    assert str(year_before(date.fromisoformat(today))) == from_


def test_an_interrupted_demonstration_is_put_aside_and_any_other_record_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "lado.sqlite3"
    demonstration = Demonstration(tmp_path, {"DATABASE_URL": f"sqlite:///{file}"})
    file.write_text("somebody's record")
    set_aside_unfinished(demonstration)
    assert file.read_text() == "somebody's record"

    demonstration.unfinished.touch()
    set_aside_unfinished(demonstration)
    assert not file.exists()
    assert (tmp_path / "lado.sqlite3.unfinished").read_text() == "somebody's record"

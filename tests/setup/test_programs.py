"""Programs that set-up looks for: what is named wins, what is absent is installed or asked for in words."""

from pathlib import Path

import pytest

from setup import browser, debian, postgres, strace
from setup.console import SetUpFailed, quietly


def a_program(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)
    return folder / name


def test_the_browser_that_is_named_wins(tmp_path: Path) -> None:
    on_path = a_program(tmp_path / "path", "google-chrome")
    chosen = a_program(tmp_path / "own", "my-browser")
    assert browser.find({"PATH": str(on_path.parent), "CHROMIUM_PATH": str(chosen)}) == chosen
    assert browser.find({"PATH": str(on_path.parent)}) == on_path
    assert browser.find({"PATH": str(tmp_path / "own")}) is None


def test_chromium_comes_before_the_other_browsers(tmp_path: Path) -> None:
    for name in ("microsoft-edge", "google-chrome", "chromium"):
        a_program(tmp_path, name)
    assert browser.find({"PATH": str(tmp_path)}) == tmp_path / "chromium"


def test_a_named_browser_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    a_program(tmp_path, "chromium")
    with pytest.raises(SetUpFailed, match="CHROMIUM_PATH"):
        browser.find({"PATH": str(tmp_path), "CHROMIUM_PATH": str(tmp_path / "absent")})


def test_a_folder_without_a_whole_server_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path, "pg_ctl")
    monkeypatch.setenv("POSTGRESQL_BIN", str(tmp_path))
    with pytest.raises(SetUpFailed, match="initdb"):
        postgres.find()
    for name in postgres.NEEDED:
        a_program(tmp_path, name)
    assert postgres.find() == tmp_path


def test_who_may_not_install_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(a_program(tmp_path, "apt-get").parent))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetUpFailed, match="as root, with: apt-get install chromium"):
        debian.install(["chromium"], "Testing in a browser")


def test_a_machine_without_apt_is_told_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetUpFailed, match="Testing on PostgreSQL needs postgresql"):
        debian.install(["postgresql"], "Testing on PostgreSQL")


def test_a_step_that_fails_shows_the_last_of_what_it_said() -> None:
    with pytest.raises(SetUpFailed, match=r"(?s)The step .*exit status 3.*no such thing"):
        quietly(["sh", "-c", "echo no such thing; exit 3"], "The step")
    with pytest.raises(SetUpFailed, match="absent cannot be started"):
        quietly(["/absent"], "The step")


def test_strace_is_the_one_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = a_program(tmp_path, "strace")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert strace.ensure() == program

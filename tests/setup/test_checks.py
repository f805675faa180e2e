"""The verdict of a whole run: what is missing or skipped counts as failed, and the last line says how many passed."""

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from setup import checks


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("89 passed in 0.97s", {"passed": 89}),
        (
            "==== 1 failed, 12 passed, 2 skipped, 3 deselected in 61.20s (0:01:01) ====",
            {"failed": 1, "passed": 12, "skipped": 2},
        ),
        ("2 errors in 0.11s", {"error": 2}),
        ("3 passed, 1 xfailed, 1 warning in 0.11s", {"passed": 3, "xfailed": 1}),
    ],
)
def test_pytests_closing_line_is_read(line: str, counts: dict[str, int]) -> None:
    assert checks.CLOSING.match(line)
    assert checks.counted(line) == Counter(counts)


@pytest.mark.parametrize("line", ["12 passed", "tests/test_x.py .... 5 passed in 1.2s", "no tests ran in 0.01s"])
def test_no_other_line_is_taken_for_it(line: str) -> None:
    assert not checks.CLOSING.match(line)


def a_part(prints: str, status: int = 0) -> checks.Part:
    code = f"print({prints!r}); raise SystemExit({status})"
    return checks.Part("A part", [sys.executable, "-c", code], is_pytest=True)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        (a_part("4 passed in 0.10s"), 0),
        (a_part("4 passed in 0.10s", status=1), 1),
        (a_part("4 passed, 1 skipped in 0.10s"), 1),
        (a_part("4 passed, 1 xfailed in 0.10s"), 1),
        (a_part("no tests ran in 0.10s"), 1),
        (a_part("nothing at all"), 1),
    ],
)
def test_a_part_that_shows_nothing_or_skips_something_fails(part: checks.Part, status: int) -> None:
    assert checks.run([part]) == status


def test_every_part_runs_and_one_failure_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    parts = [a_part("1 failed, 4 passed in 0.10s", status=1), a_part("7 passed in 0.10s")]
    assert checks.run(parts) == 1
    said = capsys.readouterr().out
    assert "FAILED" in said
    assert said.splitlines()[-1].startswith("==== 1 failed, 11 passed in ")


def a_long_part(heading: str, cores: int, seconds: float) -> checks.Part:
    code = f"import time; print({heading!r}, 'began', flush=True); time.sleep({seconds}); print({heading!r}, 'ended')"
    return checks.Part(heading, [sys.executable, "-c", code], cores=cores)


def test_parts_of_one_core_run_side_by_side_and_are_told_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    parts = [a_long_part("slow", 1, 0.8), a_long_part("quick", 1, 0.1), a_long_part("wide", checks.CORES, 0.1)]

    began = time.monotonic()
    assert checks.run(parts) == 0
    took = time.monotonic() - began

    said = capsys.readouterr().out.splitlines()
    lines = [line for line in said if line.endswith(("began", "ended"))]
    assert lines == [f"{name} {what}" for name in ("slow", "quick", "wide") for what in ("began", "ended")]
    times = [float(line.split()[1]) for line in said if line.startswith("ok ")]
    assert took < sum(times)


def test_a_part_begins_only_when_its_cores_are_free(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def part(name: str, cores: int) -> checks.Part:
        told = f"open({str(log)!r}, 'a').write"
        code = f"import time; {told}('{name} began\\n'); time.sleep(0.3); {told}('{name} ended\\n')"
        return checks.Part(name, [sys.executable, "-c", code], cores=cores)

    checks.run([part("alone", checks.CORES), part("next", checks.CORES), part("last", 1)])

    assert log.read_text().split("\n")[:-1] == [
        f"{name} {what}" for name in ("alone", "next", "last") for what in ("began", "ended")
    ]


def test_a_command_that_is_not_there_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        checks.run([checks.Part("Missing", ["/no/such/program"])])


def test_modules_are_compiled_once_for_a_run_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "module.py").write_text("import sys\nprint(__cached__, sys.flags.dont_write_bytecode)\n")
    told = tmp_path / "told"
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.stdout = open({str(told)!r}, 'w'); import module"

    assert checks.run([checks.Part("Imports", [sys.executable, "-c", code])]) == 0

    cached, leaves_nothing = told.read_text().split()
    assert leaves_nothing == "0"
    assert "__pycache__" in cached
    assert not Path(cached).is_relative_to(tmp_path)
    assert not Path(cached).exists()
    assert not (tmp_path / "__pycache__").exists()


def test_nobodys_settings_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LADO_DATA", "LADO_PRODUCTION", "FLASK_DEBUG", "DATABASE_URL"):
        monkeypatch.setenv(name, "1")
    assert not {"LADO_DATA", "LADO_PRODUCTION", "FLASK_DEBUG", "DATABASE_URL"} & set(
        checks.environment(Path("compiled"))
    )

"""The verdict of a whole run: what is missing or skipped counts as failed, and the last line says how many passed."""

import sys
from collections import Counter

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


def test_nobodys_settings_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LADO_DATA", "LADO_PRODUCTION", "FLASK_DEBUG", "DATABASE_URL"):
        monkeypatch.setenv(name, "1")
    assert not {"LADO_DATA", "LADO_PRODUCTION", "FLASK_DEBUG", "DATABASE_URL"} & set(checks.environment())

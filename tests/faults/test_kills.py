"""A process that dies at any write leaves the whole of what it did, or nothing of it, and never says otherwise."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
EVERY = 6
"""All writes are tried by `python -m tests.faults.kills`, in two or three minutes."""


def kills(*arguments: str) -> dict[str, Any]:
    """The figures of a run; a machine on which it cannot be tried fails the test with the reason."""
    command = [sys.executable, "-m", "tests.faults.kills", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("{"), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_no_write_can_be_killed_so_that_the_record_is_torn_or_lost():
    report = kills("--every", str(EVERY))

    assert report["violations"] == []
    deeds = {"intake", "move", "correction asked", "correction agreed", "pause", "escalation tick"}
    assert set(report["points"]) == deeds
    for deed, points in report["points"].items():
        assert points["pwrite64"] > 5, deed
        assert points["fdatasync"] > 0, deed
    assert report["after_acknowledging"] > 0
    assert report["kills"] > report["after_acknowledging"]


def test_the_judge_sees_what_is_torn():
    report = kills("--control", "--deed", "intake", "--every", "3")

    assert any("torn" in violation for violation in report["violations"])
    assert any("did not leave one effect" in violation for violation in report["violations"])

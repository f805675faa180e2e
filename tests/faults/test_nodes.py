"""Nodes that are killed, stopped and resumed leave each rung once. `python -m tests.faults.nodes` tries 10,000."""

import pytest

from tests.faults.nodes import trial


@pytest.mark.once
def test_nodes_that_are_struck_lose_and_double_nothing():
    report = trial(due=90, seed=1)

    assert report["violations"] == []
    assert report["killed"] + report["stopped"] >= 2
    assert report["found_when_spoilt"] == 2, "one rung stands twice, and one notice is gone"

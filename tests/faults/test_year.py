"""Three nodes leave what the model of the ladder says. `python -m tests.faults.year` lives through a whole year."""

from datetime import date

import pytest

from tests.faults.year import trial


@pytest.mark.once
def test_some_weeks_on_three_nodes_are_the_weeks_of_the_model():
    report = trial(date(2021, 6, 1), date(2021, 6, 15))

    assert report["differences"] == []
    assert report["rungs"] == sum(report["by_node"]) > 30
    assert report["nobody"] > 0
    assert report["found_when_spoilt"] == 3, "one rung is lost, one is late, and of one somebody else was told"

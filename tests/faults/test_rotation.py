"""A change of the master key that is killed again and again leaves everything readable, and goes on where it was."""

from tests.faults.rotation import trial


def test_a_change_of_the_master_key_survives_its_kills():
    found = trial(kills=3, many=500, seed=1, control=False)

    assert found["violations"] == []
    assert found["killed"] > 0
    assert found["logged"] > 0


def test_the_judge_sees_a_key_that_was_lost():
    found = trial(kills=0, many=50, seed=1, control=True)

    assert any("unreadable" in violation for violation in found["violations"])

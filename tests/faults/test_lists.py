"""Random rotas, lists and conflicts, at a small size. `python -m tests.faults.lists` lives through 1,000 of them."""

from collections import Counter
from random import Random
from unittest.mock import patch

import pytest

from lado.services import barring
from tests.faults.lists import begin, live
from tests.faults.twin_life import Council

pytestmark = pytest.mark.database
ROTAS = 6


@pytest.fixture
def council(app, database, clock, people) -> Council:
    made = Council(app, database, clock, people)
    begin(made)
    return made


def lived(council, seed, rotas):
    draw = Random(seed)
    return sum((live(council, draw) for _ in range(rotas)), Counter())


def test_nobody_has_to_do_with_what_they_are_kept_from(council):
    found = lived(council, 1, ROTAS)

    assert found["conflicted"] == 0
    assert min(found[kind] for kind in ("leave", "lists", "declared", "assigned")) > 0


def test_a_case_that_could_be_given_to_anybody_is_found_out(council):
    with patch.object(barring, "refuse_barred", lambda *asked: None):
        assert lived(council, 1, ROTAS)["conflicted"] > 0

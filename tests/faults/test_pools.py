"""Two partners and two councils over one connection, at a small size. `python -m tests.faults.pools` sends 10,000."""

from random import Random
from unittest.mock import patch

import pytest

from lado import create_app
from lado.queries import second_lock
from tests.faults.pools import interleave, one_connection, settle_cases

REQUESTS = 60


@pytest.fixture
def app_of_one(settings, clock):
    """The app with one connection to its database."""
    with one_connection():
        made = create_app(settings, clock)
    yield made
    made.extensions["lado"].database.engine.dispose()


def test_nobody_is_shown_what_is_anothers_over_one_connection(app_of_one, clock, caseload, people):
    seen = interleave(app_of_one, clock, settle_cases(caseload, people), REQUESTS, Random(2))

    assert seen.foreign == []
    assert seen.shown > REQUESTS
    assert seen.broken_off > 0


def test_what_a_connection_is_told_for_longer_than_a_transaction_is_found_out(app_of_one, clock, caseload, people):
    own = settle_cases(caseload, people)
    with patch.object(second_lock, "TELL", second_lock.TELL.replace(", true)", ", false)")):
        seen = interleave(app_of_one, clock, own, REQUESTS // 2, Random(2))

    assert any("for nobody" in found for found in seen.foreign) is (caseload.database.engine.dialect.name != "sqlite")

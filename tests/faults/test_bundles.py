"""Good bundles are accepted and bad ones refused, by the product and by the second verifier alike, at a small size."""

import pytest

from tests.faults.bundles import bad_round, good_round
from tests.faults.tampers import TAMPERS


@pytest.mark.parametrize("seed", range(40))
def test_both_accept_a_good_bundle(seed: int) -> None:
    assert good_round(seed) == []


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", TAMPERS)
def test_both_refuse_a_bad_bundle_for_the_same_reason_at_the_same_place(name: str, seed: int) -> None:
    _, wrong = bad_round(seed, name)

    assert wrong == []

"""The product's verdict and the second verifier's over good and bad bundles: they have to be the same, and right.

`python -m tests.faults.bundles --rounds 1000` judges 1,000 good and 1,000 bad bundles and says how each was refused.
"""

import argparse
import importlib.util
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import NamedTuple

from lado.domain.bundle_verdict import judge
from lado.services.exports import keys
from lado.vault import Vault
from tests.faults.records import Exported, good
from tests.faults.tampers import TAMPERS, a_case

VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify_bundle.py"


class Judged(NamedTuple):
    """What both said of one bundle: None for accepted, else the reason and the place."""

    ours: tuple[str, str] | None
    theirs: tuple[str, str] | None


@cache
def second_verifier() -> ModuleType:
    """The second verifier, read in from its file. It asks openssl about each statement once."""
    found = importlib.util.spec_from_file_location("verify_bundle", VERIFIER)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    module.is_signed = cache(module.is_signed)
    return module


def judged(bundle: Exported, vault: Vault) -> Judged:
    """Let both judge a bundle, each with the same keys."""
    verdict = judge(bundle.lines, keys(vault), bundle.files)
    ours = None if verdict.reason is None else (verdict.reason.value, verdict.place)
    raw = vault._record_key, vault.public_key.public_bytes_raw()
    refusal = second_verifier().verify(bundle.lines, *raw, bundle.files)
    return Judged(ours, refusal and refusal[:2])


def good_round(seed: int) -> list[str]:
    """What is wrong with the verdicts over one good bundle."""
    bundle, vault = good(Random(seed))
    found = judged(bundle, vault)
    return [] if found == (None, None) else [f"good bundle {seed}: {found}"]


def bad_round(seed: int, name: str) -> tuple[str, list[str]]:
    """The reason of the refusal of one bad bundle, and what is wrong with the verdicts over it."""
    tamper, reasons = TAMPERS[name]
    case = a_case(Random(f"{name} {seed}"))
    found = judged(tamper(case), case.vault)
    fits = found.ours is not None and found.ours == found.theirs and found.ours[0] in reasons
    return found.ours[0] if found.ours else "", [] if fits else [f"{name} {seed}: {found}"]


def main() -> int:
    """Judge as many good and as many bad bundles as are asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=1_000, help="how many good and how many bad bundles")
    rounds = asked.parse_args().rounds
    faults = [fault for seed in range(rounds) for fault in good_round(seed)]
    reasons: dict[str, Counter[str]] = {name: Counter() for name in TAMPERS}
    names = list(TAMPERS)
    for seed in range(rounds):
        name = names[seed % len(names)]
        reason, wrong = bad_round(seed, name)
        reasons[name][reason] += 1
        faults += wrong
    print(f"{rounds:,} good and {rounds:,} bad bundles, {len(faults)} wrong or differing verdicts")
    for name, counts in reasons.items():
        print(f"  {name:36}{counts.total():6,}  {', '.join(f'{reason} {n}' for reason, n in counts.most_common())}")
    for fault in faults:
        print(f"WRONG  {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())

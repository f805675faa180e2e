"""What a password must be: long, not one that everybody tries first, and not made of words that anybody would guess.

NIST SP 800-63B-4 section 3.1.1.2 and OWASP ASVS 5.0 6.2: no rule on composition, no expiry, nothing trimmed, and paste
works. The list arrives at set-up (`setup/breached.py`) and holds digests.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SHORTEST, LONGEST = 15, 200
"""Characters: NIST's least for a password, and more than anybody remembers."""

LEFT_OVER = 6
"""Letters that have to be left when the words that anybody would guess are taken away (a default of this product)."""

LIST = Path(__file__).with_name("breached.bin")
DIGEST = 8

GUESSED = (
    "lado referral tracker allegation designated officer safeguarding children council county borough city authority "
    "service services manager head director cover emergency duty administrator admin auditor business support partner "
    "records school education police password passwort passphrase letmein welcome qwerty login secret"
)
"""Words of this product, of councils and of roles, and what stands in every list."""

TOO_SHORT = f"Use a password of at least {SHORTEST} characters."
TOO_LONG = f"Use a password of {LONGEST} characters or fewer."
BREACHED = "This password is in a list of passwords that were stolen elsewhere. Choose one that nobody else uses."
GUESSABLE = "This password is made of words that somebody would guess. Put together words that only you would."


class ListMissing(Exception):
    """The list of breached passwords is not there: set-up was not run."""


def fault(password: str, known: Iterable[str] = ()) -> str:
    """What is wrong with a password, in a sentence; nothing when it may be used.

    `known` are the words that one knows of this person: their name, their address, their council. Raises ListMissing.
    """
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if is_breached(password):
        return BREACHED
    return GUESSABLE if len(_left_of(password, known)) < LEFT_OVER else ""


def is_breached(password: str) -> bool:
    """Whether the password, in whatever case, is in the list."""
    wanted, held = hashlib.sha256(password.casefold().encode()).digest()[:DIGEST], _list()
    low, high = 0, len(held) // DIGEST
    while low < high:
        middle = (low + high) // 2
        if held[middle * DIGEST : (middle + 1) * DIGEST] < wanted:
            low = middle + 1
        else:
            high = middle
    return held[low * DIGEST : (low + 1) * DIGEST] == wanted


def _left_of(password: str, known: Iterable[str]) -> set[str]:
    """The different letters of a password that are in none of the words that somebody would guess."""
    words = {word for text in (*known, GUESSED) for word in re.split(r"[\W_\d]+", text.casefold()) if len(word) > 2}
    left = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return {letter for letter in left if letter.isalpha() or ord(letter) > 127}


@lru_cache(maxsize=1)
def _list() -> bytes:
    if not LIST.exists():
        raise ListMissing("The list of breached passwords is missing. Set up again: python3 bootstrap.py run")
    return LIST.read_bytes()

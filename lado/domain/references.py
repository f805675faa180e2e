"""References of cases: a prefix, six letters and digits, and a check character. Never built from a date or a count."""

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
"""No 0, 1, I, L, O, U or Z: what looks or sounds alike is left out. Twenty-nine, a prime, for the check."""

LENGTH = 6


def new_reference(prefix: str, draw: Callable[[int], int]) -> str:
    """Make a reference such as `NB-7K3Q9M-4`. `draw(n)` gives a random number below n."""
    body = "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(LENGTH))
    return f"{prefix}-{body}-{check_character(body)}"


def check_character(body: str) -> str:
    """Weigh each place differently, modulo a prime: a wrong character or two that changed places are noticed."""
    total = sum(weight * (ALPHABET.index(letter)) for weight, letter in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def tidied(text: str) -> str:
    """Read a reference as people write it: any case, spaces for dashes or none. Returns '' when it cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    prefix, body, check = letters[: -LENGTH - 1], letters[-LENGTH - 1 : -1], letters[-1:]
    if not prefix or len(body) != LENGTH or any(letter not in ALPHABET for letter in body):
        return ""
    return f"{prefix}-{body}-{check}" if check_character(body) == check else ""

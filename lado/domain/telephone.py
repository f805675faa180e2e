"""What a telephone number looks like: written as people write it, an extension of the council among them."""

import re

WRITTEN = re.compile(r"\+?[0-9() \-]+(?:(?:ext\.?|x) ?[0-9]+)?", re.IGNORECASE)
FEWEST, MOST, LONGEST = 4, 20, 40
"""Digits of a number, and characters with everything between them."""

NOT_ONE = "Enter a telephone number in figures, for example 01632 960 001, or 01632 960 001 ext 23."


def problem(text: str) -> str:
    """What is wrong with what was typed as a number, in a sentence; empty when it is one, or when nothing was typed."""
    if not text:
        return ""
    digits = sum(letter.isdigit() for letter in text)
    return "" if WRITTEN.fullmatch(text) and FEWEST <= digits <= MOST and len(text) <= LONGEST else NOT_ONE

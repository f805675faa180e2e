"""The ways in which one name is written and heard: what a search may take for the same, and of what kind that is.

A name is never compared as a whole but word by word, so that the order of first and last name does not count. By other
spellings is meant: parts of a double-barrelled name, Mac and O', letters of other alphabets of Latin script, short
forms of first names. By sound: Metaphone and NYSIIS, both made for names in English ears; both are kept, as each hears
some Welsh, Polish and South Asian names that the other does not.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import jellyfish

from lado.domain import short_names

SHORTEST = 2
"""Letters below which a word of a name is looked for by nothing."""

UNLIKE_ANY = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
"""Letters that Unicode takes for letters of their own and not for one with a mark; written as British papers do."""

BEFORE_A_NAME = frozenset(
    ("o", "mac", "mc", "de", "la", "le", "van", "von", "der", "den", "ap", "ab", "al", "el", "st")
)
"""Words that belong to the one after them: O Brien is O'Brien."""

POLISH_ENDINGS = (("ska", "ski"), ("cka", "cki"), ("dzka", "dzki"))
"""A daughter's surname ends in another letter than her father's."""


def plain(word: str) -> str:
    """A word in plain Latin letters: no case, marks, apostrophes or spaces (Łukasz is lukasz)."""
    letters = unicodedata.normalize("NFKD", word.casefold()).translate(UNLIKE_ANY)
    return "".join(letter for letter in letters if letter.isalnum())


def words_of(name: str) -> list[str]:
    """The words of a name as somebody would type them, each with what stands before it: `O Brien` is one word."""
    found: list[str] = []
    held = ""
    for word in name.split():
        if plain(word) in BEFORE_A_NAME:
            held += word
        else:
            found.append(held + word)
            held = ""
    return [*found, held] if held else found


def other_spellings(word: str) -> frozenset[str]:
    """Under which plain words a word of a name is found however it is spelt: short forms lead to the full ones."""
    found: set[str] = set()
    for part in _parts(word):
        found.update({part}, short_names.FULL.get(part, ()))
        found.update(part[: -len(hers)] + his for hers, his in POLISH_ENDINGS if part.endswith(hers))
        if part.startswith("mc") and len(part) > len("mc") + 1:
            found.add(f"mac{part[2:]}")
    return frozenset(one for one in found if len(one) >= SHORTEST)


def sounds(word: str) -> frozenset[str]:
    """How the parts of a word sound, each said twice, by two rules; nothing for what has no Latin letters."""
    return frozenset(sound for part in _parts(word) if part.isascii() and part.isalpha() for sound in _heard(part))


def sounds_alike(one: str, other: str) -> bool:
    """Whether two names of two words or more may be one: each word of the shorter has a counterpart, in any order."""
    fewer, more = sorted((words_of(one), words_of(other)), key=len)
    return len(fewer) > 1 and all(any(_may_be(word, each) for each in more) for word in fewer)


def _may_be(word: str, other: str) -> bool:
    return bool(other_spellings(word) & other_spellings(other) or sounds(word) & sounds(other))


@lru_cache(maxsize=4096)
def _heard(part: str) -> tuple[str, ...]:
    found = (f"m{jellyfish.metaphone(part)}", f"n{jellyfish.nysiis(part)}")
    return tuple(sound for sound in found if len(sound) > SHORTEST)


def _parts(word: str) -> Iterator[str]:
    """The whole word, and the parts of one with a hyphen."""
    whole = plain(word)
    if len(whole) >= SHORTEST:
        yield whole
    parts = [plain(part) for part in re.split(r"[-‐‑–/]", word)]
    yield from (part for part in parts if part != whole and len(part) >= SHORTEST)

"""The tokens under which names are found in the blind index: as spelt, in another spelling, and by sound.

Each of the three has its own kind, so that equal tokens of two kinds never occur, and so has each field that is looked
for: names, settings and addresses. What a thief of the index could still see is written in
`docs/adr/0028-master-keys-follow-one-another.md`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from lado.act import Act
from lado.domain.spellings import SHORTEST, other_spellings, sounds, words_of
from lado.vault import folded

AS_SPELT, SPELLING, SOUND = "name", "spelling", "sound"
"""The kinds of token of a word of a name, the closest first."""


class Word(NamedTuple):
    """The tokens of one word that is looked for, by how close what they find is."""

    spelt: bytes
    spellings: frozenset[bytes]
    sounds: frozenset[bytes]

    @property
    def any(self) -> frozenset[bytes]:
        """All of them."""
        return self.spellings | self.sounds | {self.spelt}


def looked_for(act: Act, text: str) -> list[Word]:
    """The words of what somebody typed, each with its tokens; a word of one letter is looked for by nothing."""
    words = dict.fromkeys(word for word in words_of(text) if len(folded(word)) >= SHORTEST)
    return [Word(act.vault.token(AS_SPELT, word), _spellings(act, word), _sounds(act, word)) for word in words]


def alike(act: Act, names: Iterable[str]) -> set[bytes]:
    """The tokens that a case is given for its names besides those as they are spelt."""
    words = {word for name in names for word in words_of(name) if len(folded(word)) >= SHORTEST}
    return {token for word in words for token in (*_spellings(act, word), *_sounds(act, word))}


def _spellings(act: Act, word: str) -> frozenset[bytes]:
    return frozenset(act.vault.token(SPELLING, one) for one in other_spellings(word))


def _sounds(act: Act, word: str) -> frozenset[bytes]:
    return frozenset(act.vault.token(SOUND, one) for one in sounds(word))

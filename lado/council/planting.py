"""A string of its own in every word that is sealed, so that whatever shows a word shows where it stood.

The words themselves are those that whoever drives the services writes; the strings go in as the words are sealed, once
for each place and field, whoever writes them and however many cases there are. The name of somebody who signs in is
left as it was made, with a string of its own in it (`named`): cases about them are found by that name. The seed of an
authenticator app is left too, or no code would be right: it stands nowhere else as it is.
"""

import re
from hashlib import blake2b
from typing import Any, NamedTuple

from lado.vault import Vault

PLANTED = re.compile(r"zqplant[0-9a-f]{16}qz", re.I)
NAMED = re.compile(r"zqname[a-z]{10}qz", re.I)
NO_WORD = re.compile(r"(?!zqcanary)[a-z0-9_]*|\d{4}-\d{2}-\d{2}(T.*)?|/[!-~]*")
"""What is read again as a code, a number, a day or an address of ours and never shown as it stands."""

SEED = re.compile(r"\b[A-Z2-7]{4}(?: ?[A-Z2-7]{4}){7}\b")
"""The seed of an authenticator app, in one piece or as it is typed by hand."""

SEEDS = ("factor/", "sign_in_step/")
"""Where seeds are sealed."""


class Spot(NamedTuple):
    """Where a string was planted: the place that the words are bound to, e.g. `ledger/7/12`, and the field."""

    where: str
    field: str


class PlantingVault(Vault):
    """Plants as it seals, and keeps which string stands where."""

    def __init__(self, *keys: bytes) -> None:
        """Take the four keys of a vault."""
        super().__init__(*keys)
        self.spots: dict[str, Spot] = {}

    def seal(self, wrapped: bytes, where: str, what: Any) -> bytes:
        """Seal what is said, with what is planted in it."""
        return super().seal(wrapped, where, self._planted(what, Spot(where, "")))

    def seal_bytes(self, wrapped: bytes, where: str, plain: bytes) -> bytes:
        """Seal bytes as they are: a file has in it what its maker put there (`mark_of`), and it is kept where."""
        for mark in planted_in(plain.decode("latin-1")) - set(self.spots):
            self.spots[mark] = Spot(where.removesuffix("/content"), ".content")
        return super().seal_bytes(wrapped, where, plain)

    def _planted(self, what: Any, spot: Spot) -> Any:
        if isinstance(what, dict):
            return {key: self._planted(said, Spot(spot.where, f"{spot.field}.{key}")) for key, said in what.items()}
        if isinstance(what, list | tuple):
            return [self._planted(said, spot) for said in what]
        if not isinstance(what, str) or NO_WORD.fullmatch(what) or _is_own_name(what, spot):
            return what
        if spot.where.startswith(SEEDS) and SEED.fullmatch(what):
            self.spots[what] = spot
            return what
        mark = mark_of(spot)
        self.spots[mark] = spot
        if mark in what.lower():
            return what  # sealed again in its place
        return f"{mark}.{what}" if "@" in what and " " not in what else f"{mark} {what} {mark}"


def named(number: int) -> str:
    """The last name of the person of this number: it stands nowhere else. Letters alone, as names are compared by."""
    digits = blake2b(str(number).encode(), digest_size=5).hexdigest()
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in digits)
    return f"Zqname{letters}qz"


def mark_of(spot: Spot) -> str:
    """The string for one place and field."""
    return f"zqplant{blake2b(f'{spot.where} {spot.field}'.encode(), digest_size=8).hexdigest()}qz"


def planted_in(text: str) -> set[str]:
    """The planted strings that stand in a text."""
    return {mark.lower() for mark in PLANTED.findall(text)}


def seeds_in(text: str) -> set[str]:
    """Whatever may be the seed of an authenticator app in a text."""
    return {found.replace(" ", "") for found in SEED.findall(text)}


def named_in(text: str) -> set[str]:
    """The names of people who sign in that stand in a text."""
    return {name.lower() for name in NAMED.findall(text)}


def _is_own_name(what: str, spot: Spot) -> bool:
    return spot.where.startswith("account/") and spot.field == ".name" and NAMED.search(what) is not None

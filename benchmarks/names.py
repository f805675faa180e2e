"""A great many cases under names as people have them, in the blind index and beside it in an indexed plain column.

Names are drawn from common ones of Great Britain, the first of each list the most often, and for four in ten from a
long tail of invented surnames. Of a case only the row and its tokens are there: a search needs no more.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from lado.act import Act
from lado.queries import name_tokens
from lado.vault import Vault, folded

FIRST_NAMES = (
    "David John Mohammed James Sarah Susan Michael Paul Andrew Mary Margaret Elizabeth Emma Robert Stephen "
    "Richard Peter Christopher Rebecca Catherine Thomas Daniel Laura Mark William Claire Helen Jennifer Karen "
    "Rachel Joanne Fatima Aisha Matthew Anthony Siobhan Rhys Ewan Katarzyna Piotr Priya Amir Charlotte Jack "
    "Oliver Amelia Isla George"
)
LAST_NAMES = (
    "Smith Jones Taylor Williams Brown Davies Evans Wilson Thomas Roberts Johnson Lewis Walker Robinson Wood "
    "Thompson White Watson Jackson Wright Green Harris Cooper King Lee Martin Clarke James Morgan Hughes Edwards "
    "Hill Moore Clark Harrison Scott Young Morris Hall Ward Turner Carter Phillips Mitchell Patel Adams Campbell "
    "Anderson Allen Cook Bailey Parker Miller Davis Murphy Price Bell Baker Griffiths Kelly Simpson Marshall "
    "Collins Bennett Cox Richardson Fox Gray Rose Chapman Hunt Robertson Shaw Reynolds Lloyd Ellis Richards "
    "Russell Wilkinson Khan Graham Stewart Reid Murray Powell Palmer Holmes Rogers Stevens Walsh Hunter Thomson "
    "Matthews Ross Owen Mason Knight Kennedy Butler Saunders Ahmed Ali Hussain Begum Singh Kaur Shah Kowalski "
    "Nowak Wisniewska Chaudhry O’Brien MacDonald"
)
BEGINNINGS = (
    "Ad Al Bar Ben Bran Cal Car Cran Dal Den Dor Ed Fair Far Glan Gor Had Hal Har Hol Ken Kir Lan Len Mar Mil Nor"
)
ENDINGS = "bridge bury by combe cote den don field ford gate ham hurst ingham land ley man mere more ridge shaw son ton"
FIRST, LAST, HEADS, TAILS = (text.split() for text in (FIRST_NAMES, LAST_NAMES, BEGINNINGS, ENDINGS))
MIDDLES = ("", "a", "e", "ing", "is", "o", "er", "en")
RARE = tuple(f"{head}{middle}{tail}" for head in HEADS for middle in MIDDLES for tail in TAILS)

SLIPS: tuple[tuple[str, str], ...] = (
    ("ph", "f"), ("ck", "k"), ("mm", "m"), ("ll", "l"), ("tt", "t"), ("ss", "s"), ("ea", "ee"), ("ie", "ei"),
    ("ey", "y"), ("son", "sen"), ("i", "y"), ("y", "i"), ("c", "k"), ("e", "a"), ("o", "u"),
)  # fmt: skip
"""How a name that was heard is written by somebody else: the first that fits, and is not at its beginning, is made."""


class Built(NamedTuple):
    """The file, and the name of every case in order of its number."""

    file: Path
    names: list[str]


def drawn(many: int, random: Random) -> Iterator[str]:
    """So many names of people."""
    firsts, lasts = weights(FIRST), weights(LAST)
    for first, last, is_rare in zip(
        random.choices(FIRST, firsts, k=many),
        random.choices(LAST, lasts, k=many),
        random.choices((True, False), (4, 6), k=many),
        strict=True,
    ):
        yield f"{first} {random.choice(RARE) if is_rare else last}"


def weights(names: list[str]) -> list[float]:
    """How often each name is drawn: the first most often, as in any council."""
    return [1 / (place + 3) for place in range(len(names))]


def slipped(name: str) -> str:
    """The surname as somebody writes it who has only heard it."""
    first, last = name.split(" ", 1)
    for written, heard in SLIPS:
        if (at := last.find(written, 1)) > 0:
            return f"{first} {last[:at]}{heard}{last[at + len(written) :]}"
    return f"{first} {last}e"


def fill(file: Path, vault: Vault, names: list[str], row: dict[str, Any], sealed: Callable[[str, str], bytes]) -> None:
    """Put a case for each name into the database, and beside them the same names in a plain table with an index.

    `row` is a case that was really logged; `sealed` makes the headline of a reference and a name.
    """
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -400000")
    connection.execute("DROP INDEX ix_search_token_referral")
    connection.execute("BEGIN")
    columns = ", ".join(row)
    places = ", ".join("?" * len(row))
    begin = int(row["id"]) + 1
    cases = (
        tuple({**row, "id": begin + at, "reference": f"NB-{at}", "sealed": sealed(f"NB-{at}", name)}.values())
        for at, name in enumerate(names)
    )
    connection.executemany(f"INSERT INTO referral ({columns}) VALUES ({places})", cases)  # noqa: S608 - our own names
    connection.executemany("INSERT INTO search_token VALUES (?, ?)", tokens(vault, names, begin))
    connection.execute("CREATE TABLE plain_name (word TEXT, referral_id INTEGER, PRIMARY KEY (word, referral_id))")
    connection.executemany("INSERT OR IGNORE INTO plain_name VALUES (?, ?)", words(names, begin))
    connection.execute("COMMIT")
    connection.execute("CREATE INDEX ix_search_token_referral ON search_token (referral_id)")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def tokens(vault: Vault, names: list[str], begin: int) -> Iterator[tuple[bytes, int]]:
    """The tokens of all names in the order of the index, so that each is added at its end."""
    of_word: dict[str, frozenset[bytes]] = {}
    cases: defaultdict[bytes, list[int]] = defaultdict(list)
    act = cast(Act, SimpleNamespace(vault=vault))  # tokens need nothing else of it
    for at, name in enumerate(names, start=begin):
        found = {vault.token(name_tokens.AS_SPELT, name)}
        for word in name.split():
            if word not in of_word:
                spelt = vault.token(name_tokens.AS_SPELT, word)
                of_word[word] = frozenset({spelt, *name_tokens.alike(act, [word])})
            found |= of_word[word]
        for token in found:
            cases[token].append(at)
    for token in sorted(cases):
        yield from ((token, case) for case in cases.pop(token))


def words(names: list[str], begin: int) -> Iterator[tuple[str, int]]:
    """The words of all names as a plain table would hold them, in the order of its index."""
    return iter(sorted((folded(word), at) for at, name in enumerate(names, start=begin) for word in name.split()))

"""Looking for planted strings: in what somebody was answered, and in whatever keeps bytes, in any common writing."""

import base64
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from lado.council.canary_facts import Facts, Reader
from lado.council.canary_rules import may_see, may_see_name
from lado.council.planting import NAMED, PLANTED, Spot, named_in, planted_in

REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{6}-[0-9A-Z]\b")
EXAMPLES = frozenset({"NB-7K3Q9M-4"})
"""Stand in hints, and are nobody's."""

BEGINNINGS = (b"zqplant", b"zqname")
SHOWN = 20
AT_A_TIME = 1 << 24
OVERLAP = 64


@dataclass(frozen=True)
class Named:
    """Somebody who signs in, by the string in their name: whose person they are, and whom else they serve."""

    authority: int
    account: int
    serves: frozenset[int] = frozenset()


@dataclass
class Scan:
    """What was read, what was found, and which fields were seen where they may be."""

    spots: Mapping[str, Spot]
    facts: Facts
    names: Mapping[str, Named] = field(default_factory=dict)
    read_from: Counter[str] = field(default_factory=Counter)
    """How many of each kind were read: pages, files, messages, bytes."""
    seen: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def read(self, who: Reader, place: str, text: str, references: Iterable[str]) -> None:
        """Find in a text what is not this person's; `references` are those of the referrals that it may name."""
        self.findings += [f"{who.name}, {place}: {what}" for what in self._not_theirs(who, text, set(references))]

    def _not_theirs(self, who: Reader, text: str, references: set[str]) -> Iterator[str]:
        for mark in sorted(planted_in(text)):
            spot = self.spots.get(mark)
            if spot is None:
                yield f"{mark}, which was planted nowhere"
            elif may_see(self.facts, spot, who):
                self.seen[self.facts.label(spot)] += 1
            else:
                yield f"{self.facts.label(spot)} of {spot.where}"
        for name in sorted(named_in(text)):
            one = self.names.get(name)
            if one is None or not may_see_name(one.authority, one.account, who, one.serves):
                yield f"the name of account {one.account if one else name}"
        for reference in sorted(set(REFERENCE.findall(text)) - references - EXAMPLES):
            yield f"the referral {reference}"
        yield from (f"the name {name}" for name in sorted(who.strangers) if name in text)

    def read_for_nobody(self, place: str, content: bytes) -> None:
        """Find in bytes what may stand there for nobody: in a log, a message, the file of a database, a dump."""
        self.findings += [f"{place}: {what}" for what in sorted(in_clear(content))]

    def never_seen(self) -> list[str]:
        """The fields that were planted and that nobody saw who may: what was not looked at proves nothing."""
        return sorted({self.facts.label(spot) for spot in self.spots.values()} - set(self.seen))


def in_clear(content: bytes) -> set[str]:
    """The planted strings in bytes, whether they stand there as they are or in hexadecimal, base64 or UTF-16."""
    found = {word.decode("ascii").lower() for word in _MARKS.findall(content)}
    return found | {f"{name} of a planted string" for name, writing in WRITINGS if writing.search(content)}


_MARKS = re.compile(rb"(?i)" + PLANTED.pattern.encode() + b"|" + NAMED.pattern.encode())


def _writings() -> Iterator[tuple[str, re.Pattern[bytes]]]:
    """How the beginnings of planted strings look in other writings; of base64 in each of its three positions."""
    for word in (spelling for plain in BEGINNINGS for spelling in (plain, plain.capitalize())):
        yield "the hexadecimal writing", re.compile(rb"(?i)" + word.hex().encode())
        yield "UTF-16", re.compile(re.escape(word.decode().encode("utf-16-le")))
        for place in range(3):
            whole = base64.b64encode(b"\0" * place + word)
            inner = whole[(place * 8 + 5) // 6 : (place + len(word)) * 8 // 6]
            yield "base64", re.compile(re.escape(inner))


WRITINGS = tuple(_writings())


def in_file(file: Path) -> set[str]:
    """The same of a file, read a piece at a time."""
    found: set[str] = set()
    before = b""
    with file.open("rb") as opened:
        while piece := opened.read(AT_A_TIME):
            found |= in_clear(before + piece)
            before = piece[-OVERLAP:]
    return found


def words_of(content: bytes, mimetype: str) -> str:
    """All that an answer says: a PDF's pages and what it says of itself, every part of an archive, or the text."""
    if mimetype == "application/pdf":
        try:
            pdf = PdfReader(io.BytesIO(content))
            return "\n".join([*(page.extract_text() for page in pdf.pages), str(pdf.metadata)])
        except PyPdfError:  # a file that somebody sent may be broken
            return content.decode("utf-8", "replace")
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(f"{name}\n{words_of(parts.read(name), '')}" for name in parts.namelist())
    return content.decode("utf-8", "replace")

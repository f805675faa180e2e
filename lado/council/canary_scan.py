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
from lado.council.planting import NAMED, PLANTED, SEED, Spot, named_in, planted_in, seeds_in

REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{6}-[0-9A-Z]\b")
EXAMPLES = frozenset({"NB-7K3Q9M-4"})
"""Stand in hints, and are nobody's."""

BEGINNINGS = (b"zqplant", b"zqname")
SHOWN = 20

WHOLE_NAMES = frozenset({"PersonAdded.name", "PersonAdded.known_as", "referral.subject"})
"""The fields in which the people of a case stand by their whole name."""

SHOWN_TO_NOBODY: Mapping[str, str] = {
    "factor.name": "pages say what kind of second step it is",
    "factor.seed": "it is shown once, while it is set up, and to the person alone",
    "hand_over.reason": "pages say it as it stands on the record of the case",
    "holiday_review.note": "it is kept for whoever looks into how a clock was judged; no page shows it",
}
"""The sealed fields that no page shows to anybody, and why."""

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

    def read(self, who: Reader, place: str, text: str, references: Iterable[str]) -> set[int]:
        """Find in a text what is not this person's; `references` are those of the referrals that it may name.

        Returns the cases whose people the text calls by their whole name.
        """
        self.findings += [f"{who.name}, {place}: {what}" for what in self._not_theirs(who, text, set(references))]
        spots = [self.spots[mark] for mark in planted_in(text) if mark in self.spots]
        owners = [self.facts.belongs(spot) for spot in spots if self.facts.label(spot) in WHOLE_NAMES]
        return {belongs.case for belongs in owners if belongs is not None and belongs.case is not None}

    def _not_theirs(self, who: Reader, text: str, references: set[str]) -> Iterator[str]:
        for mark in sorted(planted_in(text)):
            spot = self.spots.get(mark)
            if spot is None:
                yield f"{mark}, which was planted nowhere"
            elif may_see(self.facts, spot, who):
                self.seen[self.facts.label(spot)] += 1
            else:
                yield f"{self.facts.label(spot)} of {spot.where}"
        for spot in sorted(self.spots[seed] for seed in seeds_in(text) if seed in self.spots):
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

    @property
    def seeds(self) -> list[str]:
        """The seeds of authenticator apps that are kept."""
        return [word for word in self.spots if SEED.fullmatch(word)]

    def never_seen(self) -> list[str]:
        """The fields that were planted and that nobody saw who may: what was not looked at proves nothing."""
        return sorted({self.facts.label(spot) for spot in self.spots.values()} - set(self.seen) - set(SHOWN_TO_NOBODY))


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


def in_file(file: Path, seeds: Iterable[str] = ()) -> set[str]:
    """The same of a file, read a piece at a time; and any of these seeds."""
    found: set[str] = set()
    wanted = {seed: seed.encode() for seed in seeds}
    before = b""
    with file.open("rb") as opened:
        while piece := opened.read(AT_A_TIME):
            found |= in_clear(before + piece)
            found |= {"the seed of an app" for seed in wanted.values() if seed in before + piece}
            before = piece[-OVERLAP:]
    return found


def words_of(content: bytes, mimetype: str) -> str:
    """All that an answer says: a PDF's pages and what it says of itself, every part of an archive, or the text."""
    if mimetype == "application/pdf":
        try:
            pdf = PdfReader(io.BytesIO(content))
            said = [*(page.extract_text() for page in pdf.pages), str(pdf.metadata)]
        except PyPdfError:  # a file that somebody sent may be broken
            said = []
        return "\n".join([*said, content.decode("latin-1")])
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(f"{name}\n{words_of(parts.read(name), '')}" for name in parts.namelist())
    return content.decode("utf-8", "replace")

"""Where payloads are put, and by what it is seen that one of them became more than text."""

import re
from collections.abc import Collection, Sequence
from html import unescape
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from lado.council.planting import NO_WORD
from lado.vault import Vault
from tests.faults.payload_list import EVALUATED

LEADS = frozenset({"href", "src", "action", "formaction", "data", "xlink:href", "poster"})
"""Marks that lead somewhere."""
RUNS = re.compile(r"[\s\x00-\x1f]*(j\s*a\s*v\s*a|v\s*b)\s*script\s*:|[\s\x00-\x1f]*data:text/", re.I)
FOREIGN = re.compile(r"[\s\x00-\x1f]*(?:https?:)?[/\\]{2}|https?:(?![/\\])", re.I)
CONTROLS = re.compile(r"[\x00-\x1f]")
"""What no form of ours keeps."""
NO_WORDS = frozenset({"seed"})
"""What nobody writes: the seed of an authenticator app."""
CHOSEN = {"children_safe": "not_known"}
"""What is chosen from a list, where the canary's world has a word."""


class PayloadVault(Vault):
    """Seals payloads in the place of every word that somebody might write: all of them, each time from another on."""

    def __init__(self, *keys: bytes, payloads: Sequence[str]) -> None:
        """Take the four keys of a vault, and what is to be planted."""
        super().__init__(*keys)
        self.payloads = payloads
        self.fields: set[str] = set()

    def seal(self, wrapped: bytes, where: str, what: Any) -> bytes:
        """Seal payloads."""
        return super().seal(wrapped, where, self._planted(what, where.split("/")[0]))

    def _planted(self, what: Any, where: str) -> Any:
        if isinstance(what, dict):
            said_of = what | {key: code for key, code in CHOSEN.items() if key in what}
            return {
                key: said if key in NO_WORDS else self._planted(said, f"{where}.{key}") for key, said in said_of.items()
            }
        if isinstance(what, list | tuple):
            return [self._planted(said, where) for said in what]
        if not isinstance(what, str) or NO_WORD.fullmatch(what) or ("@" in what and " " not in what):
            return what
        if any(payload in what for payload in self.payloads):
            return what  # sealed again in its place
        self.fields.add(where)
        first = len(self.fields) % len(self.payloads)
        return CONTROLS.sub("", " ".join((*self.payloads[first:], *self.payloads[:first])))


def broken_out(text: str, host: str = "") -> list[str]:
    """What on a page is no text of ours: planted elements, events in marks, links that run or lead to others."""
    found = []
    for element in LexborHTMLParser(text).css("*"):
        for name, value in element.attributes.items():
            leads = name in LEADS and (said := value or "") and (RUNS.match(said) or _is_foreign(said, host))
            if name == "data-planted" or name.startswith("on") or leads:
                found.append(f"{name}={value!r} on {(element.html or '')[:160]}")
    return found + ([f"{EVALUATED}: a sum was worked out"] if EVALUATED in text else [])


def _is_foreign(leads_to: str, host: str) -> bool:
    return FOREIGN.match(leads_to) is not None and "evil.test" in leads_to and not (host and leads_to.startswith(host))


def shown(text: str, payloads: Collection[str]) -> set[str]:
    """Which payloads stand on a page to the letter, as a person reads it or in a box of a form."""
    words = squeezed(unescape(text)) if payloads else ""
    return {payload for payload in payloads if squeezed(payload) in words}


def squeezed(text: str) -> str:
    """A text without what the end of a line, or the making of a file, may change: blanks, hyphens, controls."""
    return re.sub(r"[\s\x00-\x1f\xa0\xad\u2010\u200b-]+", "", text)


def acts_of(pdf: bytes) -> list[str]:
    """What a PDF would do by itself or on a click: nothing, unless somebody planted it."""
    pages = PdfReader(BytesIO(pdf)).pages
    found = [f"an annotation: {mark}" for page in pages for mark in page.get("/Annots", [])]
    return found + [f"{name!r} in the file" for name in (b"/JavaScript", b"/OpenAction", b"/Launch") if name in pdf]

"""What a file that somebody sends may be: told by its content, and refused with how to mend it."""

import io
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

import filetype

LARGEST = 10_000_000
"""Bytes of one file (a default of this product: a scan of twenty pages, or a photograph)."""

MOST = 10
"""Files of one referral that is being written, or sent at once."""

LONGEST_NAME = 120
BEGINNING = 8_192
"""Bytes that tell what a file is."""

MOST_PARTS = 5_000
"""Parts in one document; more is no letter."""


NOTED = "attach_file"
"""What the record calls it when a file comes to a case."""


class Kind(NamedTuple):
    """One kind of file: what people call it, its type on the web, and how its name may end."""

    label: str
    mime: str
    endings: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "jpg": Kind("Photograph (JPEG)", "image/jpeg", ("jpg", "jpeg")),
    "png": Kind("Picture (PNG)", "image/png", ("png",)),
    "heic": Kind("Photograph (HEIC)", "image/heic", ("heic", "heif")),
    "docx": Kind("Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xlsx": Kind("Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "odt": Kind("OpenDocument text", "application/vnd.oasis.opendocument.text", ("odt",)),
    "txt": Kind("Plain text", "text/plain", ("txt",)),
}
"""What is taken. Nothing of it runs by itself, and none of it is shown inside our pages."""

MAIN_PART: Mapping[str, str] = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml"}
TAKEN = "PDF, JPEG, PNG, HEIC, DOCX, XLSX, ODT or TXT"

EMPTY = "The file is empty. Choose another one."
TOO_LARGE = f"The file is larger than {LARGEST // 1_000_000} MB. Send a smaller copy, or ring us."
UNKNOWN = f"This kind of file is not taken. Save it as {TAKEN}, and choose it again."
OTHERWISE = "The name says that it is one kind of file and its content is another. Save it anew and choose it again."
PROGRAM = "This document holds a program (a macro). Save it without, as DOCX, XLSX or PDF, and choose it again."
BROKEN = "This document cannot be read, or is locked with a password. Save it anew without one and choose it again."
NAMELESS = "The file has no name that ends in its kind, such as .pdf. Name it, and choose it again."


def named(name: str) -> str:
    """The name of a file without its folders and without what no name may hold, shortened in front of its ending."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else plain[:LONGEST_NAME]


def fault(name: str, content: bytes) -> str:
    """What is wrong with a file, in words that say how to mend it; empty when it may be taken."""
    if not content:
        return EMPTY
    if len(content) > LARGEST:
        return TOO_LARGE
    if "." not in named(name):
        return NAMELESS
    kind = kind_of(content)
    if kind == "":
        return UNKNOWN
    if named(name).rpartition(".")[2].casefold() not in KINDS[kind].endings:
        return OTHERWISE
    return _fault_of_document(kind, content) if kind in MAIN_PART else ""


def kind_of(content: bytes) -> str:
    """Which kind of file this is by its content; empty for a kind that is not taken."""
    found = filetype.guess_extension(content[:BEGINNING])
    if found not in (None, "zip"):
        return found if found in KINDS else ""
    if content.startswith(b"PK"):
        return next((kind for kind, part in MAIN_PART.items() if part in _parts(content)), "")
    return "txt" if _is_text(content) else ""


def _fault_of_document(kind: str, content: bytes) -> str:
    parts = _parts(content)
    if MAIN_PART[kind] not in parts or len(parts) > MOST_PARTS:
        return BROKEN
    return PROGRAM if any("vbaproject" in part.casefold() or part.startswith("Basic/") for part in parts) else ""


def _parts(content: bytes) -> list[str]:
    """The names of the parts of a document; its parts are never unpacked."""
    try:
        return zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []


def _is_text(content: bytes) -> bool:
    """Whether it is words and nothing that a browser or a shell would take for more."""
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in words):
        return False
    return not words.lstrip().startswith(("<", "#!", "%!", "{\\rtf"))

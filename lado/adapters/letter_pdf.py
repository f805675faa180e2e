"""A letter as a PDF that a screen reader can read (PDF/UA-1): tagged, with its language and its title.

Typst sets it. The words are handed over as data and never as markup, so nothing in them is evaluated. The font is
FiraGO, which knows Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai and Georgian; fonts that the machine has
stand in for it where it lacks a character.
"""

import json
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

import pymupdf_fonts
import typst

from lado.domain import said
from lado.domain.letters import Sheet

MIME = "application/pdf"
FONTS = {"regular.otf": "figo", "bold.otf": "figbo"}
LACKING = "could not be displayed"
FOLDER = tempfile.TemporaryDirectory(prefix="lado-fonts-")
"""Where the fonts lie while they are read: it goes with the process."""
TEMPLATE = Path(__file__).with_name("letter.typ")


class CannotShow(Exception):
    """The letter holds a character that no font at hand can show."""


def make(sheet: Sheet, made_at: datetime) -> bytes:
    """The bytes of the file. Raises CannotShow."""
    letter = {
        "title": f"Letter {sheet.reference}",
        "council": sheet.council,
        "telephone": sheet.telephone,
        "reference": sheet.reference,
        "day": said.whole_day(sheet.written_on),
        "to": sheet.to.split("\n"),
        "heading": sheet.text.heading,
        "paragraphs": [words.split("\n") for words in sheet.paragraphs],
    }
    try:
        return typst.compile(
            TEMPLATE.read_bytes(),
            font_paths=_fonts(),
            sys_inputs={"letter": json.dumps(letter)},
            pdf_standards=["ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as problem:
        if LACKING in problem.message:
            raise CannotShow from None  # the message quotes the letter
        raise


@cache
def _fonts() -> typst.Fonts:
    """Our font and those of the machine, read once for the life of the process."""
    folder = Path(FOLDER.name)
    for name, code in FONTS.items():
        (folder / name).write_bytes(pymupdf_fonts.myfont(code))
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(folder)])

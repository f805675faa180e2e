"""Letters and e-mails by which people are told: which there are, what may stand in their wording, and filling it in.

Wording is text with placeholders from a closed list. They are replaced once and nothing is ever evaluated: what a name
brings with it (braces, angle brackets, anything) is printed as it is.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from lado.domain.codes import OUTCOMES
from lado.domain.partner_words import GIVES_AWAY

EMAIL = "email"

OCCASIONS: Mapping[str, str] = {
    "decision": "What was decided at the start",
    "progress": "What is happening",
    "outcome": "What was concluded",
    EMAIL: "E-mail that there is news",
}

TELLS: Mapping[str, str] = {"decision": "progress", "progress": "progress", "outcome": "outcome", EMAIL: "progress"}
"""How much an audience is told by what is written to it on an occasion (`codes.EXTENTS`)."""

EMAIL_PLACEHOLDERS: Mapping[str, str] = {
    "reference": "The reference of the case",
    "council": "The name of the council",
    "telephone": "The council’s telephone number",
    "next_update": "The day by which they hear again",
}
"""All that an e-mail may hold of a case: it is read on locked screens and by whoever shares a mailbox."""

PLACEHOLDERS: Mapping[str, str] = {
    **EMAIL_PLACEHOLDERS,
    "officer": "The name of the accountable officer",
    "today": "The day on which the letter is made",
    "received": "The day on which the referral was received",
    "subject": "The name of the person whom it is about",
    "workplace": "Where that person works",
    "happening": "What is happening now, in the sentence that partners are told",
    "outcome": "What was concluded",
    "meaning": "What that conclusion means",
    "own_words": "What you write yourself for each letter",
    "publicity": "What the law says about naming a teacher; nothing where it is not about a school",
}
"""The closed list, each with what it is replaced by."""

NOTED = "make_letter"
"""What the record calls it when a letter is made or an e-mail sent."""

MAY_BE_EMPTY = frozenset({"publicity"})

LONGEST_HEADING, LONGEST_BODY, LONGEST_TO = 120, 10_000, 500
"""Characters."""

MISSING: Mapping[str, str] = {"heading": "Write a heading.", "body": "Write the text."}
LONE_BRACE = "There is a { or } that belongs to no placeholder. Placeholders are written like {reference}."
A_GAP = "Fill in what stands in square brackets, or take it out: {gaps}."

PUBLICITY = (
    "The law protects the name of a teacher who is said to have committed an offence against a pupil of the same "
    "school. Until the teacher is charged, or a court or the Secretary of State makes the name known, nobody may "
    "publish anything by which the public could recognise them. Telling other parents on social media counts as "
    "publishing, and is an offence."
)
"""Section 141F of the Education Act 2002, in our own words. Parents are to be told of it (Keeping Children Safe in
Education, part four)."""

SCHOOLS = frozenset({"primary", "secondary", "special", "alternative", "independent"})
"""The sectors in which that section can apply: whether the person is a teacher is for the officer to know."""

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
SHIELDED = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Characters that turn the direction of the text around them, or that no document can hold."""


class Kind(NamedTuple):
    """One kind of letter or e-mail: for whom (`codes.AUDIENCES`) and on what occasion."""

    audience: str
    occasion: str

    @property
    def is_email(self) -> bool:
        """Whether it is sent as an e-mail, and so names nobody."""
        return self.occasion == EMAIL

    @property
    def placeholders(self) -> Mapping[str, str]:
        """What may stand in it."""
        return EMAIL_PLACEHOLDERS if self.is_email else PLACEHOLDERS


class Text(NamedTuple):
    """A heading (of an e-mail: its subject) and paragraphs, with an empty line between two."""

    heading: str
    body: str


class Sheet(NamedTuple):
    """A letter as it goes out, whatever the file: who writes to whom about which case, and what."""

    council: str
    telephone: str
    reference: str
    written_on: date
    to: str
    text: Text

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of its text, each with the lines that it was given."""
        return tuple(found for part in self.text.body.split("\n\n") if (found := part.strip()))


def clean(text: str) -> str:
    """Text as any document can hold it: line ends alike, no control characters, nothing that turns its direction."""
    plain = SHIELDED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    kept = "".join(letter for letter in plain if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))
    lines = "\n".join(line.strip() for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def tidied(text: Text) -> Text:
    """Wording as it is kept."""
    return Text(one_line(text.heading), clean(text.body))


def problems(kind: Kind, text: Text) -> dict[str, str]:
    """What is wrong with wording, by field (heading, body); nothing when letters may be made of it."""
    found = lengths(text)
    for name, words in text._asdict().items():
        if name not in found and (fault := _fault(kind, words)):
            found[name] = fault
    return found


def lengths(text: Text) -> dict[str, str]:
    """What is missing or too long, by field (heading, body)."""
    found = {name: MISSING[name] for name, words in text._asdict().items() if not words}
    for name, most in (("heading", LONGEST_HEADING), ("body", LONGEST_BODY)):
        if len(getattr(text, name)) > most:
            found[name] = f"Shorten this to {most:,} characters or fewer. It has {len(getattr(text, name)):,}."
    return found


def filled(text: Text, values: Mapping[str, str]) -> Text:
    """The wording with each placeholder replaced, once: what comes in is not looked at again."""
    heading, body = (PLACEHOLDER.sub(lambda found: values[found[1]], words) for words in text)
    return tidied(Text(heading, body))


def gap(name: str) -> str:
    """What stands in the text for a placeholder whose value is not known yet."""
    what = PLACEHOLDERS[name]
    return f"[{what[0].lower()}{what[1:]}: to be filled in]"


def gaps_in(text: Text) -> list[str]:
    """The gaps that were left in a text: it is not sent with one."""
    return [gap(name) for name in PLACEHOLDERS if gap(name) in text.heading or gap(name) in text.body]


def whole(values: Mapping[str, str]) -> dict[str, str]:
    """A value for every placeholder, on one line each; a gap stands for what is not known."""
    return {
        name: one_line(values.get(name, "")) or ("" if name in MAY_BE_EMPTY else gap(name)) for name in PLACEHOLDERS
    }


def publicity(sector: str) -> str:
    """What to say about naming a teacher where the case is about a school; else nothing."""
    return PUBLICITY if sector in SCHOOLS else ""


def _fault(kind: Kind, words: str) -> str:
    """What is wrong with the placeholders of a text, or, in an e-mail, with what it gives away."""
    unknown = [name for name in PLACEHOLDER.findall(words) if name not in kind.placeholders]
    if unknown:
        where = "an e-mail" if kind.is_email and unknown[0] in PLACEHOLDERS else "a letter or an e-mail"
        return f"{{{unknown[0]}}} cannot stand in {where}. Use only the placeholders that are listed on this page."
    if set("{}") & set(PLACEHOLDER.sub("", words)):
        return LONE_BRACE
    told = [word for word in (*GIVES_AWAY, *OUTCOMES, "allegation") if word in words.casefold()]
    if kind.is_email and told:
        return f"Leave out “{told[0]}”: an e-mail may be read by somebody else. It says only that there is news."
    return ""


EXAMPLE: Mapping[str, str] = whole(
    {
        "reference": "XX-2026-00042",
        "council": "Anytown Council",
        "telephone": "01632 960 000",
        "next_update": "Friday 16 October 2026",
        "officer": "Robin Example",
        "today": "Friday 2 October 2026",
        "received": "Monday 7 September 2026",
        "subject": "Jo Invented",
        "workplace": "Anywhere Primary School",
        "happening": "The facts are being looked into.",
        "outcome": "Unfounded",
        "own_words": "The grown-up did not mean to hurt anybody. They will learn how to do it better.",
        "meaning": "There is no evidence or proper basis for it, or what was seen was misread.",
        "publicity": PUBLICITY,
    }
)
"""An invented case, to see how wording reads."""

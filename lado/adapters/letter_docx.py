"""A letter as a Word document, made from nothing: no author but the council, no comment, no hidden part."""

from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from lado.domain import said
from lado.domain.letters import Sheet

FONT, SIZE, SMALL = "Arial", Pt(12), Pt(9)
MARGIN = Mm(25)
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def make(sheet: Sheet, made_at: datetime) -> bytes:
    """The bytes of the document."""
    document = Document()
    _lay_out(document)
    _describe(document, sheet, made_at)
    _write(document.add_paragraph(), f"{sheet.council}\n{sheet.telephone}")
    _write(document.add_paragraph(), f"{sheet.reference}\n{said.whole_day(sheet.written_on)}")
    _write(document.add_paragraph(), sheet.to)
    document.add_heading(sheet.text.heading, level=1)
    for words in sheet.paragraphs:
        _write(document.add_paragraph(), words)
    _write_footer(document.sections[0].footer.paragraphs[0], sheet)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _lay_out(document: Made) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name in ("Normal", "Heading 1"):
        font = document.styles[name].font
        font.name, font.color.rgb = FONT, None
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over the one that is named
    document.styles["Normal"].font.size = SIZE
    document.styles["Heading 1"].font.size = Pt(18)


def _describe(document: Made, sheet: Sheet, made_at: datetime) -> None:
    """What the file says of itself: the reference, the council, when; no person and no tool."""
    about = document.core_properties
    about.title, about.author, about.last_modified_by = f"Letter {sheet.reference}", sheet.council, sheet.council
    about.comments = about.keywords = about.subject = about.category = ""
    about.language, about.revision = "en-GB", 1
    about.created = about.modified = made_at.replace(tzinfo=None)


def _write(paragraph: Paragraph, words: str) -> None:
    """The words with the line ends that they were given."""
    for place, line in enumerate(words.split("\n")):
        if place:
            paragraph.add_run().add_break(WD_BREAK.LINE)
        paragraph.add_run(line)


def _write_footer(paragraph: Paragraph, sheet: Sheet) -> None:
    paragraph.add_run(f"{sheet.reference} · Confidential: for the person it is addressed to · Page ")
    _count(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _count(paragraph, "NUMPAGES")
    for run in paragraph.runs:
        run.font.size = SMALL


def _count(paragraph: Paragraph, field: str) -> None:
    """A number that Word fills in: of the page, or of all pages."""
    for kind, words in (("begin", ""), ("", field), ("separate", ""), ("value", "1"), ("end", "")):
        run = paragraph.add_run(words if kind == "value" else "")
        if kind == "value":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        run._r.append(part)

"""The words of any answer: of a page as it is, and of a file as somebody would read it."""

import zipfile
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from werkzeug.test import TestResponse

from lado.adapters import letter_docx, letter_pdf


def words_in(answer: TestResponse) -> str:
    """All that an answer says: a PDF's pages and what it says of itself, every part of a Word document, or the text."""
    content = answer.get_data()
    if answer.mimetype == letter_pdf.MIME:
        try:
            pdf = PdfReader(BytesIO(content))
            return "\n".join([*(page.extract_text() for page in pdf.pages), str(pdf.metadata)])
        except PyPdfError:  # a file that somebody sent may be broken
            return content.decode("utf-8", "replace")
    if answer.mimetype == letter_docx.MIME:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return content.decode()

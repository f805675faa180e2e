"""Files in a form: only where a page takes them, only as large as may be, and never on a disk in clear."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, current_app, request
from wtforms import FileField

from lado.adapters.scanner import scanner_of
from lado.domain import files
from lado.errors import BadInput
from lado.services import attachments
from lado.services.attachments import Checked

LARGEST_FORM_WITH_FILES = files.LARGEST + 500_000
"""Bytes of a form with one file and what is typed beside it."""

View = Callable[..., Any]


class InMemory(Request):
    """A request whose files stay in memory: a file that is large would else lie in the clear among temporary ones."""

    def _get_file_stream(self, *sizes_and_names: Any, **named: Any) -> IO[bytes]:
        return BytesIO()


def takes_files(view: View) -> View:
    """Declare that the form of a page may hold a file. Stands right above the view, below what the page needs."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    """Keep files in memory, and let the pages that take them have larger forms. Before anything reads a form."""
    app.request_class = InMemory
    app.before_request(_allow_more)


def _allow_more() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        request.max_content_length = LARGEST_FORM_WITH_FILES


class File(FileField):
    """One file that was chosen. `checked` is it, looked at; None where none was chosen."""

    def checked(self) -> Checked | None:
        """Look at what was chosen, by its content and with the council's scanner. Raises BadInput for this field."""
        chosen = request.files.get(self.name)
        if chosen is None or not chosen.filename:
            return None
        try:
            scanner = scanner_of(current_app.extensions["lado"].settings)
            return attachments.check(chosen.filename, chosen.stream.read(files.LARGEST + 1), scanner)
        except BadInput as bad:
            raise BadInput({self.name: str(bad)}) from bad


def in_words(size: int) -> str:
    """How large a file is, as people say it: 340 KB, 2.1 MB."""
    return f"{max(1, round(size / 1_000))} KB" if size < 1_000_000 else f"{round(size / 1_000_000, 1):g} MB"

"""What a file is by its content, and which are taken."""

import pytest

from lado.domain import files
from tests.support.files import DOCM, DOCX, EICAR, HEIC, JPEG, PDF, PNG, XLSX, archive

ODT = archive("mimetype", "content.xml")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Note.pdf", PDF, "pdf"),
        ("IMG_1.JPG", JPEG, "jpg"),
        ("a.jpeg", JPEG, "jpg"),
        ("b.png", PNG, "png"),
        ("c.heic", HEIC, "heic"),
        ("d.docx", DOCX, "docx"),
        ("e.xlsx", XLSX, "xlsx"),
        ("f.txt", "Ŵyn said so.\n".encode(), "txt"),
        ("g.txt", EICAR, "txt"),
        ("h.odt", ODT, "odt"),
    ],
)
def test_what_is_taken_is_known_by_its_content(name, content, kind):
    assert files.fault(name, content) == ""
    assert files.kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.pdf", b"", files.EMPTY),
        ("a.pdf", PDF + b"0" * files.LARGEST, files.TOO_LARGE),
        ("a.pdf", PNG, files.OTHERWISE),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", files.UNKNOWN),
        ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>", files.UNKNOWN),
        ("a.txt", b" \n<script>alert(1)</script>", files.UNKNOWN),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", files.UNKNOWN),
        ("a.txt", b"one\x00two", files.UNKNOWN),
        ("a.txt", b"\xff\xfe\x00", files.UNKNOWN),
        ("a.exe", b"MZ\x90\x00" + b"\x00" * 60, files.UNKNOWN),
        ("a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, files.UNKNOWN),
        ("a.zip", archive("letter.pdf"), files.UNKNOWN),
        ("a.docx", DOCM, files.PROGRAM),
        ("a.docm", DOCX, files.OTHERWISE),
        ("a.docx", DOCX[:-20], files.BROKEN),
        ("note.pdf.exe", PDF, files.OTHERWISE),
        ("note", PDF, files.NAMELESS),
        ("shell.pdf", b"GIF89a%PDF-1.7", files.UNKNOWN),
    ],
)
def test_anything_else_is_refused_with_how_to_mend_it(name, content, fault):
    assert files.fault(name, content) == fault


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\me\\Note.pdf", "Note.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * (files.LONGEST_NAME - 4) + ".pdf"),
        ("Ŵyn O’Brien 李.pdf", "Ŵyn O’Brien 李.pdf"),
    ],
)
def test_a_name_keeps_no_folder_and_nothing_that_does_not_show(given, kept):
    assert files.named(given) == kept

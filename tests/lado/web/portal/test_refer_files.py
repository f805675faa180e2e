"""Files of a referral on line: told by their content, kept sealed, brought to the case, and opened by its officers."""

from io import BytesIO
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from lado.adapters.scanner import ScannerProblem
from lado.domain import files
from lado.models import Attachment, LedgerEntry, Referral
from lado.services import attachments, online_drafts
from tests.support.browser import hidden, words_of
from tests.support.contents import values
from tests.support.files import DOCX, EICAR, PDF, PNG
from tests.support.online import write

FILES = "/portal/refer/files"
SECRET = PDF + b"zqcanaryinthefileqz"


@pytest.fixture
def pat(browser, database, people):
    write(database, people.pat)
    return browser.sign_in("pat")


def add(browser, name="Note zqcanarynameqz.pdf", content=SECRET, status=200):
    return browser.post(FILES, {"file": (BytesIO(content), name)}, status=status)


def in_a_case(pat):
    """Send a referral with two files, and return its reference."""
    add(pat)
    add(pat, "Letter.docx", DOCX)
    return pat.post("/portal/refer/send", {}).request.path.split("/")[2]


def test_files_come_with_the_case_and_stand_on_its_record(pat, database, people):
    assert "Note zqcanarynameqz.pdf (PDF, 1 KB)" in words_of(add(pat))
    reference = in_a_case(pat)

    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
        kept = act.session.scalars(select(Attachment).order_by(Attachment.number)).all()
        noted = act.session.scalars(select(LedgerEntry).where(LedgerEntry.data.contains("attach_file"))).all()
    assert reference == referral.reference
    assert [(one.number, one.kind, one.referral_id, one.draft_id) for one in kept] == [
        (1, "pdf", referral.id, None),
        (2, "pdf", referral.id, None),
        (3, "docx", referral.id, None),
    ]
    assert all(one.key_id == referral.key_id for one in kept)
    assert [one.digest.hex() in entry.data for one, entry in zip(kept, noted, strict=True)] == [True] * 3


def test_no_byte_and_no_name_of_a_file_stands_in_clear(pat, database):
    in_a_case(pat)

    for place, value in values(database):
        text = value if isinstance(value, bytes) else str(value).encode()
        assert b"zqcanary" not in text, place


def test_an_officer_saves_a_file_as_it_was_sent(pat, app, browser):
    reference = in_a_case(pat)
    officer = type(browser)(app, app.extensions["lado"].database).sign_in("olive")

    assert "2 files that came with it" in officer.get(f"/referrals/{reference}").text
    assert "from Pat Partner Not scanned" in words_of(officer.get(f"/referrals/{reference}/files"))
    assert "A file came" in officer.get(f"/referrals/{reference}/record").text
    answer = officer.client.get(f"/referrals/{reference}/files/1")

    assert answer.data == SECRET
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    for number in ("3", "0", "99999999999999"):
        assert officer.client.get(f"/referrals/{reference}/files/{number}").status_code == 404
    stranger = type(browser)(app, app.extensions["lado"].database).sign_in("sam")
    assert stranger.client.get(f"/referrals/{reference}/files/1").status_code == 404
    assert pat.client.get(f"/referrals/{reference}/files/1").status_code == 404


def test_a_file_that_the_record_does_not_know_like_this_is_not_given_out(pat, app, browser, database, people):
    reference = in_a_case(pat)
    with database.work(people.system) as act:
        for number, other in ((1, 9), (2, 1), (9, 2)):  # all that the application's role may change of a file
            act.session.execute(update(Attachment).where(Attachment.number == number).values(number=other))
    officer = type(browser)(app, app.extensions["lado"].database).sign_in("olive")

    refused = officer.get(f"/referrals/{reference}/files/1", status=409)

    assert "This file is not what was sent" in refused.text


def test_what_is_not_taken_says_why_beside_the_field_and_is_not_kept(pat, database, people):
    with patch.object(files, "LARGEST", 3_000):
        for name, content, words in (
            ("a.pdf", PNG, files.OTHERWISE),
            ("a.png", b"<svg><script>alert(1)</script></svg>", files.UNKNOWN),
            ("a.pdf", PDF + b"0" * 3_000, files.TOO_LARGE),
        ):
            assert words in add(pat, name, content, status=400).text
    assert "Choose a file first" in pat.post(FILES, {}, status=400).text

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Attachment)).all() == []


def send_much(pat, path, size):
    """Send a form with one file of this many bytes, as a browser writes it; the status of the answer."""
    token = hidden(pat.get(FILES), "csrf_token")
    fields = f'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    file = '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = f"{fields}{file}".encode() + PDF + b"0" * size + b"\r\n--cut--\r\n"
    return pat.client.post(path, data=body, content_type="multipart/form-data; boundary=cut").status_code


def test_a_form_that_is_far_too_large_is_refused_before_it_is_read(pat):
    assert send_much(pat, FILES, files.LARGEST + 600_000) == 413
    assert send_much(pat, "/portal/refer/you", 1_100_000) == 413, "other pages take no more than before"


def test_a_file_is_taken_away_again(pat, database, people):
    add(pat)
    add(pat, "Letter.docx", DOCX)

    for number in ("1", "1", "99999999999", "x", ""):
        page = pat.post(f"{FILES}/take-away", {"number": number}, page=pat.get(FILES))
        assert "Note zqcanarynameqz.pdf" not in page.text
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Attachment.number)).all() == [2]


def test_ten_files_ask_no_more_of_the_database_than_one(pat, database, people):
    add(pat)
    pat.get(FILES)
    few = pat.queries
    with database.work(people.pat) as act:
        for number in range(9):
            online_drafts.add_file(act, attachments.check(f"{number}.pdf", PDF, None))

    assert pat.get(FILES).text.count("Take away") == 10
    assert pat.queries == few


def test_there_are_no_more_than_ten_and_they_go_with_their_draft(pat, database, people):
    with patch.object(files, "MOST", 2):
        add(pat)
        assert "Choose a file" not in add(pat).text

    pat.post("/portal/refer/throw-away", {})

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Attachment)).all() == []


class Scans:
    """A scanner that finds the test file, or cannot be asked."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.is_there = is_there

    def is_clean(self, content: bytes) -> bool:
        if not self.is_there:
            raise ScannerProblem("not there")
        return EICAR not in content


def test_what_the_scanner_finds_or_cannot_look_at_is_not_taken(pat, database, people):
    with patch("lado.web.uploads.scanner_of", lambda settings: Scans()):
        assert attachments.HARMFUL in add(pat, "a.txt", EICAR, status=400).text
        add(pat)
    with patch("lado.web.uploads.scanner_of", lambda settings: Scans(is_there=False)):
        assert attachments.NOT_SCANNED in add(pat, status=400).text

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Attachment.is_scanned)).all() == [True]

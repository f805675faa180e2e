"""The demonstration's mail server: keeps whole messages, newest first, and stops when asked."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from lado.adapters.mail import SmtpMail
from lado.adapters.mail_catcher import Keeping, caught, controller
from setup.serving import free_port
from tests.lado.adapters.test_mail import LETTER, settings

PROJECT = Path(__file__).resolve().parents[3]


def test_what_is_sent_is_caught_and_read_newest_first(tmp_path, clock):
    folder, port = tmp_path / "mail", free_port()
    server = controller(folder, port, clock)
    server.start()
    try:
        mail = SmtpMail(settings(port))
        mail.send(LETTER)
        clock.advance(minutes=1)
        mail.send(LETTER)
    finally:
        server.stop()

    found = caught(folder)

    assert [mail.at for mail in found] == [clock.now(), found[1].at]
    assert found[0].at > found[1].at
    assert (found[0].subject, found[0].to) == (LETTER.subject, LETTER.to)
    assert found[0].text == LETTER.text


def test_before_the_first_message_there_is_none(tmp_path):
    assert caught(tmp_path / "nothing here") == []


def test_a_message_without_subject_or_text_is_shown_all_the_same(tmp_path, clock):
    Keeping(tmp_path, clock).keep(b"Content-Type: image/png\r\n\r\nnot text")

    (found,) = caught(tmp_path)

    assert (found.subject, found.to, found.text) == ("", "", "")


def test_only_so_many_are_read(tmp_path, clock):
    keeping = Keeping(tmp_path, clock)
    for number in range(3):
        clock.advance(seconds=1)
        keeping.keep(f"Subject: {number}\r\n\r\ntext".encode())

    assert [mail.subject for mail in caught(tmp_path, limit=2)] == ["2", "1"]


def test_the_process_takes_mail_and_ends_when_asked(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "lado.adapters.mail_catcher", "--port", str(port), "--folder", str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT) as process:
        try:
            _wait_for(port)
            SmtpMail(settings(port)).send(LETTER)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()

    assert len(caught(tmp_path)) == 1


def _wait_for(port):
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the mail catcher did not begin to listen")

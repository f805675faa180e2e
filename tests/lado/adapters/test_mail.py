"""Mail over a real SMTP conversation: taken, refused, not now, and a line that breaks after the letter was sent."""

import os
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from config import KEYS, Settings
from lado.adapters.mail import Letter, MailRefused, MailUnavailable, OutcomeUnknown, ServerUnreachable, SmtpMail
from setup.serving import free_port
from tests.support.mail import DROP, Answering, mail_server

LETTER = Letter(
    "olive@example.test",
    "NB-7K3Q9M-4: a timescale has lapsed",
    "Something on NB-7K3Q9M-4 was due by the end of Tuesday – it’s not recorded yet.\n.\nThe end.\n",
    "rung.7.owner.1",
    datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
)


def settings(port, **changes):
    keys = {name: os.urandom(32) for name in KEYS}
    plain = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_sender": "lado@council.example"}
    return Settings(database_url="sqlite://", data_folder=Path("nowhere"), **keys, **plain | changes)


def send(answering, letter=LETTER, **changes):
    with mail_server(answering) as port:
        SmtpMail(settings(port, **changes)).send(letter)


def test_a_letter_arrives_whole_with_one_recipient_and_its_own_name():
    server = Answering()

    send(server)

    ((sender, recipients, content),) = server.kept
    message = message_from_bytes(content, policy=default)
    assert (sender, recipients) == ("lado@council.example", ["olive@example.test"])
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<rung.7.owner.1@council.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize(
    ("server", "problem"),
    [
        (Answering("451 Later"), MailUnavailable),
        (Answering("550 Never"), MailRefused),
        (Answering(recipient="450 Busy"), MailUnavailable),
        (Answering(recipient="550 Unknown"), MailRefused),
        (Answering(DROP), OutcomeUnknown),
    ],
)
def test_what_the_server_says_is_told_apart(server, problem):
    with pytest.raises(problem) as raised:
        send(server)

    assert server.kept == []
    assert "olive" not in str(raised.value)


def test_not_now_and_then_yes():
    server = Answering("451 Later")
    with mail_server(server) as port:
        mail = SmtpMail(settings(port))
        with pytest.raises(MailUnavailable):
            mail.send(LETTER)
        mail.send(LETTER)

    assert len(server.kept) == 1


def test_no_server_is_a_server_that_cannot_be_reached():
    with pytest.raises(ServerUnreachable):
        SmtpMail(settings(free_port())).send(LETTER)


def test_nothing_is_sent_in_the_clear_where_encryption_is_asked_for():
    server = Answering()

    with pytest.raises(ServerUnreachable):
        send(server, smtp_starttls=True)

    assert server.kept == []


def test_an_address_that_this_server_cannot_be_told_is_refused():
    with pytest.raises(MailRefused):
        send(Answering(), Letter("ölive@example.test", "a", "b", "c", LETTER.at))


def test_a_letter_in_a_traceback_shows_no_address():
    assert "olive" not in repr(LETTER)

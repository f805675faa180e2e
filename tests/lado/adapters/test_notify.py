"""GOV.UK Notify over a real HTTP conversation: signed, taken once, and asked about before anything is sent twice."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from config import KEYS, Settings
from lado.adapters.mail import Fate, MailRefused, OutcomeUnknown, ServerUnreachable
from lado.adapters.notify import NotifyMail
from lado.jobs import notices as job
from lado.models import Notice
from lado.security.identity import SYSTEM
from lado.services import notices
from setup.serving import free_port
from tests.lado.adapters.test_mail import LETTER
from tests.support.notify import DROP_AFTER, DROP_BEFORE, KEY, TEMPLATE, Notify, notify_server

URL = "https://lado.council.example"


def settings(address):
    keys = {name: os.urandom(32) for name in KEYS}
    made = Settings(database_url="sqlite://", data_folder=Path("nowhere"), **keys)
    return replace(made, notify_key=KEY, notify_template=TEMPLATE, notify_url=address)


def send(notify):
    with notify_server(notify) as address:
        NotifyMail(settings(address)).send(LETTER)


def test_a_letter_is_signed_and_carries_its_own_name_one_recipient_and_two_fields():
    notify = Notify()

    send(notify)

    (kept,) = notify.kept
    assert kept["reference"] == LETTER.message_id
    assert kept["email_address"] == LETTER.to
    assert kept["template_id"] == TEMPLATE
    assert kept["personalisation"] == {"subject": LETTER.subject, "body": LETTER.text}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((400, "email_address Not a valid email address"), MailRefused),
        ((400, "Can't send to this recipient using a team-only API key"), MailRefused),
        ((400, "Template not found"), ServerUnreachable),
        ((403, "Invalid token: service not found"), ServerUnreachable),
        ((429, "Exceeded rate limit"), ServerUnreachable),
        ((500, "Internal server error"), OutcomeUnknown),
        ((503, "Service unavailable"), OutcomeUnknown),
        (DROP_BEFORE, OutcomeUnknown),
        (DROP_AFTER, OutcomeUnknown),
    ],
)
def test_what_it_says_is_told_apart(answer, problem):
    with pytest.raises(problem) as raised:
        send(Notify(answer))

    assert "olive" not in str(raised.value)


def test_no_connection_costs_nothing():
    with pytest.raises(ServerUnreachable):
        NotifyMail(settings(f"http://127.0.0.1:{free_port()}")).send(LETTER)


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("created", Fate.UNDER_WAY),
        ("sending", Fate.UNDER_WAY),
        ("delivered", Fate.DELIVERED),
        ("permanent-failure", Fate.REFUSED),
        ("temporary-failure", Fate.NOT_NOW),
        ("technical-failure", Fate.BROKEN),
    ],
)
def test_it_says_what_became_of_a_letter(status, fate):
    notify = Notify()
    notify.status[LETTER.message_id] = status
    with notify_server(notify) as address:
        mail = NotifyMail(settings(address))
        assert mail.fate(LETTER.message_id) is Fate.NEVER_SEEN
        mail.send(LETTER)

        assert mail.fate(LETTER.message_id) is fate


def test_a_line_that_drops_many_times_loses_nothing_and_doubles_nothing(database, people, clock):
    with database.work(SYSTEM) as act:
        for number in range(20):
            notices.queue(act, people.olive.id, None, "A timescale has lapsed", "It was due.", key=f"n.{number}")
    notify = Notify(*[DROP_AFTER, DROP_BEFORE] * 10)

    with notify_server(notify) as address:
        mail = NotifyMail(settings(address))
        for _ in range(4):
            job.tick(database, mail, URL)
            clock.advance(minutes=5)

    assert sorted(one["reference"] for one in notify.kept) == sorted(
        database.vault.token("message", f"n.{number}").hex() for number in range(20)
    )


def test_what_became_of_messages_is_asked_until_it_is_known(database, people, clock):
    with database.work(SYSTEM) as act:
        for key in ("good", "bad"):
            notices.queue(act, people.olive.id, None, "A timescale has lapsed", "It was due.", key=key)
    notify = Notify()

    with notify_server(notify) as address:
        mail = NotifyMail(settings(address))
        job.tick(database, mail, URL)
        clock.advance(seconds=30)
        job.tick(database, mail, URL)
        notify.status |= {"good": "delivered", "bad": "permanent-failure"}
        clock.advance(seconds=30)
        job.tick(database, mail, URL)

    with database.reading(SYSTEM) as act:
        rows = act.session.execute(select(Notice.message_id, Notice.state).order_by(Notice.id)).all()
    assert [tuple(row) for row in rows] == [("good", "delivered"), ("bad", "failed"), ("moved.2", "sent")]
    assert notify.looked_up == ["good", "bad"] * 2

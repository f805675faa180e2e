"""Notices: written with the change, neutral in every word, sent once, retried, and shown when they failed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.adapters.mail import MailRefused, MailUnavailable, OutcomeUnknown, ServerUnreachable
from lado.domain.delivery import MOST_TRIES
from lado.jobs import notices as job
from lado.models import Account, Heartbeat, Notice
from lado.security.identity import SYSTEM
from lado.services import notices
from tests.support.mail import Pigeon
from tests.support.people import email_of

URL = "https://lado.council.example"


@pytest.fixture
def note(database, people, caseload):
    """Writes a notice about a case (or about none) to someone."""

    def write(to="olive", referral=None, **more):
        with database.work(SYSTEM) as act:
            return notices.queue(act, getattr(people, to).id, referral, "NB-1: a timescale has lapsed", "Due.", **more)

    return write


@pytest.fixture
def stored(database):
    """The notices as they stand, oldest first."""

    def read():
        with database.reading(SYSTEM) as act:
            return list(act.session.scalars(select(Notice).order_by(Notice.id)))

    return read


def tick(database, mail, **more):
    return job.tick(database, mail, URL, **more)


def test_a_notice_is_sent_once_with_a_link_and_no_name(database, note, stored, caseload):
    referral = caseload.referral()
    note(referral=referral)
    mail = Pigeon()

    tick(database, mail)
    tick(database, mail)

    (letter,) = mail.letters
    assert letter.to == email_of("olive")
    assert f"{URL}/referrals/{referral.reference}" in letter.text
    assert "Sample" not in letter.text
    assert "Officer" not in letter.text
    assert [notice.state for notice in stored()] == ["sent"]


def test_a_partner_is_led_to_their_own_side(database, note, caseload, people):
    referral = caseload.referral(partner=people.pat.id)
    note(to="pat", referral=referral)
    mail = Pigeon()

    tick(database, mail)

    assert f"{URL}/portal/{referral.reference}" in mail.letters[0].text


def test_a_key_is_written_once(note, stored):
    assert note(key="gap.1-7")
    assert not note(key="gap.1-7")
    assert len(stored()) == 1


def test_a_failed_sending_waits_longer_each_time_and_is_given_up_after_more_than_four_hours(
    database, note, stored, clock
):
    note()
    began = clock.now()
    mail = Pigeon(*(MailUnavailable("the mail server said 451") for _ in range(MOST_TRIES)))
    waits = []

    for _ in range(MOST_TRIES - 1):
        tick(database, mail)
        notice = stored()[0]
        waits.append((notice.next_try_at - clock.now()) // timedelta(minutes=1))
        clock.move_to(notice.next_try_at)
    tick(database, mail)

    assert waits[:5] == [1, 2, 4, 5, 5]
    assert set(waits[5:]) == {5}
    assert clock.now() - began > timedelta(hours=4)
    assert (stored()[0].state, stored()[0].failure) == ("failed", "the mail server said 451")


def test_not_now_and_then_yes(database, note, stored, clock):
    note()
    mail = Pigeon(MailUnavailable("the mail server said 451"))

    tick(database, mail)
    tick(database, mail)
    assert mail.letters == []
    clock.advance(minutes=1)
    tick(database, mail)

    assert [notice.state for notice in stored()] == ["sent"]


def test_a_refused_letter_is_not_tried_again_and_stops_no_other(database, note, stored):
    note()
    note(to="carl")

    done = tick(database, Pigeon(MailRefused("the mail server said 550")))

    assert (done.sent, done.failed, done.later) == (2, 1, 0)
    assert [notice.state for notice in stored()] == ["failed", "sent", "sent"]


def test_when_the_server_is_not_there_the_rest_is_given_back_untried(database, note, stored):
    for name in ("olive", "carl", "dana"):
        note(to=name)

    done = tick(database, Pigeon(ServerUnreachable("TimeoutError")))

    assert done.later == 3
    assert [(notice.state, notice.tries) for notice in stored()] == [("waiting", 0)] * 3


def test_an_unknown_outcome_is_sent_again_under_the_same_name(database, note, clock):
    note()
    mail = Pigeon(OutcomeUnknown("the line broke"))
    with database.reading(SYSTEM) as act:
        name = act.session.scalars(select(Notice.message_id)).one()

    tick(database, mail)
    clock.advance(minutes=1)
    tick(database, mail)

    assert [letter.message_id for letter in mail.letters] == [name]
    assert mail.asked == [name]


def test_a_sending_that_a_killed_process_left_is_taken_up_later(database, note, clock):
    note()
    with database.work(SYSTEM) as act:
        assert len(notices.claim(act, 10)) == 1
    mail = Pigeon()

    tick(database, mail)
    assert mail.letters == []
    clock.advance(minutes=15)
    tick(database, mail)

    assert len(mail.letters) == 1


def test_an_address_that_does_not_open_stops_no_other(database, note, stored, people):
    note(to="carl")
    note(to="olive")
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.carl.id).sealed = b"\x01" + bytes(40)

    tick(database, Pigeon())

    assert [(notice.state, notice.failure) for notice in stored()] == [("waiting", "CannotOpen"), ("sent", "")]


def test_more_than_a_batch_is_sent_in_one_tick(database, note):
    for _ in range(5):
        note()
    mail = Pigeon()

    assert tick(database, mail, limit=2).sent == 5


def test_a_tick_leaves_a_heartbeat(database, clock):
    tick(database, Pigeon())

    with database.reading(SYSTEM) as act:
        assert act.session.get_one(Heartbeat, "notices").beat_at == clock.now()


def test_a_new_owner_and_a_new_holder_are_told_without_facts(database, caseload, stored, people, clock):
    referral = caseload.referral()
    caseload.make(referral, "assign", {"owner": people.dana.id}, {})
    due_on = clock.now().date() + timedelta(days=3)
    action = {"due_on": due_on, "holder": "officer", "user": people.carl.id}
    caseload.make(referral, "set_action", action, {"action": "Ring the school about Robin."})

    found = [(notice.account_id, notice.body) for notice in stored()]

    assert found == [
        (people.dana.id, "You are now the accountable officer."),
        (
            people.carl.id,
            f"There is something for you to do on {referral.reference}, by the end of Thursday 5 March 2026.",
        ),
    ]

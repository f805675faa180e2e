"""A message that does not reach its person goes to the next one, once; whose it is is asked again when it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lado.adapters.mail import Fate, MailRefused, OutcomeUnknown
from lado.errors import NotAllowed, Refused
from lado.jobs import escalation as escalating
from lado.jobs import notices as job
from lado.models import Account, Barred, Conflict, Grant, Notice
from lado.queries import notices as reading
from lado.security.identity import SYSTEM
from lado.services import accounts, cover, notices
from lado.services.cover import NewAbsence
from tests.support.mail import Pigeon
from tests.support.people import email_of

URL = "https://lado.council.example"
NEVER = MailRefused("the mail server said 550")


@pytest.fixture
def note(database, people):
    """Writes a notice about a case (or about none) to someone."""

    def write(to="olive", referral=None, **more):
        with database.work(SYSTEM) as act:
            return notices.queue(act, getattr(people, to).id, referral, "A timescale has lapsed", "It was due.", **more)

    return write


@pytest.fixture
def went(database, people):
    """To whom notices were written, oldest first, with the state of each and why it failed."""
    names = {person.id: name for name, person in people.everyone.items()}

    def read():
        with database.reading(SYSTEM) as act:
            rows = act.session.scalars(select(Notice).order_by(Notice.id))
            return [(names[row.account_id], row.state, row.failure) for row in rows]

    return read


@pytest.fixture
def deputy(database, people):
    """Makes somebody the standing deputy of another."""

    def name(of, who):
        with database.work(people.ada) as act:
            act.session.get_one(Account, getattr(people, of).id).deputy_id = getattr(people, who).id

    return name


def tick(database, mail):
    return job.tick(database, mail, URL)


def shut(database, people, name):
    with database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, getattr(people, name).id))


def test_a_refused_message_goes_to_the_deputy_within_the_same_tick(database, note, went, deputy, caseload):
    deputy("olive", "carl")
    referral = caseload.referral()
    note(referral=referral)
    mail = Pigeon(NEVER)

    tick(database, mail)
    tick(database, mail)

    assert went() == [("olive", "failed", "the mail server said 550"), ("carl", "sent", "")]
    (letter,) = mail.letters
    assert letter.to == email_of("carl")
    assert "did not reach the colleague" in letter.text
    assert f"/referrals/{referral.reference}" in letter.text
    assert letter.message_id == database.vault.token("message", "moved.1").hex()


def test_nobody_is_asked_twice_and_a_leader_hears_before_it_ends_with_nobody(database, note, went, deputy):
    deputy("olive", "carl")
    deputy("carl", "olive")
    note()

    tick(database, Pigeon(*[NEVER] * 20))

    assert [name for name, *_ in went()] == ["olive", "carl", "mina", "hal", "dee"]
    assert {state for _, state, _ in went()} == {"failed"}


def test_an_account_that_was_shut_after_the_message_was_written_gets_nothing(database, note, went, deputy, people):
    deputy("olive", "carl")
    note()
    shut(database, people, "olive")
    mail = Pigeon()

    tick(database, mail)

    assert went() == [("olive", "failed", "the account is shut"), ("carl", "sent", "")]
    assert [letter.to for letter in mail.letters] == [email_of("carl")]


def test_a_partner_whose_access_ended_gets_nothing_and_the_owner_hears_of_it(database, note, went, people, caseload):
    referral = caseload.referral(partner=people.pat.id)
    caseload.make(referral, "assign", {"owner": people.olive.id}, {})
    note(to="pat", referral=referral)
    with database.work(SYSTEM) as act:
        act.session.execute(update(Grant).values(ended_at=act.at))
    mail = Pigeon()

    tick(database, mail)

    assert went()[-2:] == [("pat", "failed", "they may not see this case any more"), ("olive", "sent", "")]
    assert email_of("pat") not in {letter.to for letter in mail.letters}
    assert "somebody of a partner agency" in mail.letters[-1].text


def test_whoever_a_conflict_keeps_from_the_case_gets_nothing_of_it(database, note, went, deputy, people, caseload):
    deputy("olive", "dana")
    referral = caseload.referral()
    note(referral=referral)
    with database.work(SYSTEM) as act:
        for person in (people.olive, people.dana):
            conflict = Conflict(
                authority_id=person.authority,
                account_id=person.id,
                kind="case",
                referral_id=referral.id,
                tokens=0,
                sealed=b"",
                declared_at=act.at,
                declared_by_id=person.id,
            )
            act.session.add(conflict)
            act.session.flush()
            row = {"referral_id": referral.id, "account_id": person.id, "conflict_id": conflict.id}
            act.session.add(Barred(**row, since_at=act.at, ended_at=None))

    tick(database, Pigeon())

    assert [name for name, *_ in went()] == ["olive", "mina"]


def test_whoever_covers_no_longer_gets_nothing_and_it_goes_to_the_person_who_is_back(
    database, went, people, caseload, clock
):
    referral = caseload.referral()
    caseload.make(referral, "assign", {"owner": people.olive.id}, {})
    clock.advance(days=1, hours=16)
    with database.work(people.mina) as act:
        until_at = act.at + timedelta(hours=1)
        cover.book_leave(act, NewAbsence(people.olive.id, "leave", act.at, until_at, people.carl.id))
    tick(database, Pigeon())
    escalating.run_pass(database)
    written = len(went())
    clock.advance(hours=2)
    mail = Pigeon()

    tick(database, mail)

    assert went()[written - 1 :] == [
        ("carl", "failed", "they do not cover for the colleague any more"),
        ("olive", "sent", ""),
    ]
    assert "a colleague who covered for you" in mail.letters[0].text


def test_what_failed_is_sent_again_when_somebody_asks(database, note, went, people, clock):
    note()
    tick(database, Pigeon(NEVER, NEVER, NEVER, NEVER))
    with database.work(people.carl) as act:
        notices.send_again(act, reading.found(act, 1))
    mail = Pigeon()

    tick(database, mail)

    assert went()[0] == ("olive", "sent", "")
    assert [letter.to for letter in mail.letters] == [email_of("olive")]
    assert mail.asked == []


def test_nothing_that_was_sent_is_sent_again_and_no_other_council_may_ask(database, note, people):
    note()
    tick(database, Pigeon(*[NEVER] * 4))
    with database.reading(SYSTEM) as act:
        failed = reading.found(act, 1)
    with pytest.raises(NotAllowed), database.work(people.sam) as act:
        notices.send_again(act, failed)
    with database.work(people.mina) as act:
        notices.send_again(act, failed)
    with pytest.raises(Refused), database.work(people.mina) as act:
        notices.send_again(act, failed)


def test_a_channel_that_says_so_marks_a_message_delivered(database, note, went, clock):
    note(key="one")
    mail = Pigeon(fates={"one": Fate.DELIVERED})

    tick(database, mail)
    assert went() == [("olive", "sent", "")]
    clock.advance(seconds=30)
    tick(database, mail)
    tick(database, mail)

    assert went() == [("olive", "delivered", "")]
    assert mail.asked == ["one"]


def test_what_a_channel_could_not_deliver_after_all_goes_to_the_next_person(database, note, went, clock, deputy):
    deputy("olive", "carl")
    note(key="one")
    mail = Pigeon(fates={"one": Fate.REFUSED})

    tick(database, mail)
    clock.advance(seconds=30)
    tick(database, mail)

    assert went() == [("olive", "failed", "the address does not take mail"), ("carl", "sent", "")]


def test_what_may_have_been_taken_is_looked_up_before_it_is_sent_again(database, note, went, clock):
    note(key="one")
    mail = Pigeon(OutcomeUnknown("TimeoutError"), fates={"one": Fate.UNDER_WAY})

    tick(database, mail)
    clock.advance(minutes=1)
    tick(database, mail)

    assert went() == [("olive", "sent", "")]
    assert mail.letters == []


def test_a_process_that_was_held_up_marks_nothing_that_another_one_has_taken(database, note, went, clock):
    note()
    with database.work(SYSTEM) as act:
        (late,) = notices.claim(act, 1)
    clock.advance(minutes=16)
    with database.work(SYSTEM) as act:
        (now,) = notices.claim(act, 1)

    with database.work(SYSTEM) as act:
        assert not notices.hold(act, late)
        notices.mark_failed(act, late, "too late")
        assert notices.hold(act, now)

    assert went() == [("olive", "sending", "")]
    assert now.is_unsure

"""Can the record be trusted? What its reader may see of the certificate, corrections, checkpoints and witnesses."""

import pytest
from sqlalchemy import event, text

from lado.jobs import certificate, checkpoint
from lado.security.identity import SYSTEM
from lado.services import checkpoints
from tests.support.browser import Browser, words_of


@pytest.fixture
def mina(browser):
    return browser.sign_in("mina")


def test_before_the_first_night_it_says_what_will_appear(mina):
    words = words_of(mina.get("/record"))

    assert "No certificate yet" in words
    assert "No checkpoint is kept away from this machine" in words


def test_a_clean_certificate_counts_the_readers_own_cases(mina, database, caseload, people, clock):
    caseload.referral(("meet_threshold",))
    caseload.referral()
    caseload.referral(who=people.sam)
    certificate.tick(database)
    clock.advance(minutes=6)
    checkpoint.tick(database, checkpoint.Witnesses())

    words = words_of(mina.get("/record"))

    assert "2 cases, 0 differences" in words
    assert "Without a difference since Monday 2 March 2026 at 09:30" in words
    assert "Number 1, Monday 2 March 2026 at 09:36" in words


def test_a_difference_is_shown_and_stands_on_every_page(mina, database, caseload):
    referral = caseload.referral()
    with database.work(SYSTEM) as act:
        act.session.execute(text("UPDATE referral SET next_due_at = '2030-01-01 00:00:00+00:00'"))
    certificate.make(database)

    words = words_of(mina.get("/record"))

    assert "1 case, 1 difference" in words
    assert f"{referral.reference} The case in lists: next due at" in words
    assert "Tuesday 1 January 2030 at 00:00" in words
    assert "differ in 1 place" in words_of(mina.get("/"))


def test_a_person_is_named_and_not_numbered(mina, database, caseload, people):
    caseload.referral()
    with database.work(SYSTEM) as act:
        act.session.execute(text(f"UPDATE referral SET owner_id = {people.dana.id}"))
    certificate.make(database)

    assert "The case in lists: owner Olive Officer Dana Deputy" in words_of(mina.get("/record"))


def test_what_was_done_to_the_record_is_said_in_a_sentence(mina, database, caseload):
    caseload.referral()
    with database.work(SYSTEM) as act:
        act.session.execute(text("UPDATE ledger_head SET entries = entries + 1"))
    certificate.make(database)

    assert "The end of the record was cut off: entry" in words_of(mina.get("/record"))


def test_a_witness_says_what_arrived_and_what_failed(mina, database, clock):
    with database.work(SYSTEM) as act:
        checkpoints.arrived(act, "/mnt/elsewhere", 12)
        checkpoints.failed(act, "mail", "the mail server said 451")
    clock.advance(minutes=11)

    words = words_of(mina.get("/record"))

    assert "/mnt/elsewhere Number 12, Monday 2 March 2026 at 09:30 In order" in words
    assert "Mailbox, once a day None yet Failing since Monday 2 March 2026 at 09:30: the mail server said 451" in words
    assert "Checkpoints of the record have not reached the mailbox since 09:30 on Monday 2 March." in words


def test_nobody_else_hears_of_it(app, database, caseload):
    caseload.referral()
    with database.work(SYSTEM) as act:
        act.session.execute(text("UPDATE referral SET state = 'closed'"))
    certificate.make(database)
    olive = Browser(app, database).sign_in("olive")

    page = words_of(olive.get("/"))
    olive.get("/record", status=403)

    assert "differ in" not in page
    assert "Record " not in page.partition("Sign out")[2][:80]


def test_it_takes_as_many_queries_for_many_corrections(mina, database, caseload):
    counted: list[str] = []
    mina.get("/record")
    event.listen(mina.database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    counted.clear()
    mina.get("/record")
    before = len(counted)
    for _ in range(3):
        caseload.referral()
    certificate.make(database)
    counted.clear()
    mina.get("/record")

    assert len(counted) == before

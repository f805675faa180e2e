"""Referring on line: four questions, parts that are kept as they come, a check, and a receipt; then it is a case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.models import CaseClock, Grant, LedgerEntry, Notice, OnlineDraft, Referral
from lado.queries import ledger
from lado.security.identity import SYSTEM
from lado.services import cover as cover_services
from lado.services.cover import NewAbsence
from tests.support.browser import words_of
from tests.support.contents import values
from tests.support.online import CHECKED, PARTS, write


def begin(browser, **changes):
    """Answer the four questions, and go on where that is asked."""
    return browser.post("/portal/refer/check", {**CHECKED, **changes})


@pytest.fixture
def pat(browser):
    return browser.sign_in("pat")


def another(browser, name):
    """Somebody else's browser."""
    return type(browser)(browser.app, browser.database).sign_in(name)


def test_a_referral_on_line_lands_in_the_queue_with_its_clocks_running(pat, database, clock, people):
    assert "Refer someone to us" in begin(pat).text
    for part, typed in PARTS.items():
        page = pat.post(f"/portal/refer/{part}", typed)
        assert page.request.path == "/portal/refer", words_of(page)
    check = pat.get("/portal/refer/send")
    for words in ("Education", "27 February 2026", "Physical: hit", "Kim Example", "The child’s parents", "by the arm"):
        assert words in words_of(check)
    clock.advance(minutes=7)

    receipt = pat.post("/portal/refer/send", {}, page=check)

    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
        opened = ledger.rows(act.session, referral.id)[0]
        clocks = act.session.scalars(select(CaseClock.key).where(CaseClock.referral_id == referral.id)).all()
        grant = act.session.scalars(select(Grant)).one()
        told = {notice.account_id: notice for notice in act.session.scalars(select(Notice))}
        assert act.session.scalars(select(OnlineDraft)).all() == []
    assert referral.received_at == referral.recorded_at == clock.now()
    assert (referral.owner_id, referral.is_open) == (people.olive.id, True)
    assert opened.actor_id == people.pat.id
    assert '"channel":"online"' in opened.data
    assert '"evidence":"system"' in opened.data
    assert "evaluation_decision" in clocks
    assert (grant.account_id, grant.referral_id, grant.granted_at) == (people.pat.id, referral.id, clock.now())
    assert set(told) == {people.olive.id, people.pat.id}
    assert "we have received your referral" in told[people.pat.id].subject
    for notice in told.values():
        assert not any(word in notice.subject + notice.body for word in ("Robin", "Sample", "Willow", "Kim", "arm"))
    assert receipt.request.path == f"/portal/{referral.reference}/received"
    assert "Received on Monday 2 March 2026 at 09:37" in words_of(receipt)
    assert "by the end of the next working day" in receipt.text
    assert referral.reference in pat.get("/portal").text


def test_the_officer_reads_everything_and_nobody_else_is_given_the_receipt(pat, database, people):
    write(database, people.pat, you={"reach": "Not at home"}, adult={"subject_name": "", "subject_unknown": "y"})
    assert "Name of the adult Not known" in words_of(pat.get("/portal/refer/send"))
    receipt = pat.post("/portal/refer/send", {}).request.path
    reference = receipt.split("/")[2]

    another(pat, "pol").get(receipt, status=404)
    officer = another(pat, "olive")
    assert reference in officer.get("/").text
    page = words_of(officer.get(f"/referrals/{reference}/record"))
    for words in ("Kim Example", "by the arm", "Head teacher", "Pat Partner", "Not at home", "The child’s parents"):
        assert words in page
    assert "Harmed a child" in page
    assert "Moved to another class" in page


def test_a_case_goes_to_whoever_is_there(pat, database, clock, people):
    at = clock.now()
    with database.work(people.olive) as act:
        away = NewAbsence(people.olive.id, "leave", at + timedelta(hours=1), at + timedelta(days=5), people.carl.id)
        cover_services.book_leave(act, away)
    clock.advance(days=1)
    pat.sign_in("pat")
    write(database, people.pat)
    pat.post("/portal/refer/send", {})

    with database.reading(people.dana) as act:
        assert act.session.scalars(select(Referral.owner_id)).one() == people.dana.id


def test_what_is_saved_for_later_is_there_another_day_and_gone_after_28(pat, clock):
    begin(pat)
    half = {"summary": "It began when", "incident-day": "99"}
    page = pat.post("/portal/refer/what", {**half, "later": "yes"})
    assert "Nothing has been sent to us yet" in page.text
    assert "Begun" in page.text

    clock.advance(days=27)
    page = pat.sign_in("pat").get("/portal/refer/what")
    assert "It began when" in page.text
    assert 'value="99"' in page.text

    clock.advance(days=1)
    assert "Four questions" in pat.sign_in("pat").get("/portal/refer").text
    begin(pat)
    assert "It began when" not in pat.get("/portal/refer/what").text


def test_nothing_that_was_written_stands_in_clear(database, people):
    write(database, people.pat)

    for place, value in values(database):
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        assert not any(word in text for word in ("Robin", "Kim Example", "pulled a child")), place


def test_a_part_that_is_not_whole_says_what_is_missing_and_keeps_what_was_typed(pat):
    begin(pat)

    page = pat.post("/portal/refer/adult", {"setting": "Willow Lane"}, status=400)
    assert "Enter the adult’s name, or tick that you do not know it." in page.text
    assert "Willow Lane" in page.text
    page = pat.post("/portal/refer/what", {**PARTS["what"], "incident-year": "2027"}, status=400)
    assert "The incident cannot be in the future." in page.text

    assert pat.get("/portal/refer").text.count("Not begun") == len(PARTS)


def test_nothing_is_sent_before_every_part_is_there_and_then_once(pat, database, people):
    write(database, people.pat, "you", "adult", "what", "told")
    assert pat.get("/portal/refer/send").request.path == "/portal/refer"
    pat.post("/portal/refer/send", {}, page=pat.get("/portal/refer/you"))
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Referral)).all() == []

    write(database, people.pat, "children")
    page, other = pat.get("/portal/refer/send"), pat.get("/portal/refer/send")
    first = pat.post("/portal/refer/send", {}, page=page)
    again = pat.post("/portal/refer/send", {}, page=page)
    pat.post("/portal/refer/send", {}, page=other)

    assert first.request.path == again.request.path
    assert first.request.path.endswith("/received")
    with database.reading(people.olive) as act:
        assert len(act.session.scalars(select(Referral)).all()) == 1


def test_the_four_questions_are_all_asked_advise_and_never_block(pat):
    empty = pat.post("/portal/refer/check", {}, status=400)
    for words in ("Say whether a child is in danger", "Say whether the adult works", "Choose what they may have done"):
        assert words in empty.text
    for changes, words in (
        ({"danger": "yes"}, "Ring 999 now"),
        ({"works": "no"}, "About anybody else, ring children’s social care"),
        ({"harms": ["none"]}, "We advise without a name"),
        ({"here": "no"}, "Northbrook Council or you do not know, refer to us"),
    ):
        assert words in begin(pat, **changes).text
    assert "Four questions" in pat.get("/portal/refer").text

    assert "Not begun" in begin(pat, danger="yes", go_on="yes").text


def test_another_child_can_be_added(pat, database, people):
    write(database, people.pat)
    more = pat.post("/portal/refer/children", {**PARTS["children"], "add_child": "yes"})
    assert "Child 2" in more.text
    pat.post("/portal/refer/children", {**PARTS["children"], "children-1-name": "Sasha Example"}, page=more)
    pat.post("/portal/refer/send", {})

    with database.reading(people.olive) as act:
        named = select(LedgerEntry).where(LedgerEntry.kind == "PersonAdded", LedgerEntry.data.contains("child"))
        assert len(act.session.scalars(named).all()) == 2


def test_a_draft_is_its_writers_alone_and_thrown_away_only_after_being_asked(pat, database, people):
    write(database, people.pat, "adult")
    pol = another(pat, "pol")
    begin(pol)
    assert "Robin Sample" not in pol.get("/portal/refer/adult").text
    assert "Robin Sample" in pat.get("/portal/refer/adult").text
    assert "cannot be brought back" in pat.get("/portal/refer/throw-away").text

    assert "Nothing was sent to us" in pat.post("/portal/refer/throw-away", {}).text
    with database.reading(SYSTEM) as act:  # before it is sent, it is nobody's but theirs
        assert act.session.scalars(select(OnlineDraft.account_id)).all() == [people.pol.id]


def test_whoever_refers_themselves_is_received_and_follows_nothing(pat, database, people):
    write(database, people.pat, adult={"subject_name": "Pat Partner"})

    page = pat.post("/portal/refer/send", {})

    assert page.request.path == "/portal"
    assert "We have received your referral." in page.text
    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
        told = act.session.scalars(select(Notice.account_id)).all()
    assert referral.is_open
    assert people.pat.id not in told
    assert referral.reference not in page.text
    pat.get(f"/portal/{referral.reference}", status=404)
    pat.get(f"/portal/{referral.reference}/received", status=404)

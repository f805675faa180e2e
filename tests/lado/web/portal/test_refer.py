"""Referring on line: four questions, parts that are kept as they come, a check, and a receipt; then it is a case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.models import CaseClock, Grant, LedgerEntry, Notice, OnlineDraft, Referral
from lado.queries import ledger
from lado.services import cover as cover_services
from lado.services.cover import NewAbsence
from tests.support.browser import words_of
from tests.support.contents import values

CHECKED = {"danger": "no", "works": "yes", "harms": ["1", "3"], "here": "yes"}
PARTS = {
    "you": {"source": "education", "role": "Head teacher", "phone": "01632 960 100", "reach": "After school"},
    "adult": {"subject_name": "Robin Sample", "subject_role": "Teacher", "setting": "Willow Lane Primary School"},
    "what": {
        "summary": "He is said to have pulled a child by the arm.",
        "category": "physical",
        "incident-day": "27",
        "incident-month": "2",
        "incident-year": "2026",
    },
    "children": {"children_safe": "yes", "safety_steps": "Moved to another class.", "children-0-name": "Kim Example"},
    "told": {"told": ["parents"], "told_more": "The parents rang us first."},
}


def begin(browser, **changes):
    """Answer the four questions, and go on where that is asked."""
    return browser.post("/portal/refer/check", {**CHECKED, **changes})


def write(browser, *parts, **changes):
    """Write these parts, or all of them."""
    for part in parts or PARTS:
        page = browser.post(f"/portal/refer/{part}", {**PARTS[part], **changes.get(part, {})})
        assert page.request.path == "/portal/refer", words_of(page)


@pytest.fixture
def pat(browser):
    return browser.sign_in("pat")


def test_a_referral_on_line_lands_in_the_queue_with_its_clocks_running(pat, database, clock, people):
    assert "Refer someone to us" in begin(pat).text
    write(pat)
    check = pat.get("/portal/refer/send")
    assert "He is said to have pulled a child by the arm." in check.text
    clock.advance(minutes=7)

    receipt = pat.post("/portal/refer/send", {}, page=check)

    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
        opened = ledger.rows(act.session, referral.id)[0]
        assert referral.received_at == referral.recorded_at == clock.now()
        assert referral.owner_id == people.olive.id
        assert referral.is_open
        assert opened.actor_id == people.pat.id
        assert '"channel":"online"' in opened.data
        assert '"evidence":"system"' in opened.data
        clocks = act.session.scalars(select(CaseClock.key).where(CaseClock.referral_id == referral.id)).all()
        assert "evaluation_decision" in clocks
        grant = act.session.scalars(select(Grant)).one()
        assert (grant.account_id, grant.referral_id, grant.granted_at) == (people.pat.id, referral.id, clock.now())
        assert act.session.scalars(select(OnlineDraft)).all() == []
    assert receipt.request.path == f"/portal/{referral.reference}/received"
    assert "Received on Monday 2 March 2026 at 09:37" in words_of(receipt)
    assert "by the end of the next working day" in receipt.text
    assert referral.reference in pat.get("/portal").text


def test_the_officer_reads_everything_that_was_written(pat, app, database, people, browser):
    begin(pat)
    write(pat)
    receipt = pat.post("/portal/refer/send", {})
    reference = receipt.request.path.split("/")[2]
    pat.client.post("/sign-out")
    officer = type(browser)(app, app.extensions["lado"].database).sign_in("olive")

    assert reference in officer.get("/").text
    page = words_of(officer.get(f"/referrals/{reference}"))
    for words in ("Robin Sample", "Kim Example", "pulled a child by the arm", "Head teacher", "Pat Partner"):
        assert words in page
    record = words_of(officer.get(f"/referrals/{reference}/record"))
    for words in ("After school", "The child’s parents or carers", "Harmed a child", "Moved to another class"):
        assert words in record


def test_the_owner_is_told_and_the_referrer_gets_a_receipt_without_a_name(pat, database, people):
    begin(pat)
    write(pat)
    pat.post("/portal/refer/send", {})

    with database.reading(people.olive) as act:
        told = {notice.account_id: notice for notice in act.session.scalars(select(Notice))}
    assert set(told) == {people.olive.id, people.pat.id}
    assert "we have received your referral" in told[people.pat.id].subject
    for notice in told.values():
        assert not any(word in notice.subject + notice.body for word in ("Robin", "Sample", "Willow", "Kim", "arm"))


def test_a_case_goes_to_whoever_is_there(pat, database, clock, people, caseload):
    book_leave(caseload, clock, people.olive, people.carl)
    clock.advance(days=1)
    pat.sign_in("pat")
    begin(pat)
    write(pat)
    pat.post("/portal/refer/send", {})

    with database.reading(people.dana) as act:
        assert act.session.scalars(select(Referral.owner_id)).one() == people.dana.id


def book_leave(caseload, clock, who, cover):
    at = clock.now()
    with caseload.database.work(who) as act:
        cover_services.book_leave(
            act,
            NewAbsence(who.id, "leave", at + timedelta(hours=1), at + timedelta(days=5), cover.id),
        )


def test_what_is_saved_for_later_is_there_another_day(pat, clock, browser, app):
    begin(pat)
    half = {"summary": "It began when", "incident-day": "99"}
    page = pat.post("/portal/refer/what", {**half, "later": "yes"})
    assert "Nothing has been sent to us yet" in page.text
    assert "Begun" in page.text

    clock.advance(days=20)
    pat = type(browser)(app, app.extensions["lado"].database).sign_in("pat")
    page = pat.get("/portal/refer/what")

    assert "It began when" in page.text
    assert 'value="99"' in page.text


def test_what_nobody_came_back_to_is_gone_after_28_days(pat, database, clock, people):
    begin(pat)
    write(pat, "adult")
    clock.advance(days=28)
    pat.sign_in("pat")

    assert "Four questions" in pat.get("/portal/refer").text
    begin(pat)
    assert "Robin Sample" not in pat.get("/portal/refer/adult").text


def test_nothing_that_was_written_stands_in_clear(pat, database):
    begin(pat)
    write(pat)

    for place, value in values(database):
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        assert not any(word in text for word in ("Robin", "Kim Example", "pulled a child")), place


def test_a_part_that_is_not_whole_says_what_is_missing_and_keeps_what_was_typed(pat):
    begin(pat)

    page = pat.post("/portal/refer/adult", {"setting": "Willow Lane"}, status=400)

    assert "Enter the adult’s name, or tick that you do not know it." in page.text
    assert "Willow Lane" in page.text
    assert pat.get("/portal/refer").text.count("Not begun") == len(PARTS)


def test_dates_that_cannot_be_are_said_beside_their_field(pat):
    begin(pat)

    page = pat.post("/portal/refer/what", {**PARTS["what"], "incident-year": "2027"}, status=400)

    assert "The incident cannot be in the future." in page.text


def test_nothing_is_sent_before_every_part_is_there(pat, database, people):
    begin(pat)
    write(pat, "you", "adult", "what", "told")

    assert pat.get("/portal/refer/send").request.path == "/portal/refer"
    pat.post("/portal/refer/send", {}, page=pat.get("/portal/refer/you"))

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Referral)).all() == []


def test_sending_twice_makes_one_case(pat, database, people):
    begin(pat)
    write(pat)
    page = pat.get("/portal/refer/send")
    another = pat.get("/portal/refer/send")

    first = pat.post("/portal/refer/send", {}, page=page)
    again = pat.post("/portal/refer/send", {}, page=page)
    pat.post("/portal/refer/send", {}, page=another)

    assert first.request.path.endswith("/received")
    assert again.status_code == 200
    with database.reading(people.olive) as act:
        assert len(act.session.scalars(select(Referral)).all()) == 1


def test_somebody_in_danger_is_sent_to_999_first_and_may_go_on(pat):
    advice = begin(pat, danger="yes")
    assert "Ring 999 now" in advice.text
    assert "Not begun" not in pat.get("/portal/refer").text

    page = begin(pat, danger="yes", go_on="yes")
    assert "Not begun" in page.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"works": "no"}, "About anybody else, ring children’s social care"),
        ({"harms": ["none"]}, "We advise without a name"),
        ({"here": "no"}, "Northbrook Council or you do not know, refer to us"),
    ],
)
def test_the_four_questions_advise_and_never_block(pat, changes, words):
    advice = begin(pat, **changes)

    assert words in advice.text
    assert "Not begun" in begin(pat, **changes, go_on="yes").text


def test_the_four_questions_are_all_asked(pat):
    page = pat.post("/portal/refer/check", {}, status=400)

    for words in ("Say whether a child is in danger", "Say whether the adult works", "Choose what they may have done"):
        assert words in page.text


def test_another_child_can_be_added(pat, database, people):
    begin(pat)
    more = pat.post("/portal/refer/children", {**PARTS["children"], "add_child": "yes"})
    assert "Child 2" in more.text
    write(pat, children={"children-1-name": "Sasha Example"})
    pat.post("/portal/refer/send", {})

    with database.reading(people.olive) as act:
        named = select(LedgerEntry).where(LedgerEntry.kind == "PersonAdded", LedgerEntry.data.contains("child"))
        assert len(act.session.scalars(named).all()) == 2


def test_a_draft_is_thrown_away_only_after_being_asked(pat, database, people):
    begin(pat)
    write(pat, "adult")
    assert "cannot be brought back" in pat.get("/portal/refer/throw-away").text

    assert "Nothing was sent to us" in pat.post("/portal/refer/throw-away", {}).text
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(OnlineDraft)).all() == []


def test_a_draft_is_its_writers_alone(pat, browser, app):
    begin(pat)
    write(pat, "adult")
    pol = type(browser)(app, app.extensions["lado"].database).sign_in("pol")

    assert "Four questions" in pol.get("/portal/refer").text
    begin(pol)
    assert "Robin Sample" not in pol.get("/portal/refer/adult").text


def test_a_receipt_is_for_whoever_follows_the_referral(pat, browser, app):
    begin(pat)
    write(pat)
    receipt = pat.post("/portal/refer/send", {})
    pol = type(browser)(app, app.extensions["lado"].database).sign_in("pol")

    pol.get(receipt.request.path, status=404)


def test_the_check_page_shows_each_answer_as_it_was_given(pat):
    begin(pat)
    write(pat, adult={"subject_name": "", "subject_unknown": "y"})

    page = words_of(pat.get("/portal/refer/send"))

    for words in ("Education", "27 February 2026", "Physical: hit", "Kim Example", "The child’s parents or carers"):
        assert words in page
    assert "Name of the adult Not known" in page

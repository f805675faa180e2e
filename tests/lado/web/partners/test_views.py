"""The officers' side of a case's partners: what each sees now, as they see it; messages, outcome, reminders, lists."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from lado.models import Account, Grant, LedgerEntry, Notice
from lado.services import access, agencies
from lado.services.agencies import NewContact
from tests.support.browser import Browser, words_of

DECIDED = ("meet_threshold", "hold_meeting", "decide_outcome")


@pytest.fixture
def referral(caseload, people):
    return caseload.referral(DECIDED, partner=people.pat.id)


@pytest.fixture
def as_(browser):
    known = {}

    def go(name):
        if name not in known:
            known[name] = Browser(browser.app, browser.database).sign_in(name)
        return known[name]

    return go


def test_an_officer_sees_the_very_page_that_the_partner_sees(as_, caseload, people, referral):
    caseload.make(
        referral,
        "set_action",
        {"due_on": referral.recorded_at.date().replace(day=20), "holder": "partner", "user": people.pat.id},
        {"action": "Send the training record."},
    )
    caseload.make(referral, "release_outcome")
    theirs = as_("pat").get(f"/portal/{referral.reference}").text
    page = as_("olive").get(f"/referrals/{referral.reference}/partners/{people.pat.id}").text
    seen = page[
        page.index('<section class="as-seen"') : page.index("</section>", page.index('<section class="as-seen"'))
    ]

    for words in (
        "The outcome has been released to you: <strong>Substantiated</strong>",
        "Send the training record.",
        "01632 960 001",
    ):
        assert words in theirs
        assert words in seen
    facts = re.findall(r'<dd class="govuk-summary-list__value kept-text">([^<]*)</dd>', theirs)
    assert len(facts) == 4
    assert [fact for fact in facts if fact not in seen] == []
    assert "<form" not in seen
    assert "/portal/" not in seen


def test_who_follows_it_and_what_they_opened(as_, database, people, referral):
    page = as_("olive").get(f"/referrals/{referral.reference}/partners")
    assert "Pat Partner, Willow Lane Primary School" in page.text
    assert words_of(page).count("Not yet") >= 2

    as_("pat").get(f"/portal/{referral.reference}")
    page = words_of(as_("olive").get(f"/referrals/{referral.reference}/partners/{people.pat.id}"))
    assert "Opened this case Monday 2 March 2026" in page
    assert "Concluded – letter sent" in page
    assert "Decided, not released to them" in page


def test_a_conversation_from_both_sides(as_, database, people, referral):
    pat, olive = as_("pat"), as_("olive")
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}"
    sent = pat.post(f"/portal/{referral.reference}/messages", {"message": "May we tell the parents?"})
    assert "Your message is sent" in sent.text
    assert referral.reference in olive.get("/partners").text

    answered = olive.post(f"{address}/message", {"message": "Not yet, please."})
    assert "Not opened yet" in answered.text
    assert "Dealt with" in answered.text
    assert "May we tell" not in olive.get("/partners").text

    assert "New message" in pat.get("/portal").text
    page = pat.get(f"/portal/{referral.reference}")
    assert "Not yet, please." in page.text
    assert "New" in words_of(page)
    assert "Olive" not in page.text
    assert "New" not in words_of(pat.get(f"/portal/{referral.reference}"))
    assert "New message" not in pat.get("/portal").text
    assert "Opened Monday 2 March 2026" in words_of(olive.get(address))
    assert "Message from Pat Partner" in olive.get(f"/referrals/{referral.reference}/record").text


def test_the_outcome_is_released_read_and_acknowledged(as_, people, referral):
    pat, olive = as_("pat"), as_("olive")
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}"
    done = olive.post(f"{address}/outcome", {"decision": "release", "why": ""})
    assert "Released. It is on their page now" in done.text
    assert "They have not said that they have read it" in done.text
    assert referral.reference in olive.get("/partners").text

    page = pat.get(f"/portal/{referral.reference}")
    assert referral.reference not in olive.get("/partners").text
    thanks = pat.post(f"/portal/{referral.reference}/read", {}, page=page)
    assert "Thank you." in thanks.text
    assert "You read it:" in thanks.text
    assert "I have read this" not in thanks.text
    assert "Read by them, Monday 2 March 2026" in words_of(olive.get(address))
    again = pat.post(f"/portal/{referral.reference}/read", {}, page=pat.get(f"/portal/{referral.reference}/messages"))
    assert "You have said already" in again.text


def test_the_outcome_is_withheld_with_a_reason(as_, people, referral):
    olive, address = as_("olive"), f"/referrals/{referral.reference}/partners/{people.pat.id}"
    missing = olive.post(f"{address}/outcome", {"decision": "withhold", "why": ""}, status=400)
    assert "Say why they are not told the outcome." in missing.text

    done = olive.post(f"{address}/outcome", {"decision": "withhold", "why": "Another child is named in it."})

    assert "Kept from them since" in done.text
    assert "Another child" in olive.get(f"/referrals/{referral.reference}/record").text
    page = as_("pat").get(f"/portal/{referral.reference}")
    assert "Substantiated" not in page.text
    assert "Another child" not in page.text
    nothing = as_("pat").post(
        f"/portal/{referral.reference}/read", {}, page=as_("pat").get(f"/portal/{referral.reference}/messages")
    )
    assert "There is nothing on this page now" in nothing.text


def test_a_reminder_names_nothing_and_goes_once_a_day(as_, database, people, referral):
    olive, address = as_("olive"), f"/referrals/{referral.reference}/partners/{people.pat.id}"
    assert "Reminded." in olive.post(f"{address}/remind", {}, page=olive.get(address)).text
    assert "reminded today already" in olive.post(f"{address}/remind", {}, page=olive.get(address)).text

    with database.reading(people.mina) as act:
        notice = act.session.scalars(select(Notice).where(Notice.subject.contains("look at your page"))).one()
    assert "Robin" not in notice.subject + notice.body


def test_a_message_that_needs_no_answer(as_, database, people, referral):
    as_("pat").post(f"/portal/{referral.reference}/messages", {"message": "Thank you."})
    with database.reading(people.mina) as act:
        number = act.session.scalars(select(LedgerEntry.number).where(LedgerEntry.kind == "MessageSent")).one()
    address = f"/referrals/{referral.reference}/partners/messages/{number}"

    done = as_("olive").post(address, {"why": "Nothing was asked."})

    assert "does not wait any more" in done.text
    assert "It was dealt with" in as_("olive").get(address).text
    as_("olive").get(f"/referrals/{referral.reference}/partners/messages/1", status=404)


def test_a_form_made_before_somebody_wrote_is_shown_again(as_, people, referral):
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}"
    page = as_("olive").get(f"{address}/message")
    as_("pat").post(f"/portal/{referral.reference}/messages", {"message": "Never mind."})

    stale = as_("olive").post(f"{address}/message", {"message": "Not yet, please."}, page=page, status=409)

    assert "Somebody else has recorded something" in stale.text
    assert "Not yet, please." in stale.text
    assert "Never mind." in stale.text
    as_("olive").post(f"{address}/message", {"message": "Not yet, please."}, page=stale)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(as_, people, referral):
    empty = as_("pat").post(f"/portal/{referral.reference}/messages", {"message": ""}, status=400)
    assert "Write your message." in empty.text
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}"
    long = as_("olive").post(f"{address}/message", {"message": "long " * 2_000}, status=400)
    assert "Shorten this to 5,000 characters" in long.text
    assert "long long" in long.text


def test_whose_access_has_ended_sees_nothing_and_is_written_nothing(as_, database, people, referral):
    as_("pat").get(f"/portal/{referral.reference}")
    with database.work(people.olive) as act:
        act.session.execute(update(Grant).values(ended_at=act.at))
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}"

    page = as_("olive").get(address)

    assert "Their access has ended" in page.text
    assert "Write to them" not in page.text
    assert "What they saw, and when" in page.text
    assert "may not follow" in as_("olive").post(f"{address}/message", {"message": "x"}, status=409).text


def test_who_reads_and_does_not_write(as_, people, referral):
    address = f"/referrals/{referral.reference}/partners/{people.pat.id}"

    page = as_("abe").get(address)

    for words in ("Write to them", "Remind them", "Release or withhold"):
        assert words not in page.text
    as_("abe").get(f"{address}/message", status=404)
    as_("olive").get(f"/referrals/{referral.reference}/partners/{people.pol.id}", status=404)
    as_("olive").get(f"/referrals/{referral.reference}/partners/99999999999999", status=404)
    as_("sam").get(address, status=404)


def test_as_many_queries_for_many_followers_and_messages_as_for_one(as_, database, caseload, people, referral):
    olive, pat = as_("olive"), as_("pat")
    pat.post(f"/portal/{referral.reference}/messages", {"message": "One."})
    addresses = (
        f"/referrals/{referral.reference}/partners",
        f"/referrals/{referral.reference}/partners/{people.pat.id}",
        "/partners",
    )

    def queries():
        return [(olive.get(address), olive.queries)[1] for address in addresses]

    few = queries()
    with database.work(people.olive) as act:
        access.give(act, referral.id, access.NewAccess(people.pol.id, "They look into it."))
    for number in range(8):
        pat.post(f"/portal/{referral.reference}/messages", {"message": f"Number {number}."})
        caseload.referral(DECIDED, partner=people.pat.id)

    assert queries() == few


@pytest.mark.parametrize(
    ("wants", "fact", "after"),
    [
        (True, "They get one when there is something new", "An e-mail tells them that there is something to read."),
        (False, "None about news: they chose not to get any. Ring them", "so ring them."),
        (None, "None about news: they have not chosen yet. Ring them", "so ring them."),
    ],
)
def test_an_officer_sees_whom_to_ring(as_, database, people, referral, wants, fact, after):
    with database.work(people.system) as act:
        act.session.execute(update(Account).where(Account.id == people.pat.id).values(wants_news=wants))
    olive, address = as_("olive"), f"/referrals/{referral.reference}/partners"

    assert fact in words_of(olive.get(address))
    assert ("No e-mails about news: ring them" in words_of(olive.get("/partners"))) is (wants is not True)
    write = f"{address}/{people.pat.id}/message"
    assert after in words_of(olive.post(write, {"message": "Please wait."}, page=olive.get(write)))
    outcome = f"{address}/{people.pat.id}/outcome"
    assert after in words_of(olive.post(outcome, {"decision": "release"}, page=olive.get(outcome)))


def test_access_that_ends_by_itself_soon_is_seen_before_it_does(as_, database, caseload, clock, people):
    """Monday 2 March: the fifth working day from now is the Monday after it."""
    days = {"soon": date(2026, 3, 9), "later": date(2026, 3, 10), "closed": date(2026, 3, 9)}
    cases = {name: caseload.referral() for name in days}
    for name, last_on in days.items():
        with database.work(people.olive) as act:
            access.give(act, cases[name].id, access.NewAccess(people.pat.id, "While it goes on.", ends_on=last_on))
    caseload.make(cases["closed"], "advise")
    olive = as_("olive")
    assert "Access that ends soon None." in words_of(as_("sam").get("/partners"))

    page = words_of(olive.get("/partners"))
    soon = page[page.index("Access that ends soon") :]
    who = "Pat Partner, Willow Lane Primary School"
    assert f"{cases['soon'].reference} {who} To the end of Monday 9 March 2026 Olive Officer" in soon
    assert cases["later"].reference not in soon
    assert cases["closed"].reference not in soon

    clock.move_to(datetime(2026, 3, 10, tzinfo=UTC))
    assert cases["soon"].reference not in words_of(as_("dana").get("/partners"))


def test_as_many_queries_for_much_access_that_ends_as_for_little(as_, database, caseload, people):
    olive = as_("olive")

    def queries(cases):
        for _ in range(cases):
            one = caseload.referral()
            with database.work(people.olive) as act:
                access.give(act, one.id, access.NewAccess(people.pat.id, "Now.", ends_on=date(2026, 3, 4)))
        olive.get("/partners")
        return olive.queries

    assert queries(1) == queries(9)


def test_whom_one_may_speak_to_stands_beside_who_follows_it(as_, database, people, referral):
    safe = "Ring in the evening. The office hears messages."
    with database.work(people.olive) as act:
        chris = NewContact("Chris Chair", "Chair", phone="01632 960 101", safe=safe)
        agencies.add_contact(act, people.pat.agency, chris)
        agencies.add_contact(act, people.pol.agency, NewContact("Quinn Quiet", "Sergeant", phone="01632 960 102"))
    address = f"/referrals/{referral.reference}/partners"
    page = words_of(as_("olive").get(address))
    few = as_("olive").queries

    known = page[page.index("Whom one may speak to") :]
    assert "Willow Lane Primary School Who How to reach them Before you ring or write Change Chris Chair" in known
    assert f"01632 960 101 {safe}" in known
    assert "Quinn Quiet" not in page
    assert "Chris Chair" not in words_of(as_("abe").get(address))

    with database.work(people.olive) as act:
        for number in range(5):
            agencies.add_contact(act, people.pat.agency, NewContact(f"Nobody {number}", phone="01632 960 103"))
        access.give(act, referral.id, access.NewAccess(people.pol.id, "They look into it."))
    assert "Northbrook Police Who" in words_of(as_("olive").get(address))
    assert as_("olive").queries == few

"""The partners' side: their own referrals in approved sentences, and what they owe."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lado.domain.partner_words import OWN_ACTIONS_SAY_IT
from lado.models import Attachment, CaseAction, Grant, Notice, PartnerMessage, SeenSentence, ShownSentence
from lado.queries.portal import STEP_OF
from tests.support.browser import words_of
from workflows.registry import PROCEDURES

HIDDEN = ("Robin", "Sample", "Willow Lane", "Kim Example", "corridor", "police", "Olive", "conclusion", "threshold_")


@pytest.fixture
def referral(caseload, people):
    return caseload.referral(partner=people.pat.id)


def give_action(caseload, clock, referral, holder, what="Send us the training record", days=7):
    caseload.make(
        referral,
        "set_action",
        {"due_on": (clock.now() + timedelta(days=days)).date(), "holder": "partner", "user": holder.id},
        {"action": what},
    )


def as_bytes(client: FlaskClient, address: str, method: str = "GET", **data: str) -> tuple[int, str, list[str]]:
    """An answer without what differs each time: the nonce and the form's tokens."""
    answer = client.open(address, method=method, data=data or None)
    text = re.sub(r'(nonce="|data-token="|name="(?:csrf|form)_token" value=")[^"]*', r"\1", answer.text)
    headers = [f"{name}: {value}" for name, value in answer.headers if name not in ("Set-Cookie", "Content-Length")]
    return answer.status_code, text, [re.sub(r"'nonce-[^']*'", "", line) for line in headers]


def test_a_partner_without_referrals_is_told_what_will_appear(browser):
    page = browser.sign_in("pat").get("/portal")

    assert "No referrals here" in page.text


def test_the_list_says_what_is_happening_and_what_to_do(browser, referral):
    page = browser.sign_in("pat").get("/portal")

    assert referral.reference in page.text
    assert "Received 2 Mar 2026" in page.text
    assert "a designated officer is reading it" in page.text
    assert "do not question the person concerned" in page.text
    assert "by the end of the next working day" in page.text


def test_nobody_elses_referral_is_in_the_list(browser, caseload, people, referral):
    other = caseload.referral(partner=people.pol.id)
    colleague = caseload.referral()

    page = browser.sign_in("pat").get("/portal")

    assert referral.reference in page.text
    assert other.reference not in page.text
    assert colleague.reference not in page.text


@pytest.mark.parametrize(
    ("moves", "status", "now"),
    [
        ((), "Received", "Received"),
        (("ask_information",), "More information needed", "Being considered"),
        (("meet_threshold",), "In progress", "In progress"),
        (("meet_threshold", "hold_meeting", "pause_for_police"), "Waiting for another agency", "In progress"),
        (("advise",), "Advice given", "Concluded"),
        (("meet_threshold", "hold_meeting", "decide_outcome"), "Concluded – letter sent", "Concluded"),
    ],
)
def test_the_present_step_is_marked(browser, caseload, people, moves, status, now):
    referral = caseload.referral(moves, partner=people.pat.id)

    page = browser.sign_in("pat").get(f"/portal/{referral.reference}")

    assert status in words_of(page)
    step = re.search(r'aria-current="step".*?steps__words">([^<]*)<', page.text, re.S)
    assert step[1].strip() == now


def test_every_status_that_a_procedure_shows_has_a_step():
    for workflow in PROCEDURES.values():
        for state in workflow.states:
            assert STEP_OF[state.partner_sees]
            assert "police" not in f"{state.partner_sees} {state.partner_happening} {state.partner_do}".lower()


def test_nothing_of_the_case_is_on_the_page(browser, caseload, clock, people):
    moves = ("meet_threshold", "arrange_meeting", "hold_meeting", "pause_for_police")
    referral = caseload.referral(moves, partner=people.pat.id)
    give_action(caseload, clock, referral, people.pol, "Interview the witness")
    give_action(caseload, clock, referral, people.pat, "Keep the rota of March")

    browser.sign_in("pat")
    for address in ("/portal", f"/portal/{referral.reference}", f"/portal/{referral.reference}/actions/1"):
        text = re.sub(r"Do not speak to the person concerned or to witnesses", "", browser.get(address).text)
        for word in (*HIDDEN, "Interview", "witness", "Substantiated"):
            assert word.lower() not in text.lower(), f"{word} on {address}"


def test_what_is_not_theirs_answers_byte_for_byte_as_what_does_not_exist(browser, caseload, clock, people, referral):
    other = caseload.referral(partner=people.pol.id)
    give_action(caseload, clock, other, people.pol)
    nobodys = caseload.referral()
    client = browser.sign_in("pat").client
    nothing = as_bytes(client, "/portal/NB-AAAAAA-A")

    assert nothing[0] == 404
    for reference in (other.reference, nobodys.reference, "NB-222222-2", "x", "0", "%00", "a b", "’", "N" * 3000):
        assert as_bytes(client, f"/portal/{reference}") == nothing, reference
        assert as_bytes(client, f"/portal/{reference}/actions/1") == nothing, reference
    for number in ("0", "2", "99999999999999999999", "-1", "x"):
        assert as_bytes(client, f"/portal/{referral.reference}/actions/{number}") == nothing, number


def test_what_is_not_theirs_cannot_be_written_to(browser, database, caseload, clock, people, referral):
    other = caseload.referral(partner=people.pol.id)
    give_action(caseload, clock, other, people.pol)
    give_action(caseload, clock, referral, people.pat)
    browser.sign_in("pat")
    page = browser.get(f"/portal/{referral.reference}/actions/1")

    foreign = browser.post(f"/portal/{other.reference}/actions/1", {"reply": ""}, page=page, status=404)
    absent = browser.post("/portal/NB-222222-2/actions/1", {"reply": ""}, page=page, status=404)

    assert words_of(foreign) == words_of(absent)
    with database.reading(people.olive) as act:
        assert not any(act.session.scalars(select(CaseAction.is_done)))


def test_an_action_is_said_to_be_done_with_a_reply(browser, database, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pol)
    give_action(caseload, clock, referral, people.pat)
    browser.sign_in("pat")
    assert "One action waits for you" in browser.get("/portal").text
    assert "Send us the training record" in browser.get(f"/portal/{referral.reference}").text
    page = browser.get(f"/portal/{referral.reference}/actions/1")
    assert "By the end of Monday 9 March 2026." in page.text

    answer = browser.post(page.request.path, {"reply": "Sent by post on Monday."}, page=page)

    assert "The officer is told that this is done" in answer.text
    done = browser.get(f"/portal/{referral.reference}/actions/1")
    assert "Sent by post on Monday." in done.text
    assert "<textarea" not in done.text
    with database.reading(people.olive) as act:
        assert list(act.session.scalars(select(CaseAction.is_done).order_by(CaseAction.number))) == [False, True]
        notice = act.session.scalars(select(Notice).where(Notice.account_id == people.olive.id)).one()
        assert referral.reference in notice.subject
        assert "post" not in notice.subject + notice.body


def test_a_second_sending_does_nothing_and_a_second_form_says_so(browser, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pat)
    address = f"/portal/{referral.reference}/actions/1"
    browser.sign_in("pat")
    page, another = browser.get(address), browser.get(address)

    browser.post(address, {"reply": "Done."}, page=page)
    browser.post(address, {"reply": "Done."}, page=page)
    refused = browser.post(address, {"reply": "Done again."}, page=another, status=400)

    assert "recorded already that this is done" in refused.text


def test_a_reply_that_is_too_long_is_kept_and_explained(browser, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pat)
    browser.sign_in("pat")

    answer = browser.post(f"/portal/{referral.reference}/actions/1", {"reply": "long " * 2_000}, status=400)

    assert "Shorten this to 5,000 characters" in answer.text
    assert "long long long" in answer.text


def test_an_officers_word_on_a_partners_action_is_not_shown(browser, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pat)
    caseload.make(referral, "complete_action", {"number": 1}, {"reply": "The head rang, sounded evasive."})

    page = browser.sign_in("pat").get(f"/portal/{referral.reference}/actions/1")

    assert "Done" in page.text
    assert "evasive" not in page.text


def test_own_actions_stand_beside_what_must_not_be_done(browser, caseload, clock, people):
    paused = caseload.referral(("meet_threshold", "hold_meeting", "pause_for_police"), partner=people.pat.id)
    give_action(caseload, clock, paused, people.pat)

    page = words_of(browser.sign_in("pat").get("/portal"))

    assert "Carry out your action. Do not speak to the person concerned" in page


def test_sentences_that_own_actions_replace_are_approved_ones():
    approved = {state.partner_do for workflow in PROCEDURES.values() for state in workflow.states}

    assert set(OWN_ACTIONS_SAY_IT) <= approved


def test_a_late_action_says_so(browser, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pat, days=2)
    clock.advance(days=4)

    browser.sign_in("pat")

    assert "Late" in browser.get("/portal").text
    assert "Late" in browser.get(f"/portal/{referral.reference}").text


def test_the_outcome_is_shown_only_once_released(browser, caseload, people):
    decided = ("meet_threshold", "hold_meeting", "decide_outcome")
    referral = caseload.referral(decided, partner=people.pat.id)
    browser.sign_in("pat")
    assert "Substantiated" not in browser.get(f"/portal/{referral.reference}").text

    caseload.make(referral, "release_outcome")

    page = words_of(browser.get(f"/portal/{referral.reference}"))
    assert "The outcome has been released to you: Substantiated ." in page
    assert "Two witnesses" not in page


def test_an_outcome_decided_after_a_release_is_not_released(browser, caseload, people):
    moves = ("meet_threshold", "hold_meeting", "decide_outcome", "release_outcome", "close", "reopen", "hold_meeting")
    referral = caseload.referral(moves, partner=people.pat.id)
    browser.sign_in("pat")
    assert "released" not in browser.get(f"/portal/{referral.reference}").text

    caseload.make(referral, "decide_outcome", {"outcomes": {"1": "unfounded"}})

    page = browser.get(f"/portal/{referral.reference}").text
    assert "released" not in page
    assert "Unfounded" not in page


def test_several_outcomes_are_told_one_by_one(browser, caseload, people):
    referral = caseload.referral(
        ("meet_threshold", "hold_meeting"),
        partner=people.pat.id,
        more_allegations=({"category": "conduct", "summary": "Also shouted."},),
    )
    caseload.make(referral, "decide_outcome", {"outcomes": {"1": "unfounded", "2": "substantiated"}})
    caseload.make(referral, "release_outcome")

    page = words_of(browser.sign_in("pat").get(f"/portal/{referral.reference}"))

    assert "Allegation 1: Unfounded" in page
    assert "Allegation 2: Substantiated" in page
    assert "shouted" not in page


def test_an_ended_grant_is_refused_at_the_next_request(browser, database, clock, people, referral):
    browser.sign_in("pat").get(f"/portal/{referral.reference}")

    with database.work(people.olive) as act:
        act.session.execute(update(Grant).values(ended_at=act.at))

    browser.get(f"/portal/{referral.reference}", status=404)
    assert referral.reference not in browser.get("/portal").text


def test_a_grant_ends_at_its_minute(browser, database, clock, people, referral):
    with database.work(people.olive) as act:
        act.session.execute(update(Grant).values(ended_at=act.at + timedelta(minutes=10)))
    browser.sign_in("pat").get(f"/portal/{referral.reference}")

    clock.advance(minutes=10)

    browser.get(f"/portal/{referral.reference}", status=404)


def test_as_many_queries_for_thirty_rows_as_for_three(browser, caseload, clock, people):
    def queries() -> list[int]:
        counts = []
        for address in ("/portal", f"/portal/{referral.reference}", f"/portal/{referral.reference}/actions/1"):
            browser.get(address)
            counts.append(browser.queries)
        return counts

    browser.sign_in("pat")
    referral = caseload.referral(partner=people.pat.id)
    for _ in range(2):
        give_action(caseload, clock, caseload.referral(partner=people.pat.id), people.pat)
    give_action(caseload, clock, referral, people.pat)
    few = queries()

    for _ in range(27):
        give_action(caseload, clock, caseload.referral(partner=people.pat.id), people.pat)
        give_action(caseload, clock, referral, people.pat)

    assert queries() == few


def test_a_long_list_goes_on_by_key(browser, caseload, people):
    references = {caseload.referral(partner=people.pat.id).reference for _ in range(35)}
    first = browser.sign_in("pat").get("/portal")
    next_page = re.search(r'href="(/portal\?after=[^"]+)"', first.text)[1]

    second = browser.get(next_page)

    shown = [set(re.findall(r'href="/portal/(NB-[^"]+)"', page.text)) for page in (first, second)]
    assert [len(page) for page in shown] == [30, 5]
    assert shown[0] | shown[1] == references
    assert "/portal?after" not in second.text


@pytest.mark.parametrize("after", ["x", "NB-222222-2", "%00", ""])
def test_a_page_after_nothing_that_is_theirs_shows_nothing_foreign(browser, caseload, people, referral, after):
    other = caseload.referral(partner=people.pol.id)

    page = browser.sign_in("pat").get(f"/portal?after={after}")

    assert other.reference not in page.text


@pytest.mark.parametrize("name", ["olive", "mina", "ada", "abe"])
def test_the_councils_own_people_have_no_place_here(browser, referral, name):
    browser.sign_in(name)

    browser.get("/portal", status=403)
    browser.get(f"/portal/{referral.reference}", status=404)


def test_which_sentence_a_partner_saw_is_kept_word_for_word(browser, database, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pat)
    browser.sign_in("pat")
    for address in (f"/portal/{referral.reference}", f"/portal/{referral.reference}", "/portal", "/portal"):
        shown = words_of(browser.get(address))
    caseload.make(referral, "meet_threshold")
    browser.get(f"/portal/{referral.reference}")

    query = select(SeenSentence, ShownSentence).join(ShownSentence).order_by(SeenSentence.is_list, SeenSentence.number)
    with database.reading(people.mina) as act:
        seen = act.session.execute(query).all()
    assert [(row.is_list, row.times, sentence.status) for row, sentence in seen] == [
        (False, 2, "Received"),
        (False, 1, "In progress"),
        (True, 2, "Received"),  # signing in leads there too
    ]
    in_list = seen[-1][1]
    for sentence in (in_list.happening, in_list.to_do, in_list.by_when):
        assert sentence in shown
    assert in_list.by_when == "By the end of Monday 9 March 2026."
    assert seen[0][1].by_when == "You hear from us by the end of the next working day."


def test_what_is_not_shown_is_not_kept_as_seen(browser, database, caseload, people, referral):
    other = caseload.referral(partner=people.pol.id)
    client = browser.sign_in("pat").client
    with database.reading(people.mina) as act:
        before = len(act.session.scalars(select(SeenSentence)).all())

    client.head(f"/portal/{referral.reference}")
    client.get(f"/portal/{other.reference}")

    with database.reading(people.mina) as act:
        assert len(act.session.scalars(select(SeenSentence)).all()) == before


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_file_comes_with_a_reply_and_with_a_message(browser, database, caseload, clock, people, referral):
    give_action(caseload, clock, referral, people.pat)
    browser.sign_in("pat")

    done = browser.post(
        f"/portal/{referral.reference}/actions/1", {"reply": "Here.", "file": (BytesIO(PDF), "record.pdf")}
    )
    sent = browser.post(
        f"/portal/{referral.reference}/messages", {"message": "And this.", "file": (BytesIO(PDF), "rota.pdf")}
    )

    assert "The officer is told that this is done" in done.text
    assert "Your message is sent" in sent.text
    with database.reading(people.mina) as act:
        kept = act.session.execute(select(Attachment.referral_id, Attachment.added_by_id)).all()
    assert [tuple(row) for row in kept] == [(referral.id, people.pat.id)] * 2


@pytest.mark.parametrize(("page", "field"), [("actions/1", "reply"), ("messages", "message")])
def test_a_file_that_cannot_be_taken_sends_nothing_and_keeps_the_words(
    browser, database, caseload, clock, people, referral, page, field
):
    give_action(caseload, clock, referral, people.pat)
    browser.sign_in("pat")

    answer = browser.post(
        f"/portal/{referral.reference}/{page}",
        {field: "Look at this.", "file": (BytesIO(b"MZ\x90\x00 harm"), "x.pdf")},
        status=400,
    )

    assert "Look at this." in answer.text
    assert 'id="file-error"' in answer.text
    with database.reading(people.mina) as act:
        assert not any(act.session.scalars(select(CaseAction.is_done)))
        assert act.session.scalars(select(Attachment.id)).all() == []
        assert act.session.scalars(select(PartnerMessage.number)).all() == []

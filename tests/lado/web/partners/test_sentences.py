"""The pages of the sentences for partners: what holds, proposing, a second person, and what a partner then reads."""

from lado.queries import portal_words
from tests.support.browser import Browser, words_of

ADDRESS = "/settings/sentences/northbrook/allegation_v1/received"
OURS = {
    "happening": "Somebody at Northbrook is reading it.",
    "to_do": "Keep your notes safe.",
    "by_when": "You hear from us tomorrow.",
    "why": "Ours is friendlier.",
}


def another(browser, name):
    return Browser(browser.app, browser.database).sign_in(name)


def propose(browser, name="olive"):
    return another(browser, name).post(f"{ADDRESS}/propose", OURS)


def test_every_state_stands_there_with_its_sentences(browser):
    page = words_of(browser.sign_in("abe").get("/settings/sentences"))

    assert "a designated officer is reading it" in page
    assert "Waiting for another agency" in page
    assert "Waiting for a second person" not in page
    browser.get("/settings/sentences?procedure=allegation_v2")
    browser.get("/settings/sentences?procedure=nothing")


def test_from_a_proposal_to_what_the_partner_reads(browser, caseload, people):
    referral = caseload.referral(partner=people.pat.id)
    answer = propose(browser)
    assert "Partners are told what they were told before" in answer.text
    assert "Other sentences wait for a second person" in answer.text

    browser = another(browser, "mina")
    assert "Olive Officer" in browser.get("/settings/sentences").text
    page = browser.get("/settings/sentences/proposals/1")
    assert "Ours is friendlier." in page.text
    done = browser.post("/settings/sentences/proposals/1", {"decision": "approve", "answer": "Yes."}, page=page)
    assert "Partners are told this from now on" in done.text
    assert "Approved by Mina Manager" in done.text
    assert "As they came with the procedure" in done.text

    read = another(browser, "pat").get(f"/portal/{referral.reference}")
    assert "Somebody at Northbrook is reading it." in read.text


def test_seeing_how_a_partner_would_read_it_proposes_nothing(browser, database, people):
    browser.sign_in("olive")
    page = browser.post(f"{ADDRESS}/propose", {**OURS, "check": "yes"})

    assert "As a partner would read it" in page.text
    assert "waits for a second person" not in browser.get(ADDRESS).text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(browser):
    browser.sign_in("olive")

    page = browser.post(f"{ADDRESS}/propose", {**OURS, "happening": "We wait for the police."}, status=400)

    assert "Leave out “police”" in page.text
    assert "We wait for the police." in page.text
    assert "Say why the sentences should change." in browser.post(f"{ADDRESS}/propose", {"why": ""}, status=400).text


def test_a_second_proposal_and_ones_own_are_refused_in_words(browser):
    propose(browser, "mina")
    browser.sign_in("mina")

    own = browser.get("/settings/sentences/proposals/1")
    assert "Somebody else approves or refuses them." in own.text
    form, approve = browser.get(f"{ADDRESS}/propose"), {"decision": "approve", "answer": ""}
    refused = browser.post("/settings/sentences/proposals/1", approve, page=form, status=409)
    assert "You proposed these sentences." in refused.text
    second = another(browser, "olive").post(f"{ADDRESS}/propose", OURS, status=409)
    assert "waits for a second person already" in second.text


def test_a_refusal_needs_a_reason_and_is_kept(browser, database, people):
    propose(browser)
    browser.sign_in("hal")
    missing = browser.post("/settings/sentences/proposals/1", {"decision": "refuse", "answer": ""}, status=400)
    assert "Say why they stay as they are." in missing.text

    browser.post("/settings/sentences/proposals/1", {"decision": "refuse", "answer": "Too friendly."})

    page = browser.get(ADDRESS)
    assert "Too friendly." in page.text
    with database.reading(people.hal) as act:
        place = portal_words.Place(people.hal.authority, "allegation", 1, "received")
        assert "Northbrook" not in portal_words.in_force(act.session, [place.authority_id]).words(place).happening


def test_who_may_only_read_finds_no_way_to_change(browser):
    browser.sign_in("bea")

    assert "Propose" not in browser.get(ADDRESS).text
    browser.get(f"{ADDRESS}/propose", status=404)
    browser.get("/settings/sentences/northbrook/allegation_v1/nowhere", status=404)
    browser.get("/settings/sentences/northbrook/allegation_v9/received", status=404)
    browser.get("/settings/sentences/southmere/allegation_v1/received", status=404)
    browser.get("/settings/sentences/proposals/99999999999999", status=404)

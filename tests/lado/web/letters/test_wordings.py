"""The pages of how letters are worded: what holds, proposing, how it reads, a second person, and what is refused."""

import pytest

from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import EMAIL, Kind
from tests.support.browser import Browser, words_of

ADDRESS = "/settings/letters/northbrook/parents/outcome"
OURS = {
    "heading": "What we concluded",
    "body": "Dear parent,\n\nIt is {outcome}. {meaning}\n\n{publicity}\n\n{officer}",
    "why": "Ours is shorter.",
}


def another(browser, name):
    return Browser(browser.app, browser.database).sign_in(name)


def test_every_letter_stands_there(browser):
    page = words_of(browser.sign_in("abe").get("/settings/letters"))

    assert page.count("As it came with the product") == len(SHIPPED)
    assert "Waiting for a second person" not in page


def test_from_a_proposal_to_what_holds(browser):
    answer = another(browser, "olive").post(f"{ADDRESS}/propose", OURS)
    assert "Letters are made as before until a second person approves." in answer.text
    assert "Other wording waits for a second person" in answer.text

    browser = another(browser, "mina")
    assert "Olive Officer" in browser.get("/settings/letters").text
    page = browser.get("/settings/letters/proposals/1")
    assert "Ours is shorter." in page.text
    done = browser.post("/settings/letters/proposals/1", {"decision": "approve", "answer": "Yes."}, page=page)

    assert "Approved by Mina Manager" in done.text
    assert "As it came with the product" in done.text
    assert "What we concluded" in done.text
    assert "The council’s own" in browser.get("/settings/letters").text


def test_seeing_how_it_reads_proposes_nothing(browser):
    browser.sign_in("olive")

    page = browser.post(f"{ADDRESS}/propose", {**OURS, "check": "yes"})

    assert "How it would read, with an invented case" in page.text
    assert "It is Unfounded." in page.text
    assert "waits for a second person" not in browser.get(ADDRESS).text


@pytest.mark.parametrize("sent", [{}, {"check": "yes"}])
def test_a_placeholder_that_does_not_exist_is_refused_in_words(browser, sent):
    browser.sign_in("olive")
    status = 200 if sent else 400

    page = browser.post(f"{ADDRESS}/propose", {**OURS, "body": "It is {oucome}.", **sent}, status=status)

    assert "{oucome} cannot stand in a letter or an e-mail." in page.text
    assert "It is {oucome}." in page.text


def test_an_email_is_not_told_whom_it_is_about(browser):
    browser.sign_in("olive")
    address = "/settings/letters/northbrook/referrer/email/propose"
    typed = {"heading": "{reference}", "body": "About {subject}.", "why": "Clearer."}

    page = browser.post(address, typed, status=400)

    assert "{subject} cannot stand in an e-mail." in page.text


def test_ones_own_and_a_second_proposal_are_refused_in_words(browser):
    another(browser, "mina").post(f"{ADDRESS}/propose", OURS)
    browser.sign_in("mina")

    own = browser.get("/settings/letters/proposals/1")
    assert "You proposed this wording. Somebody else approves or refuses it." in own.text
    second = another(browser, "olive").post(f"{ADDRESS}/propose", OURS, status=409)
    assert "waits for a second person already" in second.text


def test_as_many_queries_for_many_proposals_as_for_one(browser):
    officer = another(browser, "olive")
    officer.post(f"{ADDRESS}/propose", OURS)
    manager = another(browser, "mina")
    manager.get("/settings/letters")
    few = manager.queries
    for kind in [kind for kind in SHIPPED if kind.occasion != EMAIL and kind != Kind("parents", "outcome")]:
        officer.post(f"/settings/letters/northbrook/{kind.audience}/{kind.occasion}/propose", OURS)

    manager.get("/settings/letters")

    assert manager.queries == few

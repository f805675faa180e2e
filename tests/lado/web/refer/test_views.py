"""Beginning without an account: everybody is answered alike, the address is proved, and only then is anything sent."""

import re

import pytest
from sqlalchemy import select, update

from lado.jobs import notices as sending
from lado.models import Account, Notice, OnlineDraft, Referral
from lado.queries import ledger
from lado.security.identity import SYSTEM
from lado.services import online_beginnings
from tests.support.browser import words_of
from tests.support.online import CHECKED, PARTS
from tests.support.people import email_of

WHO = {
    "name": "Nora Newcomer",
    "email": "Nora@oak-nursery.example",
    "source": "early_years",
    "organisation": "Oak Nursery",
    "role": "Manager",
    "phone": "01632 960 300",
}
PASSWORD = "three words nobody joins"


class Letters:
    """Mail that goes nowhere and is kept."""

    is_followed = False

    def __init__(self):
        self.sent = []

    def send(self, letter):
        self.sent.append(letter)


@pytest.fixture
def letters(database):
    """What is sent when the scheduler looks: a function that looks and returns every letter so far."""
    kept = Letters()

    def look():
        sending.tick(database, kept, "http://localhost")
        return kept.sent

    return look


def begin(browser, status=200, **changes):
    """Answer the four questions and say who one is; the page after."""
    page = browser.post("/refer", {**CHECKED})
    council = re.search(r'<option value="(\d+)"[^>]*>Northbrook Council', page.text)[1]
    fields = {**CHECKED, "council": council, **WHO, **changes}
    return browser.post("/refer/begin", fields, page=page, status=status)


def path_in(letter):
    return re.search(r"http://localhost(/\S+)", letter.text)[1]


def test_somebody_without_an_account_begins_proves_the_address_and_sends(browser, letters, database, people, clock):
    assert "Nothing has reached an officer yet" in begin(browser).text
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Referral)).all() == []
    (letter,) = letters()
    assert letter.to == WHO["email"]
    assert not any(word in letter.subject + letter.text for word in ("Nora", "Oak", "Robin"))

    chosen = browser.post(path_in(letter), {"name": WHO["name"], "password": PASSWORD})
    shown = re.search(r'one-time-code">(\d{6})<', chosen.text)[1]
    home = browser.post("/set-up", {"code": shown}, page=chosen)
    assert "Sign out" in home.text
    tasks = browser.get("/portal/refer")
    assert tasks.text.count("Done") == 1
    assert "Oak Nursery" in browser.get("/portal/refer/you").text
    for part in ("adult", "what", "children", "told"):
        browser.post(f"/portal/refer/{part}", PARTS[part])
    clock.advance(minutes=5)
    receipt = browser.post("/portal/refer/send", {})

    assert "We have received your referral" in receipt.text
    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
        act.session.refresh(referral, ["sealing_key"])
        said = [entry.words for entry in ledger.entries(act, referral)]
    assert referral.received_at == clock.now()
    named = next(words for words in said if words.get("name") == "Nora Newcomer")
    assert named == {
        "name": "Nora Newcomer",
        "role": "Manager",
        "agency": "Oak Nursery",
        "phone": "01632 960 300",
        "email": WHO["email"],
    }


@pytest.fixture
def addresses(database, people):
    """Addresses of every standing: new, a partner's, an officer's, one whose account is shut."""
    with database.work(SYSTEM) as act:
        act.session.execute(update(Account).where(Account.id == people.pol.id).values(disabled_at=act.at))
    return ["new@oak.example", email_of("pat"), email_of("olive"), email_of("pol"), email_of("pat").upper()]


def test_the_answer_tells_nothing_of_who_has_an_account(browser, addresses, letters):
    answers = {
        re.sub(r'(nonce="|name="csrf_token" value=")[^"]*', r"\1", begin(browser, email=email).text)
        for email in addresses
    }

    assert len(answers) == 1
    told = {letter.to: letter.subject for letter in letters()}
    assert set(told) == {"new@oak.example", email_of("pat"), email_of("olive")}
    assert told[email_of("pat")] == online_beginnings.KNOWN_ALREADY


def test_whoever_has_an_account_is_led_to_it_and_nothing_of_theirs_is_touched(browser, letters, database, people):
    begin(browser, email=email_of("pat"), name="Somebody Else")

    (letter,) = letters()
    assert path_in(letter) == "/portal/refer"
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(OnlineDraft)).all() == []
    browser.sign_in("pat")


def test_one_mailbox_is_not_filled(browser, letters, clock):
    pages = {words_of(begin(browser)) for _ in range(6)}

    assert len(pages) == 1
    assert len(letters()) == online_beginnings.MOST_OF_ONE
    clock.advance(minutes=61)
    begin(browser)
    assert len(letters()) == online_beginnings.MOST_OF_ONE + 1


def test_a_new_link_takes_the_place_of_the_one_before(browser, letters, clock):
    begin(browser)
    begin(browser)
    first, second = map(path_in, letters())

    browser.get(first, status=404)
    browser.get(second)


def test_everybody_together_is_slowed_down(browser, monkeypatch, letters):
    monkeypatch.setattr(online_beginnings, "MOST_OF_ALL", 2)
    for email in ("a@oak.example", "b@oak.example"):
        begin(browser, email=email)

    refused = begin(browser, email="c@oak.example", status=409)

    assert "Ring us instead" in refused.text
    assert len(letters()) == 2


NO_ADDRESSES = ("", "nora", "nora@oak", "a b@oak.example", "a@b.example,c@d.example", "a@b.example\r\nBcc: c@d.example")


def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(browser, database, people):
    for email in NO_ADDRESSES:
        assert "e-mail address" in begin(browser, email=email, status=400).text
    page = begin(browser, status=400, name="", phone="")

    assert "Enter your name." in page.text
    assert "Enter a telephone number" in page.text
    assert WHO["email"] in page.text
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Notice)).all() == []


def test_whoever_has_signed_in_goes_on_as_themselves(browser):
    browser.sign_in("pat")

    assert browser.get("/refer").request.path == "/portal/refer/check"


def test_the_sign_in_page_leads_here(browser):
    assert 'href="/refer"' in browser.get("/sign-in").text


def test_a_link_that_was_not_used_in_time_is_asked_for_again(browser, letters, clock):
    begin(browser)
    clock.advance(days=8)
    browser.get(path_in(letters()[0]), status=404)

    begin(browser)

    browser.get(path_in(letters()[-1]))

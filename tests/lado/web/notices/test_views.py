"""What could not be delivered, on the escalations page and the case: who has it instead, and sending it again."""

import pytest
from sqlalchemy import select

from lado.adapters.mail import MailRefused
from lado.jobs import notices as job
from lado.models import Notice
from lado.security.identity import SYSTEM
from lado.services import notices
from tests.support.addresses import hidden
from tests.support.browser import Browser, words_of
from tests.support.mail import Pigeon

NEVER = MailRefused("the mail server said 550")


def sending_again(browser):
    """Where the first message is sent again."""
    return f"/notices/{hidden(browser.app, 1)}/send-again"


@pytest.fixture
def refused(database, people, caseload):
    """A case about which a message to Olive was refused; how many more refusals follow is said."""

    def refuse(more=0):
        referral = caseload.referral()
        with database.work(SYSTEM) as act:
            notices.queue(
                act, people.olive.id, referral, f"{referral.reference}: a timescale has lapsed", "It was due."
            )
        job.tick(database, Pigeon(*[NEVER] * (1 + more)), "https://lado.council.example")
        return referral

    return refuse


@pytest.mark.parametrize("page", ["/escalations", "/referrals/{reference}"])
def test_it_says_why_and_who_was_told_instead(browser, refused, page):
    referral = refused()

    page = words_of(browser.sign_in("mina").get(page.format(reference=referral.reference)))

    assert "To Olive Officer Written 09:30 today" in page
    assert "The mail server said 550 (09:30 today)" in page
    assert "Told instead Mina Manager, sent" in page
    assert "A message could not be delivered" in page


def test_when_nobody_is_left_it_says_so(browser, refused):
    refused(more=20)

    assert "Nobody yet: nobody else is there to be told" in words_of(browser.sign_in("mina").get("/escalations"))


def test_an_officer_sends_it_again(browser, refused, database):
    refused()
    page = browser.sign_in("carl").get("/escalations")

    answer = words_of(browser.post(sending_again(browser), {}, page=page))

    assert "The message to Olive Officer is sent again within a minute." in answer
    assert "Could not be delivered" not in answer
    mail = Pigeon()
    job.tick(database, mail, "https://lado.council.example")
    assert len(mail.letters) == 1


def test_a_second_press_says_that_it_is_on_its_way(browser, refused, database):
    refused()
    page = browser.sign_in("carl").get("/escalations")
    other = Browser(browser.app, browser.database).sign_in("mina")
    others = other.get("/escalations")
    browser.post(sending_again(browser), {}, page=page)

    answer = other.post(sending_again(browser), {}, page=others, status=409)

    assert "It is being sent, or was sent." in words_of(answer)


def test_whoever_only_reads_has_no_button(browser, refused):
    refused()

    page = browser.sign_in("dee").get("/escalations").text

    assert "Could not be delivered" in page
    assert "Send it again" not in page


def test_a_message_that_is_not_theirs_any_more_is_not_offered_again(browser, refused, database):
    refused()
    with database.work(SYSTEM) as act:
        act.session.scalars(select(Notice).order_by(Notice.id).limit(1)).one().failure = "the account is shut"

    page = browser.sign_in("mina").get("/escalations").text

    assert page.count("Send it again") == 0
    assert "A message could not be delivered" not in page


def test_many_cost_as_many_statements_as_few(browser, refused):
    for _ in range(3):
        refused()
    browser.sign_in("mina").get("/escalations")
    few = browser.queries
    for _ in range(10):
        refused()

    browser.get("/escalations")

    assert browser.queries == few

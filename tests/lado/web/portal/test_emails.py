"""A partner is asked whether we may e-mail them about news: nothing stands chosen until they choose."""

import re

import pytest
from sqlalchemy import select, update

from lado.models import Account, Invitation
from lado.queries.invitations import secret_of
from lado.services import invitations
from lado.services.invitations import NewPerson
from tests.support.browser import words_of

EMAIL = "nell@willow.example"
CHOSEN = "three words of my own"
UNASKED = "We do not e-mail you when there is something new until you say that we may."


@pytest.fixture
def unasked(database, people):
    """Pat has not chosen yet."""
    with database.work(people.system) as act:
        act.session.execute(update(Account).where(Account.id == people.pat.id).values(wants_news=None))


@pytest.fixture
def invite(database, people):
    """Send Nell a link, the first or one more; its address."""

    def do():
        with database.work(people.olive) as act:
            known = act.session.get(Account, people.pat.id)
            nell = act.session.scalar(
                select(Account).where(Account.id > known.id, Account.agency_id == known.agency_id)
            )
            if nell is None:
                invitations.invite(act, NewPerson(people.pat.agency, "Nell Newhead", EMAIL, is_checked=True))
            else:
                invitations.send_link(act, nell)
            nonce = act.session.scalars(select(Invitation.nonce).order_by(Invitation.id.desc())).first()
            return f"/invited/{secret_of(act.vault, nonce)}"

    return do


def chosen(database, people):
    with database.reading(people.olive) as act:
        query = select(Account.wants_news).where(Account.agency_id == people.pat.agency).order_by(Account.id.desc())
        return act.session.scalars(query).first()


def is_chosen(page):
    return re.findall(r'name="news" type="radio" value="(\w+)" checked', page.text)


@pytest.mark.parametrize(("answer", "stands"), [("yes", True), ("no", False), ("", None), ("perhaps", None)])
def test_who_accepts_an_invitation_is_asked_and_nothing_stands_chosen(
    browser, database, people, invite, answer, stands
):
    path = invite()
    page = browser.get(path)
    assert "May we e-mail you when there is something new? (optional)" in words_of(page)
    assert is_chosen(page) == []

    sent = {"name": "Nell Newhead", "password": CHOSEN} | ({"news": answer} if answer else {})
    browser.post(path, sent, page=page, status=400 if answer == "perhaps" else 200)

    assert chosen(database, people) is stands


def test_a_second_link_shows_what_was_chosen_and_leaving_it_changes_nothing(browser, database, people, invite):
    browser.post(invite(), {"name": "Nell", "password": CHOSEN, "news": "no"})
    path = invite()
    page = browser.get(path)
    assert is_chosen(page) == ["no"]

    browser.post(path, {"name": "Nell", "password": CHOSEN}, page=page)
    assert chosen(database, people) is False


def test_the_list_asks_until_one_chose_and_leads_to_it_afterwards(browser, unasked):
    pat = browser.sign_in("pat")
    home = pat.get("/portal")
    assert UNASKED in words_of(home)
    page = pat.get("/portal/emails")
    assert is_chosen(page) == []
    assert "Choose yes or no." in pat.post("/portal/emails", {}, page=page, status=400).text

    saved = pat.post("/portal/emails", {"news": "yes"}, page=page)
    assert "Saved. We e-mail you when there is something new for you to read." in words_of(saved)
    assert UNASKED not in words_of(saved)
    assert 'href="/portal/emails">E-mails from us</a>' in saved.text

    page = pat.get("/portal/emails")
    assert is_chosen(page) == ["yes"]
    saved = pat.post("/portal/emails", {"news": "no"}, page=page)
    assert "We do not e-mail you when there is something new." in words_of(saved)
    assert is_chosen(pat.get("/portal/emails")) == ["no"]


@pytest.mark.parametrize(("wants", "says"), [(True, "we tell you by e-mail"), (None, "we do not e-mail you")])
def test_who_writes_is_told_how_they_hear_of_the_answer(browser, database, caseload, people, wants, says):
    referral = caseload.referral(partner=people.pat.id)
    with database.work(people.system) as act:
        act.session.execute(update(Account).where(Account.id == people.pat.id).values(wants_news=wants))
    pat, address = browser.sign_in("pat"), f"/portal/{referral.reference}/messages"

    assert says in words_of(pat.post(address, {"message": "May we tell the parents?"}, page=pat.get(address)))

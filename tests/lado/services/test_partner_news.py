"""E-mails about news are off until a partner chooses; what they must get goes out whatever they chose."""

import pytest
from sqlalchemy import select, update

from lado.domain.letters import Kind
from lado.errors import NotAllowed, Refused
from lado.models import Account, Letter, Notice
from lado.services import access, letters, partner_messages, partner_news, partner_outcomes
from tests.support.partners import asked_to


@pytest.fixture
def told(database, people):
    """The subjects of what was written to a partner since this was asked last."""

    known = []

    def read():
        with database.reading(people.system) as act:
            query = select(Notice.subject).where(Notice.account_id == people.pat.id).order_by(Notice.id)
            subjects = [subject.split(": ")[-1] for subject in act.session.scalars(query)]
        new = subjects[len(known) :]
        known.extend(new)
        return new

    return read


@pytest.fixture
def choose(database, people):
    def do(wants):
        with database.work(people.system) as act:
            changed = update(Account).where(Account.id == people.pat.id)
            act.session.execute(changed.values(wants_news=wants))

    return do


def live_through(database, caseload, people, choose, wants):
    """Everything about a case that is news to Pat."""
    choose(wants)
    referral = caseload.referral()
    with database.work(people.olive) as act:
        access.give(act, referral.id, access.NewAccess(people.pat.id, "The head teacher."))
    caseload.make(referral, "meet_threshold")
    with database.work(people.olive) as act:
        partner_messages.answer(act, referral.id, people.pat.id, "Please wait.")
    caseload.make(referral, "hold_meeting")
    caseload.make(referral, "decide_outcome")
    with database.work(people.olive) as act:
        partner_outcomes.release(act, referral.id, people.pat.id)
    return referral


@pytest.mark.parametrize("wants", [None, False])
def test_nobody_is_sent_news_who_did_not_choose_it(database, caseload, people, choose, told, wants):
    live_through(database, caseload, people, choose, wants)

    assert told() == []


def test_who_chose_it_is_sent_all_of_it(database, caseload, people, choose, told):
    live_through(database, caseload, people, choose, wants=True)

    subjects = told()
    assert subjects.count("something new for you to read") >= 2
    assert {"you can follow this referral", "a message for you"} <= set(subjects)


def test_what_one_has_to_do_is_sent_whatever_one_chose(caseload, people, choose, told):
    choose(wants=False)
    referral = caseload.referral(partner=people.pat.id)
    asked_to(caseload, referral, people.pat.id, "Send us the rota.")

    assert told() == ["an action for you"]


def test_a_reminder_needs_news_that_was_chosen_or_something_to_do(database, caseload, people, choose, told):
    referral = caseload.referral(partner=people.pat.id)
    choose(wants=False)
    with pytest.raises(Refused, match="Ring them"), database.work(people.olive) as act:
        partner_messages.remind(act, referral.id, people.pat.id)
    assert told() == []

    asked_to(caseload, referral, people.pat.id, "Send us the rota.")
    told()
    with database.work(people.olive) as act:
        partner_messages.remind(act, referral.id, people.pat.id)
    assert told() == ["please look at your page"]


def test_no_email_of_the_councils_own_wording_goes_to_who_did_not_choose_it(database, caseload, people, choose, told):
    referral = caseload.referral(partner=people.pat.id)
    choose(wants=None)

    with pytest.raises(Refused, match="write them a letter"), database.work(people.olive) as act:
        letters.send(act, referral.id, Kind("referrer", "email"), people.pat.id)

    assert told() == []
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Letter.number)).all() == []


def test_one_chooses_for_oneself_and_nobody_else_may(database, people):
    with database.work(people.pat) as act:
        partner_news.choose(act, wants=False)
    for name in ("olive", "mina", "ada", "abe"):
        with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
            partner_news.choose(act, wants=False)

    with database.reading(people.olive) as act:
        found = dict.fromkeys(act.session.scalars(select(Account.id).where(Account.wants_news.is_(False))))
    assert list(found) == [people.pat.id]

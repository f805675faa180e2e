"""Messages between a partner and the officers: on the record, told without a word of them, answered or settled."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lado.domain.cover import on_cover
from lado.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from lado.models import Grant, LedgerEntry, Notice, PartnerMessage
from lado.queries import cover as reading_cover
from lado.queries import partner_views, partner_waiting, portal
from lado.queries.referrals import find
from lado.security.identity import SYSTEM
from lado.services import access, cover, partner_messages
from lado.services import partner_views as keeping
from lado.services.cover import NewAbsence
from lado.services.partner_views import Shown
from lado.services.verification import verify


@pytest.fixture
def referral(caseload, people):
    return caseload.referral(partner=people.pat.id)


@pytest.fixture
def write(database, people, referral):
    def go(words="May we tell the parents?", who=None, reference=None):
        with database.work(who or people.pat) as act:
            partner_messages.write(act, reference or referral.reference, words)

    return go


@pytest.fixture
def answer(database, people, referral):
    def go(words="Not yet, please.", who=None, partner=None, seen=None):
        with database.work(who or people.olive) as act:
            partner_messages.answer(act, referral.id, partner or people.pat.id, words, seen=seen)

    return go


def read(database, who, referral):
    with database.reading(who) as act:
        return [(one.is_mine, one.words, one.is_new) for one in portal.case(act, referral.reference).messages]


def waiting(database, people):
    with database.reading(people.mina) as act:
        assert partner_waiting.count(act) == len(partner_waiting.messages(act))
        return [(one.reference, one.partner) for one in partner_waiting.messages(act)]


def test_a_message_waits_until_it_is_answered(database, people, referral, write, answer):
    write()
    assert waiting(database, people) == [(referral.reference, "Pat Partner")]

    answer()

    assert waiting(database, people) == []
    assert read(database, people.pat, referral) == [
        (True, "May we tell the parents?", False),
        (False, "Not yet, please.", True),
    ]


def test_what_was_opened_is_not_new_any_more(database, people, referral, answer):
    answer()
    with database.work(people.pat) as act:
        keeping.keep_page(act, Shown(referral.reference, "Received", "We have it.", "Wait.", "Soon."))

    assert read(database, people.pat, referral) == [(False, "Not yet, please.", False)]
    with database.reading(people.olive) as act:
        (follower,) = partner_views.followers(act, find(act, referral.reference))
    assert (follower.unopened, follower.waiting, follower.opened_at) == (0, 0, act.at)


def test_the_words_are_sealed_on_the_record_and_in_no_message(database, people, referral, write, answer):
    write()
    answer()

    with database.reading(people.mina) as act:
        entries = act.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "MessageSent")).all()
        notices = act.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(entry.actor_id, b"parents" in entry.sealed) for entry in entries] == [
        (people.pat.id, False),
        (people.olive.id, False),
    ]
    assert [notice.account_id for notice in notices] == [people.olive.id, people.pat.id]
    assert not any("parents" in notice.subject + notice.body for notice in notices)


def test_the_record_and_its_screens_say_the_same_afterwards(database, referral, write, answer):
    write()
    answer()

    with database.reading(SYSTEM) as act:
        assert verify(act).differences == ()


def test_whoever_covers_is_told_instead_of_the_owner(database, people, referral, write, clock):
    leave = NewAbsence(people.olive.id, "leave", clock.now(), clock.now() + timedelta(days=5), people.dana.id)
    with database.work(people.mina) as act:
        cover.book_leave(act, leave)

    write()

    with database.reading(people.mina) as act:
        notice = act.session.scalars(select(Notice).where(Notice.subject.contains("from a partner"))).one()
        rota = reading_cover.rota(act.session, people.mina.authority, act.at)
        assert notice.account_id == on_cover(people.olive.id, act.at, rota).person == people.dana.id
        assert notice.instead_of_id == people.olive.id


def test_what_is_not_theirs_is_not_there(database, caseload, people, referral, write):
    other = caseload.referral(partner=people.pol.id)

    for who, reference in ((people.pat, other.reference), (people.pat, "NB-222222-2"), (people.olive, None)):
        with pytest.raises(NotFound):
            write(who=who, reference=reference)
    with database.work(people.olive) as act:
        act.session.execute(update(Grant).where(Grant.account_id == people.pat.id).values(ended_at=act.at))
    with pytest.raises(NotFound):
        write()


def test_each_partner_reads_their_own_only(database, caseload, people, referral, write, answer, clock):
    with database.work(people.olive) as act:
        access.give(act, referral.id, access.NewAccess(people.pol.id, "They look into it."))
    write()
    answer()

    assert read(database, people.pol, referral) == []
    answer("Thank you.", partner=people.pol.id)
    assert read(database, people.pol, referral) == [(False, "Thank you.", True)]
    assert len(read(database, people.pat, referral)) == 2


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 5001])
def test_what_cannot_be_sent_is_said_beside_the_field(write, answer, words):
    for send in (write, answer):
        with pytest.raises(BadInput) as caught:
            send(words)
        assert list(caught.value.problems) == ["message"]


def test_one_partner_cannot_bury_the_officers(write, clock):
    for number in range(partner_messages.MOST_A_DAY):
        write(f"Message {number}")
    with pytest.raises(Refused, match="ring the number"):
        write()

    clock.advance(days=1)
    write()


@pytest.mark.parametrize("name", ["bea", "abe", "ada", "dee"])
def test_who_may_not_write_to_a_partner(people, answer, name):
    with pytest.raises(NotAllowed):
        answer(who=people.everyone[name])


def test_nobody_writes_to_who_does_not_follow_it(people, answer):
    with pytest.raises(Refused, match="may not follow"):
        answer(partner=people.pol.id)


def test_an_answer_that_crossed_with_another_message_is_shown_again(database, people, referral, write, answer):
    with database.reading(people.olive) as act:
        seen = find(act, referral.reference).events
    write()

    with pytest.raises(Stale):
        answer(seen=seen)


def test_a_message_that_needs_no_answer_is_settled_with_a_reason(database, people, referral, write):
    write()
    with database.reading(people.olive) as act:
        number = act.session.scalars(select(PartnerMessage.number)).one()

    def settle(why, which=number):
        with database.work(people.olive) as act:
            partner_messages.settle(act, referral.id, which, why)

    with pytest.raises(BadInput):
        settle(" ")
    with pytest.raises(NotFound):
        settle("Rang them.", number + 1)
    settle("Rang them.")
    assert waiting(database, people) == []
    with pytest.raises(Refused, match="already"):
        settle("Again.")


def test_a_partner_is_reminded_once_a_day(database, people, referral, clock):
    def remind():
        with database.work(people.olive) as act:
            partner_messages.remind(act, referral.id, people.pat.id)

    remind()
    with pytest.raises(Refused, match="today already"):
        remind()
    clock.advance(days=1)
    remind()

    with database.reading(people.mina) as act:
        kinds = list(act.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.kind == "PartnerReminded")))
        assert len(kinds) == len(act.session.scalars(select(Notice)).all()) == 2

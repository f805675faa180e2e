"""A reason first, then the case, then word to its owner (OWASP ASVS 5.0 8.2.4, 8.3.1): and cover ends at its minute."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lado.jobs import escalation, notices
from lado.models import Account, LookReason, Notice, ReadEntry, Referral
from lado.queries import practices
from lado.queries.look_reasons import right
from lado.security.identity import SYSTEM
from lado.services import conflicts, cover, installation, look_reasons, moves, rotas
from lado.services.cover import NewAbsence
from lado.services.look_reasons import Said
from lado.services.rotas import NewChange
from tests.support.browser import Browser, words_of
from tests.support.mail import Pigeon
from tests.support.tampering import every_right

ASKED = "Why do you need to look?"
WORDS = "Her aunt rang the front desk"


@pytest.fixture
def council_asks(database, people, clock):
    """A council that chose to ask."""
    with database.work(SYSTEM) as act:
        council = people.olive.authority
        rules = practices.in_force(act.session, council, act.at).rules
        installation.publish_rules(act, council, replace(rules, asks_why=True), "We want to know.")
    clock.advance(minutes=1)


@pytest.fixture
def a_case(council_asks, caseload):
    return caseload.referral(("meet_threshold",))


@pytest.fixture
def signed_in(app, database):
    """A browser of their own for each of the cast."""
    return lambda name: Browser(app, database).sign_in(name)


def rows(database, model):
    with every_right(database) as connection:
        return connection.execute(select(model.__table__).order_by(model.id)).all()


def plain(answer, reference):
    """A page without its reference and without what is drawn anew for each answer."""
    drawn = r'(?:nonce|data-token)="[^"]*"|name="(?:csrf|form)_token" value="[^"]*"'
    return re.sub(drawn, "", answer.text).replace(reference, "")


def put_on_leave(database, people, clock, until):
    with database.work(people.olive) as act:
        leave = NewAbsence(people.olive.id, "leave", clock.now(), until, people.carl.id)
        cover.book_leave(act, leave)


def test_a_colleagues_case_takes_a_reason_then_opens_and_its_owner_is_told_within_a_minute(
    signed_in, database, people, clock, a_case
):
    dana = signed_in("dana")
    asked = dana.get(f"/referrals/{a_case.reference}/record")
    assert ASKED in asked.text
    assert "Robin Sample" not in asked.text

    page = dana.post(asked.request.full_path, {"why": "contact", "words": WORDS}, page=asked)

    assert page.request.path == f"/referrals/{a_case.reference}/record"
    with database.reading(people.olive) as act:
        told = act.session.scalars(select(Notice).where(Notice.account_id == people.olive.id)).all()
    (notice,) = [one for one in told if "a colleague opened it" in one.subject]
    assert notice.next_try_at == clock.now(), "the next pass of the messages, every ten seconds, takes it"
    assert WORDS not in notice.subject + notice.body
    assert "Dana" not in notice.subject + notice.body


def test_word_goes_out_with_the_next_pass_of_the_messages(signed_in, database, clock, a_case):
    signed_in("dana").say_why(a_case.reference)
    clock.advance(seconds=10)
    pigeon = Pigeon()

    notices.tick(database, pigeon, "https://lado.example")

    assert [letter.subject for letter in pigeon.letters if "opened it" in letter.subject] == [
        f"{a_case.reference}: a colleague opened it"
    ]


def test_without_a_reason_nothing_opens_and_what_was_typed_stays(signed_in, database, a_case):
    dana = signed_in("dana")
    asked = dana.get(f"/referrals/{a_case.reference}")

    page = dana.post(asked.request.full_path, {"words": WORDS}, page=asked, status=400)
    other = dana.post(asked.request.full_path, {"why": "other", "words": " "}, page=asked, status=400)
    unknown = dana.post(asked.request.full_path, {"why": "curious", "words": WORDS}, page=asked, status=400)
    long = dana.post(asked.request.full_path, {"why": "other", "words": "x" * 501}, page=asked, status=400)

    assert "Choose why you need to look." in page.text
    assert WORDS in page.text
    assert "Say why you need to look." in other.text
    assert "Choose why you need to look." in unknown.text
    assert "x" * 501 in long.text
    assert rows(database, LookReason) == []
    assert ASKED in dana.get(f"/referrals/{a_case.reference}").text


def test_cover_ends_at_its_minute(signed_in, database, people, clock, a_case):
    until = clock.now() + timedelta(minutes=10)
    put_on_leave(database, people, clock, until)
    carl = signed_in("carl")
    assert "Robin Sample" in carl.get(f"/referrals/{a_case.reference}").text

    clock.move_to(until - timedelta(seconds=1))
    assert "Robin Sample" in carl.get(f"/referrals/{a_case.reference}").text
    clock.move_to(until)
    assert ASKED in carl.get(f"/referrals/{a_case.reference}").text
    assert rows(database, LookReason) == []


def test_duty_ends_at_its_minute(signed_in, database, people, clock, a_case):
    until = clock.now() + timedelta(minutes=10)
    carl = signed_in("carl")
    assert ASKED in carl.get(f"/referrals/{a_case.reference}").text
    with database.work(people.carl) as act:
        rotas.change_duty(
            act, NewChange(people.carl.authority, "add", 1, people.carl.id, clock.now() + timedelta(minutes=1), until)
        )

    clock.move_to(until - timedelta(seconds=1))
    assert "Robin Sample" in carl.get(f"/referrals/{a_case.reference}").text
    clock.move_to(until)
    assert ASKED in carl.get(f"/referrals/{a_case.reference}").text


def test_a_form_that_is_sent_after_the_end_of_cover_changes_nothing_and_comes_back_filled_in(
    signed_in, database, people, clock, a_case
):
    until = clock.now() + timedelta(minutes=10)
    put_on_leave(database, people, clock, until)
    carl, path = signed_in("carl"), f"/referrals/{a_case.reference}/moves/add_note"
    form = carl.get(path)
    before = rows(database, Referral)[0].events
    clock.move_to(until)

    asked = carl.post(path, {"note": "The school rang back."}, page=form)
    assert ASKED in asked.text
    assert rows(database, Referral)[0].events == before
    again = carl.post(asked.request.full_path, {"why": "contact"}, page=asked)

    assert "The school rang back." in again.text
    assert "You were asked why you look before this was sent" in again.text
    assert rows(database, Referral)[0].events == before


def test_what_is_asked_is_asked_again_in_the_act_that_writes(signed_in, database, people, clock, a_case, monkeypatch):
    """The last minute of cover passes between the page's own look and the act: nothing is done after it."""
    until = clock.now() + timedelta(minutes=10)
    put_on_leave(database, people, clock, until)
    carl, path = signed_in("carl"), f"/referrals/{a_case.reference}/moves/add_note"
    form, before = carl.get(path), rows(database, Referral)[0].events
    ensure = look_reasons.ensure_right

    def late(act, reference):
        clock.move_to(until)
        ensure(replace(act, at=clock.now()), reference)

    monkeypatch.setattr(look_reasons, "ensure_right", late)
    asked = carl.post(path, {"note": "The school rang back."}, page=form)

    assert ASKED in asked.text
    assert rows(database, Referral)[0].events == before


def test_a_reason_holds_for_twelve_hours_for_this_person_and_this_case_alone(
    signed_in, database, clock, caseload, a_case
):
    other = caseload.referral()
    dana = signed_in("dana").say_why(a_case.reference)

    assert ASKED in dana.get(f"/referrals/{other.reference}").text
    assert ASKED in signed_in("carl").get(f"/referrals/{a_case.reference}").text
    clock.advance(hours=11, minutes=59)
    assert "Robin Sample" in signed_in("dana").get(f"/referrals/{a_case.reference}").text
    clock.advance(minutes=1)
    assert ASKED in signed_in("dana").get(f"/referrals/{a_case.reference}").text


def test_the_log_names_the_right_and_the_reason_and_the_owner_reads_who_looked_and_why(signed_in, database, a_case):
    signed_in("dana").say_why(a_case.reference, words=WORDS)

    (given,) = rows(database, LookReason)
    assert WORDS.encode() not in given.sealed
    looks = rows(database, ReadEntry)
    assert (looks[-1].page, looks[-1].right) == ("referrals.show", f"referral:read because contact.{given.id}")
    seen = words_of(signed_in("olive").get(f"/referrals/{a_case.reference}/looked"))
    assert "Dana Deputy" in seen
    assert "Somebody rang or wrote about it" in seen
    assert WORDS in seen
    assert "Looked at the case, for the reason given" in seen
    assert rows(database, ReadEntry)[-1].right == "reads:read", "of one's own case no reason is named"


@pytest.mark.parametrize("name", ["mina", "hal", "dee", "abe"])
def test_whoever_has_oversight_is_not_asked(signed_in, name, a_case):
    assert "Robin Sample" in signed_in(name).get(f"/referrals/{a_case.reference}").text


def test_business_support_is_asked_but_not_for_what_they_have_just_logged(
    signed_in, council_asks, caseload, people, clock, a_case
):
    mine = caseload.referral(who=people.bea, owner=people.olive.id)
    bea = signed_in("bea")

    assert "Robin Sample" in bea.get(f"/referrals/{mine.reference}").text
    assert ASKED in bea.get(f"/referrals/{a_case.reference}").text
    clock.advance(hours=12)
    assert ASKED in signed_in("bea").get(f"/referrals/{mine.reference}").text


def test_whoever_holds_an_action_is_not_asked_until_it_is_done(signed_in, caseload, people, clock, a_case):
    due_on = (clock.now() + timedelta(days=7)).date()
    answers = {"due_on": due_on, "holder": "officer", "user": people.dana.id}
    caseload.make(a_case, "set_action", answers, {"action": "Ring the school."})
    dana = signed_in("dana")
    assert "Robin Sample" in dana.get(f"/referrals/{a_case.reference}").text

    with caseload.database.work(people.dana) as act:
        moves.make(act, a_case.id, "complete_action", {"number": 1}, {})
    assert ASKED in dana.get(f"/referrals/{a_case.reference}").text


def test_whoever_was_told_as_the_second_one_up_is_not_asked(database, people, clock, caseload, a_case):
    """And whoever hears in the owner's place only is, once they do not cover any more."""
    put_on_leave(database, people, clock, clock.now() + timedelta(days=10))
    with database.work(people.mina) as act:
        rotas.change_duty(
            act,
            NewChange(people.dana.authority, "add", 1, people.dana.id, clock.now(), clock.now() + timedelta(days=10)),
        )
    clock.advance(days=9)
    escalation.run_pass(database)
    clock.advance(days=2)

    with database.reading(people.carl) as act:
        assert right(act, a_case.reference) is None
    with database.reading(people.dana) as act:
        found = right(act, a_case.reference)
        assert found is not None
        assert found.tie == "told"


def test_what_is_kept_from_somebody_is_not_there_before_anybody_asks_why(signed_in, database, people, caseload, a_case):
    with database.work(people.dana) as act:
        conflicts.declare_case(act, a_case.id, "He is my neighbour.")
    dana = signed_in("dana")

    for path in ("", "/why", "/record"):
        there = dana.client.get(f"/referrals/{a_case.reference}{path}")
        missing = dana.client.get(f"/referrals/NB-222222-2{path}")
        assert (there.status_code, missing.status_code) == (404, 404)
        assert plain(there, a_case.reference) == plain(missing, "NB-222222-2")


def test_of_a_case_whose_officer_has_left_the_manager_is_told(signed_in, database, people, a_case):
    with every_right(database) as connection:
        connection.execute(update(Account).where(Account.id == people.olive.id).values(disabled_at=a_case.recorded_at))
    signed_in("dana").say_why(a_case.reference)

    told = [row.account_id for row in rows(database, Notice) if "opened it" in row.subject]
    assert told == [people.mina.id]


def test_a_council_that_does_not_ask_opens_as_before(signed_in, database, caseload):
    case = caseload.referral()

    assert "Robin Sample" in signed_in("dana").get(f"/referrals/{case.reference}").text
    assert rows(database, ReadEntry)[-1].right == "referral:read"


def test_the_same_form_sent_twice_is_one_reason_and_one_message(database, people, a_case):
    for _ in range(2):
        with database.work(people.dana) as act:
            look_reasons.give(act, act.session.get_one(Referral, a_case.id), Said("contact"))

    assert len(rows(database, LookReason)) == 1
    assert len([row for row in rows(database, Notice) if "opened it" in row.subject]) == 1


def test_whoever_need_not_say_why_goes_on_at_once_and_only_inside(signed_in, a_case):
    olive = signed_in("olive")

    straight = olive.client.get(f"/referrals/{a_case.reference}/why")
    elsewhere = olive.client.get(f"/referrals/{a_case.reference}/why?next=https://evil.example/")

    here = f"/referrals/{a_case.reference}"
    assert (straight.headers["Location"], elsewhere.headers["Location"]) == (here, here)


def test_a_manager_chooses_whether_to_ask(signed_in):
    mina = signed_in("mina")

    page = mina.post("/settings/rules/change/asking", {"asks_why": "yes"})

    assert "They say why first, and its officer is told" in words_of(page)
    assert "They are not asked why" in words_of(mina.get("/settings"))

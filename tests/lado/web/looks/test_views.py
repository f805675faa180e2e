"""The page of what is unusual in the log of reads: who sees which finding, in plain words, and what came of asking."""

import pytest
from sqlalchemy import select

from lado.domain.unusual import Finding, Kind
from lado.models import UnusualLook
from lado.services import unusual
from tests.support.browser import Browser, words_of


@pytest.fixture
def find(database, people, clock):
    """Make a finding about somebody."""

    def make(kind, who, case=None, mark=""):
        finding = Finding(
            kind, who.id, case.id if case else None, clock.now(), clock.now(), 1, f"{kind}.{who.id}{mark}"
        )
        with database.work(people.system) as act:
            unusual._keep(act, who.authority, [finding])
            return act.session.scalars(select(UnusualLook.id).order_by(UnusualLook.id.desc())).first()

    return make


@pytest.fixture
def signed_in(app, database):
    return lambda name: Browser(app, database).sign_in(name)


def test_where_nothing_was_found_the_page_says_so(signed_in):
    page = signed_in("mina").get("/looks")

    assert "Nothing to ask about" in page.text
    assert "has not been gone through yet" in page.text


def test_each_finding_stands_in_plain_words(signed_in, find, people, caseload):
    case = caseload.referral()
    find(Kind.OUTSIDE, people.dana, case)

    words = words_of(signed_in("mina").get("/looks"))

    assert f"Dana Deputy, designated officer A case of somebody else, {case.reference}: 1 look" in words
    assert "Robin Sample" not in words


@pytest.mark.parametrize(
    ("whose", "seen_by", "hidden_from"),
    [
        ("dana", ("mina", "hal", "dee"), ("dana", "olive", "ada", "pat", "abe")),
        ("mina", ("hal", "dee"), ("mina",)),
        ("hal", ("dee",), ("mina", "hal")),
        ("dee", ("hal",), ("mina", "dee")),
    ],
)
def test_nobody_answers_for_themselves_or_for_those_above(signed_in, find, people, whose, seen_by, hidden_from):
    address = f"/looks/{find(Kind.HOURS, getattr(people, whose))}"

    for name in seen_by:
        assert "A look to ask about" in signed_in(name).get(address).text
    for name in hidden_from:
        signed_in(name).get(address, status=404)
    for name in {"mina", "hal", "dee"} - set(seen_by):
        assert people.everyone[whose].name not in words_of(signed_in(name).get("/looks")).replace(
            f"{people.everyone[name].name}, {people.everyone[name].role.label} Sign out", ""
        )


def test_the_answer_stands_on_the_page_and_its_note_is_sealed(signed_in, find, people, database):
    mina = signed_in("mina")
    address = f"/looks/{find(Kind.HOURS, people.olive)}"
    refused = mina.post(address, {"note": "Rang her."}, status=400)
    assert "Choose what came of it" in refused.text
    assert "Rang her." in refused.text

    page = mina.post(address, {"answer": "work", "note": "She covered the strategy call."})

    assert "Answered. It stands here" in page.text
    assert "Looked into: there was a work reason" in page.text
    again = mina.get(address)
    assert "She covered the strategy call." in again.text
    assert "<textarea" not in again.text
    with database.reading(people.system) as act:
        row = act.session.scalars(select(UnusualLook)).one()
        assert b"strategy" not in row.sealed
        assert (row.answer, row.answered_by_id) == ("work", people.mina.id)


def test_two_who_answer_at_once_leave_the_first_answer(signed_in, find, people, database):
    address = f"/looks/{find(Kind.HOURS, people.olive)}"
    mina, hal = signed_in("mina"), signed_in("hal")
    open_before = hal.get(address)
    mina.post(address, {"answer": "work"})

    late = hal.post(address, {"answer": "passed_on"}, page=open_before, status=409)

    assert "This has been answered already" in late.text
    with database.reading(people.system) as act:
        assert act.session.scalars(select(UnusualLook.answer)).one() == "work"


def test_a_case_that_a_manager_is_kept_from_is_in_no_finding_of_theirs(signed_in, find, people, caseload, database):
    case = caseload.referral()
    finding = find(Kind.OUTSIDE, people.dana, case)
    mina = signed_in("mina")
    page = mina.get(f"/referrals/{case.reference}/conflict")
    mina.post(f"/referrals/{case.reference}/conflict", {"why": "A neighbour."}, page=page)

    mina.get(f"/looks/{finding}", status=404)

    assert case.reference not in mina.get("/looks").text


def test_thirty_findings_cost_as_many_queries_as_three(signed_in, find, people, caseload):
    mina, cases = signed_in("mina"), [caseload.referral() for _ in range(10)]
    for number in range(3):
        find(Kind.OUTSIDE, people.dana, cases[number], str(number))
    mina.get("/looks")
    mina.get("/looks")
    few = mina.queries
    for number in range(3, 30):
        find(Kind.OUTSIDE, people.carl, cases[number % 10], str(number))

    mina.get("/looks")

    assert mina.queries == few


def test_other_councils_findings_are_their_own(signed_in, find, people):
    finding = find(Kind.HOURS, people.sam)

    signed_in("mina").get(f"/looks/{finding}", status=404)


def test_the_manage_page_leads_here_whoever_asks_and_nobody_else(signed_in):
    assert 'href="/looks"' in signed_in("mina").get("/manage").text
    assert 'href="/looks"' not in signed_in("abe").get("/manage").text


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "999"])
def test_an_address_may_name_any_number(signed_in, number):
    signed_in("mina").get(f"/looks/{number}", status=404)

"""The pages of restricted cases: choosing the list, asking to be let in, and answering that."""

import pytest

from lado.services import restrictions
from lado.services.restrictions import NewList
from tests.support.browser import Browser, words_of

pytestmark = pytest.mark.database


@pytest.fixture
def signed_in(app, database):
    """A browser of their own for each of the cast."""
    return lambda name: Browser(app, database).sign_in(name)


@pytest.fixture
def restricted(database, caseload, people):
    referral = caseload.referral()
    with database.work(people.mina) as act:
        restrictions.restrict(act, referral.id, NewList([people.olive.id], "A cousin of a colleague."))
    return referral


def test_a_manager_restricts_a_case_on_its_page_and_ends_it_again(signed_in, caseload, people):
    referral = caseload.referral()
    address = f"/referrals/{referral.reference}"
    mina = signed_in("mina")
    assert "Who this case is there for" in mina.get(address).text

    wrong = mina.post(f"{address}/restricted", {"people": [str(people.hal.id)], "why": "A cousin."}, status=400)
    assert "Choose at least one officer" in wrong.text
    assert "A cousin." in wrong.text
    page = mina.post(f"{address}/restricted", {"people": [str(people.olive.id)], "why": "A cousin."})
    assert "This case is there for the people on its list only." in page.text
    assert "Olive Officer, Designated officer" in page.text
    signed_in("dana").get(address, status=404)
    assert "This case is restricted to Mina Manager, Olive Officer" in signed_in("olive").get(f"{address}/record").text
    assert referral.reference in signed_in("olive").get("/restricted").text

    assert "another 90 days" in mina.post(f"{address}/restricted/review", {}).text
    assert "not restricted any more" in mina.post(f"{address}/restricted/end", {"why": "They were two people."}).text
    signed_in("dana").get(address)


def test_who_asks_hears_the_same_of_a_case_that_is_not_there(signed_in, restricted, caseload):
    dana = signed_in("dana")
    answers = []
    for reference in (restricted.reference, caseload.referral().reference):
        page = dana.post("/restricted/ask", {"reference": reference, "hours": "2", "why": "Tonight."})
        answers.append(words_of(page))
    assert "If there is such a restricted case" in answers[0]
    assert answers[0] == answers[1]


def test_two_people_break_the_glass_on_their_pages(signed_in, restricted):
    address = f"/referrals/{restricted.reference}"
    dana, hal = signed_in("dana"), signed_in("hal")
    dana.post("/restricted/ask", {"reference": restricted.reference, "hours": "2", "why": "A child is in danger."})
    dana.get(address, status=404)

    page = hal.get("/restricted")
    assert "Dana Deputy" in page.text
    hal.get(address, status=404)
    wish = hal.get("/restricted/1")
    assert "A child is in danger." in wish.text
    assert "They can read it from now on" in hal.post("/restricted/1", {"agreed": "yes", "why": "Yes."}).text
    assert "asked to read this case for 2 hours" in dana.get(f"{address}/record").text
    signed_in("carl").get("/restricted/1", status=404)


def test_nobody_answers_their_own_wish(signed_in, restricted):
    dana = signed_in("dana")
    dana.post("/restricted/ask", {"reference": restricted.reference, "hours": "2", "why": "Tonight."})

    dana.get("/restricted/1", status=404)


def test_the_page_of_lists_takes_as_many_statements_for_many(signed_in, database, caseload, people, restricted):
    mina = signed_in("mina")
    mina.get("/restricted")
    few = mina.queries
    for _ in range(3):
        referral = caseload.referral()
        with database.work(people.mina) as act:
            restrictions.restrict(act, referral.id, NewList([people.olive.id], "Why."))
    mina.get("/restricted")

    assert mina.queries == few

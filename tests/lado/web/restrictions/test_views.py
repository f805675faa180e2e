"""The pages of restricted cases: choosing the list, asking to be let in, and answering that."""

import pytest
from flask import get_flashed_messages
from selectolax.lexbor import LexborHTMLParser

from lado.models import Referral
from lado.services import moves, restrictions
from lado.services.restrictions import NewList
from lado.web import kept_away
from tests.lado.web.intake.test_views import CALL
from tests.support.browser import Browser, words_of

pytestmark = pytest.mark.database


@pytest.fixture
def signed_in(app, database):
    """A browser of their own for each of the cast."""
    return lambda name: Browser(app, database).sign_in(name)


@pytest.fixture
def restricted(database, caseload, people):
    referral = caseload.referral(partner=people.pat.id)
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
    for page in ("", "/dates", "/whole"):
        words = words_of(signed_in("olive").get(f"{address}{page}"))
        assert "This case is restricted: 2 people are on its list. Speak of it to nobody else." in words

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

    for name in ("hal", "mina", "olive"):
        assert "Somebody asks to be let into a restricted case" in signed_in(name).get("/").text
    for name in ("dana", "carl"):
        assert "restricted" not in signed_in(name).get("/").text
    page = hal.get("/restricted")
    assert "Dana Deputy" in page.text
    hal.get(address, status=404)
    wish = hal.get("/restricted/1")
    assert "A child is in danger." in wish.text
    assert "They can read it from now on" in hal.post("/restricted/1", {"agreed": "yes", "why": "Yes."}).text
    assert "asked to read this case for 2 hours" in dana.get(f"{address}/record").text
    signed_in("carl").get("/restricted/1", status=404)
    assert "Somebody asks to be let" not in hal.get("/").text


def test_a_wish_waits_for_nobody_once_the_case_is_not_restricted_any_more(signed_in, database, people, restricted):
    wish = {"reference": restricted.reference, "hours": "2", "why": "A child is in danger."}
    signed_in("dana").post("/restricted/ask", wish)
    with database.work(people.mina) as act:
        restrictions.end(act, restricted.id, "They were two people.")

    for path in ("/", "/restricted"):
        assert "Somebody asks to be let" not in signed_in("hal").get(path).text


def test_nobody_answers_their_own_wish(signed_in, restricted):
    dana = signed_in("dana")
    dana.post("/restricted/ask", {"reference": restricted.reference, "hours": "2", "why": "Tonight."})

    dana.get("/restricted/1", status=404)


@pytest.fixture
def let_in(signed_in, restricted):
    """A browser of Dana's, whom Hal let read the restricted case for two hours."""
    dana = signed_in("dana")
    wish = {"reference": restricted.reference, "hours": "2", "why": "A child is in danger."}
    dana.post("/restricted/ask", wish)
    signed_in("hal").post("/restricted/1", {"agreed": "yes", "why": "Nobody else is there."})
    return dana


BANNER = "You are reading a restricted case until 11:30 today, because you said: “A child is in danger.”"


def test_whoever_was_let_in_is_told_so_and_offered_nothing_but_to_read(let_in, caseload, restricted):
    caseload.make(restricted, "meet_threshold")
    caseload.make(restricted, "hold_meeting")
    pages, seen = [f"/referrals/{restricted.reference}"], set()
    while pages:
        path = pages.pop()
        seen.add(path)
        page = let_in.get(path)
        if page.mimetype != "text/html":
            continue
        assert BANNER in words_of(page), path
        assert "Hal Head let you in." in page.text
        html = LexborHTMLParser(page.text)
        forms = [form.attributes.get("action") for form in html.css("form[method=post]")]
        assert forms == ["/sign-out"], f"{path} offers to send {forms}"
        links = {link.attributes["href"].partition("#")[0] for link in html.css("a[href]")}
        pages += [to for to in links if restricted.reference in to and to not in seen and to not in pages]
    assert len(seen) > 8


def test_what_is_not_for_whoever_was_let_in_answers_as_what_is_not_there(let_in, caseload, restricted):
    other, case = f"/referrals/{caseload.referral().reference}", f"/referrals/{restricted.reference}"
    for path in ("/moves/add_note", "/moves/meet_threshold", "/telling/record", "/update", "/access", "/conflict"):
        let_in.get(f"{other}{path}")
        let_in.get(f"{case}{path}", status=404)
        let_in.get(f"{case.lower()}{path}", status=404)
    page = let_in.get(other)
    assert "You are reading a restricted case" not in page.text
    assert f"{other}/moves/add_note" in page.text


def test_whoever_was_let_in_finds_the_case_again_and_at_its_minute_it_is_gone(let_in, clock, restricted):
    page = let_in.get("/restricted")
    assert "You were let in for a while" in page.text
    assert "there for you" not in page.text
    assert f'href="/referrals/{restricted.reference}"' in page.text
    clock.advance(hours=2)
    let_in.sign_in("dana")

    assert restricted.reference not in let_in.get("/restricted").text
    let_in.get(f"/referrals/{restricted.reference}", status=404)


def test_whoever_was_let_in_twice_reads_the_last_minute_of_both(let_in, signed_in, restricted):
    let_in.post("/restricted/ask", {"reference": restricted.reference, "hours": "1", "why": "Not yet done."})
    signed_in("hal").post("/restricted/2", {"agreed": "yes", "why": "Yes."})

    page = let_in.get("/restricted")
    assert page.text.count(f'href="/referrals/{restricted.reference}"') == 1
    assert BANNER in words_of(let_in.get(f"/referrals/{restricted.reference}"))


def test_whoever_comes_on_the_list_meanwhile_works_on_the_case_as_others_do(let_in, database, people, restricted):
    with database.work(people.mina) as act:
        restrictions.restrict(act, restricted.id, NewList([people.olive.id, people.dana.id], "She helps."))

    page = let_in.get(f"/referrals/{restricted.reference}/moves/add_note")
    assert "You are reading a restricted case" not in page.text


NEUTRAL = "It is there for a short list of people only, so you will not find it again."


def test_who_logs_a_case_that_is_restricted_at_once_is_told_the_same_as_everybody(signed_in, people):
    said = []
    for name in ("dana", "carl", "bea"):
        page = signed_in(name).post(
            "/referrals/new", {**CALL, "subject_name": "Dana Deputy", "owner": str(people.olive.id)}
        )
        assert NEUTRAL in page.text, words_of(page)
        assert "Olive Officer has this case." in page.text
        said.append(LexborHTMLParser(page.text).css_first("main").text())
        assert "NB-" not in page.text
        assert "conflict" not in page.text.lower()
    assert said[0] == said[1] == said[2]


def test_who_names_the_adult_later_is_led_to_the_same_page(app, database, caseload, people):
    led_to = []
    for who in (people.dana, people.carl):
        case = caseload.referral(subject={"name": ""}, who=who)
        with app.test_request_context(), database.work(who) as act:
            moves.make(act, case.id, "add_person", {"people": ("subject",)}, {"people": [{"name": "Dana Deputy"}]})
            address = kept_away.where_to(act, act.session.get_one(Referral, case.id))
            led_to.append((address, len(get_flashed_messages())))
    assert led_to == [("/restricted/recorded", 1)] * 2


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

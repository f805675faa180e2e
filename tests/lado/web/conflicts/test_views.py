"""Conflicts of interest on pages: declaring, ending, a manager's view of their people, and what one is told."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from lado.domain.conflicts import LOOKED_AFTER
from lado.models import Conflict
from lado.queries import home
from lado.queries.referrals import find
from lado.services import conflicts, cover
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence
from tests.lado.web.intake.test_views import CALL
from tests.support.browser import hidden, words_of
from tests.support.signing import sign_in

SCHOOL = {"kind": "school", "name": "Willow Lane Primary School", "why": "My children go there."}


@pytest.fixture
def carl(browser):
    return browser.sign_in("carl")


def row(page, reference):
    """The row of a list that is about this case."""
    (found,) = [one for one in re.findall(r"<tr.*?</tr>", page.text, re.DOTALL) if reference in one]
    return SimpleNamespace(text=found)


def declare(database, who, name="Willow Lane Primary School"):
    """Declare a link to a school; the address of the page that ends it."""
    with database.work(who) as act:
        conflicts.declare(act, NewConflict(who.id, "school", name))
        return f"/conflicts/{act.session.scalar(select(func.max(Conflict.id)))}/end"


def test_one_starts_with_nothing_declared_and_the_way_to_it(carl):
    page = carl.get("/conflicts")

    assert "You have declared nothing" in page.text
    assert 'href="/conflicts/new"' in page.text
    assert 'href="/conflicts"' in carl.get("/cover").text


def test_a_link_is_declared_and_stands_among_ones_own(carl):
    page = carl.post("/conflicts/new", SCHOOL)

    assert "Declared. From now on, cases about this person or place are looked after by others." in words_of(page)
    assert "Willow Lane Primary School" in page.text
    assert "My children go there." not in page.text


def test_the_answer_does_not_say_whether_there_are_such_cases(carl, caseload):
    without = words_of(carl.post("/conflicts/new", SCHOOL | {"name": "Elm Park Nursery"}))
    caseload.referral()
    with_one = words_of(carl.post("/conflicts/new", SCHOOL))

    assert with_one.replace("Willow Lane Primary School", "Elm Park Nursery").count("Elm Park Nursery") == 2
    assert with_one.split("What you declared")[0] == without.split("What you declared")[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": ""}, "Choose what the link is to."),
        ({"name": ""}, "Enter the name."),
        ({"kind": "person", "name": "Robin"}, "Enter the first and the last name."),
        ({"kind": "case"}, "Choose what the link is to."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(carl, changes, message):
    page = carl.post("/conflicts/new", SCHOOL | changes, status=400)

    assert message in page.text
    assert "My children go there." in page.text


def test_a_declaration_is_ended_with_a_reason(carl, database, people, caseload):
    ending = declare(database, people.carl)
    case = caseload.referral()
    carl.get(f"/referrals/{case.reference}", status=404)
    assert "Say why." in carl.post(ending, {"why": ""}, status=400).text

    page = carl.post(ending, {"why": "They have left the school."})

    assert "Ended. Cases about this person or place can come to you again." in words_of(page)
    carl.get(f"/referrals/{case.reference}")
    carl.get(ending, status=404)


def test_nobody_opens_the_declaration_of_a_colleague(browser, database, people):
    ending = declare(database, people.carl)

    browser.sign_in("olive").get(ending, status=404)


def test_a_manager_sees_how_many_declarations_each_has_and_no_word_of_them(browser, database, people):
    ending = declare(database, people.carl)
    declare(database, people.carl, "Elm Park Nursery")
    browser.sign_in("mina")

    page = browser.get("/conflicts")
    person = browser.get(f"/conflicts/people/{people.carl.id}")

    assert "Has 2 declarations" in page.text
    assert "Has 2 declarations" in person.text
    assert not any(name in page.text + person.text for name in ("Willow Lane", "Elm Park"))
    assert "Willow Lane" not in browser.get(ending).text


def test_a_manager_declares_for_one_of_their_people_and_says_why(browser, database, people, caseload):
    browser.sign_in("mina")
    path = f"/conflicts/people/{people.carl.id}/new"
    assert "Say why." in browser.post(path, SCHOOL | {"why": ""}, status=400).text

    page = browser.post(path, SCHOOL)

    assert "Has 1 declaration." in words_of(page)
    referral = caseload.referral()
    with database.reading(people.carl) as act:
        assert find(act, referral.reference) is None


def test_a_manager_chooses_the_independent_contact(browser, people):
    browser.sign_in("mina")
    assert "Nobody is chosen." in browser.get("/conflicts").text
    browser.post("/conflicts/contact", {"contact": str(people.abe.id)}, status=400)

    page = browser.post("/conflicts/contact", {"contact": str(people.dee.id)})

    assert "Dee Director looks after a case when everybody else is kept from it." in words_of(page)


def test_an_officer_gives_a_case_away_that_they_have_a_conflict_with(browser, caseload, people):
    case = caseload.referral()
    browser.sign_in("olive")
    assert f"/referrals/{case.reference}/conflict" in browser.get(f"/referrals/{case.reference}").text
    assert "Say why." in browser.post(f"/referrals/{case.reference}/conflict", {"why": ""}, status=400).text

    page = browser.post(f"/referrals/{case.reference}/conflict", {"why": "My sister works there."})

    assert LOOKED_AFTER in page.text
    assert case.reference not in page.text
    browser.get(f"/referrals/{case.reference}", status=404)
    assert "A case that you named on its own page" in browser.get("/conflicts").text


def test_who_takes_a_call_about_their_own_school_is_told_that_others_look_after_it(carl, database, people):
    declare(database, people.carl)

    page = carl.post("/referrals/new", CALL)

    assert LOOKED_AFTER in page.text
    assert "NB-" not in page.text.replace("NB-BOX", "")


def test_who_adds_their_own_relation_to_a_case_is_told_so_and_is_out_of_it(browser, database, people, caseload):
    case = caseload.referral()
    with database.work(people.olive) as act:
        conflicts.declare(act, NewConflict(people.olive.id, "person", "Alex Newcomer"))
    browser.sign_in("olive")
    path = f"/referrals/{case.reference}/moves/add_person"

    page = browser.post(path, {"role": "child", "name": "Alex Newcomer"})

    assert LOOKED_AFTER in page.text, words_of(page)
    browser.get(path, status=404)


def test_a_form_sent_twice_declares_once(carl):
    page = carl.get("/conflicts/new")
    tokens = {name: hidden(page, name) for name in ("csrf_token", "form_token")}
    for _ in range(2):
        shown = carl.client.post("/conflicts/new", data=SCHOOL | tokens, follow_redirects=True)

    assert len(re.findall(r'href="/conflicts/\d+/end"', shown.text)) == 1


def test_the_page_takes_as_many_statements_for_many_declarations_as_for_few(carl, database, people):
    declare(database, people.carl)
    carl.get("/conflicts")
    few = carl.queries
    for number in range(20):
        declare(database, people.carl, f"School {number}")
    carl.get("/conflicts")

    assert carl.queries == few


def test_a_case_and_a_list_name_who_really_covers_it(browser, database, people, clock, caseload):
    kept, free = caseload.referral(), caseload.referral(setting="Elm Park Nursery")
    declare(database, people.carl)
    until_at = clock.now() + timedelta(days=5)
    with database.work(people.olive) as act:
        leave = NewAbsence(people.olive.id, "leave", clock.now(), until_at, people.carl.id, second=people.dana.id)
        cover.book_leave(act, leave)
    browser.sign_in("dana")

    case, other = (words_of(browser.get(f"/referrals/{one.reference}")) for one in (kept, free))

    assert "You cover for Olive Officer" in case
    assert "Carl Cover covers until" in other
    rows = {one.reference: words_of(row(browser.get("/?show=everyone"), one.reference)) for one in (kept, free)}
    assert "you cover" in rows[kept.reference]
    assert "Carl Cover covers" in rows[free.reference]


def test_nobody_who_is_kept_from_a_case_can_be_chosen_for_it(browser, database, people, caseload):
    kept, free = caseload.referral(), caseload.referral(setting="Elm Park Nursery")
    declare(database, people.carl)
    browser.sign_in("olive")

    assert "Carl Cover" not in browser.get(f"/referrals/{kept.reference}/moves/assign").text
    assert "Carl Cover" in browser.get(f"/referrals/{free.reference}/moves/assign").text


def test_a_case_that_goes_past_the_cover_stands_and_is_counted_at_home_of_who_covers_it(
    app, database, people, clock, caseload
):
    kept, free = caseload.referral(), caseload.referral(setting="Elm Park Nursery")
    declare(database, people.carl)
    until_at = clock.now() + timedelta(days=5)
    with database.work(people.olive) as act:
        leave = NewAbsence(people.olive.id, "leave", clock.now(), until_at, people.carl.id, second=people.dana.id)
        cover.book_leave(act, leave)

    dana, carl = (sign_in(app, name).get("/?show=covered").text for name in ("dana", "carl"))

    assert (kept.reference in dana, free.reference in dana) == (True, False)
    assert (kept.reference in carl, free.reference in carl) == (False, True)
    with database.reading(people.dana) as act:
        assert home.read(act, home.Show.COVERED, None).shows[home.Show.COVERED] == 1

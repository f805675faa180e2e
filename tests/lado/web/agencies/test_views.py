"""Organisations, their places and contacts, and their people who sign in, as officers see and change them."""

import re

import pytest
from sqlalchemy import select

from lado.models import AgencyContact
from lado.security.identity import SYSTEM
from lado.services import agencies, invitations
from lado.services.agencies import NewContact
from lado.services.invitations import NewPerson
from tests.support.browser import hidden, words_of

CONTACT = {
    "name": "Chris Chair",
    "part": "Chair of governors",
    "setting": "",
    "phone": "01632 960 101",
    "email": "chris@willow.example",
    "safe": "Leave no message with the office.",
}


@pytest.fixture
def olive(browser):
    return browser.sign_in("olive")


@pytest.fixture
def school(people):
    return f"/organisations/{people.pat.agency}"


def link(page, words):
    """Where the link with these words leads; what is hidden in it for people who listen counts."""
    for href, inside in re.findall(r'href="([^"]+)"[^>]*>(.*?)</a>', page.text, re.DOTALL):
        if " ".join(re.sub("<[^>]+>", "", inside).split()) == words:
            return href
    raise AssertionError(f"no link {words!r}")


def test_organisations_stand_by_name_with_how_many_of_their_people_can_sign_in(olive):
    page = words_of(olive.get("/organisations"))

    assert "Northbrook Police Police 1 Willow Lane Primary School School or academy trust 1" in page


def test_an_organisation_is_added_and_named_otherwise(olive):
    added = olive.post("/organisations/new", {"name": "Elm Park Nursery", "kind": "early_years"})
    assert "Nursery or childminder Elm Park Nursery" in words_of(added)

    path = added.request.path + "/change"
    changed = olive.post(path, {"name": "Elm Park Nursery School", "kind": "school"})
    assert "School or academy trust Elm Park Nursery School" in words_of(changed)
    again = olive.post("/organisations/new", {"name": "Elm Park Nursery School", "kind": "school"}, status=400)
    assert "There is an organisation of this name already." in again.text
    assert "Choose what kind" in olive.post("/organisations/new", {"name": "Another"}, status=400).text


def test_a_place_is_added_and_taken_off_the_list(olive, school):
    page = olive.post(f"{school}/places/new", {"name": "The annexe"})
    assert "The annexe" in page.text
    assert "there already" in olive.post(f"{school}/places/new", {"name": "the annexe"}, status=400).text

    off = olive.post(link(page, "Take off the list The annexe"), {})

    assert "The annexe is off the list." in off.text
    assert "No places" in off.text


def test_a_contact_is_kept_with_what_is_safe(olive, database, school):
    page = olive.post(f"{school}/contacts/new", CONTACT)
    words = words_of(page)
    assert (
        "Chris Chair Chair of governors 01632 960 101 chris@willow.example Leave no message with the office." in words
    )
    with database.reading(SYSTEM) as act:
        assert b"Chris" not in act.session.scalars(select(AgencyContact.sealed)).one()

    path = link(page, "Change Chris Chair")
    changed = words_of(olive.post(path, CONTACT | {"phone": "", "version": hidden(olive.get(path), "version")}))
    assert "01632 960 101" not in changed
    off = olive.post(link(page, "Take off the list Chris Chair"), {})
    assert "No named contact" in off.text
    olive.get(path, status=404)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter the name."),
        ({"phone": "ring the bell"}, "Enter a telephone number in figures"),
        ({"email": "nowhere"}, "Enter an e-mail address"),
        ({"setting": "999"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_with_a_contact_is_said_and_what_was_typed_is_kept(olive, school, changes, words):
    page = olive.post(f"{school}/contacts/new", CONTACT | changes, status=400)

    assert words in page.text
    assert "Leave no message with the office." in page.text


def test_two_people_who_change_a_contact_at_once_lose_nothing(olive, people, database, school):
    page = olive.post(f"{school}/contacts/new", CONTACT)
    path = link(page, "Change Chris Chair")
    form = olive.get(path)
    olive.post(path, CONTACT | {"safe": "Never write.", "version": hidden(form, "version")}, page=form)

    mine = CONTACT | {"safe": "Ring before nine.", "version": hidden(form, "version")}
    late = olive.post(path, mine, page=olive.get(path), status=409)

    assert "Somebody else has changed this contact" in late.text
    assert "Never write." in late.text
    assert "Ring before nine." in late.text
    saved = olive.post(path, mine | {"version": hidden(late, "version")}, page=late)
    assert "Ring before nine." in words_of(saved)


def test_somebody_is_invited_and_their_address_looked_at_twice(olive, school):
    typed = {"name": "Nell Newhead", "email": "nell@wi11ow.example"}
    page = olive.post(f"{school}/invite", typed, status=400)
    assert "Nobody of this organisation has an address at wi11ow.example yet." in page.text

    invited = words_of(olive.post(f"{school}/invite", typed | {"email": "nell@willow.example", "checked": "y"}))

    assert "Invited. A link goes to their address" in invited
    assert "Account Invited, has not signed in yet" in invited
    assert "Works until Monday 9 March 2026, once" in invited
    assert "Nell Newhead Invited, has not signed in yet No referrals" in words_of(olive.get(school))


def test_what_becomes_of_a_person(olive, caseload, people, school):
    caseload.referral(partner=people.pat.id)
    path = f"/organisations/people/{people.pat.id}"
    assert "Follows 1 referral" in words_of(olive.get(path))

    day = {"ends_on-day": "30", "ends_on-month": "3", "ends_on-year": "2026"}
    assert "Can sign in; last day Monday 30 March 2026" in words_of(olive.post(f"{path}/until", day))
    assert 'value="30"' in olive.get(f"{path}/until").text
    assert "last day" not in words_of(olive.post(f"{path}/until", dict.fromkeys(day, ""))).replace("the last day", "")
    assert "A new link goes to their address" in olive.post(f"{path}/link", {}).text
    same = olive.post(f"{path}/move", {"agency": str(people.pat.agency), "why": "Because."}, status=400)
    assert "Choose one from the list." in same.text
    moved = words_of(olive.post(f"{path}/move", {"agency": str(people.pol.agency), "why": "She joined the police."}))
    assert "Organisation Northbrook Police" in moved
    assert "Follows No referrals" in moved
    assert "Say why." in olive.post(f"{path}/shut", {"why": ""}, status=400).text
    shut = olive.post(f"{path}/shut", {"why": "She retired."})
    assert "Account Shut" in words_of(shut)
    assert f"{path}/shut" not in shut.text
    assert "This account is shut." in olive.post(f"{path}/link", {}, status=409).text


def test_a_manager_tells_two_people_of_one_name_apart(browser, people):
    path = f"/organisations/people/{people.pat.id}/birth"
    browser.sign_in("mina")
    assert "only have the same name" in browser.get(f"/organisations/people/{people.pat.id}").text
    assert "Enter the date of birth." in browser.post(path, {}, status=400).text

    saved = browser.post(path, {"born_on-day": "2", "born_on-month": "1", "born_on-year": "1971"})

    assert "Saved. Cases about somebody of this name" in saved.text
    assert "1971" not in saved.text


@pytest.mark.parametrize(
    ("name", "organisations", "people_page"),
    [("bea", 200, 404), ("ada", 200, 200), ("abe", 403, 404), ("dee", 403, 404), ("pat", 403, 404), ("edie", 403, 404)],
)
def test_who_else_keeps_organisations_and_their_people(browser, people, name, organisations, people_page):
    browser.sign_in(name)

    browser.get("/organisations", status=organisations)
    browser.get(f"/organisations/people/{people.pol.id}", status=people_page)
    browser.get(f"/organisations/people/{people.pol.id}/birth", status=404)


def test_another_council_knows_nothing_of_them(browser, database, people, school):
    with database.work(people.olive) as act:
        agencies.add_setting(act, people.pat.agency, "The annexe")
        agencies.add_contact(act, people.pat.agency, NewContact("Chris Chair"))
    browser.sign_in("sam")

    assert "No organisations here" in browser.get("/organisations").text
    for path in (
        school,
        f"{school}/change",
        f"{school}/invite",
        f"/organisations/people/{people.pat.id}",
        "/organisations/places/1/end",
        "/organisations/contacts/1",
        f"/organisations/{2**40}",
    ):
        browser.get(path, status=404)


def test_as_many_queries_for_thirty_as_for_three(olive, database, people, school):
    def add(first, last):
        with database.work(people.olive) as act:
            for number in range(first, last):
                agencies.add_setting(act, people.pat.agency, f"Place {number}")
                agencies.add_contact(act, people.pat.agency, NewContact(f"Contact {number}"))
                agencies.add(act, f"Organisation {number}", "other")

    def queries():
        counts = []
        for address in ("/organisations", school):
            olive.get(address)
            counts.append(olive.queries)
        return counts

    add(0, 3)
    with database.work(people.olive) as act:
        invitations.invite(act, NewPerson(people.pat.agency, "Nell Newhead", "nell@example.test", is_checked=True))
    few = queries()
    add(3, 30)

    assert queries() == few


def test_a_long_list_goes_on_by_name(olive, database, people):
    with database.work(people.olive) as act:
        for number in range(60):
            agencies.add(act, f"Organisation {number:02}", "other")
    first = olive.get("/organisations")

    second = olive.get(re.search(r'href="(/organisations\?after=[^"]+)"', first.text)[1].replace("&amp;", "&"))

    shown = [re.findall(r'href="/organisations/(\d+)"', page.text) for page in (first, second)]
    assert [len(page) for page in shown] == [50, 12]
    assert not set(shown[0]) & set(shown[1])

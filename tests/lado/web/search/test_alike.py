"""Search by other spellings and by sound: what was meant is found, after what is spelt so, and called what it is."""

import pytest
from sqlalchemy import delete, select, update

from lado.jobs import names
from lado.models import NameIndex, Referral, SearchToken
from lado.queries import contacts
from lado.queries.name_tokens import alike
from lado.security.identity import SYSTEM
from lado.services import conflicts, name_index
from lado.services.conflicts import NewConflict
from tests.support.tampering import every_right

SPELLING, SOUND = "Another spelling or form of the name", "Only sounds alike"


def look(browser, words):
    return browser.post("/search", {"words": words})


def under(page, caption):
    """The references in the table of this caption, in order."""
    tables = [table for table in page.text.split("<table")[1:] if caption in table.split("</caption>")[0]]
    rows = "".join(tables).split('class="govuk-link queue__reference"')[1:]
    return [row.split(">", 1)[1].split("<", 1)[0] for row in rows]


@pytest.fixture
def olive(browser):
    return browser.sign_in("olive")


@pytest.fixture
def named(caseload):
    """Log a case about somebody of this name, without children."""
    return lambda name: caseload.referral(subject={"name": name}, children=()).reference


@pytest.mark.parametrize(
    ("recorded", "typed", "caption"),
    [
        ("Elizabeth Smith", "Liz Smith", SPELLING),
        ("Anna Smith-Jones", "Anna Jones", SPELLING),
        ("Anna Smith Jones", "Smith-Jones", SPELLING),
        ("Sean O’Brien", "sean o brien", SPELLING),
        ("Łukasz Wójcik", "Lukasz Wojcik", SPELLING),
        ("Siân Llwyd", "Shan Lloyd", SOUND),
        ("Mohammed Chaudhry", "Muhammad Chowdhury", SOUND),
        ("Stephen Clarke", "Steven Clark", SOUND),
        ("Stephen Clarke", "Clark Steven", SOUND),
    ],
)
def test_a_name_is_found_and_called_what_it_is(olive, named, recorded, typed, caption):
    case = named(recorded)
    named("Somebody Else")

    page = look(olive, typed)

    assert under(page, caption) == [case]
    assert "No case has this name or setting as you typed it" in page.text


def test_as_spelt_stands_before_another_spelling_and_that_before_sound(olive, named):
    sound, spelling, spelt = named("Elisa Smyth"), named("Liz Smith"), named("Elizabeth Smith")

    page = look(olive, "Elizabeth Smith")

    assert under(page, "1 case found") == [spelt]
    assert under(page, SPELLING) == [spelling]
    assert under(page, SOUND) in ([], [sound])
    assert page.text.index(spelt) < page.text.index(spelling)


def test_one_word_of_two_people_of_another_council_is_never_found(browser, caseload, people, named):
    named("Siân Llwyd")
    browser.sign_in("sam")

    assert "No case found" in look(browser, "Shan Lloyd").text


def test_who_is_kept_from_a_case_does_not_find_it_by_its_sound(browser, caseload, people, named):
    case = named("Siân Llwyd")
    with caseload.database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "person", "Siân Llwyd"))

    assert under(look(browser.sign_in("olive"), "Shan Lloyd"), SOUND) == [case]
    assert "No case found" in look(browser.sign_in("carl"), "Shan Lloyd").text


def test_an_earlier_case_whose_name_sounds_alike_is_shown_at_intake(database, people, named):
    case = named("Siân Llwyd")
    named("Shan Somebody")

    with database.reading(people.olive) as act:
        found = contacts.earlier(act, ["Shan Lloyd"], "")

    assert [(one.case.reference, one.why) for one in found] == [
        (case, "The name is spelt otherwise or only sounds alike")
    ]


def test_cases_from_before_are_found_once_the_job_has_seen_them(olive, named, database, caseload, clock):
    made = [named(f"Siân Llwyd{ending}") for ending in ("", "-Jones", "-Price")]
    forget(database)
    assert "No case found" in look(olive, "Shan Lloyd").text

    assert names.tick(database) == len(made)
    assert names.tick(database) == 0

    assert sorted(under(look(olive, "Shan Lloyd"), SOUND)) == sorted(made)


def test_the_job_goes_on_where_it_was_killed_and_writes_nothing_twice(named, database):
    for _ in range(3):
        named("Siân Llwyd")
    before = tokens(database)
    forget(database)

    while True:
        with database.work(SYSTEM) as act:
            if not name_index.fill(act, batch=1):
                break

    assert tokens(database) == before


def tokens(database):
    with database.reading(SYSTEM) as act:
        return sorted(act.session.execute(select(SearchToken.token, SearchToken.referral_id)).all())


def forget(database):
    """Take the tokens away that older cases have not got, and have the job begin."""
    with database.reading(SYSTEM) as act:
        gone = {token for name in ("Siân", "Llwyd", "Llwyd-Jones", "Llwyd-Price") for token in alike(act, [name])}
        last = act.session.scalars(select(Referral.id).order_by(Referral.id.desc())).first()
    with every_right(database) as connection:
        connection.execute(delete(SearchToken).where(SearchToken.token.in_(sorted(gone))))
        connection.execute(update(NameIndex).values(next_id=1, last_id=last, done_at=None))

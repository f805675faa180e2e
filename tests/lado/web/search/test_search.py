"""Search: by reference as people write it, by a name as spelt, by a setting; never by what stands in an address."""

import pytest
from sqlalchemy import event

from tests.support.browser import words_of


def look(browser, words, status=200):
    return browser.post("/search", {"words": words}, status=status)


def found(page):
    rows = page.text.split('class="govuk-link queue__reference"')[1:]
    return [row.split(">", 1)[1].split("<", 1)[0] for row in rows]


@pytest.fixture
def olive(browser):
    return browser.sign_in("olive")


def test_a_reference_is_found_as_people_write_it(olive, caseload):
    case = caseload.referral()
    prefix, body, check = case.reference.split("-")

    for words in (
        case.reference,
        case.reference.lower(),
        f" {prefix} {body} {check} ",
        f"{body}{check}",
        f"{body}-{check}",
    ):
        assert found(look(olive, words)) == [case.reference], words


@pytest.mark.parametrize("words", ["Robin Sample", "robin", "SAMPLE", "sample robin", "Kim", "Róbin  Sample"])
def test_a_name_is_found_by_each_of_its_words(olive, caseload, words):
    case = caseload.referral()
    caseload.referral(subject={"name": "Somebody Else"}, children=())

    assert found(look(olive, words)) == [case.reference]


def test_every_word_has_to_occur(olive, caseload):
    caseload.referral()

    page = look(olive, "Robin Nobody")

    assert found(page) == []
    assert "No case found" in page.text
    assert "Robin Nobody" in page.text, "what was typed is kept"


def test_a_setting_is_found_by_its_name(olive, caseload):
    case = caseload.referral()
    caseload.referral(setting="Oak Road Nursery")

    assert found(look(olive, "willow lane primary school")) == [case.reference]


def test_rows_show_initials_and_how_each_stands(olive, caseload):
    caseload.referral(("advise",))

    page = look(olive, "Robin")

    rows = page.text.split("<table")[1]
    assert "1 case found" in rows
    assert "R.S., Willow Lane Primary School" in rows
    assert "Robin" not in rows
    assert "Advice only" in rows


def test_another_authoritys_case_is_never_found(browser, caseload, people):
    case = caseload.referral()
    browser.sign_in("sam")

    by_reference, by_name = look(browser, case.reference), look(browser, "Robin Sample")
    missing = look(browser, "NB-222222-2")

    assert found(by_reference) == found(by_name) == found(missing) == []
    said = words_of(by_reference).replace(case.reference, "")  # what was typed is shown again
    assert said == words_of(missing).replace("NB-222222-2", "")


def test_the_words_never_stand_in_an_address(olive, caseload):
    caseload.referral()

    page = look(olive, "Robin Sample")

    assert page.request.path == "/search"
    assert page.request.query_string == b""
    assert "Robin" not in page.text.split("<title>")[1].split("</title>")[0]


def test_words_in_an_address_are_not_looked_for(olive, caseload):
    caseload.referral()

    assert found(olive.get("/search?words=Robin")) == []


@pytest.mark.parametrize("words", ["", "   ", "x" * 10_000, "\x00"])
def test_what_cannot_be_looked_for_is_refused_in_words(olive, words):
    page = look(olive, words, status=400)

    assert "There is a problem" in page.text


@pytest.mark.parametrize("words", ["a", "-", "’", "' OR 1=1 --", "%", "<script>", "😀", "NB-", "x" * 200])
def test_odd_words_find_nothing_and_break_nothing(olive, caseload, words):
    caseload.referral()

    page = look(olive, words)

    assert "No case found" in page.text
    assert "<script>" not in page.text.split("<main")[1]


def test_two_answers_to_one_question_are_refused(olive):
    look(olive, ["Robin", "Kim"], status=400)


def test_a_forged_form_is_refused(olive):
    olive.client.get("/search")
    assert olive.client.post("/search", data={"words": "Robin"}).status_code == 400


def test_many_cases_come_in_pages_by_key(olive, caseload):
    made = [caseload.referral().reference for _ in range(28)]

    first = look(olive, "Sample")
    before = first.text.split('name="before" value="')[-1].split('"')[0]
    second = olive.post("/search", {"words": "Sample", "before": before}, page=first)

    assert "The newest 25 cases; there are more" in first.text
    assert found(first) + found(second) == list(reversed(made))
    assert "The last 3 cases" in second.text


def test_many_results_take_as_many_statements_as_few(olive, caseload):
    page = olive.get("/search")
    counts = []
    for number in (3, 22):
        for _ in range(number):
            caseload.referral()
        statements = []
        from_engine = olive.database.engine

        def listen(*told, kept=statements):
            kept.append(told[2])

        event.listen(from_engine, "before_cursor_execute", listen)
        olive.post("/search", {"words": "Sample"}, page=page)
        event.remove(from_engine, "before_cursor_execute", listen)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_partner_does_not_search(browser):
    browser.sign_in("pat").get("/search", status=403)

"""The letters of a case: made from the council's wording, kept as they went out, saved as files, and told by them."""

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from lado.models import ReadEntry
from lado.services import telling
from lado.services.telling import Agreed, Words
from tests.support.browser import Browser, words_of

MADE = {
    "to": "Alex Adult\n1 Any Street",
    "heading": "What was concluded",
    "body": "Dear Alex,\n\nIt is concluded.\nOlive",
}
NAMES = (
    "O’Brien & <b>{{7*7}}</b> {outcome} #panic() $x$",
    "Ŵyn Łukasz Ñandú",
    "محمد علي",
    "שרה כהן",
    "x" * 180,
)


def another(browser, name):
    return Browser(browser.app, browser.database).sign_in(name)


def address(referral, kind="parents/outcome"):
    return f"/referrals/{referral.reference}/letters/new/{kind}"


def begin(browser, referral, kind="parents/outcome"):
    return browser.get(address(referral, kind))


def test_a_letter_is_filled_in_for_its_case(browser, caseload):
    referral = caseload.referral()

    page = words_of(begin(browser.sign_in("olive"), referral, "employer/decision"))

    assert referral.reference in page
    assert "Olive Officer" in page
    assert "Northbrook Council" in page
    assert "They would be told before anything was agreed." in page


def test_from_a_letter_to_its_files_and_to_whoever_was_told(browser, caseload, clock):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = begin(browser, referral)

    shown = browser.post(address(referral), MADE, page=page)

    assert "The letter is made and kept with the case." in shown.text
    assert "Olive Officer" in shown.text
    here = f"/referrals/{referral.reference}/letters/1"
    form = browser.get(f"{here}/told")
    done = browser.post(f"{here}/told", {**day(clock), "how": "By post"}, page=form)
    assert "Recorded: they were told by this letter." in done.text
    record = browser.get(f"/referrals/{referral.reference}/record").text
    assert "By letter 1: By post" in record
    assert "A letter or an e-mail went out" in record


def day(clock):
    today = clock.now().date()
    return {"told_on-day": str(today.day), "told_on-month": str(today.month), "told_on-year": str(today.year)}


def test_what_is_not_known_is_not_sent(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = begin(browser, referral)
    assert "[what was concluded: to be filled in]" in page.text

    refused = browser.post(
        address(referral), {**MADE, "body": "It is [what was concluded: to be filled in]."}, status=400
    )

    assert "Fill in what stands in square brackets, or take it out" in refused.text
    assert "1 Any Street" in refused.text


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_kinds_are_printed_as_they_are(browser, caseload, name):
    referral = caseload.referral()
    browser.sign_in("olive")
    made = {"to": name, "heading": "A letter", "body": f"Dear {name},\n\nNothing {{more}}."}

    browser.post(address(referral), made)

    here = f"/referrals/{referral.reference}/letters/1"
    word = Document(BytesIO(browser.client.get(f"{here}/docx").data))
    printed = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert name in printed
    assert "Nothing {more}." in printed
    pdf = PdfReader(BytesIO(browser.client.get(f"{here}/pdf").data))
    text = " ".join(page.extract_text() for page in pdf.pages)
    kept = letters_in(text)
    assert all(letter in kept for letter in letters_in(name))
    assert "Nothing {more}." in text


def letters_in(text):
    """What is printed, without the marks that order it and the places where it may be broken."""
    return {letter for letter in text if letter.isprintable() and not letter.isspace()}


def test_the_files_name_nobody_in_their_names_and_in_what_they_say_of_themselves(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    browser.post(address(referral), MADE)
    here = f"/referrals/{referral.reference}/letters/1"

    for ending in ("docx", "pdf"):
        answer = browser.client.get(f"{here}/{ending}")
        assert answer.headers["Content-Disposition"] == f"attachment; filename={referral.reference}-letter-1.{ending}"
        assert "no-store" in answer.headers["Cache-Control"]
    about = PdfReader(BytesIO(browser.client.get(f"{here}/pdf").data)).metadata
    assert (about.title, about.author) == (f"Letter {referral.reference}", "Northbrook Council")
    said = Document(BytesIO(browser.client.get(f"{here}/docx").data)).core_properties
    assert (said.title, said.author, said.comments) == (f"Letter {referral.reference}", "Northbrook Council", "")


def test_the_pdf_can_be_read_by_a_screen_reader(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    browser.post(address(referral), MADE)

    root = PdfReader(BytesIO(browser.client.get(f"/referrals/{referral.reference}/letters/1/pdf").data)).root_object

    assert root["/Lang"] == "en-GB"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in root


def test_making_and_each_saving_stands_in_the_log_of_reads(browser, caseload, database, people):
    referral = caseload.referral()
    browser.sign_in("olive")
    browser.post(address(referral), MADE)
    browser.client.get(f"/referrals/{referral.reference}/letters/1/docx")
    browser.client.get(f"/referrals/{referral.reference}/letters/1/pdf")

    with database.reading(people.olive) as act:
        rows = act.session.execute(select(ReadEntry.page, ReadEntry.what).where(ReadEntry.referral_id == referral.id))
        looks = [tuple(row) for row in rows]

    assert looks.count(("letters.docx", "download")) == 1
    assert looks.count(("letters.pdf", "download")) == 1


def test_whoever_only_reads_makes_none(browser, caseload):
    referral = caseload.referral()
    another(browser, "olive").post(address(referral), MADE)
    browser.sign_in("abe")

    page = browser.get(f"/referrals/{referral.reference}/letters")

    assert "Write a letter or an e-mail" not in page.text
    browser.get(address(referral), status=404)
    browser.get(f"/referrals/{referral.reference}/letters/1/told", status=404)


def test_another_councils_case_and_letters_that_are_not_there_do_not_exist(browser, caseload, people):
    theirs = caseload.referral(who=people.sam)
    ours = caseload.referral()
    browser.sign_in("olive")

    browser.get(address(theirs), status=404)
    browser.get(address(ours, "parents/email"), status=404)
    browser.get(f"/referrals/{ours.reference}/letters/1", status=404)
    browser.get(f"/referrals/{ours.reference}/letters/99999999999/pdf", status=404)


def test_an_email_goes_out_as_it_stands_to_one_who_follows_the_case(browser, caseload, people, database):
    referral = caseload.referral(partner=people.pat.id)
    browser.sign_in("olive")
    page = begin(browser, referral, "referrer/email")
    assert f"There is something new for you to read about {referral.reference}." in page.text

    unchosen = browser.post(address(referral, "referrer/email"), {}, page=page, status=400)
    assert "Choose who it is to." in unchosen.text
    stranger = browser.post(address(referral, "referrer/email"), {"partner": people.pol.id}, page=page, status=400)
    assert "Choose who it is to." in stranger.text
    done = browser.post(address(referral, "referrer/email"), {"partner": people.pat.id}, page=page)

    assert "The e-mail is on its way." in done.text
    assert "Pat Partner" in done.text
    assert "Save as a PDF" not in done.text
    browser.get(f"/referrals/{referral.reference}/letters/1/told", status=404)
    browser.get(f"/referrals/{referral.reference}/letters/1/pdf", status=404)


def test_where_nobody_follows_the_case_no_email_can_be_sent(browser, caseload):
    page = begin(browser.sign_in("olive"), caseload.referral(), "referrer/email")

    assert "Nobody follows this case on line" in page.text
    assert "Send the e-mail" not in page.text


def test_more_than_was_agreed_is_pointed_out_and_asks_for_a_look(browser, caseload, database, people):
    referral = caseload.referral()
    with database.work(people.olive) as act:
        telling.agree(
            act,
            referral.id,
            [Agreed("parents", "nothing_yet")],
            Words("The police and you", "", "The police ask us to wait."),
        )
    browser.sign_in("olive")
    page = begin(browser, referral)
    assert "although it was agreed that they are told nothing yet" in page.text

    refused = browser.post(address(referral), MADE, page=page, status=400)
    assert "This letter says more than was agreed for them." in refused.text
    made = browser.post(address(referral), {**MADE, "despite": "y"}, page=page)

    assert "The letter is made and kept with the case." in made.text


def test_whoever_the_letter_may_go_to_is_shown_beside_it(browser, caseload):
    page = words_of(begin(browser.sign_in("olive"), caseload.referral(), "referrer/progress"))

    assert "Who they are on this case" in page
    assert "01632 960 100" in page


def test_what_no_font_can_show_is_saved_as_a_word_document_instead(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    browser.post(address(referral), {**MADE, "to": "\U00012000"})  # cuneiform

    answer = browser.client.get(f"/referrals/{referral.reference}/letters/1/pdf")

    assert answer.status_code == 409
    assert "Save it as a Word document instead." in answer.text
    word = Document(BytesIO(browser.client.get(f"/referrals/{referral.reference}/letters/1/docx").data))
    assert "\U00012000" in "".join(paragraph.text for paragraph in word.paragraphs)


def test_as_many_queries_for_thirty_letters_as_for_three(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = begin(browser, referral)
    counted = []
    for many in (3, 27):
        for _ in range(many):
            browser.post(address(referral), MADE, page=page)
        browser.get(f"/referrals/{referral.reference}/letters")
        counted.append(browser.queries)

    assert counted[0] == counted[1]

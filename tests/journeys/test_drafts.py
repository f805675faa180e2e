"""Nothing that is typed is lost: a closed window, an ended session, a colleague who was first, an impatient finger."""

import pytest
from playwright.sync_api import expect

WORDS = "He is said to have pulled her by the arm."
SUMMARY = "What happened, in the caller’s words"


def test_a_window_that_was_closed_while_typing(arrive):
    olive = arrive()
    olive.sign_in("olive")
    olive.press("Log a referral")
    olive.type(SUMMARY, WORDS)
    expect(olive.page.locator("[data-autosave-status]").first).to_contain_text("Draft saved at 09:30")
    olive.page.close()

    again = arrive()
    again.sign_in("olive")
    again.press("Log a referral")
    again.sees("restored")
    assert again.box(SUMMARY).input_value() == WORDS
    again.press("Throw it away")
    again.sees("The draft is thrown away.")
    assert again.box(SUMMARY).input_value() == ""


def test_leaving_the_page_in_the_middle_of_a_word(arrive):
    olive = arrive()
    olive.sign_in("olive")
    olive.press("Log a referral")
    olive.type(SUMMARY, WORDS)
    olive.follow("Home", exact=True)  # before the second of quiet after which a draft is kept

    olive.press("Log a referral")
    assert olive.box(SUMMARY).input_value() == WORDS


def test_a_session_that_ends_in_the_middle_of_a_form(arrive, clock):
    olive = arrive()
    olive.sign_in("olive")
    olive.press("Log a referral")
    olive.type(SUMMARY, WORDS)
    status = olive.page.locator("[data-autosave-status]").first
    expect(status).to_contain_text("Draft saved at 09:30")
    clock.advance(minutes=20)
    olive.type("Name of the adult", "Robin Sample")
    expect(status).to_contain_text("You have been signed out")
    olive.press("Save the referral")

    olive.sees("You were signed out before this was sent")
    olive.sees("Robin Sample")
    olive.press("Sign in")
    olive.sign_in_here("olive")
    assert olive.page.url.split("?")[0].endswith("/referrals/new")
    assert olive.box(SUMMARY).input_value() == WORDS
    assert olive.box("Name of the adult").input_value() == "Robin Sample"


def test_a_draft_without_scripts(arrive):
    olive = arrive(scripts=False)
    olive.sign_in("olive")
    olive.press("Log a referral")
    olive.type(SUMMARY, WORDS)
    olive.press("Save draft")
    olive.sees("Draft saved at 09:30.")

    olive.go("/")
    olive.press("Log a referral")
    assert olive.box(SUMMARY).input_value() == WORDS


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_colleague_who_was_first(arrive, caseload, people, scripts):
    referral = caseload.referral()
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.go(f"/referrals/{referral.reference}/moves/add_note")
    olive.type("Note", WORDS)
    caseload.make(referral, "add_note", {}, {"note": "Dana wrote this meanwhile."}, people.dana)
    olive.press("Add the note")

    olive.sees("Someone else wrote on this case while you had the form open.")
    olive.sees("Dana wrote this meanwhile.")
    assert olive.box("Note").input_value() == WORDS
    olive.press("Add the note")
    olive.sees("The note is on the record.")
    olive.sees("Dana wrote this meanwhile.")
    olive.sees(WORDS)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_has_one_effect(arrive, caseload, scripts):
    referral = caseload.referral()
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.go(f"/referrals/{referral.reference}/moves/add_note")
    olive.type("Note", WORDS)
    olive.page.get_by_role("button", name="Add the note").dblclick()
    # The second click ends the first one's journey, so the address is waited for and not a navigation.
    expect(olive.page).to_have_url(f"{olive.address}/referrals/{referral.reference}")
    olive.judge()

    olive.go(f"/referrals/{referral.reference}/record")
    assert olive.page.inner_text("main").count(WORDS) == 1

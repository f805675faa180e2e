"""A session ends while somebody writes; the warning; going back after signing out; three browsers of one person."""

import pytest
from playwright.sync_api import expect

WORDS = "She rang at ten.\nIt is “urgent” – the head said so."


@pytest.mark.parametrize("scripts", [True, False])
def test_text_survives_the_end_of_a_session_and_nobody_else_is_shown_it(arrive, caseload, clock, scripts):
    page = f"/referrals/{caseload.referral().reference}/moves/add_note"
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.go(page)
    box = olive.page.locator("textarea").first
    box.fill(WORDS)
    clock.advance(minutes=16)
    olive.press("Add the note")
    olive.sees("You were signed out before this was sent")
    kept = olive.page.get_by_role("button", name="Sign in", exact=True).get_attribute("href")

    dana = arrive(scripts=scripts)
    dana.go(kept)
    dana.sign_in_here("dana")
    dana.sees_no("She rang at ten")

    olive.press("Sign in")
    olive.sign_in_here("olive")
    olive.sees("Here it is again: look it over, and send it.")
    assert olive.page.locator("textarea").first.input_value() == WORDS
    olive.press("Add the note")
    olive.sees("She rang at ten.")
    olive.sees_no("Here it is again")


def test_a_page_warns_and_one_key_keeps_somebody_signed_in(arrive, clock):
    olive = arrive()
    olive.page.clock.install()
    olive.sign_in("olive")
    olive.go("/referrals/new")
    warning = olive.page.get_by_role("dialog")
    expect(warning).to_be_hidden()

    clock.advance(minutes=12, seconds=1)
    olive.page.clock.fast_forward(12 * 60 * 1000 + 1000)
    expect(warning).to_contain_text("You will be signed out in 3 minutes")
    olive.judge()
    with olive.page.expect_response("**/my-sessions/stay"):
        olive.page.keyboard.press("Enter")
    expect(warning).to_be_hidden()

    clock.advance(minutes=10)
    olive.go("/referrals/new")
    olive.sees("Log a referral")


def test_going_back_after_signing_out_shows_nothing(arrive, caseload):
    reference = caseload.referral().reference
    olive = arrive()
    olive.sign_in("olive")
    olive.go(f"/referrals/{reference}")
    olive.go("/cover")
    olive.sign_out()

    for _ in range(3):
        olive.page.go_back()
        olive.sees_no("Robin Sample")
        olive.sees_no(reference)
    olive.go(f"/referrals/{reference}")
    olive.sees("Password")


def test_three_browsers_of_one_person(arrive):
    first, second, third = arrive(), arrive(scripts=False), arrive(phone=True)
    for browser in (first, second, third):
        browser.sign_in("olive")
    third.go("/my-sessions")
    third.sees("Where you are signed in")
    third.press("Sign out everywhere else")
    third.sees("Signed out everywhere else.")

    for browser in (first, second):
        browser.page.reload()
        browser.sees("You signed this browser out from another one.")
    third.go("/")
    third.sees("Sign out")

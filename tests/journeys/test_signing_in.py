"""Signing in by hand, with a wrong password first, with and without scripts."""

import pytest

from tests.support.people import PASSWORD, email_of


@pytest.mark.parametrize("scripts", [True, False])
def test_a_slip_is_said_and_then_it_works(arrive, scripts):
    pat = arrive(scripts=scripts)
    pat.go("/portal")
    pat.page.get_by_label("E-mail address").fill(email_of("pat"))
    pat.page.get_by_label("Password").fill("not my password at all")
    pat.press("Sign in")
    pat.sees("is not right")

    pat.page.get_by_label("Password").fill(PASSWORD)
    pat.press("Sign in")
    pat.type("Code from your authenticator app", "000000")
    pat.press("Sign in")
    pat.sees("This code is not right")
    pat.enter_code()

    pat.sees("No referrals here")
    pat.sign_out()
    pat.sees("Sign in")

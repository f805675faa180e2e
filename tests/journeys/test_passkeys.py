"""Setting up a passkey in a browser, signing in with it alone, and proving it again in the middle of something."""

from dataclasses import replace

import pytest

from lado.security.identity import SYSTEM
from lado.services import account_links, accounts
from tests.support.people import PASSWORD, email_of
from tests.support.tampering import every_right

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def olive(arrive, app, address, database):
    """Olive at a browser that holds passkeys, at a name that passkeys are made for; she has no second step yet."""
    with every_right(database) as connection:
        connection.exec_driver_sql("DELETE FROM factor")
    named = address.replace("127.0.0.1", "localhost")
    found = app.extensions["lado"]
    app.extensions["lado"] = replace(found, settings=replace(found.settings, public_url=named))
    traveller = arrive()
    traveller.address = named
    session = traveller.page.context.new_cdp_session(traveller.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return traveller


@pytest.fixture
def link(database) -> str:
    """The link that the operator made for her."""
    with database.work(SYSTEM) as act:
        return account_links.let_in(act, accounts.of_email(act, email_of("olive")))


def test_a_passkey_is_set_up_and_then_is_all_that_is_asked(olive, link, clock):
    olive.go(link)
    olive.type("Password", PASSWORD)
    olive.press("Go on")
    olive.press("Set up a passkey instead")
    olive.sees("Olive Officer")
    olive.sign_out()

    olive.press("Sign in with a passkey")
    olive.sees("Olive Officer")

    olive.sign_out()
    olive.type("E-mail address", email_of("olive"))
    olive.type("Password", PASSWORD)
    olive.press("Sign in")
    olive.press("Use a passkey instead")
    olive.sees("Olive Officer")

    clock.advance(minutes=6)
    olive.go("/confirm-it-is-you?next=/search")
    olive.press("Use a passkey instead")
    olive.sees("Search")

"""An account is connected with a real directory on this machine, and signs in by it and out, under a strict policy."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from config import DirectorySettings
from tests.conftest import MONDAY_MORNING

SUBJECT = "olive-in-the-directory"
ITS_CLOCK = (
    "import sys, time_machine; time_machine.travel(sys.argv.pop(1)).start(); "
    "from oidc_provider_mock.__main__ import run; run()"
)
STYLES = "https://cdn.jsdelivr.net/"
"""Where the provider's own page would fetch its styles from."""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """oidc-provider-mock in a process of its own, at the instant at which the clock of the tests stands."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    olive = json.dumps({"sub": SUBJECT, "amr": ["pwd", "mfa"]})
    command = [sys.executable, "-W", "ignore", "-c", ITS_CLOCK, MONDAY_MORNING.isoformat(), "--port", port]
    command += ["--user-claims", olive]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    where = f"http://127.0.0.1:{port}"
    try:
        with requests.Session() as session:
            patiently = Retry(300, backoff_factor=0.1, backoff_max=0.2)
            session.mount("http://", HTTPAdapter(max_retries=patiently))
            session.get(f"{where}/jwks", timeout=5).raise_for_status()
        yield where
    finally:
        running.terminate()
        running.wait(10)


@pytest.fixture
def with_directory(app, address, issuer):
    """The product at its own address, with Northbrook's directory entered."""
    entered = (DirectorySettings("northbrook", issuer, "lado", "any secret will do for it"),)
    here = app.extensions["lado"]
    app.extensions["lado"] = replace(here, settings=replace(here.settings, public_url=address, directories=entered))


def through_the_directory(someone, words, issuer):
    """Press the button of ours, say there who one is, and come back. Going there by a press is no fault of our page."""
    someone.page.route(f"{STYLES}**", lambda route: route.fulfill(body="", content_type="text/css"))
    with someone.page.expect_navigation():
        someone.page.get_by_role("button", name=words).click()
    someone.sees("Authorize Client")
    with someone.page.expect_navigation():
        someone.page.get_by_role("button", name=SUBJECT).first.click()
    theirs = tuple(f"a request to another host: {place}" for place in (f"{issuer}/", STYLES))
    someone.complaints = [one for one in someone.complaints if not one.startswith(theirs)]
    someone.judge()


@pytest.mark.parametrize("scripts", [True, False])
def test_connected_once_and_signed_in_by_it_from_then_on(arrive, with_directory, issuer, scripts):
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.go("/council-sign-in")
    through_the_directory(olive, "Connect my council sign-in", issuer)
    olive.sees("Connect your council sign-in?")
    olive.press("Connect")
    olive.sees("Connected.")
    olive.sign_out()

    olive.go("/sign-in/directory/northbrook/begin")
    olive.sees("begins with its button")
    olive.follow("Go to the sign-in page")
    through_the_directory(olive, "Sign in with Northbrook Council", issuer)
    olive.sees("Olive Officer")

    olive.sign_out()
    olive.sees("You may still be signed in with Northbrook Council")
    with olive.page.expect_navigation():
        olive.page.get_by_role("link", name="Sign out of Northbrook Council").click()
    olive.sees("End Session")

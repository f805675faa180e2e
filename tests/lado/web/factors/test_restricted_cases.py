"""A restricted case is opened with a passkey: who has codes alone sets one up first, and nobody else hears of it."""

import html
import json
import re
from base64 import urlsafe_b64decode

import pytest

from lado.models import Account
from lado.queries.referrals import find
from lado.security.identity import SYSTEM
from lado.services import passkeys, restrictions
from lado.services.restrictions import NewList
from tests.faults.portal_swaps import NEVER_THE_SAME
from tests.support.authenticator import Authenticator
from tests.support.browser import Browser, words_of
from tests.support.people import PASSWORD, code_of, email_of

pytestmark = pytest.mark.usefixtures("strict")

FIRST = "Set up a passkey first"


@pytest.fixture
def restricted(database, caseload, people):
    """A case that is there for Olive and Mina alone."""
    referral = caseload.referral(subject={"name": "Zebedee Quillfeather"}, partner=people.pat.id)
    with database.work(people.mina) as act:
        restrictions.restrict(act, referral.id, NewList([people.olive.id], "A cousin of a colleague."))
    return f"/referrals/{referral.reference}"


@pytest.fixture
def device(database, people):
    """A device with a passkey of Olive's."""
    made, challenge = Authenticator(), b"c" * 32
    with database.work(SYSTEM) as act:
        olive = act.session.get_one(Account, people.olive.id)
        passkeys.add(act, olive, passkeys.site_of("http://localhost:8000"), challenge, made.make(challenge))
    return made


def challenge_in(page, how="get"):
    """What the page has the browser ask of a passkey."""
    (found,) = re.findall(rf'data-passkey="{how}"[^>]* data-passkey-options="([^"]+)"', page.text)
    asked = json.loads(html.unescape(found))["challenge"]
    return urlsafe_b64decode(asked + "=" * (-len(asked) % 4))


def kept_in(page):
    return page.text.split('name="proof_kept" value="')[1].split('"')[0]


def proof(page, device):
    return {"proof_kept": kept_in(page), "proof_passkey": device.prove(challenge_in(page))}


def test_whoever_has_codes_alone_is_led_to_setting_a_passkey_up(browser, caseload, restricted, clock):
    other = caseload.referral()
    browser.sign_in("olive")
    browser.get(f"/referrals/{other.reference}")
    clock.advance(minutes=6)

    asked = browser.get(restricted, status=401)
    assert FIRST in words_of(asked)
    assert "Zebedee" not in asked.text
    again = browser.post("/your-sign-ins/add", {}, page=asked, status=401)
    code = {"proof_kept": kept_in(again), "proof_code": code_of("olive", clock.now())}
    page = browser.post("/your-sign-ins/add", code, page=again)
    assert "Set up a passkey" in words_of(page)

    made = Authenticator().make(challenge_in(page, "create"))
    browser.post("/set-up", {"passkey": made}, page=page)
    assert "Zebedee" in browser.get(restricted).text


def test_whoever_has_a_passkey_proves_it_once_in_a_session(browser, restricted, device):
    browser.sign_in("olive")

    asked = browser.get(restricted, status=401)
    assert "opened with your passkey" in words_of(asked)
    assert "Zebedee" not in asked.text
    going_to = html.unescape(re.findall(r'<form[^>]* action="(/confirm[^"]+)"', asked.text)[0])
    assert "Zebedee" in browser.post(going_to, proof(asked, device), page=asked).text
    browser.get(f"{restricted}/record")


def test_a_code_opens_it_for_nobody_who_has_a_passkey(browser, restricted, device, clock):
    browser.sign_in("olive")
    asked = browser.get(restricted, status=401)

    code = {"proof_kept": "", "proof_code": code_of("olive", clock.now())}
    refused = browser.post("/confirm-it-is-you", code, page=asked, status=401)

    assert "uses a passkey here" in refused.text
    browser.get(restricted, status=401)


def test_what_was_typed_goes_on_after_the_passkey(browser, restricted, device):
    browser.sign_in("olive")
    page = browser.get("/no-such-page", status=404)
    asked = browser.post(f"{restricted}/update", {"note": "Her aunt rang."}, page=page, status=401)

    assert kept_in(asked)
    assert "Her aunt rang." in browser.post(f"{restricted}/update", proof(asked, device), page=asked, status=400).text


def test_what_was_typed_is_given_back_to_whoever_has_none(browser, restricted):
    browser.sign_in("olive")
    page = browser.get("/no-such-page", status=404)

    told = browser.post(f"{restricted}/update", {"note": "Her aunt rang."}, page=page, status=401)
    assert FIRST in words_of(told)
    assert "Her aunt rang." in told.text


def test_whoever_may_not_know_of_it_hears_that_it_is_not_there(app, database, restricted):
    dana = Browser(app, database).sign_in("dana")

    answers = {
        NEVER_THE_SAME.sub("*", dana.get(place, status=404).text) for place in (restricted, "/referrals/NB-222222-2")
    }

    assert len(answers) == 1


def test_a_partner_is_shown_nothing_of_it(app, database, restricted):
    pat = Browser(app, database).sign_in("pat")

    pat.get(restricted.replace("/referrals/", "/portal/"))


def test_a_code_signs_nobody_in_who_is_on_a_list(browser, restricted, clock):
    browser.post("/sign-in", {"email": email_of("olive"), "password": PASSWORD})

    page = browser.post("/sign-in/code", {"code": code_of("olive", clock.now())})

    assert "Set up a passkey" in page.text
    assert "Password" in browser.get("/").text


def test_a_code_does_again_when_the_case_is_not_restricted_any_more(browser, restricted, clock, database, people):
    with database.work(people.mina) as act:
        referral = find(act, restricted.rpartition("/")[2])
        restrictions.end(act, referral.id, "They were two people.")

    assert "Sign out" in browser.sign_in_by_hand("olive", clock.now()).text
    browser.get(restricted)

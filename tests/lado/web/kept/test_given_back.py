"""What was sent after a session had ended is kept sealed and comes back filled in, to the same person alone."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from lado.models import KeptForm, LedgerEntry
from lado.security.identity import SYSTEM
from lado.services import drafts
from tests.support.browser import Browser, words_of

TYPED = "She rang at ten.\r\nIt is “urgent” – the head said so.  Two spaces, and ünïcode ✓"


def expire(browser, clock, path, data, **more):
    """Open a page, let the session end, send its form, and return the address that signing in again leads to."""
    page = browser.get(path)
    clock.advance(minutes=16)
    answer = browser.post(path, data, page=page, status=401, **more)
    found = re.search(r'href="/sign-in\?next=([^"]+)"', answer.text)
    assert found, words_of(answer)
    return found[1].replace("%3F", "?").replace("%3D", "=").replace("%26", "&").replace("&amp;", "&")


def again(app, database, name):
    return Browser(app, database).sign_in(name)


@pytest.fixture
def note(caseload):
    """The page on which a note is added to a case."""
    return f"/referrals/{caseload.referral().reference}/moves/add_note"


def box(answer, name):
    """What stands in a box; a browser sends each end of a line as two characters."""
    shown = LexborHTMLParser(answer.text).css_first(f"textarea[name={name}]").text(strip=False)
    return shown.replace("\r\n", "\n").replace("\n", "\r\n")


def test_a_form_comes_back_filled_on_its_own_page_and_is_not_saved_by_looking(browser, app, clock, database, note):
    browser.sign_in("olive")
    going_to = expire(browser, clock, note, {"note": TYPED})

    page = again(app, database, "olive").get(going_to)

    assert box(page, "note") == TYPED
    assert "You were signed out before this was sent" in page.text


def test_it_is_sent_from_there_once_and_kept_no_longer(browser, app, clock, database, note):
    browser.sign_in("olive")
    going_to = expire(browser, clock, note, {"note": TYPED})
    olive = again(app, database, "olive")

    page = olive.get(going_to)
    done = olive.post(going_to, {"note": box(page, "note")}, page=page)

    assert "She rang at ten." in done.text
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(KeptForm.id)).all() == []
    assert "You were signed out before" not in olive.get(going_to).text


@pytest.mark.parametrize("name", ["mina", "dana", "ada", "sam"])
def test_nobody_else_is_shown_it(browser, app, clock, database, note, name):
    browser.sign_in("olive")
    going_to = expire(browser, clock, note, {"note": TYPED})

    other = again(app, database, name)
    answer = other.client.get(going_to, follow_redirects=True)

    assert "She rang at ten" not in answer.text
    assert "You were signed out before" not in answer.text
    assert "She rang at ten" not in again(app, database, "olive").get(note).text, "without its number it is not shown"


def test_it_is_kept_sealed(browser, clock, database, note):
    browser.sign_in("olive")
    expire(browser, clock, note, {"note": TYPED})

    with database.reading(SYSTEM) as act:
        kept = act.session.scalars(select(KeptForm)).one()
    assert b"She rang" not in kept.sealed
    assert b"referrals" not in kept.sealed


def test_a_partner_gets_theirs_back(browser, app, clock, database, caseload, people):
    reference = caseload.referral(partner=people.pat.id).reference
    browser.sign_in("pat")
    going_to = expire(browser, clock, f"/portal/{reference}/messages", {"message": TYPED})

    assert "She rang at ten" not in again(app, database, "pol").client.get(going_to, follow_redirects=True).text
    assert box(again(app, database, "pat").get(going_to), "message") == TYPED


def test_whoever_signed_out_leaves_nothing_behind(browser, database, note):
    page = browser.sign_in("olive").get(note)
    cookie = browser.client.get_cookie("lado").value
    browser.post("/sign-out", {}, page=browser.get(note))
    browser.client.set_cookie("lado", cookie)

    browser.post(note, {"note": TYPED}, page=page, status=401)

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(KeptForm.id)).all() == []


def test_a_draft_is_not_kept_twice(browser, clock, database, note, people):
    page = browser.sign_in("olive").get("/referrals/new")
    clock.advance(minutes=16)

    browser.post("/drafts/referral", {"concern": TYPED}, page=page, status=401)

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(KeptForm.id)).all() == []
        assert drafts.kept(act, "referral") is None


def test_what_no_page_shows_again_is_listed_can_be_sent_and_thrown_away(browser, app, clock, database, caseload):
    path = f"/cover/handover/{caseload.referral().reference}/refuse"
    page = browser.sign_in("olive").get("/referrals/new")
    clock.advance(minutes=16)
    answer = browser.post(path, {"why": TYPED}, page=page, status=401)
    going_to = re.search(r'href="/sign-in\?next=(/kept/\d+)"', answer.text)[1]

    assert again(app, database, "mina").client.get(going_to).status_code == 404
    olive = again(app, database, "olive")
    shown = olive.get(going_to)
    assert f'action="{path}"' in shown.text
    assert (
        LexborHTMLParser(shown.text).css_first("input[name=why]").attributes["value"].splitlines() == TYPED.splitlines()
    )

    olive.post(f"{going_to}/throw-away", {})
    olive.get(going_to, status=404)


def test_too_much_to_keep_is_given_back_on_the_page_at_least(browser, clock, database, note):
    page = browser.sign_in("olive").get(note)
    clock.advance(minutes=16)

    answer = browser.post(note, {"note": "x" * 200_001}, page=page, status=401)

    assert "Nothing has been saved by it" in answer.text
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(KeptForm.id)).all() == []


def test_looking_at_what_was_kept_changes_nothing(browser, app, clock, database, note):
    browser.sign_in("olive")
    going_to = expire(browser, clock, note, {"note": TYPED})
    olive = again(app, database, "olive")

    for _ in range(2):
        assert box(olive.get(going_to), "note") == TYPED

    with database.reading(SYSTEM) as act:
        assert len(act.session.scalars(select(KeptForm.id)).all()) == 1
        assert not act.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.kind == "noted")).all()

"""A night of the emergency duty team and the morning after, and a duty pack that opens itself with no network."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.journey import RULES, WIDTHS
from tests.support.people import PASSWORD


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_night_to_the_morning(arrive, caseload, clock, scripts):
    case = caseload.referral(safety_steps="She works in the office until the meeting.")
    clock.advance(hours=16)  # half past one in the morning
    edie = arrive(scripts=scripts)
    edie.sign_in("edie")
    edie.follow("Open cases of Northbrook Council")
    edie.type("Reference, whole name or setting", "Robin Sample")
    edie.press("Find")
    edie.follow(case.reference)
    edie.sees("She works in the office until the meeting.")
    edie.press("Record a contact about this case")
    edie.type("Who rang?", "The night manager")
    edie.type("What did they say?", "She came to the house and asked for the child.")
    edie.choose("Is anyone in danger now?", "No")
    edie.type("What did you do?", "Rang the police; she has gone home.")
    edie.press("Record it")
    edie.sees("takes it over by 09:00 today")
    clock.advance(hours=7)

    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.sees("From the night: 1 waiting to be taken over")
    olive.follow_this(olive.page.locator("a[href*='/from-the-night/']"))
    olive.sees("Rang the police; she has gone home.")
    olive.press("Take it over")
    olive.sees("You have taken this over from the night.")


@pytest.fixture
def pack(arrive, caseload, chromium, clock, tmp_path):
    """A pack that Edie made, its passphrase, and a way to open it from a disk at an instant, with no network."""
    case = caseload.referral(safety_steps="He stays off the pool.")
    edie = arrive()
    edie.sign_in("edie")
    edie.follow("Make a duty pack")
    passphrase = edie.page.locator("input[name=pack_password]").get_attribute("value") or ""
    edie.choose("Which council is it for?", "Northbrook Council")
    edie.page.get_by_label("Your own password").fill(PASSWORD)
    with edie.page.expect_download() as started:
        edie.page.get_by_role("button", name="Make the pack").click()
    assert started.value.suggested_filename == "duty-pack-northbrook-2026-03-02.html"
    file = tmp_path / "pack.html"
    started.value.save_as(file)
    context = chromium.new_context(offline=True)
    yield Pack(context.new_page(), file, passphrase, case.reference, clock.now())
    context.close()


class Pack:
    """The file in a browser that has nothing but it."""

    def __init__(self, page: Page, file: Path, passphrase: str, reference: str, made_at: datetime) -> None:
        self.page, self.file, self.passphrase, self.reference, self.made_at = page, file, passphrase, reference, made_at

    def at(self, **later: float) -> Page:
        """The file opened on a machine whose clock says so much later than when it was made."""
        self.page.clock.set_fixed_time(self.made_at + timedelta(**later))
        self.page.goto(self.file.as_uri())
        return self.page

    def try_with(self, passphrase: str) -> None:
        """Type a passphrase and open."""
        self.page.get_by_label("Passphrase").fill(passphrase)
        self.page.get_by_role("button", name="Open").click()


def test_a_duty_pack_opens_itself_and_refuses_after_its_expiry(pack):
    page = pack.at(hours=71)
    pack.try_with("2222-2222-2222-2222-2222")
    expect(page.get_by_role("status")).to_contain_text("It does not open.")
    expect(page.get_by_text(pack.reference)).to_have_count(0)

    pack.try_with(pack.passphrase.lower().replace("-", " "))
    expect(page.get_by_role("heading", name=pack.reference)).to_be_visible()
    expect(page.get_by_text("He stays off the pool.")).to_be_visible()
    expect(page.get_by_text("Edie Emergency")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not (found := Axe().run(page, options=RULES)).violations_count, found.generate_report()

    page = pack.at(hours=72)
    expect(page.get_by_role("status")).to_contain_text("This pack expired on Thursday 5 March 2026 at 09:30.")
    expect(page.get_by_label("Passphrase")).to_be_hidden()
    page = pack.at(hours=-2)
    expect(page.get_by_role("status")).to_contain_text("The clock of this machine is wrong")

"""Takes the pictures of docs/pictures from a demonstration council. Run by hand, in the environment of a demonstration:

    LADO_DATA=FOLDER DATABASE_URL=sqlite:///FOLDER/lado.sqlite3 python -m tests.journeys.pictures 2026-11-23T10:40+00:00

The instant is one at which its synthetic year has ended. The pictures are taken of a copy: the demonstration stays as
it is.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from config import Settings, sqlite_file
from lado import create_app
from lado.adapters.witness import FolderWitness
from lado.clock import FixedClock
from lado.council.cast import PASSWORD
from lado.db import Database
from lado.domain.corrections import AGREED, ASKED
from lado.jobs import certificate, checkpoint, cover, digest, escalation, gaps, handovers, heartbeat, nights, notices
from lado.models import CaseClock, Correction, Referral
from lado.security.identity import SYSTEM
from lado.services import factors
from setup.browser import ensure
from tests.support.journey import served
from tests.support.mail import Pigeon

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
DESK, PHONE = {"width": 1280, "height": 960}, {"width": 375, "height": 812}
LARGEST = 250_000
"""Bytes of one picture."""


class Photographer:
    """Goes to the pages of the demonstration and takes them."""

    def __init__(self, app: Flask, clock: FixedClock, page: Page, address: str) -> None:
        """Work in this browser window on the product at this address, which goes by this clock."""
        self.database = app.extensions["lado"].database
        self.clock = clock
        self.page = page
        self.address = address

    def sign_in(self, name: str) -> None:
        """Sign in as someone of the first council, in place of whoever was there."""
        self.page.context.clear_cookies()
        self.begin_to_sign_in(name)
        self.enter_code()

    def begin_to_sign_in(self, name: str) -> None:
        """Give the address and the password of someone of the first council."""
        self.go("/sign-in")
        self.page.get_by_label("E-mail address").fill(f"{name}@northbrook.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def enter_code(self) -> None:
        """Enter the code that a demonstration shows on the second page."""
        shown = self.page.locator(".govuk-inset-text .one-time-code")
        while not shown.count():  # they were all used: the next one comes in half a minute
            self.clock.advance(seconds=factors.STEP)
            self.page.reload()
        self.page.get_by_label("Code from your authenticator app").fill(shown.inner_text())
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    def go(self, path: str) -> None:
        """Go to an address."""
        answer = self.page.goto(self.address + path)
        assert answer is None or answer.ok, f"{path} answers {answer.status}: nobody wants a picture of that"

    def take(self, name: str, *, height: int | None = None) -> None:
        """Keep what is seen, down to this height where more is to be seen than a screen."""
        size = self.page.viewport_size or DESK
        self.page.set_viewport_size({"width": size["width"], "height": height or size["height"]})
        self.page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        place = FOLDER / f"{name}.png"
        self.page.screenshot(path=place)
        self.page.set_viewport_size(size)
        assert place.stat().st_size < LARGEST, f"{place} has {place.stat().st_size} bytes"

    def reference(self, *conditions: object) -> str:
        """The reference of the newest case of which this holds. Raises where there is none."""
        query = select(Referral.reference).where(*conditions).order_by(Referral.id.desc()).limit(1)
        with self.database.reading(SYSTEM) as act:
            return str(act.session.execute(query).scalar_one())


def of_the_officer(shot: Photographer) -> None:
    """Home, the call, the case, the decision, cover, what was escalated, and how a date was reached."""
    shot.sign_in("olive")
    shot.go("/")
    shot.take("home")
    fill_in_the_call(shot.page, shot.address)
    shot.take("log-a-referral", height=1280)
    paused = shot.reference(Referral.state == "paused_for_police")
    shot.go(f"/referrals/{paused}")
    shot.take("case", height=1280)
    shot.page.locator(".picture").screenshot(path=FOLDER / "timeline.png")
    shot.go(f"/referrals/{shot.reference(Referral.state == 'received')}/moves/meet_threshold")
    shot.take("threshold", height=1280)
    shot.go("/cover")
    shot.take("cover", height=1900)
    shot.go("/escalations?show=all")
    shot.take("escalations")
    shot.go(f"/referrals/{shot.reference(Referral.state == 'meeting_arranged')}/clocks/meeting/1")
    shot.take("clock", height=1280)


def fill_in_the_call(page: Page, address: str) -> None:
    """What stands on the page in the middle of a call."""
    page.goto(f"{address}/referrals/new")
    page.get_by_label("Who is the caller?").select_option(label="Education")
    page.get_by_label("Name of the caller").fill("Pat Paperwhite")
    page.get_by_label("Agency or school they call from").fill("Willow Lane Primary School")
    page.get_by_label("Name of the adult").fill("Robin Sample")
    page.get_by_label("Employer or setting").fill("Willow Lane Primary School")
    page.get_by_label("What happened, in the caller’s words").fill(
        "A teaching assistant saw him pull a child by the arm in the corridor before lunch. The child has a red mark."
    )
    page.get_by_label("Physical", exact=True).check()
    page.get_by_text("Draft saved at").first.wait_for()


def of_the_partner(shot: Photographer) -> None:
    """One referral as its partner sees it, with something to do, which the officer has just asked for."""
    shot.sign_in("pat")
    mine = shot.page.locator(".queue__reference").all_inner_texts()
    asked = shot.reference(Referral.reference.in_(mine), Referral.state == "investigating")
    shot.sign_in("olive")
    shot.go(f"/referrals/{asked}/moves/set_action")
    shot.page.get_by_label("What has to be done?").fill("Send the notes of your talk with the teaching assistant.")
    shot.page.get_by_label("A partner who can follow this case").check()
    shot.page.get_by_label("Which partner?").select_option(index=1)
    shot.page.get_by_role("button", name="Set the action").click()
    shot.page.get_by_text("The action is set.").wait_for()
    shot.sign_in("pat")
    shot.go(f"/portal/{asked}")
    shot.take("partner")


def of_who_was_told(shot: Photographer) -> None:
    """Who may be told what on one case, a letter about its outcome, and what managers see of all of them."""
    shot.sign_in("olive")
    decided = shot.reference(Referral.state == "outcome_decided")
    shot.go(f"/referrals/{decided}/telling")
    shot.take("telling", height=1600)
    shot.go(f"/referrals/{decided}/letters/new/referrer/outcome")
    shot.take("letter", height=1280)
    shot.sign_in("mina")
    shot.go("/manage")
    shot.take("manage", height=1900)


def of_the_rules(shot: Photographer) -> None:
    """A limit that the service manager changes, tried out, and what the change would do to running cases."""
    shot.sign_in("mina")
    shot.go("/settings/rules/change/limit/evaluation_decision")
    shot.page.get_by_label("How long is the limit?").fill("24")
    shot.page.get_by_label("Hours", exact=True).check()
    shot.page.get_by_text("In force now").first.wait_for()
    shot.take("rules-limit", height=1180)
    shot.page.get_by_role("button", name="Keep in my draft").click()
    shot.go("/settings/rules/change/limit/conclusion")
    shot.page.get_by_label("How long is the limit?").fill("2")
    shot.page.get_by_role("button", name="Keep in my draft").click()
    shot.go("/settings/rules/rehearsal")
    shot.take("rules-rehearsal", height=1500)


def of_the_versions(shot: Photographer) -> None:
    """What moving the running cases to another version of the procedure would do."""
    shot.sign_in("mina")
    shot.go("/settings/procedure/allegation_v2/rehearsal")
    shot.take("version-rehearsal", height=1500)


def of_the_dates(shot: Photographer) -> None:
    """A correction that waits and one that was agreed, a clock that stands still, the past, and what makes one look."""
    corrected = shot.reference(Referral.id.in_(select(Correction.referral_id).where(Correction.state == AGREED)))
    waiting = shot.reference(Referral.id.in_(select(Correction.referral_id).where(Correction.state == ASKED)))
    still = select(CaseClock.referral_id).where(CaseClock.key == "conclusion", CaseClock.paused_at.is_not(None))
    paused = shot.reference(Referral.id.in_(still), Referral.state != "paused_for_police")
    shot.sign_in("mina")
    shot.go(f"/referrals/{corrected}/dates")
    shot.take("dates", height=1280)
    shot.go(f"/referrals/{waiting}/corrections/1")
    shot.take("correction", height=2000)
    shot.go(f"/referrals/{paused}/clocks/conclusion/1")
    shot.take("clock-stands-still", height=1400)
    shot.go("/then")
    for _ in range(3):
        shot.page.get_by_role("link", name="A day earlier").click()
    shot.take("queue-then", height=1180)
    shot.go("/manage/dates")
    shot.take("dates-to-look-at", height=1180)


def of_the_record(shot: Photographer) -> None:
    """The certificate, what waits, and where the checkpoints went."""
    shot.sign_in("mina")
    shot.go("/record")
    shot.take("record", height=1580)


def of_whoever_covers(shot: Photographer) -> None:
    """Olive is sick while Dana is on leave: what that changes, the week, the gap, and what Carl inherits."""
    shot.sign_in("mina")
    shot.go("/cover/sick")
    shot.page.get_by_label("Who is sick?").select_option(label="Olive Otterbourne")
    shot.page.get_by_label("Day", exact=True).fill("27")
    shot.page.get_by_text("to Friday 27 November instead of").first.wait_for()
    shot.take("sick-today", height=1180)
    shot.page.get_by_role("button", name="Record it").click()
    shot.page.get_by_text("Recorded.").wait_for()
    tick(shot.database)
    shot.sign_in("carl")
    shot.go("/cover?view=week")
    shot.page.locator("#calendar").screenshot(path=FOLDER / "cover-week.png")
    shot.go("/cover/gaps")
    shot.take("gaps", height=1180)
    shot.go("/cover/handover")
    shot.take("hand-over", height=1180)
    shot.page.locator(".briefing__title a").first.click()
    shot.page.get_by_text("Briefing for whoever covers").wait_for()
    shot.take("briefing", height=1600)


def of_what_is_confidential(shot: Photographer) -> None:
    """The second step of signing in, Hal’s wish to be let into a restricted case, and what he reads above it then."""
    shot.page.context.clear_cookies()
    shot.begin_to_sign_in("mina")
    shot.take("second-step", height=760)
    shot.enter_code()
    shot.go("/restricted")
    shot.page.get_by_role("link", name="Answer for").click()
    shot.page.get_by_label("Yes, let them read it").check()
    shot.page.get_by_label("Why?").fill("He needs to know what was agreed before the club opens.")
    shot.take("let-somebody-in", height=1180)
    shot.page.get_by_role("button", name="Answer").click()
    shot.page.get_by_text("They can read it from now on").wait_for()
    shot.sign_in("hal")
    shot.go("/restricted")
    shot.page.locator("th a").first.click()
    shot.page.get_by_text("You are reading a restricted case").wait_for()
    shot.take("restricted-case", height=1180)


def of_the_night(shot: Photographer) -> None:
    """What the emergency duty team of two councils sees."""
    shot.sign_in("edie")
    shot.go("/out-of-hours")
    shot.take("out-of-hours", height=1280)


def on_a_phone(shot: Photographer) -> None:
    """Home in a pocket, what was escalated, and the first questions of a referral on line."""
    shot.sign_in("olive")
    shot.go("/")
    shot.take("home-on-a-phone")
    shot.sign_in("carl")
    shot.go("/escalations")
    shot.take("escalations-on-a-phone", height=1370)
    shot.sign_in("pat")
    shot.go("/portal/refer")
    shot.take("refer-on-a-phone", height=1370)


SERIES: tuple[tuple[dict[str, int], Callable[[Photographer], None]], ...] = (
    (DESK, of_the_officer),
    (DESK, of_the_partner),
    (DESK, of_who_was_told),
    (DESK, of_the_dates),
    (DESK, of_the_record),
    (DESK, of_the_rules),
    (DESK, of_the_versions),
    (DESK, of_the_night),
    (DESK, of_what_is_confidential),
    (PHONE, on_a_phone),
    (DESK, of_whoever_covers),
)


def tick(database: Database) -> None:
    """One pass of what ticks, so that no page says that it is silent; the messages go nowhere."""
    for job in (cover, gaps, nights, digest):
        job.tick(database)
    escalation.run_pass(database)
    handovers.run_pass(database)
    while notices.tick(database, Pigeon(), "https://lado.northbrook.example").sent:
        pass
    heartbeat.tick(database)


def main(at: datetime) -> None:
    """Take all pictures as at an instant."""
    settings, clock = Settings.from_environment(), FixedClock(at)
    kept = sqlite_file(settings.database_url)
    assert kept is not None, "the pictures are taken of a demonstration on SQLite"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        copy = shutil.copyfile(kept, Path(folder) / "lado.sqlite3")
        app = create_app(replace(settings, database_url=f"sqlite:///{copy}"), clock)
        database = app.extensions["lado"].database
        tick(database)
        elsewhere = Path(folder) / "elsewhere"
        elsewhere.mkdir()
        witness = FolderWitness(elsewhere)
        witness.name = "/mnt/elsewhere/checkpoints"
        checkpoint.run_pass(database, checkpoint.Witnesses(folders=[witness]))
        certificate.make(database)
        browser = playwright.chromium.launch(executable_path=str(ensure()))
        with served(app) as address:
            for size, series in SERIES:
                series(Photographer(app, clock, browser.new_page(viewport=size), address))
        browser.close()


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))

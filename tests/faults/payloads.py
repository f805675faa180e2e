"""Payloads in every field that holds words, by builders and by forms; then every page is opened in a real browser.

`python -m tests.faults.payloads` plants all of them in several rounds (`--rounds`, `--only`): no payload may be carried
out, become an element, or be blocked by the content policy alone, and each has to be shown to the letter on a page. The
messages and the letters of the case, as Word document and as PDF, are read as well. `--control` shows words as they
are, which has to be seen. (OWASP ASVS 5.0 1.2.1 to 1.3.7.)
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from markupsafe import Markup
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from playwright.sync_api import Error as Trouble

from lado.clock import FixedClock
from lado.db import Database
from lado.jobs import notices as post
from setup.browser import ensure
from tests.faults.forms import Rig
from tests.faults.payload_list import EVALUATED, PAYLOADS, of
from tests.faults.planted import PayloadVault, acts_of, broken_out, shown
from tests.support.crawl import settle as settle_crawled
from tests.support.journey import served
from tests.support.mail import Pigeon
from tests.support.papers import words_in
from tests.support.partners import URL
from tests.support.people import People
from tests.support.routes import SIGNED_OUT, Visit, World, may, visits
from tests.support.signing import sign_in

READERS = ("olive", "mina", "pat", "edie", "ada", "hal", "abe", SIGNED_OUT)
"""Enough of the cast that every page is open to one of them."""
PAUSE = 2.1
"""Seconds between two pages: no partner reads quicker than they may."""
LONGEST_SESSION = timedelta(minutes=10)
"""After how long somebody signs in again: else what is grave would ask for their second factor."""
PATIENCE_MS = 30_000
"""How long a page may take, on a machine that is busy."""
LONGEST_MS = 5_000
"""How long a form may take to lead to a page."""
FILES = ("application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
BUT = frozenset({"sessions.sign_out", "static", "health.live", "health.ready", "my_sessions.left"})
"""No pages with words, and what would end the reading."""

WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  window.blocked(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""

FILL = """({index, words}) => {
  const form = document.querySelectorAll("main form[method=post]")[index];
  let next = index;
  for (const box of form.elements) {
    if (["hidden", "submit", "button", "file", "password", "fieldset"].includes(box.type)) continue;
    if (box.tagName === "SELECT") { box.selectedIndex = box.options.length - 1; }
    else if (["checkbox", "radio"].includes(box.type)) { box.checked = true; }
    else if (/-(day|month)$/.test(box.name)) { box.value = "3"; }
    else if (/-year$/.test(box.name)) { box.value = "2026"; }
    else if (box.tagName === "TEXTAREA") { box.value = words.join(" "); }
    else { if (box.type) box.type = "text"; box.value = words[next++ % words.length]; }
  }
  HTMLFormElement.prototype.submit.call(form);
}"""
"""Fill in a form with payloads and send it, whatever its boxes would take."""


@dataclass
class Report:
    """How many pages were opened and forms sent, which payloads stood somewhere to the letter, and what was found."""

    pages: int = 0
    forms: int = 0
    files: int = 0
    mails: int = 0
    ran: int = 0
    blocked: int = 0
    seen: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)


class Watcher:
    """Opens pages as several people, and hears whatever a payload would do."""

    def __init__(self, chromium: Chromium, address: str, app: Flask, clock: FixedClock, report: Report) -> None:
        """Watch the app that is served at this address."""
        self.chromium, self.address, self.app, self.clock, self.report = chromium, address, app, clock, report
        self.windows: dict[str, Page] = {}
        self.begun: dict[str, datetime] = {}

    def window(self, who: str) -> Page:
        """The window of somebody, who signed in not long ago."""
        now = self.clock.now()
        if who in self.windows and now - self.begun[who] > LONGEST_SESSION:
            self.windows.pop(who).context.close()
        if who not in self.windows:
            self.begun[who] = now
            context = self.chromium.new_context()
            context.set_default_timeout(PATIENCE_MS)
            self._listen(context)
            if who != SIGNED_OUT:
                cookie = sign_in(self.app, who).get_cookie("lado")
                assert cookie is not None
                context.add_cookies([{"name": "lado", "value": cookie.value, "url": self.address}])
            self.windows[who] = context.new_page()
        return self.windows[who]

    def _listen(self, context: BrowserContext) -> None:
        context.expose_binding("ran", lambda source, *what: self._ran(f"{source['page'].url}: ran({what})"))
        context.expose_binding("blocked", lambda source, what: self._blocked(f"{source['page'].url}: {what}"))
        context.add_init_script(WATCH)
        context.on("dialog", lambda dialog: (self._ran(f"a dialog: {dialog.message}"), dialog.dismiss()))
        context.on("console", self._heard)
        context.on("request", self._asked)
        context.on("weberror", lambda problem: self.report.findings.append(f"a script's fault: {problem.error}"))

    def _ran(self, what: str) -> None:
        self.report.ran += 1
        self.report.findings.append(what[:300])

    def _blocked(self, what: str) -> None:
        self.report.blocked += 1
        self.report.findings.append(f"blocked: {what[:300]}")

    def _heard(self, said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            self._blocked(said.text)

    def _asked(self, asked: Request) -> None:
        if not asked.url.startswith((f"{self.address}/", "data:", "blob:", "about:")):
            self._ran(f"a request to another host: {asked.url}")

    def open(self, who: str, visit: Visit) -> int:
        """Open a page and judge it; how many forms it has."""
        self.clock.advance(seconds=PAUSE)
        page = self.window(who)
        try:
            answer = page.goto(self.address + visit.path)
        except Trouble as trouble:
            if "Download is starting" not in str(trouble):
                self.report.findings.append(f"{visit.name} as {who}: {str(trouble)[:200]}")
            return 0
        self.report.pages += 1
        return self._judge(f"{visit.name} as {who}", page, answer.status if answer else 0)

    def _judge(self, name: str, page: Page, status: int) -> int:
        try:
            text = page.content()
        except Trouble as trouble:  # it goes elsewhere by itself
            self._ran(f"{name}: {trouble}")
            return 0
        if status >= 500:
            self.report.findings.append(f"{name}: {status}")
        self.report.findings += [f"{name}: {found}" for found in broken_out(text, self.address)]
        self.report.seen |= shown(text, set(PAYLOADS) - self.report.seen)
        return page.locator("main form[method=post]").count()

    def send(self, who: str, visit: Visit, index: int, words: Sequence[str]) -> None:
        """Send one of the forms of a page that is open with payloads in it, and judge the answer."""
        page, statuses = self.window(who), [0]
        try:
            with page.expect_navigation(timeout=LONGEST_MS) as leads:
                page.evaluate(FILL, {"index": index, "words": list(words)})
            statuses = [leads.value.status if leads.value else 0]
        except Trouble as trouble:
            if "Timeout" not in str(trouble) and "Download" not in str(trouble):
                self.report.findings.append(f"a form of {visit.name}: {str(trouble)[:200]}")
            return
        self.report.forms += 1
        self._judge(f"a form of {visit.name} as {who}", page, statuses[0])
        if "/sign-in" in page.url and who != SIGNED_OUT:  # the form has ended their session
            self.windows.pop(who).context.close()

    def close(self) -> None:
        """Close every window."""
        for page in self.windows.values():
            page.context.close()
        self.windows.clear()


def reading(app: Flask, world: World, people: People, only: str = "") -> Iterator[tuple[str, Visit]]:
    """Every page with somebody who may read it; what partners read is read by a partner."""
    for visit in visits(app, world):
        if visit.page.method == "GET" and visit.endpoint not in BUT and only in visit.name:
            allowed = [name for name in READERS if may(people.everyone.get(name), visit, world)]
            is_public = visit.page.needs is None
            yield (SIGNED_OUT if is_public else "pat" if visit.path.startswith("/portal") else allowed[0]), visit


def is_printed(payload: str) -> bool:
    """Whether any font can show it."""
    return payload.isascii() and payload.isprintable()


def rounds(many: int) -> Iterator[Sequence[str]]:
    """All payloads in so many worlds; what fonts may not show comes in the last, so that the others print."""
    plain = [payload for payload in PAYLOADS if is_printed(payload)]
    yield from (plain[number :: many - 1] for number in range(many - 1))
    yield [payload for payload in PAYLOADS if not is_printed(payload)]


def read_files(app: Flask, world: World, report: Report, payloads: Sequence[str]) -> None:
    """Read each letter of the case as Word document and as PDF: it does nothing, and says what was written."""
    client = sign_in(app, "olive")
    for visit in visits(app, world):
        if visit.endpoint in ("letters.docx", "letters.pdf"):
            with client.get(visit.path) as answer:
                text = words_in(answer)
                acts = acts_of(answer.get_data()) if answer.mimetype == FILES[0] else []
                status = answer.status_code
            report.files += status == 200
            if status == 409 and not all(map(is_printed, payloads)):
                continue  # it says so: no font here shows that
            report.findings += [] if status == 200 else [f"{visit.name}: {status}"]
            lost = {one for one in payloads if one in of("template")} - shown(text, payloads)
            report.findings += [f"{visit.name}: {found}" for found in acts]
            report.findings += [f"{visit.name}: {one} does not stand there" for one in sorted(lost)]
            report.findings += [f"{visit.name}: a sum was worked out"] if EVALUATED in text else []


def read_mail(database: Database, report: Report, payloads: Sequence[str]) -> None:
    """Send what waits, and read it: a message has a reference, a time and a link, and nothing that anybody wrote."""
    pigeon = Pigeon()
    post.tick(database, pigeon, URL)
    for letter in pigeon.letters:
        report.mails += 1
        said = f"{letter.subject}\n{letter.text}"
        report.findings += [f"a message: {one}" for one in (*shown(said, payloads), EVALUATED) if one in said]


@contextmanager
def spoilt_pages(app: Flask, *, is_on: bool = True) -> Iterator[None]:
    """Have pages take every word for markup of their own, as a template does that says `safe` once too often."""
    if not is_on:
        yield
        return
    pages, markup = app.jinja_env, lambda value: Markup(value) if isinstance(value, str) else value  # noqa: S704
    with patch.multiple(pages, finalize=markup, bytecode_cache=None, cache={}):
        yield


@dataclass(frozen=True)
class Round:
    """One world in which these payloads stand, served."""

    app: Flask
    database: Database
    world: World
    people: People
    clock: FixedClock
    payloads: Sequence[str]


def run(chromium: Chromium, made: Round, report: Report, only: str = "", *, has_forms: bool = True) -> None:
    """Open every page, send every form from its page, and open every page again."""
    read_mail(made.database, report, made.payloads)
    read_files(made.app, made.world, report, made.payloads)
    with served(made.app) as address:
        watcher = Watcher(chromium, address, made.app, made.clock, report)
        every = list(reading(made.app, made.world, made.people, only))
        forms = [(who, visit, watcher.open(who, visit)) for who, visit in every]
        if has_forms:
            for who, visit, many in forms:
                for index in range(many):
                    if watcher.open(who, visit) > index:
                        watcher.send(who, visit, index, made.payloads)
            watcher.close()
            for who, visit in every:
                watcher.open(who, visit)
        watcher.close()
    read_mail(made.database, report, made.payloads)


def main() -> int:
    """Print the figures as JSON; 1 when anything was found (or, spoilt on purpose, when nothing was)."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.payloads", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="in how many worlds, from two on")
    parser.add_argument("--only", default="", help="only pages with this in their name")
    parser.add_argument("--control", action="store_true", help="show words as they are, without making text of them")
    asked, began, report = parser.parse_args(), time.monotonic(), Report()
    fields: set[str] = set()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=str(ensure()))
        for number, payloads in enumerate(rounds(asked.rounds)):
            place = Path(folder) / str(number)
            place.mkdir()
            with planted(place, payloads, fields) as made, spoilt_pages(made.app, is_on=asked.control):
                run(chromium, made, report, asked.only)
            print(f"round {number + 1}: {vars(report) | {'seen': len(report.seen)}}"[:600], file=sys.stderr, flush=True)
        chromium.close()
    told: dict[str, Any] = {name: value for name, value in vars(report).items() if isinstance(value, int)}
    told |= {"payloads": len(PAYLOADS), "fields": len(fields), "shown to the letter": len(report.seen)}
    told |= {"never shown": sorted(set(PAYLOADS) - report.seen)[:20], "findings": len(report.findings)}
    told |= {"found": report.findings[:30], "seconds": round(time.monotonic() - began)}
    print(json.dumps(told, indent=2, ensure_ascii=False))
    return int(not report.findings) if asked.control else int(bool(report.findings))


@contextmanager
def planted(folder: Path, payloads: Sequence[str], fields: set[str]) -> Iterator[Round]:
    """A world of its own in which these payloads stand in every field that is sealed; which ones is told."""
    vaults: list[PayloadVault] = []

    def planting(*keys: bytes) -> PayloadVault:
        vaults.append(PayloadVault(*keys, payloads=payloads))
        return vaults[-1]

    rig = Rig(folder, planting, settle_crawled)
    fields.update(*(vault.fields for vault in vaults))
    with rig.fresh() as sender:
        yield Round(sender.app, sender.app.extensions["lado"].database, rig.world, rig.people, rig.clock, payloads)


if __name__ == "__main__":
    sys.exit(main())

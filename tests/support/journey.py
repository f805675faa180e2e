"""A real browser on a served copy of the product: each page that it comes to is judged by axe at two widths."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.people import PASSWORD, email_of

WIDTHS = (1280, 320)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # what passed need not be described: it takes longer than finding out
}
BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
"""Colours are judged at a desk's width alone: they do not change with it, and take longer than all the rest."""

IS_THERE = Axe("0")
"""For the second width: the script of `Axe()` is on the page already, and it takes long to put it there."""

HEIGHT = 900
PHONE = 375
"""The width of a phone that is held upright, in CSS pixels."""

REFERENCE = r"[A-Z]{2}-[0-9A-Z]{6}-[0-9A-Z]"

SHAPE = """() => {
  const seen = ["class", "role", "type", "open", "hidden", "href", "checked", "disabled"];
  const plain = (name, value) => (name === "href" ? "" : value);
  function shape(element) {
    const marks = seen.filter((name) => element.hasAttribute(name))
      .map((name) => `${name}=${plain(name, element.getAttribute(name))}`);
    const below = element.localName === "svg" ? [] : element.querySelectorAll(":scope > *");
    return `<${element.localName} ${marks.join(" ")}>${[...new Set([...below].map(shape))].join("")}</>`;
  }
  return shape(document.body);
}"""
"""How a page is built, whatever its words: a second row like the first makes no other page. (A form's `children` may be
one of its fields.)"""


class QuietHandler(WSGIRequestHandler):
    """Serves without a line for every style sheet, so that a failure can be read."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app on a free loopback port until the block ends; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Judged:
    """The shapes of the pages that were judged already, as files, so that tests side by side judge each one once."""

    folder: Path

    def __contains__(self, shape: str) -> bool:
        return self._file(shape).exists()

    def add(self, shape: str) -> None:
        """Keep that a page of this shape holds: axe finds the same on the same shape."""
        self._file(shape).touch()

    def _file(self, shape: str) -> Path:
        return self.folder / sha256(shape.encode()).hexdigest()


@dataclass
class Traveller:
    """Someone at a browser or with a phone. Pages are judged as they are reached, unless scripts are off."""

    page: Page
    address: str
    judged: Judged
    has_scripts: bool = True
    is_phone: bool = False
    complaints: list[str] = field(default_factory=list)
    wait: Callable[[], None] = lambda: None
    """Lets the half minute pass in which an authenticator app shows one code."""

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._follow)

    def _hear(self, said: ConsoleMessage) -> None:
        """Keep what a script complains of; that a page answers 400 or 409 is no complaint."""
        if said.type == "error" and "the server responded with a status of 4" not in said.text:
            self.complaints.append(said.text)

    def _follow(self, asked: Request) -> None:
        """Keep that a page asked another host for something: none of ours does."""
        if not asked.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.complaints.append(f"a request to another host: {asked.url}")

    def sign_in(self, name: str) -> None:
        """Sign in as someone of the cast."""
        self.go("/sign-in")
        self.sign_in_here(name)

    def sign_in_here(self, name: str) -> None:
        """Sign in on the page that asks for it."""
        self.type("E-mail address", email_of(name))
        self.type("Password", PASSWORD)
        self.press("Sign in")
        self.enter_code()

    def enter_code(self, button: str = "Sign in") -> None:
        """Enter the code that a demonstration shows. Where all were used, the person waits for the next."""
        shown = self.page.locator(".govuk-inset-text .one-time-code")
        while not shown.count():
            self.wait()
            self.page.reload()
        self.type("Code from your authenticator app", shown.inner_text())
        self.press(button)

    def sign_out(self) -> None:
        """Sign out."""
        self.press("Sign out")

    def go(self, path: str) -> None:
        """Go to an address and judge the page."""
        self.page.goto(self.address + path)
        self.judge()

    def press(self, name: str) -> None:
        """Press a button, or a link that looks like one, and judge the page it leads to."""
        with self.page.expect_navigation():
            self._touch(self.page.get_by_role("button", name=name, exact=True).first)
        self.judge()

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Follow a link and judge the page it leads to."""
        self.follow_this(self.page.get_by_role("link", name=name, exact=exact))

    def follow_this(self, thing: Locator) -> None:
        """Touch what is not known by its words alone, and judge the page that it leads to."""
        with self.page.expect_navigation():
            self._touch(thing.first)
        self.judge()

    def _touch(self, thing: Locator) -> None:
        """Tap it with a finger on a phone, click it at a desk."""
        if self.is_phone:
            thing.tap()
        else:
            thing.click()

    def unfold(self, summary: str) -> None:
        """Open what is folded away and judge what it shows."""
        self.page.locator("summary", has_text=summary).first.click()
        self.judge()

    def box(self, label: str) -> Locator:
        """The box of this label."""
        return self.page.get_by_label(label, exact=True).first

    def type(self, label: str, words: str) -> None:
        """Put words into the box of this label, in place of what stood there."""
        self.box(label).fill(words)

    def choose(self, question: str, answer: str) -> None:
        """Choose an answer of a question with buttons or boxes to tick."""
        group = self.page.get_by_role("group", name=question).first
        group.get_by_label(answer, exact=True).first.check()

    def pick(self, label: str, answer: str) -> None:
        """Pick an answer from a list."""
        self.box(label).select_option(label=answer)

    def enter(self, question: str, day: str, time: str = "") -> None:
        """Enter a day like 3 4 2026 into its boxes, and a time where one is given."""
        group = self.page.get_by_role("group", name=question).first
        for label, part in zip(("Day", "Month", "Year"), day.split() or ("", "", ""), strict=True):
            group.get_by_label(label, exact=True).first.fill(part)
        if time:
            group.get_by_label("Time, like 15:40").fill(time)

    def sees(self, words: str) -> None:
        """The words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(words)

    def sees_no(self, words: str) -> None:
        """The words do not stand on the page."""
        expect(self.page.locator("body")).not_to_contain_text(words)

    def judge(self) -> None:
        """Fail on any violation of WCAG 2.2 A and AA, at a desk's width and a phone's, and on a script's fault."""
        if not self.has_scripts:
            return
        widths = (PHONE,) if self.is_phone else WIDTHS
        shape = f"{widths} {self.page.evaluate(SHAPE)}"
        axe = Axe()
        for width in reversed(widths):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            too_wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not too_wide, f"{self.page.url} scrolls sideways at {width} px"
            if shape not in self.judged:
                found = axe.run(self.page, options=RULES if width == max(widths) else RULES | BUT_COLOURS)
                axe = IS_THERE
                assert not found.violations_count, f"{self.page.url} at {width} px\n{found.generate_report()}"
        self.judged.add(shape)
        assert not self.complaints, f"{self.page.url}: {self.complaints}"
        kept = self.page.evaluate("localStorage.length + sessionStorage.length")
        assert not kept, f"{self.page.url} leaves something in the browser"

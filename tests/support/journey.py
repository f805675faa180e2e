"""A real browser on a served copy of the product: each page that it comes to is judged by axe at two widths."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import ConsoleMessage, Page, expect
from werkzeug.serving import make_server

from tests.support.people import PASSWORD, email_of

WIDTHS = (1280, 320)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
HEIGHT = 900


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app on a free loopback port until the block ends; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Traveller:
    """Someone at a browser. Pages are judged as they are reached, unless scripts are off."""

    page: Page
    address: str
    has_scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        """Keep what a script complains of; that a page answers 400 or 409 is no complaint."""
        if said.type == "error" and "the server responded with a status of 4" not in said.text:
            self.complaints.append(said.text)

    def sign_in(self, name: str) -> None:
        """Sign in as someone of the cast."""
        self.go("/sign-in")
        self.page.get_by_label("E-mail address").fill(email_of(name))
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")

    def sign_out(self) -> None:
        """Sign out."""
        self.press("Sign out")

    def go(self, path: str) -> None:
        """Go to an address and judge the page."""
        self.page.goto(self.address + path)
        self.judge()

    def press(self, name: str) -> None:
        """Press a button and judge the page it leads to."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.judge()

    def follow(self, name: str) -> None:
        """Follow a link and judge the page it leads to."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.judge()

    def sees(self, words: str) -> None:
        """The words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(words)

    def judge(self) -> None:
        """Fail on any violation of WCAG 2.2 A and AA, at a desk's width and a phone's, and on a script's fault."""
        if not self.has_scripts:
            return
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            found = Axe().run(self.page, options=RULES)
            assert not found.violations_count, f"{self.page.url} at {width} px\n{found.generate_report()}"
            too_wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not too_wide, f"{self.page.url} scrolls sideways at {width} px"
        self.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        assert not self.complaints, f"{self.page.url}: {self.complaints}"

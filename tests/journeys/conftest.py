"""Journeys: a real browser, one file a story, each page checked by axe at 1280 and 320 px."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from lado.clock import FixedClock
from lado.services import factors
from setup.browser import ensure
from tests.support.journey import HEIGHT, PHONE, Judged, Traveller, served

Arrive = Callable[..., Traveller]


LEFT_OPEN = "ignore:unclosed file:ResourceWarning"
"""A browser that goes on before a picture has come leaves its file open in the tests’ server, not in the product."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.filterwarnings(LEFT_OPEN))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(ensure()))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def judged(folder_of_all: Path) -> Judged:
    """What was judged in this run, by whichever worker."""
    folder = folder_of_all / "judged"
    folder.mkdir(exist_ok=True)
    return Judged(folder)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The product, served on this test's database with this test's clock."""
    with served(app) as where:
        yield where


@pytest.fixture
def arrive(chromium: Browser, address: str, judged: Judged, clock: FixedClock) -> Iterator[Arrive]:
    """A fresh browser window, with scripts or without, at a desk or on a phone: `arrive()`, `arrive(phone=True)`."""
    contexts = []

    def open_window(*, scripts: bool = True, phone: bool = False) -> Traveller:
        held = {"viewport": {"width": PHONE, "height": HEIGHT}, "is_mobile": True, "has_touch": True} if phone else {}
        context = chromium.new_context(java_script_enabled=scripts, reduced_motion="reduce", **held)
        contexts.append(context)
        return Traveller(
            context.new_page(), address, judged, scripts, phone, wait=lambda: clock.advance(seconds=factors.STEP)
        )

    yield open_window
    for context in contexts:
        context.close()

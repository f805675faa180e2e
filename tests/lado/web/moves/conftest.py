"""A desk that brings cases to forms, and a count of what stands in the ledger."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lado.clock import FixedClock
from lado.db import Database
from lado.models import LedgerEntry, Referral
from lado.queries import ledger
from lado.queries.ledger import Entry
from lado.security.identity import Identity
from lado.services import cover
from tests.support.browser import Browser
from tests.support.builders import Caseload
from tests.support.move_forms import Desk
from tests.support.people import People
from tests.support.signing import sign_in


@pytest.fixture
def desk(caseload: Caseload) -> Desk:
    """Brings cases to forms as Olive."""
    return Desk(caseload)


@pytest.fixture
def recorded(database: Database, people: People) -> Callable[[], int]:
    """How many entries all ledgers hold together."""

    def count() -> int:
        with database.reading(people.olive) as act:
            return act.session.scalar(select(func.count()).select_from(LedgerEntry)) or 0

    return count


@pytest.fixture
def signed_in(app: Flask, browser: Browser) -> Browser:
    """Olive's browser, signed in without a look at her home page."""
    browser.client = sign_in(app, "olive")
    return browser


@pytest.fixture
def events(database: Database, people: People) -> Callable[[Referral], list[Entry]]:
    """The record of a case with its words opened."""

    def of(referral: Referral) -> list[Entry]:
        with database.reading(people.olive) as act:
            found = act.session.get_one(Referral, referral.id)
            act.session.refresh(found, ["sealing_key"])
            return ledger.entries(act, found)

    return of


@pytest.fixture
def away(database: Database, clock: FixedClock) -> Callable[[Identity], None]:
    """Somebody goes away for a week from now, with nobody to cover."""

    def go(who: Identity) -> None:
        with database.work(who) as act:
            cover.book_leave(act, cover.NewAbsence(who.id, "leave", clock.now(), clock.now() + timedelta(days=7), None))

    return go

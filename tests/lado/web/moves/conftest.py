"""A desk that brings cases to forms, and a count of what stands in the ledger."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from lado.db import Database
from lado.models import LedgerEntry
from tests.support.browser import Browser
from tests.support.builders import Caseload
from tests.support.move_forms import Desk
from tests.support.people import People


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
def signed_in(browser: Browser) -> Browser:
    """Olive's browser."""
    return browser.sign_in("olive")

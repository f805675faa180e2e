"""Pages: what they say is the same on either kind of database, and the tests of security ask each one on both."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of pages once, on SQLite."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.once)


@pytest.fixture
def strict(app: Flask) -> None:
    """A council that asks for a passkey of those who lead, administer, keep the record or are on a list."""
    found = app.extensions["lado"]
    app.extensions["lado"] = replace(found, settings=replace(found.settings, passkeys_required=True))

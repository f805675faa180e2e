"""Two councils that differ in restricted cases alone, at a small size. `python -m tests.faults.twins` is all of it.

Time is not measured here, but that both take the same statements.
"""

from dataclasses import replace

import pytest

from lado import create_app
from tests.faults.twin_life import Council, grow
from tests.faults.twin_pages import compare
from tests.faults.twin_times import auc

pytestmark = pytest.mark.database
NAMES = ("dana", "hal", "ada", "pol")
"""An officer, a leader and a partner of whom there are cases, and an administrator whom none is about."""


@pytest.fixture
def twins(new_council, settings, compiled):
    """Both of them, after the same days."""
    made = []
    for is_restricted in (False, True):
        database, clock, people = new_council()
        app = create_app(
            replace(settings, database_url=database.engine.url.render_as_string(hide_password=False)), clock
        )
        app.jinja_env.bytecode_cache, app.testing = compiled, False
        made.append(grow(Council(app, database, clock, people), is_restricted=is_restricted, days=1))
    yield made
    for twin in made:
        twin.app.extensions["lado"].database.engine.dispose()


def test_whoever_is_on_no_list_is_answered_and_written_to_alike(twins):
    found = compare(*twins, NAMES, is_quick=True)

    assert found["findings"] == []
    assert found["answers"] > 200
    assert found["mails"] > 5


def test_times_that_are_alike_sort_nothing_and_others_do():
    assert auc([1, 2, 3], [1, 2, 3]) == 0.5
    assert auc([4, 5], [1, 2, 3]) == 1.0
    assert auc([1, 1, 3], [2, 2]) == pytest.approx(1 / 3)

"""A released procedure never changes: cases that began with it keep what they were promised."""

import hashlib
from pathlib import Path

import pytest

from workflows import procedures
from workflows.registry import CURRENT, PROCEDURES

FOLDER = Path(procedures.__file__).parent

# If this test fails you have edited a released file. Put it back and add the next version beside it.
RELEASED = {
    "allegation_v1.py": "efb1646799a025a1",
    "allegation_v2.py": "833405867d279e13",
}


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_procedure_is_as_it_was_released(name):
    assert hashlib.sha256((FOLDER / name).read_text("utf-8").encode()).hexdigest()[:16] == RELEASED[name]


def test_every_procedure_is_frozen_and_registered():
    files = {path.name for path in FOLDER.glob("*.py") if path.name != "__init__.py"}
    assert files == set(RELEASED)
    assert {f"{key}_v{version}.py" for key, version in PROCEDURES} == files
    assert CURRENT in PROCEDURES.values()

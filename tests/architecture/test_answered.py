"""What the documents of security promise: each test that they name is there, and each requirement has an answer."""

import re
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCUMENTS = ("docs/asvs.md", "docs/security.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")

LEVELS = {
    1: (8, 19),
    2: (4, 7),
    3: (8, 11),
    4: (2, 8),
    5: (4, 5),
    6: (13, 22),
    7: (6, 12),
    8: (4, 3),
    9: (4, 3),
    10: (5, 24),
    11: (3, 11),
    12: (3, 6),
    13: (1, 12),
    14: (2, 7),
    15: (3, 10),
    16: (0, 16),
    17: (0, 7),
}
"""How many requirements of level 1 and of level 2 each chapter of OWASP ASVS 5.0 has."""

ROWS = ("AU", "SE", "AZ", "RC", "SK", "TH", "PR", "LG", "IV")
"""The families of requirements that docs/security.md answers."""


def rows_of(document: str) -> list[list[str]]:
    """The rows of the tables of a document, without their heads."""
    lines = (PROJECT / document).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [row for row in cells if re.match(r"(V?\d+\.\d+\.\d+|[A-Z]{2}-\d\d)\b", row[0])]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_is_there(document):
    found = NAMED.findall((PROJECT / document).read_text(encoding="utf-8"))
    assert len(found) > 50
    absent = [
        f"{file}::{name}"
        for file, name in found
        if not (PROJECT / file).is_file() or (name and f"def {name}(" not in (PROJECT / file).read_text("utf-8"))
    ]
    assert not absent


def test_each_requirement_of_the_standard_has_one_answer():
    rows = rows_of("docs/asvs.md")
    assert len({row[0] for row in rows}) == len(rows)
    counted = Counter((int(row[0].split(".")[0]), row[1]) for row in rows)
    expected = {(chapter, str(level)): n for chapter, both in LEVELS.items() for level, n in enumerate(both, 1) if n}
    assert counted == expected


def test_an_answer_is_a_test_a_reason_or_not_yet():
    for number, _, verdict, words in rows_of("docs/asvs.md"):
        assert verdict in ("Test", "Not ours", "Not yet"), number
        assert words, f"{number} says nothing"
        assert verdict != "Test" or NAMED.search(words), f"{number} names no test"


def test_each_row_is_held_by_a_test_or_says_why_not():
    rows = rows_of("docs/security.md")
    assert len({row[0] for row in rows}) == len(rows)
    assert {row[0][:2] for row in rows} == set(ROWS)
    for name, severity, held, _, words in rows:
        assert severity in "CHML", name
        assert held in ("Held", "In part", "Not held"), name
        assert held == "Not held" or NAMED.search(words), f"{name} names no test"
        assert held == "Held" or re.search(r"Not held:|Why not:", words), f"{name} does not say what is missing"

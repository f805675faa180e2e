"""The written format and the product say the same: both verifiers accept its example, byte for byte."""

import re
from pathlib import Path

import pytest

from lado.domain.bundles import Malformed, read, write
from lado.vault import Vault
from tests.faults.bundles import Judged, judged
from tests.faults.records import Exported

FORMAT = Path(__file__).resolve().parents[3] / "docs" / "record-format.md"
OF_THE_EXAMPLE = Vault(bytes(32), bytes([1]) * 32, bytes(range(32)), bytes(range(32, 64)))


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """The example of the format."""
    found = re.search(r"```json\n(.*?)```", FORMAT.read_text(encoding="utf-8"), re.S)
    assert found is not None
    return found[1].encode().splitlines(keepends=True)


def test_both_accept_the_example_of_the_format(lines: list[bytes]) -> None:
    assert judged(Exported(lines, {}), OF_THE_EXAMPLE) == Judged(None, None)


def test_each_line_is_written_in_one_way(lines: list[bytes]) -> None:
    assert [write(read(line[:-1])) for line in lines] == lines


def test_both_refuse_the_example_after_any_change_of_a_letter(lines: list[bytes]) -> None:
    for at, line in enumerate(lines):
        for place in range(3, len(line) - 1, 23):
            other = line[:place] + (b"x" if line[place : place + 1] != b"x" else b"y") + line[place + 1 :]
            found = judged(Exported([*lines[:at], other, *lines[at + 1 :]], {}), OF_THE_EXAMPLE)
            assert found.ours is not None
            assert found.ours == found.theirs


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"null", b'{"format":[]}', b'{"format":"lado-entry-1"}', b"\xff"])
def test_what_is_no_line_is_said_to_be_none(line: bytes) -> None:
    with pytest.raises(Malformed):
        read(line)

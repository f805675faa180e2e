"""Log lines hold numbers and known words: no sentence, name or argument of anybody else's gets in."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from lado import logs


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logging, "basicConfig", lambda **settings: None)  # the test runner's own handlers stay
    logs.configure(production=True)
    yield
    logs.configure(production=False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    caught = capsys.readouterr()
    assert caught.out == ""
    return [json.loads(line) for line in caught.err.splitlines()]


def test_a_line_says_what_happened_and_to_which_id(capsys):
    structlog.get_logger().info("refused", endpoint="portal.case", account=7, kind="NotFound")

    (line,) = lines(capsys)

    assert line.pop("at")
    assert line == {"event": "refused", "level": "info", "endpoint": "portal.case", "account": 7, "kind": "NotFound"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Robin Sample"),
        ("email", "robin@example.test"),
        ("problem", "no row for Robin Sample"),
        ("endpoint", "a\nb"),
        ("code", "\x1b[31m"),
        ("places", ["Robin Sample"]),
        ("reference", {"subject": "Robin"}),
        ("kind", "x" * 201),
        ("exc_info", ValueError("Robin Sample")),
    ],
)
def test_what_is_not_allowed_does_not_get_in(capsys, field, value):
    structlog.get_logger().error("fault", **{field: value})

    text = capsys.readouterr().err

    assert text.count("\n") == 1
    for word in ("Robin", "robin", "\x1b", "xxx"):
        assert word not in text


def test_an_event_cannot_begin_a_second_line(capsys):
    structlog.get_logger().error("fault\n{}")

    assert [line["event"] for line in lines(capsys)] == ["withheld"]


def test_other_libraries_are_heard_without_their_arguments():
    heard = io.StringIO()
    keeper = logging.StreamHandler(heard)
    keeper.setFormatter(logs.WithoutArguments())
    log = logging.Logger("somewhere")
    log.addHandler(keeper)

    log.error("could not reach %s", "robin@example.test")
    log.error("Robin Sample is not a number")
    try:
        raise ValueError("Robin Sample")
    except ValueError:
        log.exception("fault of %s", "Robin Sample")

    first, second, third = (json.loads(line) for line in heard.getvalue().splitlines())
    assert first == {"event": "could not reach %s", "level": "error", "kind": "somewhere"}
    assert second["event"] == "withheld"
    assert third["problem"] == "ValueError"
    assert "test_logs.py" in third["places"][0]
    assert "Robin" not in heard.getvalue()


def test_development_lines_are_plain_and_obey_the_same_list(capsys):
    logs.configure(production=False)

    structlog.get_logger().info("signed in", account=7, name="Robin Sample")

    text = capsys.readouterr().err
    assert "signed in" in text
    assert "account=7" in text
    assert "Robin" not in text

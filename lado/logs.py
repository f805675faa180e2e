"""Log lines: what happened, to which id, never to whom. Fields and words come through an allow-list, one line each.

A logged sentence is a literal of our own code. What another library logs keeps its pattern and loses what was put in.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

WORDS = frozenset({"at", "code", "endpoint", "event", "job", "kind", "level", "places", "problem", "reference"})
"""Fields that may hold words. Numbers may stand in any field: ids, counts, statuses, durations."""

PLAIN = re.compile(r"[A-Za-z0-9_.:/<>+ -]{0,200}")
ONE_WORD = re.compile(r"[A-Za-z0-9_.:/<>+-]{0,200}")
WITHHELD = "withheld"
MOST_PLACES = 40


def configure(*, production: bool) -> None:
    """Write JSON lines in production and plain ones elsewhere, to standard error: a command's report stands alone."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            allowed,
            structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(colors=False),
        ],
        logger_factory=_printer,
        cache_logger_on_first_use=False,
    )
    if production:
        keeper = logging.StreamHandler(sys.stderr)
        keeper.setFormatter(WithoutArguments())
        logging.basicConfig(handlers=[keeper], level=logging.WARNING, force=True)


def _printer(*names: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def allowed(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep numbers, and words in the fields that may hold them; an exception's message and arguments never pass."""
    return {name: _kept(name, value) for name, value in line.items() if _is_number(value) or name in WORDS}


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float)


def _kept(name: str, value: Any) -> Any:
    if _is_number(value):
        return value
    if isinstance(value, list | tuple):
        return [_kept(name, item) for item in value[:MOST_PLACES]]
    pattern = PLAIN if name == "event" else ONE_WORD
    return str(value) if isinstance(value, str) and pattern.fullmatch(value) else WITHHELD


class WithoutArguments(logging.Formatter):
    """A line of another library as JSON: its pattern without what fills it, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Say which library, how bad, and the pattern alone."""
        pattern = record.msg if isinstance(record.msg, str) and record.args else WITHHELD
        line: dict[str, Any] = {"event": pattern, "level": record.levelname.lower(), "kind": record.name}
        if record.exc_info and record.exc_info[0] is not None:
            line["problem"] = record.exc_info[0].__name__
            line["places"] = places(record.exc_info[2])
        return json.dumps(line)


def places(trace: Any) -> list[str]:
    """Where an exception passed through, as file and line; never what it said."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]

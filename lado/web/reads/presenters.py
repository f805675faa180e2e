"""Who has looked, in plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lado.domain.reads import LOOKS, Look
from lado.queries.reads import Looked, Reader
from lado.security.identity import Role
from lado.web.due import point
from lado.web.templating import moment_full

PAGES: Mapping[str, str] = {
    "clocks.adjust": "a form of a clock",
    "clocks.export": "the working of a due date",
    "clocks.show": "how a due date was reached",
    "corrections.ask": "a form to correct a date",
    "corrections.decide": "a correction",
    "corrections.preview": "what a corrected date would change",
    "dates.show": "its dates",
    "intake.logged": "what was logged",
    "moves.make": "a form of the case",
    "portal.action": "a partner’s own action",
    "portal.case": "the partner’s page",
    "reads.home": "who has looked",
    "referrals.record": "the record",
    "referrals.show": "the case",
    "referrals.whole": "the whole case, for paper",
    "then.case": "the case as it was known at a past moment",
}
"""Pages by their names, in words; any other is said to be a page of the case."""


@dataclass(frozen=True, slots=True)
class LookedPage:
    """Everything on the page."""

    readers: list[tuple[str, ...]]
    reads: list[tuple[str, ...]]
    next_url: str | None
    prev_url: str | None


def looked_page(found: Looked, reference: str, at: datetime, *, is_first: bool) -> LookedPage:
    """Say who has looked at the case, and each look."""
    here = url_for("reads.home", reference=reference)
    return LookedPage(
        [_reader(one, at) for one in found.readers],
        [
            (
                moment_full(one.at),
                f"{one.name}, {Role(one.role).label.lower()}",
                f"{LOOKS[Look(one.what)]} {PAGES.get(one.page, 'a page of the case')}",
            )
            for one in found.reads
        ],
        f"{here}?before={found.next_before}" if found.next_before is not None else None,
        None if is_first else here,
    )


def _reader(one: Reader, at: datetime) -> tuple[str, ...]:
    often = "once" if one.times == 1 else f"{one.times} times"
    return f"{one.name}, {Role(one.role).label.lower()}", often, point(one.first_at, at), point(one.last_at, at)

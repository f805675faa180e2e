"""Who has looked, in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lado.domain.look_reasons import WORDS, Why, reason_of
from lado.domain.reads import LOOKS, Look
from lado.queries.look_reasons import Given
from lado.queries.reads import Looked, Read, Reader
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
    "look_reasons.ask": "the question why they look",
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
    reasons: list[tuple[str, ...]]
    reads: list[tuple[str, ...]]
    next_url: str | None
    prev_url: str | None


def looked_page(found: Looked, given: Sequence[Given], reference: str, at: datetime, *, is_first: bool) -> LookedPage:
    """Say who has looked at the case, why where they were asked, and each look."""
    here = url_for("reads.home", reference=reference)
    return LookedPage(
        [_reader(one, at) for one in found.readers],
        [(moment_full(one.given_at), one.name, WORDS[Why(one.why)], one.words) for one in given],
        [
            (
                moment_full(one.at),
                f"{one.name}, {Role(one.role).label.lower()}",
                _said(one),
            )
            for one in found.reads
        ],
        f"{here}?before={found.next_before}" if found.next_before is not None else None,
        None if is_first else here,
    )


def _said(one: Read) -> str:
    words = f"{LOOKS[Look(one.what)]} {PAGES.get(one.page, 'a page of the case')}"
    return f"{words}, for the reason given" if reason_of(one.right) is not None else words


def _reader(one: Reader, at: datetime) -> tuple[str, ...]:
    often = "once" if one.times == 1 else f"{one.times} times"
    return f"{one.name}, {Role(one.role).label.lower()}", often, point(one.first_at, at), point(one.last_at, at)

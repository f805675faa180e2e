"""As known then equals a copy taken at that moment: queue, counts and every value of the page of each case.

The council works at random: moves, late recordings, corrections, extensions, leave, outages. Now and then somebody
takes a copy of what the screens say. At the end each copy has to be what the past is said to have been.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lado.errors import BadInput, Refused
from lado.models import Referral
from lado.queries import case_file, ledger, queue, referrals, then
from lado.security.identity import SYSTEM
from lado.services import adjustments, corrections
from lado.services.corrections import NewCorrection
from lado.services.verification import verify
from lado.web.referrals.presenters import case_page
from tests.lado.test_promises import MOST_CASES, Council

MOST_COPIES = 8
ALL = 1_000
"""More cases than a test has."""


class Copy(NamedTuple):
    """What the screens said at an instant: the queue in its order, its counts, and the page of each case."""

    at: Any
    queue: list[Any]
    counts: Any
    pages: dict[str, Any]


class Remembered(Council):
    """A council of which copies are taken."""

    # Held by the test of the promises; here they would only take time.
    no_open_case_drifts = every_lapse_is_recorded_once = the_screen_is_the_record = None  # type: ignore[assignment]

    def __init__(self, app: Flask, *council: Any) -> None:
        super().__init__(*council)
        self.app = app
        self.copies: list[Copy] = []

    @initialize()
    def begin(self) -> None:
        """A first case."""
        self.log_a_referral()

    @precondition(lambda self: len(self.referrals) < MOST_CASES)
    @rule(hours=st.integers(0, 100))
    def log_late(self, hours: int) -> None:
        """Somebody writes down a call of days ago."""
        received_at = self.clock.now() - timedelta(hours=hours)
        self.referrals.append(self.caseload.referral(received_at=received_at, late_reason="The line was down."))

    @rule(which=st.integers(0, MOST_CASES - 1), hours=st.integers(-50, 50))
    def correct_the_received_date(self, which: int, hours: int) -> None:
        """The received date is corrected by two people; what cannot be is refused."""
        referral = self.referrals[which % len(self.referrals)]
        value = referral.received_at + timedelta(hours=hours)
        with suppress(BadInput, Refused):
            with self.database.work(self.people.olive) as act:
                number = corrections.ask(act, referral.id, NewCorrection(1, "received_at", value, "Misread."))
            with self.database.work(self.people.mina) as act:
                corrections.decide(act, referral.id, number, agreed=True)

    @rule(which=st.integers(0, MOST_CASES - 1), by=st.integers(1, 5))
    def extend_a_clock(self, which: int, by: int) -> None:
        """A clock is given more time, where that can be."""
        referral = self.referrals[which % len(self.referrals)]
        with self.database.reading(SYSTEM) as act:
            running = [(one.key, one.occurrence) for one in ledger.case_of(act.session, referral.id).running.values()]
        for clock in running[:1]:
            with suppress(BadInput, Refused), self.database.work(self.people.olive) as act:
                adjustments.extend(act, referral.id, clock, "Waiting.", by=by)

    @precondition(lambda self: len(self.copies) < MOST_COPIES)
    @rule()
    def take_a_copy(self) -> None:
        """Somebody prints the queue and every case. The next thing happens a moment later."""
        with self.database.reading(self.people.olive) as act, self.app.test_request_context():
            open_cases = list(act.session.scalars(select(Referral).where(Referral.is_open)))
            counted = Counter((one.state, one.owner_id, one.next_due_at < act.at) for one in open_cases)
            shown = queue.page(act, None, size=ALL).rows
            self.copies.append(Copy(act.at, [_row(one) for one in shown], counted, self.pages(act)))
        self.clock.advance(seconds=1)

    def pages(self, act: Any) -> dict[str, Any]:
        """The page of each case now."""
        return {
            one.reference: case_page(case_file.read(act, found), SYSTEM, act.at, whole=True)
            for one in self.referrals
            if (found := referrals.find(act, one.reference)) is not None
        }

    def teardown(self) -> None:
        """Every copy is what is said now of its moment."""
        with self.database.reading(self.people.olive) as act, self.app.test_request_context():
            for copy in self.copies:
                self.is_as_copied(act, copy)
        with self.database.reading(SYSTEM) as act:
            assert verify(act).differences == ()

    def is_as_copied(self, act: Any, copy: Copy) -> None:
        """The queue, the counts and the pages."""
        found = then.queue(act, copy.at)
        assert [_row(row.stood) for row in found.rows] == copy.queue
        counted: Counter[Any] = Counter()
        for tally in found.tallies:
            counted[tally.state, tally.owner_id, tally.lapsed] += tally.cases
        assert counted == copy.counts
        for one in self.referrals:
            referral = referrals.find(act, one.reference)
            assert referral is not None
            file = then.case(act, referral, copy.at).file
            page = case_page(file, SYSTEM, copy.at, whole=True) if file else None
            assert page == copy.pages.get(one.reference), one.reference


def _row(one: Any) -> tuple[Any, ...]:
    return (
        one.reference,
        one.procedure,
        one.procedure_version,
        one.state,
        one.owner_id,
        one.next_clock,
        one.next_due_at,
        one.subject,
        one.setting,
    )


@pytest.mark.database
def test_as_known_then_equals_a_copy_taken_at_that_moment(new_council, app):
    def begin() -> Remembered:
        return Remembered(app, *new_council())

    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=(Phase.generate,),  # a failing council is told as it came: making it smaller takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

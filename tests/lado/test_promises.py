"""The promises hold after every step of random work: moves, leave, pauses, ticks and outages in any order.

Promise 2: an open case has a running clock and an owner, and when nobody is there for the owner it is raised.
Promise 3: each lapse is recorded once per rung, with its true due time. Promise 4: the screen is the record.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from lado.clock import FixedClock
from lado.db import Database
from lado.domain.cover import on_cover
from lado.domain.escalation import ladder
from lado.errors import BadInput, Refused
from lado.jobs.escalation import run_pass
from lado.models import Absence, CaseClock, Escalation, LedgerEntry, Notice, Referral
from lado.queries import cover as cover_queries
from lado.queries import ledger, practices
from lado.queries.corrections import unopened
from lado.security.identity import SYSTEM
from lado.services import adjustments, corrections, cover, updates
from lado.services.corrections import NewCorrection
from lado.services.cover import NewAbsence
from lado.services.verification import verify
from tests.support.builders import STEPS, Caseload
from workflows.adjustments import HOLDERS
from workflows.dates import dates_of
from workflows.registry import CURRENT

MOVES = (*sorted(STEPS), "follow_up", "information_arrived", "resume", "close")
PEOPLE = ("olive", "carl", "dana")
MOST_CASES = 4


class Council(RuleBasedStateMachine):
    """A council at work, one random step at a time."""

    def __init__(self, database: Database, clock: FixedClock, people: Any) -> None:
        super().__init__()
        self.database, self.clock, self.people = database, clock, people
        self.caseload = Caseload(database, clock, people.olive)
        self.referrals: list[Referral] = []
        self.is_ticked = False

    @initialize()
    def begin(self) -> None:
        """A first case, so that there is something to work on."""
        self.log_a_referral()

    @precondition(lambda self: len(self.referrals) < MOST_CASES)
    @rule()
    def log_a_referral(self) -> None:
        """Somebody rings."""
        self.referrals.append(self.caseload.referral())
        self.is_ticked = False

    @rule(which=st.integers(0, MOST_CASES - 1), move=st.sampled_from(MOVES), who=st.sampled_from(PEOPLE))
    def make_a_move(self, which: int, move: str, who: str) -> None:
        """An officer makes a move; one that is refused leaves the ledger as it was."""
        referral = self.referrals[which % len(self.referrals)]
        before = self.entries(referral)
        try:
            self.caseload.make(referral, move, who=getattr(self.people, who))
        except Refused:
            assert move == "close" or self.entries(referral) == before
        self.is_ticked = False

    @rule(which=st.integers(0, MOST_CASES - 1), days=st.integers(0, 30))
    def set_an_action(self, which: int, days: int) -> None:
        """An action is given to somebody; it lives on after the case has closed."""
        answers = {"due_on": self.clock.now().date() + timedelta(days=days), "holder": "officer"}
        try:
            self.caseload.make(self.referrals[which % len(self.referrals)], "set_action", answers, {"action": "Do it"})
        except Refused:
            return
        self.is_ticked = False

    @rule(which=st.integers(0, MOST_CASES - 1), days=st.integers(-1, 30), given=st.booleans())
    def promise_an_update(self, which: int, days: int, given: bool) -> None:
        """The referrer is promised an update, or has one; what is refused leaves no trace."""
        referral = self.referrals[which % len(self.referrals)]
        before = self.entries(referral)
        try:
            with self.database.work(self.people.olive) as act:
                updates.promise(act, referral.id, self.clock.now().date() + timedelta(days=days), given=given)
        except (Refused, BadInput):
            assert self.entries(referral) == before
        self.is_ticked = False

    @rule(
        which=st.integers(0, MOST_CASES - 1),
        pick=st.integers(0, 40),
        kind=st.sampled_from(("extend", "pause", "pause", "keep_paused", "resume", "stop", "stop")),
        number=st.integers(1, 40),
    )
    def adjust_a_clock(self, which: int, pick: int, kind: str, number: int) -> None:
        """One clock gets more time, stands still, runs again or is stopped; what is refused leaves no trace."""
        referral = self.referrals[which % len(self.referrals)]
        with self.database.reading(SYSTEM) as act:
            running = sorted(ledger.case_of(act.session, referral.id).running.items())
        if not running:
            return
        key, clock = running[pick % len(running)]
        on = self.clock.now().date() + timedelta(days=number)
        given: dict[str, dict[str, Any]] = {
            "extend": {"due_on": on} if not clock.rule else {"by": number},
            "pause": {"holder": HOLDERS[number % len(HOLDERS)], "review_on": on},
            "keep_paused": {"review_on": on},
            "stop": {"why": "not_needed"},
        }
        before = self.entries(referral)
        try:
            with self.database.work(self.people.olive) as act:
                getattr(adjustments, kind)(act, referral.id, (key, clock.occurrence), "So.", **given.get(kind, {}))
        except (Refused, BadInput):
            assert self.entries(referral) == before
        self.is_ticked = False

    @rule(
        which=st.integers(0, MOST_CASES - 1),
        pick=st.integers(0, 40),
        hours=st.integers(-2_000, 200),
        clocks=st.sampled_from(("derive", "derive", "keep")),
    )
    def correct_a_date(self, which: int, pick: int, hours: int, clocks: str) -> None:
        """Two people correct a date, and its clocks are worked out anew or kept; what cannot be leaves no trace."""
        referral = self.referrals[which % len(self.referrals)]
        with self.database.reading(SYSTEM) as act:
            lines = unopened(act.session, referral.id)
        found = [one for one in dates_of([[line] for line in lines], CURRENT) if not one.plan]
        dated = found[pick % len(found)]
        value = dated.value + timedelta(hours=hours)
        before = self.entries(referral)
        try:
            with self.database.work(self.people.olive) as act:
                new = NewCorrection(dated.entry, dated.name, value, "So.", clocks=clocks)
                number = corrections.ask(act, referral.id, new)
            with self.database.work(self.people.hal) as act:
                corrections.decide(act, referral.id, number, agreed=True, clocks=clocks)
        except BadInput:
            assert self.entries(referral) == before
        self.is_ticked = False

    @rule(
        who=st.sampled_from(PEOPLE),
        cover_by=st.sampled_from((*PEOPLE, None)),
        ahead=st.integers(0, 5),
        days=st.integers(1, 20),
    )
    def go_on_leave(self, who: str, cover_by: str | None, ahead: int, days: int) -> None:
        """Somebody is away, with or without cover; what cannot be is refused."""
        from_at = self.clock.now() + timedelta(days=ahead)
        named = getattr(self.people, cover_by).id if cover_by else None
        person = getattr(self.people, who).id
        new = NewAbsence(person, "leave", from_at, from_at + timedelta(days=days), named)
        try:
            with self.database.work(self.people.mina) as act:
                cover.book_leave(act, new)
        except BadInput:
            return
        self.is_ticked = False

    @rule()
    def come_back(self) -> None:
        """The last leave that was booked is cancelled."""
        with self.database.work(self.people.mina) as act:
            query = select(Absence.id).where(Absence.cancelled_at.is_(None), Absence.until_at > act.at)
            found = act.session.scalars(query.order_by(Absence.id.desc()).limit(1)).one_or_none()
            if found is not None:
                cover.cancel(act, found)
        self.is_ticked = False

    @rule(hours=st.sampled_from((1, 5, 20, 30, 100, 400)))
    def time_passes(self, hours: int) -> None:
        """Time passes, and sometimes the scheduler is down for days."""
        self.clock.advance(hours=hours)
        self.is_ticked = False

    @rule()
    def tick(self) -> None:
        """The scheduler ticks twice: the second time it does nothing."""
        run_pass(self.database)
        assert not any(run_pass(self.database).values())
        self.is_ticked = True

    @invariant()
    def no_open_case_drifts(self) -> None:
        """Promise 2."""
        with self.database.reading(SYSTEM) as act:
            for referral in act.session.scalars(select(Referral).where(Referral.is_open)):
                case = ledger.case_of(act.session, referral.id)
                assert case.owner is not None
                assert any(clock.paused_at is None for clock in case.running.values()), case.state
                assert case.state != "paused_for_police" or "review" in case.running
                alone = [clock for clock in case.running.values() if clock.paused_at is not None and clock.review]
                assert all(f"action:{clock.review}" in case.running for clock in alone)
                rota = cover_queries.rota(act.session, referral.authority_id, act.at)
                if self.is_ticked and on_cover(case.owner, act.at, rota).is_nobody:
                    assert act.session.scalar(
                        select(func.count()).select_from(Notice).where(Notice.referral_id.is_(None))
                    )

    @invariant()
    def every_lapse_is_recorded_once(self) -> None:
        """Promise 3."""
        with self.database.reading(SYSTEM) as act:
            rungs = act.session.execute(
                select(
                    CaseClock.referral_id, CaseClock.key, CaseClock.occurrence, Escalation.rung, Escalation.due_at
                ).join(CaseClock, CaseClock.id == Escalation.clock_id)
            ).all()
            told = Counter(rungs)
            assert not told or max(told.values()) == 1
            for referral in act.session.scalars(select(Referral)) if self.is_ticked else ():
                self.is_climbed(act, referral, {row[:4]: row.due_at for row in rungs})

    def is_climbed(self, act: Any, referral: Referral, due: dict[Any, Any]) -> None:
        """Every step that was due on a running clock of the case is recorded, with its true due time."""
        case, practice = ledger.case_of(act.session, referral.id), practices.of_case(act.session, referral)
        for clock in case.running.values():
            if clock.paused_at is not None:
                continue
            for step in ladder(clock, practice):
                place = (referral.id, clock.key, clock.occurrence, step.rung)
                assert step.due_at > act.at or place in due, place
                assert clock.pauses or place not in due or due[place] <= act.at

    @invariant()
    def the_screen_is_the_record(self) -> None:
        """Promise 4."""
        with self.database.reading(SYSTEM) as act:
            assert verify(act).differences == ()

    def entries(self, referral: Referral) -> int:
        """How many entries the ledger of the case has."""
        with self.database.reading(SYSTEM) as act:
            query = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.referral_id == referral.id)
            return act.session.scalar(query) or 0


@pytest.mark.database
def test_the_promises_hold_whatever_people_do(new_council):
    def begin() -> Council:
        return Council(*new_council())

    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Letting a council live through a span of days: time jumps from one due moment to the next, and people do their work.

Everything goes through the real services and the real passes of the scheduler, under a clock that only this module
moves.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from lado.clock import FixedClock, london_day
from lado.council import (
    agencies,
    behind_a_list,
    calls,
    cast,
    followers,
    leave,
    letters,
    letting_in,
    mornings,
    night,
    referring,
    rota,
    watch,
)
from lado.council.beats import Story
from lado.council.cast import Cast
from lado.council.duty import Duty
from lado.council.leave import Leave
from lado.council.office_time import OfficeTime
from lado.council.planning import stories
from lado.council.profiles.profile import Profile
from lado.council.sitting import Sitting
from lado.council.sittings import hold
from lado.db import Database
from lado.domain.codes import OUTCOMES
from lado.errors import Refused
from lado.jobs import certificate, checkpoint, escalation, handovers
from lado.models import Absence, DueMoment, HandOver, Referral
from lado.queries import practices
from lado.security.identity import SYSTEM, Role
from lado.services import cover, cover_history, installation, notices
from lado.services.cover import NewAbsence
from workflows.london import instant_on
from workflows.rules import NATIONAL

BEFORE = timedelta(days=30)
"""How long before the first day the council was set up."""

POST = 500
MONDAY = 0
"""On which day of the week it is written down who covered; each answer has its own moment however late that is done."""

NEXT_DUE = select(
    select(func.min(DueMoment.next_at)).scalar_subquery(),
    select(func.min(HandOver.next_at)).scalar_subquery(),
    select(func.min(Absence.from_at)).where(Absence.from_at > bindparam("after")).scalar_subquery(),
    select(func.min(Absence.until_at)).where(Absence.until_at > bindparam("after")).scalar_subquery(),
)
"""What a scheduler that ticks each minute finds something to do at: due clocks, hand-overs, and who comes or goes."""


class Span(NamedTuple):
    """The days to live through, both included, and the instant at which it ends."""

    first_on: date
    last_on: date
    end_at: datetime


class Report(NamedTuple):
    """What came of it. `outcomes` and `open` are of referrals, one a case; advice calls come on top."""

    referrals: int
    outcomes: dict[str, int]
    open: int
    advice_calls: int
    escalations: int
    uncovered_days: int


class Doing(NamedTuple):
    """Something that is done at an instant; `place` keeps what was planned first before what was planned later."""

    at: datetime
    place: int
    do: Callable[[], None]


Tell = Callable[[str], None]
Tick = Callable[[Database], int]
"""Whatever the schedulers do at one instant; it says how many rungs they recorded."""


def one_pass(database: Database) -> int:
    """One scheduler's passes over what climbs and what is handed over. Raises RuntimeError for what it set aside."""
    climbed, handed = escalation.run_pass(database), handovers.run_pass(database)
    if aside := climbed["set_aside"] + handed.set_aside:
        raise RuntimeError(f"{aside} clocks or hand-overs could not be brought on")
    return climbed["escalated"]


def simulate(database: Database, profile: Profile, seed: int, span: Span, tell: Tell) -> Report:
    """Live through the span in an empty migrated database, mark it as a demonstration, and say what came of it.

    All of it is saved together or not at all. `tell` hears of the progress. Raises Refused for a database that anybody
    has used.
    """
    clock = FixedClock(settled_at(span))
    with database.as_one(clock) as inside:
        council = begin(inside, clock, profile, seed, span)
        council.plan(*drawn(council, profile, span))
        council.live(tell)
        council.leave_a_swap()
        council.leave_a_night()
        council.leave_partners()
        if profile.writes_letters:
            letters.leave(inside, council.people)
            behind_a_list.leave(inside, council.people)
            council.leave_who_follows()
        if profile.is_proved:
            checkpoint.run_pass(inside, checkpoint.Witnesses())
            certificate.make(inside)
        return council.report()


def settled_at(span: Span) -> datetime:
    """When a council is set up that lives through the span."""
    return instant_on(span.first_on, time()) - BEFORE


def begin(
    database: Database, clock: FixedClock, profile: Profile, seed: int, span: Span, tick: Tick = one_pass
) -> "Council":
    """Set the council up in an empty migrated database, with nothing on its agenda.

    `clock` is the one that the database goes by, at `settled_at`. Raises Refused for a database that anybody has used.
    """
    with database.work(SYSTEM) as act:
        if not cast.is_empty(act):
            raise Refused("This database is in use already. Name an empty one in DATABASE_URL and upgrade it first.")
        installation.begin(act, is_demonstration=True)
        people = cast.settle(act, profile.councils)
        agencies.settle(act, people)
        calendar = practices.england(act.session)
    office = OfficeTime(span.first_on, span.end_at, NATIONAL.office, calendar)
    return Council(database, clock, people, Random(seed), office, tick)


def drawn(council: "Council", profile: Profile, span: Span) -> tuple[list[Story], list[Leave]]:
    """Draw what is meant to happen to a council over the span: the stories of its cases, and who is away."""
    draw, people, office = council.draw, council.people, council.office
    found = stories(draw, profile, span.first_on, span.last_on, office)
    return found, leave.planned(draw, people, span.first_on, span.last_on, profile.away_at_end)


class Council:
    """A council in the middle of its year: the agenda of what is meant to happen, and the clock."""

    def __init__(
        self, database: Database, clock: FixedClock, people: Cast, draw: Random, office: OfficeTime, tick: Tick
    ) -> None:
        """Begin with an empty agenda.

        What comes in on the last working day is left unseen and unsent, for whoever opens the demonstration.
        """
        self.database, self.clock = database, clock
        self.people, self.draw, self.office, self.tick = people, draw, office, tick
        self.duty = Duty(people, draw)
        self.agenda: list[Doing] = []
        self._places = count()
        self._ticked_at = clock.now()
        self.uncovered_days = 0
        self.escalated = 0

    def plan(self, found: Iterable[Story], leaves: Iterable[Leave]) -> None:
        """Put everything that is meant to happen by the end on the agenda."""
        for booking in leaves:
            self.put(booking.booked_at, partial(self._book, booking))
        for story in found:
            for index, beat in enumerate(story.beats):
                if beat.kind == "log":
                    self.put(beat.at, partial(self._log, story, index))
                elif beat.kind != "call":
                    self.put(beat.at, partial(self._sit, story, index))
        starts = max(self.office.first_on, london_day(self.office.end_at - rota.BEFORE_END))
        self.put(instant_on(starts, time(8)), self._arrange)
        for noon in watch.noons(self.office.first_on, self.office.end_at):
            self.put(noon, self._look)
            morning = instant_on(london_day(noon), mornings.SEEN_AT)
            if morning < self.office.day_before() and self.office.opens_on(london_day(noon)):
                self.put(morning, self._begin_the_day)

    def put(self, at: datetime, do: Callable[[], None]) -> None:
        """Have something done at an instant; after the end nothing is done."""
        if at <= self.office.end_at:
            heapq.heappush(self.agenda, Doing(at, next(self._places), do))

    def live(self, tell: Tell) -> None:
        """Do what is on the agenda in order, and let the scheduler look at each due moment in between."""
        month = 0
        while self.agenda:
            following = heapq.heappop(self.agenda)
            self._tick_until(following.at)
            self.clock.move_to(following.at)
            following.do()
            if following.at.month != month:
                month = following.at.month
                tell(f"{following.at:%B %Y}")
        self._tick_until(self.office.end_at)
        self.clock.move_to(self.office.end_at)
        self._pass()

    def leave_a_swap(self) -> None:
        """Leave a duty day that somebody would like a colleague to take, and who covered written down to the end."""
        if (who := self.people.people.get(rota.ASKS)) is not None:
            council = next(key for key in self.people.councils if who in self.people.of(key, who.role))
            with self.database.work(who) as act:
                rota.ask_to_swap(act, council)
        self._write_down()

    def leave_a_night(self) -> None:
        """Leave what the last night brought to whoever opens the demonstration: who is on call, and one contact."""
        with self.database.work(SYSTEM) as act:
            night.share(act, self.people)
        for head in night.heads(self.people):
            with self.database.work(head) as act:
                night.put_on_call(act, self.people)
        for worker in night.workers(self.people)[:1]:
            with self.database.work(worker) as act:
                night.ring(act)

    def leave_partners(self) -> None:
        """Leave what partners have opened and written to whoever opens the demonstration."""
        partners = [person for person in self.people.people.values() if person.role is Role.PARTNER]
        for number, partner in enumerate(partners):
            followers.look(self.database, partner, writes=number == 0)
            if number == 0:
                referring.begin(self.database, partner)

    def leave_who_follows(self) -> None:
        """Leave who was invited, whose access has ended or ends soon, and a referral that was just sent on line."""
        letting_in.leave(self.database, self.people)
        if (manager := self.people.people.get("carys")) is not None:
            referring.send(self.database, manager)

    def report(self) -> Report:
        """Count what is there now."""
        with self.database.reading(SYSTEM) as act:
            columns = (Referral.is_advice_call, Referral.state, Referral.is_open, Referral.outcome)
            rows = act.session.execute(select(*columns)).all()
        referrals = [row for row in rows if not row.is_advice_call and row.state != "merged"]
        outcomes = Counter(row.outcome for row in referrals if not row.is_open)
        return Report(
            referrals=len(referrals),
            outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
            open=sum(row.is_open for row in referrals),
            advice_calls=sum(row.is_advice_call for row in rows),
            escalations=self.escalated,
            uncovered_days=self.uncovered_days,
        )

    def _tick_until(self, at: datetime) -> None:
        """Let the scheduler pass at each moment that falls due up to the instant."""
        while (due_at := self._next_due()) is not None and due_at <= at:
            self.clock.move_to(max(due_at, self.clock.now()))
            self._pass()

    def _next_due(self) -> datetime | None:
        with self.database.reading(SYSTEM) as act:
            moments = act.session.execute(NEXT_DUE, {"after": self._ticked_at}).one()
        return min((moment for moment in moments if moment is not None), default=None)

    def _pass(self) -> None:
        """What the scheduler does now, and the post that follows from it."""
        self.escalated += self.tick(self.database)
        self._ticked_at = self.clock.now()
        if self._ticked_at < self.office.day_before():
            with self.database.work(SYSTEM) as act:
                for notice in notices.claim(act, POST):
                    notices.mark_sent(act, notice)

    def _log(self, story: Story, index: int) -> None:
        with self.database.reading(SYSTEM) as act:
            owner = self.duty.owner(act, story)
            who = self.duty.caller_taker(act, story, story.beats[index], owner)
        with self.database.work(who) as act:
            calls.log(act, story, owner, self.people, self.draw)

    def _sit(self, story: Story, index: int) -> None:
        with self.database.reading(SYSTEM) as act:
            who = self.duty.worker(act, story, story.beats[index])
        with self.database.work(who) as act:
            hold(Sitting(act, story, index, self.draw, self.people, self.office.end_at))

    def _book(self, booking: Leave) -> None:
        """The absence is booked by the person, or by their manager when they rang in sick."""
        person = booking.person
        with self.database.work(self.duty.manager_of(person) if booking.kind == "sickness" else person) as act:
            cover.book_leave(
                act,
                NewAbsence(person.id or 0, booking.kind, booking.from_at, booking.until_at, booking.cover.id),
            )
        self.duty.forget()
        self._pass()

    def _arrange(self) -> None:
        """The service managers set up who works when and who has duty."""
        for council, manager in rota.managers(self.people):
            with self.database.work(manager) as act:
                rota.arrange(act, self.people, council)
        self.duty.forget()

    def _write_down(self) -> None:
        with self.database.work(SYSTEM) as act:
            cover_history.write_down(act)

    def _look(self) -> None:
        if london_day(self.clock.now()).weekday() == MONDAY:
            self._write_down()
        with self.database.reading(SYSTEM) as act:
            self.uncovered_days += watch.is_uncovered(act)

    def _begin_the_day(self) -> None:
        mornings.acknowledge(self.database, self.duty, self.draw)
        mornings.take_up(self.database, self.duty)

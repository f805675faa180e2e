"""Every due date is what a person with a paper calendar would count from the events, whatever happened to the clock.

The counter below shares no arithmetic with the product: it walks from day to day, or from quarter of an hour to quarter
of an hour, and asks of each whether it counts.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from tests.support.cases import HOLIDAYS, Walk
from workflows import adjustments
from workflows.attempt import Refusal
from workflows.calendar import Calendar
from workflows.events import ClockExtended, ClockPaused, ClockRederived, ClockResumed, ClockStarted
from workflows.fold import apply
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL
from workflows.running import due_by_rule
from workflows.spans import CutOff, Span, Unit

LONDON = ZoneInfo("Europe/London")
CLOCK = "conclusion"
QUARTER = timedelta(minutes=15)
FIRST_DAY = datetime(2026, 3, 20, 9, tzinfo=UTC)  # before Easter, and before summer time begins
EXTRA_HOLIDAYS = (date(2026, 3, 24), date(2026, 4, 1), date(2026, 4, 15))
CALENDARS = tuple(
    Calendar.of("England", HOLIDAYS | dict.fromkeys(EXTRA_HOLIDAYS[:more], "Proclaimed"), date(2025, 1, 1), last)
    for more, last in ((0, date(2027, 12, 31)), (1, date(2027, 12, 31)), (3, date(2028, 12, 31)))
)

spans = st.builds(Span, st.integers(1, 8), st.sampled_from(Unit))
terms = st.tuples(
    st.sampled_from(((), (CutOff(4, time(16)),), (CutOff(None, time(12, 30)),))),
    st.sampled_from((time(23, 59, 59), time(17))),
)
happenings = st.lists(
    st.tuples(
        st.sampled_from(("pause", "resume", "resume", "extend", "correct", "calendar")),
        st.integers(0, 4 * 24 * 5),  # quarters of an hour later
        st.integers(0, 30),
    ),
    max_size=8,
)


@cache
def practice_of(span, cut_offs, day_ends, calendar):
    """The national rules with one clock changed: this limit, and it may stand still."""
    rules = replace(
        NATIONAL,
        timescales=tuple(
            replace(rule, limit=span, pauses=True, cut_offs=cut_offs) if rule.key == CLOCK else rule
            for rule in NATIONAL.timescales
        ),
        day_ends=day_ends,
    )
    return Practice(CURRENT, rules, rules.calendar(calendar))


class Story:
    """One case and what befalls its clock, by the operations of the product."""

    def __init__(self, span, cut_offs, day_ends):
        self.terms = span, cut_offs, day_ends
        self.practice = practice_of(*self.terms, CALENDARS[0])
        self.walk = Walk("refer", at=FIRST_DAY, practice=self.practice)
        self.at = FIRST_DAY

    @property
    def clock(self):
        return self.walk.case.running[CLOCK]

    def happens(self, what, later, number):
        self.at += later * QUARTER
        decided = getattr(self, what)(number)
        if not isinstance(decided, Refusal):
            for event in decided:
                apply(self.walk.case, event)
                self.walk.events.append(event)

    def pause(self, number):
        holder = adjustments.HOLDERS[number % len(adjustments.HOLDERS)]
        review_on = (self.at + timedelta(days=14)).date()
        case = self.walk.case
        return adjustments.pause(case, self.clock, self.practice, self.at, holder=holder, review_on=review_on)

    def resume(self, number):
        return adjustments.resume(self.walk.case, self.clock, self.practice, self.at)

    def extend(self, number):
        return adjustments.extend(self.walk.case, self.clock, self.practice, self.at, by=1 + number % 4)

    def correct(self, number):
        return self.derived_again("correction", FIRST_DAY - number * 7 * QUARTER)

    def calendar(self, number):
        self.practice = practice_of(*self.terms, CALENDARS[number % len(CALENDARS)])
        return self.derived_again("calendar", self.clock.started_at)

    def derived_again(self, because, started_at):
        clock = self.clock
        due = due_by_rule(self.practice.rules.by_key[CLOCK], clock._replace(started_at=started_at), self.practice)
        place = CLOCK, clock.occurrence, because, started_at
        event = ClockRederived(*place, due.at, due.provisional, self.practice.rules_version, due.calendar_version, None)
        return (event,)


def counted_by_hand(events, span, cut_offs, day_ends):
    """The due moment as somebody would count it from the events, with no arithmetic but adding one."""
    mine = [event for event in events if getattr(event, "clock", "") == CLOCK]
    start = [event.started_at for event in mine if isinstance(event, ClockStarted | ClockRederived)][-1]
    version = [event.calendar for event in mine if hasattr(event, "calendar")][-1]
    holidays = next(dict(calendar.holidays) for calendar in CALENDARS if calendar.version == version)
    begun = [event.paused_at for event in mine if isinstance(event, ClockPaused)]
    over = [event.resumed_at for event in mine if isinstance(event, ClockResumed)]
    pauses = list(zip(begun, over, strict=False))
    count = span.count + sum(event.by for event in mine if isinstance(event, ClockExtended))

    def is_open(day):
        return day.strftime("%a") not in ("Sat", "Sun") and day not in holidays

    def is_paused(instant):
        return any(paused_at <= instant < resumed_at for paused_at, resumed_at in pauses)

    local = start.astimezone(LONDON)
    day, begins_at = local.date(), start
    late = any(local.time() > cut.at and cut.weekday in (None, local.weekday()) for cut in cut_offs)
    if late and is_open(day):
        day += timedelta(days=1)
        while not is_open(day):
            day += timedelta(days=1)
        begins_at = datetime.combine(day, time.min, LONDON).astimezone(UTC)
    if span.unit is Unit.HOUR:
        return hours_by_hand(begins_at, count, is_paused)
    left = count if span.unit is Unit.WORKING_DAY else days_by_hand(day, count, span.unit)
    while left:
        day += timedelta(days=1)
        end = datetime.combine(day, day_ends, LONDON)
        left -= (span.unit is not Unit.WORKING_DAY or is_open(day)) and not is_paused(end)
    return datetime.combine(day, day_ends, LONDON).astimezone(UTC)


def hours_by_hand(at, hours, is_paused):
    """Quarter of an hour by quarter of an hour."""
    left = hours * 4
    while left:
        left -= not is_paused(at)
        at += QUARTER
    return at


def days_by_hand(day, count, unit):
    """How many days a limit in days, weeks or months has, by turning the pages of a calendar."""
    if unit is not Unit.CALENDAR_MONTH:
        return count * (7 if unit is Unit.WEEK else 1)
    passed, turned, at = 0, 0, day
    while turned < count or (at.day < day.day and (at + timedelta(days=1)).month == at.month):
        at += timedelta(days=1)
        passed += 1
        turned += at.day == 1
    return passed


def test_the_counter_itself_counts_as_a_person_would():
    monday = [ClockStarted(CLOCK, 1, FIRST_DAY - timedelta(days=4), FIRST_DAY, False, "", CALENDARS[0].version)]
    assert counted_by_hand(monday, Span(5, Unit.WORKING_DAY), (), time(17)).date() == date(2026, 3, 23)
    assert days_by_hand(date(2026, 1, 31), 1, Unit.CALENDAR_MONTH) == 28
    assert days_by_hand(date(2026, 3, 20), 3, Unit.CALENDAR_MONTH) == 92


@seed(20260320)
@settings(max_examples=80, deadline=None, database=None)
@given(spans, terms, happenings)
@example(Span(3, Unit.WORKING_DAY), ((), time(17)), [("pause", 9, 0), ("resume", 200, 0), ("calendar", 0, 2)])
@example(Span(1, Unit.CALENDAR_MONTH), ((), time(17)), [("extend", 0, 0), ("correct", 0, 30), ("extend", 9, 1)])
@example(Span(8, Unit.HOUR), ((CutOff(4, time(8)),), time(17)), [("pause", 4, 3), ("resume", 96, 0), ("extend", 0, 0)])
def test_a_due_date_is_what_a_person_counts_whatever_befalls_the_clock(span, ends, story_of):
    story = Story(span, *ends)
    for happening in story_of:
        story.happens(*happening)
    if story.clock.paused_at is not None:
        story.happens("resume", 1, 0)

    assert story.clock.due_at == counted_by_hand(story.walk.events, span, *ends)
    assert story.clock.first_due_at == counted_by_hand(
        [event for event in story.walk.events if isinstance(event, ClockStarted)], span, *ends
    )

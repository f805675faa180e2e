"""Where the parts of a case's picture stand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from lado.web.pictures import MARGIN, NARROWEST, WIDTH, ClockLine, Happening, Hold, Picture, picture

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def after(days: float) -> datetime:
    return START + timedelta(days=days)


def drawn(*lines: ClockLine, today: float = 5, events: tuple[Happening, ...] = ()) -> Picture:
    return picture(lines, events, START, after(today))


def kinds(view: Picture) -> list[str]:
    return [bar.kind for bar in view.lanes[0].bars]


def test_a_running_clock_has_time_left_after_today() -> None:
    view = drawn(ClockLine("Decision", START, after(10), "5 days left"))
    running, left = view.lanes[0].bars
    assert (running.kind, left.kind) == ("running", "left")
    assert running.x == MARGIN
    assert round(running.x + running.width, 1) == view.today_x == left.x == WIDTH / 2
    assert view.lanes[0].due_x == WIDTH - MARGIN


def test_a_clock_met_in_time_is_one_bar() -> None:
    assert kinds(drawn(ClockLine("Decision", START, after(10), "Met", after(3), True))) == ["met"]


def test_a_clock_met_late_shows_when_it_became_late() -> None:
    view = drawn(ClockLine("Decision", START, after(2), "Late", after(4), True))
    met, late = view.lanes[0].bars
    assert (met.kind, late.kind) == ("met", "late")
    assert round(met.x + met.width, 1) == view.lanes[0].due_x == late.x


def test_a_lapsed_clock_is_late_until_today() -> None:
    view = drawn(ClockLine("Decision", START, after(2), "Late"))
    assert kinds(view) == ["running", "late"]
    late = view.lanes[0].bars[1]
    assert round(late.x + late.width, 1) == view.today_x


def test_a_cancelled_clock_is_neither_met_nor_late() -> None:
    assert kinds(drawn(ClockLine("Decision", START, after(10), "Withdrawn", after(3)))) == ["ended"]


def test_pauses_lie_over_the_bar_and_name_who_holds_the_ball() -> None:
    holds = (Hold(after(1), after(2), "Police"), Hold(after(3), None, "Police"))
    view = drawn(ClockLine("Review", START, after(10), "Paused", holds=holds))
    first, open_one = view.lanes[0].bars[2:]
    assert (first.kind, first.text) == ("paused", "Paused: Police")
    assert round(open_one.x + open_one.width, 1) == view.today_x


def test_the_shortest_clock_can_still_be_seen() -> None:
    hour = ClockLine("Acknowledge", START, after(1 / 24), "Met", after(1 / 48), True)
    year = ClockLine("Review", START, after(365), "Running")
    bar = drawn(hour, year).lanes[0].bars[0]
    assert bar.width == NARROWEST


def test_events_that_would_cover_each_other_are_one_dot() -> None:
    events = (Happening(after(4), "c"), Happening(START, "a"), Happening(after(0.01), "b"))
    view = drawn(ClockLine("Review", START, after(10), "Running"), events=events)
    assert [[event.text for event in dot.happenings] for dot in view.dots] == [["a", "b"], ["c"]]


def test_lanes_stand_below_each_other_inside_the_drawing() -> None:
    line = ClockLine("Review", START, after(10), "Running")
    view = drawn(line, line, line)
    tops = [lane.y for lane in view.lanes]
    assert tops == sorted(set(tops))
    assert tops[-1] < view.height


def test_everything_stays_inside_the_drawing_whatever_the_dates() -> None:
    early = ClockLine("Older than the case", after(-30), after(-20), "Late")
    view = drawn(early, today=0, events=(Happening(after(-60), "incident"), Happening(after(3), "meeting")))
    places = [bar.x for bar in view.lanes[0].bars] + [dot.x for dot in view.dots] + [view.today_x]
    assert all(0 <= x <= WIDTH for x in places)
    assert all(bar.x + bar.width <= WIDTH for bar in view.lanes[0].bars)


def test_a_case_of_a_moment_ago_has_a_picture() -> None:
    view = picture((), (), START, START)
    assert (view.lanes, view.dots, view.today_x) == ((), (), MARGIN)


def test_days_mondays_or_months_are_named_as_there_is_room() -> None:
    short = [tick.label for tick in drawn(ClockLine("A", START, after(4), "Running"), today=1).ticks]
    weeks = [tick.label for tick in drawn(ClockLine("A", START, after(40), "Running")).ticks]
    year = [tick.label for tick in drawn(ClockLine("A", START, after(400), "Running")).ticks]
    assert short == ["Tue 3 Nov", "Wed 4 Nov", "Thu 5 Nov", "Fri 6 Nov"]
    assert weeks[:2] == ["9 Nov", "16 Nov"]
    assert year[0].endswith(("2026", "2027"))
    assert len(year) >= 4


def test_names_of_days_never_touch() -> None:
    for days in (1, 9, 20, 69, 71, 200, 1500):
        ticks = drawn(ClockLine("A", START, after(days), "Running"), today=0).ticks
        assert all(right.x - left.x >= 84 for left, right in pairwise(ticks))

"""One made-up case in late autumn, as the values that the components take."""

from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from lado.web.components import (
    CalendarDay,
    CalendarPerson,
    DayCell,
    DeadlineView,
    Fact,
    MonthView,
    Place,
    QueueRow,
    StripDay,
    Task,
    TimelineItem,
)
from lado.web.pictures import ClockLine, Happening, Hold, picture


def at(day: int, hour: int = 12, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


RECEIVED, TODAY = at(2, 15, 40), at(26, 10)
LINES = (
    ClockLine(
        "Threshold decision", RECEIVED, at(3, 23, 59), "Decided in time", ended_at=at(3, 11), met=True, href="/c"
    ),
    ClockLine("Strategy meeting", at(3, 11), at(10, 23, 59), "Held 2 days late", ended_at=at(12, 14), met=True),
    ClockLine(
        "First review",
        at(12, 14),
        at(10, 23, 59, 12),
        "2 weeks left",
        holds=(Hold(at(16), at(20), "Ashbourne Police"),),
    ),
    ClockLine("Report from the employer", at(12, 14), at(20, 23, 59), "Late by 4 working days"),
    ClockLine("Offer of transfer", at(4), at(11, 23, 59), "Withdrawn", ended_at=at(6)),
)
HAPPENINGS = (
    Happening(RECEIVED, "Referral received by telephone"),
    Happening(at(3, 11), "Threshold met"),
    Happening(at(12, 14), "Strategy meeting held"),
    Happening(at(12, 14, 30), "Action: employer to send its report"),
    Happening(at(16), "Paused for the police"),
)
PICTURE = picture(LINES, HAPPENINGS, RECEIVED, TODAY)
DEADLINES = (
    DeadlineView(
        "report",
        "Report from the employer",
        at(20, 23, 59),
        "was due on Friday 20 November: late by 4 working days",
        "Late",
        "late",
        "/c",
    ),
    DeadlineView(
        "review",
        "First review",
        at(10, 23, 59, 12),
        "by the end of Thursday 10 December: 10 working days left",
        "Running",
        "running",
        provisional=True,
    ),
)
TASKS = (
    Task("Record who told the parents", "Missing", "soon", "/told", "By the school, if the police agree"),
    Task("Outcome for each allegation", "Not started", "quiet"),
)
FACTS = (
    Fact("Received", "Monday 2 November 2026 at 15:40", "/correct", "Correct"),
    Fact("Setting", Markup("Oak Lane Primary <em>school</em>")),
)
QUEUE = (
    QueueRow(
        "LR-7K3M-4",
        "/referrals/LR-7K3M-4",
        "T.W.",
        "Primary school",
        "Under investigation",
        "Chase the employer's report",
        "Late by 4 working days",
        at(20, 23, 59),
        "Late",
        "late",
        "Amara Okafor",
    ),
    QueueRow(
        "LR-2PQ9-X",
        "/referrals/LR-2PQ9-X",
        "J.S.",
        "Foster care",
        "Received",
        "Decide the threshold",
        "by the end of today",
        at(26, 23, 59),
        "Due today",
        "soon",
        "Ben Iqbal",
        "Amara Okafor covers until Friday",
    ),
    QueueRow(
        "LR-9TTD-B",
        "/referrals/LR-9TTD-B",
        "M.A.",
        "Sports club",
        "Paused for police",
        "Review the pause",
        "no date yet",
        None,
        "Paused",
        "paused",
        "Amara Okafor",
    ),
)
ITEMS = (
    TimelineItem("Threshold met", at(3, 11), "Amara Okafor", "May have harmed a child.\nAdvice given to the head."),
    TimelineItem("Referral received", RECEIVED),
)
STRIP = (
    StripDay(date(2026, 12, 23), 0, "day 0: started at 15:40"),
    StripDay(date(2026, 12, 24), 1, "counted"),
    StripDay(date(2026, 12, 25), None, "Christmas Day"),
    StripDay(date(2026, 12, 26), None, "Saturday"),
    StripDay(date(2026, 12, 27), None, "Sunday"),
    StripDay(date(2026, 12, 28), None, "Boxing Day (substitute day)"),
    StripDay(date(2026, 12, 29), None, "paused"),
    StripDay(date(2026, 12, 30), 2, "counted: due at 23:59:59"),
)
PLACES = (
    Place("Mine", "/?of=mine", True, 12),
    Place("Covered", "/?of=covered", count=0),
    Place("Everyone's", "/?of=all"),
)


def _cells(kinds: str) -> tuple[DayCell, ...]:
    cell = {
        ".": DayCell("in", ""),
        "L": DayCell("leave", "Leave", "/leave"),
        "C": DayCell("cover", "Covers"),
        "D": DayCell("duty", "Duty"),
        "G": DayCell("gap", "Nobody"),
        "S": DayCell("sick", "Sick"),
        "x": DayCell("closed", ""),
    }
    return tuple(cell[kind] for kind in kinds)


def _day(number: int) -> CalendarDay:
    day = date(2026, 12, 1) + timedelta(days=number)
    closed = "Christmas Day" if day.day == 25 else f"{day:%A}" if day.weekday() > 4 else ""
    return CalendarDay(day, closed, ("LR-7K3M-4 review",) if day.day in (10, 24) else (), day.day == 3)


MONTH = MonthView(
    "December 2026",
    tuple(_day(number) for number in range(31)),
    (
        CalendarPerson("Amara Okafor", _cells("DD..xx.....xxCCCCCxxLLLLxxxG...")),
        CalendarPerson("Ben Iqbal", _cells("....xx.....xxLLLLLxxDDDDxxxG...")),
    ),
    "/cover?month=2026-11",
    "/cover?month=2027-01",
)

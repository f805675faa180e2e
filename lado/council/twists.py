"""What went otherwise than planned on a few cases of a demonstration: a date typed wrongly, more time, a clock stopped
for a while, a message on the answering machine. Each is done by the right people through the real services.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

from lado.clock import london_day
from lado.council.beats import Beat, Story
from lado.council.office_time import DAY, HOUR, OfficeTime
from lado.council.sitting import Sitting
from lado.domain.corrections import ASKED
from lado.models import Referral
from lado.queries import corrections as reading
from lado.services import adjustments, corrections, moves
from lado.services.corrections import NewCorrection
from workflows.adjustments import EXTEND, PAUSE, why_not
from workflows.corrections import RECEIVED, Wanted
from workflows.london import instant_on

WAITS, CORRECTED = "correction_waits", "corrected"
EXTENDED, STANDS_STILL = "extended", "stands_still"
PLACEHOLDER = "placeholder_birth"

LAST_MONTH = timedelta(days=30)
NO_BIRTHDAY = "1900-01-01"
"""What people type where a form insists on a date of birth that they do not know."""

RECENT, A_WEEK = timedelta(days=80), timedelta(days=7)
SATURDAY_BEFORE = timedelta(days=2)
LEFT_A_MESSAGE = time(11, 40)

TYPED_LATE = "What came in is dated the day before. The day on which it was entered had been typed."
MORE_TIME = "The minute-taker is ill, and two of those who were there have not sent their corrections."
STOOD = "Social care’s own assessment comes first: until it is done nobody else may speak to the child."


def turn(story: Story, twist: str, office: OfficeTime) -> None:
    """Add to a case that has been laid out what its twist needs. A case that began too late for it stays as it is."""
    if twist == PLACEHOLDER:
        story.scene = replace(story.scene, subject={**story.scene.subject, "born_on": NO_BIRTHDAY})
    elif twist == WAITS:
        _correct(story, office, office.minute(office.day_before()) + 1.2 * HOUR, is_decided=False)
    elif twist == CORRECTED:
        _correct(story, office, office.minute(office.end_at - LAST_MONTH) + HOUR, is_decided=True)
    elif twist == EXTENDED:
        story.beats.append(Beat("extend", at=office.at(office.minute(story.beats[-1].at) + HOUR)))
    elif twist == STANDS_STILL:
        story.beats.append(Beat("stand_still", at=office.at(office.minute(story.beats[-1].at) + 0.5 * DAY)))
    story.beats.sort(key=lambda beat: beat.at)


def leave_messages(found: Iterable[Story], count: int, council: str, office: OfficeTime) -> None:
    """Let so many cases of a council that are over have begun with a message of a Saturday, heard on the Monday."""
    here = [story for story in found if story.council == council and _can_be_message(story, office)]
    nearest = sorted(here, key=lambda story: (_day_of(story).weekday(), office.end_at - story.beats[0].at))
    for story in nearest[:count]:
        monday = _monday_of(story)
        earlier = _day_of(story) - monday
        for beat in story.beats:
            beat.at = office.at(office.minute(beat.at - earlier))
        left_at = instant_on(monday - SATURDAY_BEFORE, LEFT_A_MESSAGE)
        story.beats.insert(0, Beat("call", more={"machine": True}, at=left_at))


def ask_correction(s: Sitting) -> None:
    """The officer finds that the referral was received a day before, and asks for it to be corrected."""
    was = s.act.session.get_one(Referral, s.story.referral).received_at
    value = was - timedelta(days=s.story.typed_late)
    corrections.ask(s.act, s.story.referral, NewCorrection(*RECEIVED, value, TYPED_LATE))


def agree(s: Sitting) -> None:
    """The manager agrees to what waits on the case, unless it is one that somebody else has to decide."""
    referral = moves.locked(s.act, s.story.referral)
    case, practice = moves.in_hand(s.act, referral)
    known = reading.dates(s.act.session, referral, reading.unopened(s.act.session, referral.id), case, practice)
    for number, asked in case.corrections.items():
        dated = known.one(asked.entry, asked.name)
        if asked.state != ASKED or dated is None:
            continue
        found = known.consequences(Wanted(asked.entry, asked.name, asked.value))
        if s.act.who.id in reading.deciding(s.act, referral.authority_id, known, dated, None, found).able:
            corrections.decide(s.act, referral.id, number, agreed=True)


def extend(s: Sitting) -> None:
    """The minutes get another week, with the reason."""
    if clock := _clock(s, "minutes_sent", EXTEND):
        adjustments.extend(s.act, s.story.referral, clock, MORE_TIME, by=7)


def stand_still(s: Sitting) -> None:
    """The conclusion waits for social care, and the officer looks again after the end of the span."""
    if clock := _clock(s, "conclusion", PAUSE):
        review_on = london_day(s.end_at) + timedelta(days=8)
        adjustments.pause(s.act, s.story.referral, clock, STOOD, holder="social_care", review_on=review_on)


def _correct(story: Story, office: OfficeTime, minute: float, *, is_decided: bool) -> None:
    asked_at = office.at(minute)
    if asked_at <= office.at(office.minute(story.beats[0].at) + DAY):
        return
    story.typed_late = 1
    story.beats.append(Beat("ask_correction", at=asked_at))
    if is_decided:
        story.beats.append(Beat("agree", at=office.at(minute + DAY)))


def _can_be_message(story: Story, office: OfficeTime) -> bool:
    """Whether it is an ordinary call in office hours, neither of these last days nor of long ago, and over."""
    first = story.beats[0]
    first_at = max(office.end_at - RECENT, instant_on(office.first_on, time()) + 2 * A_WEEK)
    is_ordinary = first.kind == "log" and not first.more.get("in_the_evening") and story.rests_at_end is None
    is_plain = story.ending not in ("advice", "merged") and story.scene.source != "police"
    is_then = first_at <= first.at <= office.end_at - A_WEEK and office.opens_on(_monday_of(story))
    return is_ordinary and is_plain and is_then


def _day_of(story: Story) -> date:
    return london_day(story.beats[0].at)


def _monday_of(story: Story) -> date:
    day = _day_of(story)
    return day - timedelta(days=day.weekday())


def _clock(s: Sitting, key: str, kind: str) -> tuple[str, int] | None:
    """The clock of this key, where this can be done to it now."""
    referral = moves.locked(s.act, s.story.referral)
    case, practice = moves.in_hand(s.act, referral)
    clock = case.running.get(key)
    if clock is None or why_not(kind, case, clock, practice, s.act.at):
        return None
    return clock.key, clock.occurrence

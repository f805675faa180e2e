"""Where the cases that are still open at the end stand: each situation as the life that led to it, and how it rests."""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from lado.council import lives
from lado.council.beats import Beat
from lado.council.office_time import DAY, HOUR, WEEK


class Rest(NamedTuple):
    """A life up to the end: its beats, and how many office minutes before the end the last one comes.

    With `days` the minutes are counted back from the last day's opening, so that what is due on that day stays so.
    """

    beats: list[Beat]
    minutes: float
    since_opening: bool = False
    is_police: bool = False


def _begun(draw: Random, *, is_police: bool = False) -> list[Beat]:
    """A case whose threshold was met in time."""
    return [
        Beat("log"),
        Beat("threshold", draw.uniform(1, 5) * HOUR, {"police": is_police}),
        Beat("evaluate", draw.uniform(1, 4) * HOUR),
    ]


def _met(draw: Random, then: str | None = "investigate", actions: int = 2, *, is_police: bool = False) -> list[Beat]:
    """A case whose meeting was held, its actions done in time."""
    return [
        *_begun(draw, is_police=is_police),
        Beat("arrange", draw.uniform(1, 4) * HOUR),
        Beat("meet", draw.uniform(1, 3) * DAY, {"then": then, "actions": actions}),
        *(Beat("done", draw.uniform(0.5, 1.5) * DAY) for _ in range(actions)),
    ]


def fresh(draw: Random) -> Rest:
    """A call of this last hour or two of office time."""
    return Rest([Beat("log")], draw.uniform(0.3, 1.5) * HOUR)


def decision_due(draw: Random) -> Rest:
    """A call of the working day before: its threshold is to be decided by the end of this day."""
    return Rest([Beat("log")], draw.uniform(1, 6) * HOUR, since_opening=True)


def undecided(draw: Random) -> Rest:
    """A call of two or three working days ago that nobody has decided on: lapsed, and climbing the ladder."""
    return Rest([Beat("log")], DAY + draw.uniform(2, 7) * HOUR, since_opening=True)


def awaiting(draw: Random) -> Rest:
    """Something more was asked for, and has not come yet."""
    return Rest([Beat("log"), Beat("ask", draw.uniform(0.5, 2) * HOUR, {"due_in": 4})], draw.uniform(2, 6) * HOUR, True)


def evaluating(draw: Random) -> Rest:
    """The threshold was met a day ago; the meeting is to be arranged."""
    return Rest(_begun(draw), draw.uniform(1, 7) * HOUR, since_opening=True)


def meeting_soon(draw: Random) -> Rest:
    """A meeting is arranged for today or the next days."""
    return Rest([*_begun(draw), Beat("arrange", draw.uniform(1, 4) * HOUR, {"planned_in": 1})], 0.5 * DAY, True)


def meeting_missed(draw: Random) -> Rest:
    """A meeting was planned and has not been recorded."""
    return Rest([*_begun(draw), Beat("arrange", draw.uniform(1, 4) * HOUR, {"planned_in": 1})], 3.5 * DAY, True)


def just_met(draw: Random) -> Rest:
    """A meeting was held this week; its minutes are to be written."""
    return Rest(_met(draw, then=None, actions=0), draw.uniform(0.2, 2) * DAY, since_opening=True)


def oversight(draw: Random) -> Rest:
    """The employer looks into it under a written plan."""
    plan = Beat("oversee", draw.uniform(1, 6) * HOUR, {"review_in": 21})
    return Rest([*_begun(draw), plan], draw.uniform(2, 8) * DAY)


def investigating(draw: Random) -> Rest:
    """Enquiries are under way and everything is in time; the partner, where there is one, has something to send."""
    beats = [*_met(draw), Beat("minutes", draw.uniform(2, 8) * DAY), *lives.review(draw, then="investigate")]
    owed = Beat("action", DAY, {"holder": "partner", "due_on_end": 4})
    return Rest([*beats, owed], draw.uniform(0.5, 3) * DAY, since_opening=True)


def review_late(draw: Random) -> Rest:
    """The next review was promised for a day that has passed."""
    beats = [*_met(draw, actions=1), Beat("minutes", 4 * DAY)]
    beats.append(Beat("review", 2 * WEEK, {"then": "investigate", "late": 0, "actions": 1, "due_on_end": -3}))
    return Rest(beats, 3 * WEEK)


def review_today(draw: Random) -> Rest:
    """The next review is promised for today."""
    beats = [*_met(draw, actions=1), Beat("minutes", 4 * DAY)]
    beats.append(Beat("review", 2 * WEEK, {"then": "investigate", "late": 0, "actions": 0, "due_on_end": 0}))
    return Rest(beats, 2 * WEEK)


def action_late(draw: Random) -> Rest:
    """A partner has not done what the meeting asked of them."""
    beats = [*_met(draw, actions=0), Beat("minutes", 3 * DAY)]
    beats.append(Beat("action", 1 * DAY, {"holder": "partner", "due_on_end": -2}))
    return Rest([*beats, Beat("note", DAY)], 1.2 * WEEK)


def paused(draw: Random) -> Rest:
    """The police asked everybody to wait; the next look is in the diary."""
    beats = [*_met(draw, then="pause", is_police=True), Beat("minutes", 3 * DAY)]
    return Rest([*beats, *lives.review(draw, then="pause", is_police=True)], draw.uniform(1, 5) * DAY, is_police=True)


def long_paused(draw: Random) -> Rest:
    """The police have been at it for months, and every two or three weeks somebody asks."""
    beats = [*_met(draw, then="pause", is_police=True), Beat("minutes", 8 * DAY)]
    for _ in range(8):
        beats += lives.review(draw, then="pause", is_police=True)
    return Rest(beats, draw.uniform(1, 4) * DAY, is_police=True)


def long_running(draw: Random) -> Rest:
    """Open for more than three months: each month a reason for the delay."""
    beats = [*_met(draw), Beat("minutes", 8 * DAY)]
    for _ in range(6):
        beats += lives.review(draw, then="investigate")
    return Rest(beats, draw.uniform(1, 6) * DAY)


def proposed(draw: Random) -> Rest:
    """The enquiries are finished and an outcome is proposed."""
    beats = [*_met(draw), Beat("minutes", 6 * DAY), *lives.review(draw, then="investigate")]
    return Rest([*beats, Beat("propose", 3 * DAY)], draw.uniform(0.5, 3) * DAY)


def decided(draw: Random) -> Rest:
    """The outcome is decided; who has to be told is being told."""
    beats = [*_met(draw), Beat("minutes", 6 * DAY), *lives.review(draw, then=None)]
    return Rest([*beats, Beat("propose", 2 * DAY), Beat("decide", DAY)], draw.uniform(0.5, 2) * DAY)


def closing(draw: Random) -> Rest:
    """Everybody is told and the outcome is released; the last checks before closing."""
    found = decided(draw)
    return found._replace(beats=[*found.beats, Beat("tell", 2 * DAY, {"release": True})])


def reopened(draw: Random) -> Rest:
    """Closed some weeks ago, and open again because of a new witness."""
    beats = [*_met(draw), Beat("minutes", 6 * DAY), *lives.conclusion(draw), Beat("reopen", 4 * WEEK)]
    return Rest(beats, draw.uniform(1, 6) * HOUR, since_opening=True)


def offered(draw: Random) -> Rest:
    """The employer is in another council's area; that council has been asked and has not answered yet."""
    return Rest([*_begun(draw), Beat("offer", 3 * HOUR)], 2 * DAY)


SITUATIONS: Mapping[str, Callable[[Random], Rest]] = {
    build.__name__: build
    for build in (
        fresh,
        decision_due,
        undecided,
        awaiting,
        evaluating,
        meeting_soon,
        meeting_missed,
        just_met,
        oversight,
        investigating,
        review_late,
        review_today,
        action_late,
        paused,
        long_paused,
        long_running,
        proposed,
        decided,
        closing,
        reopened,
        offered,
    )
}
"""Every situation by the name that a profile uses."""

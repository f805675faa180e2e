"""How a case goes from the first call to its ending: which sittings, how far apart, drawn as they are in practice."""

from random import Random

from lado.council.beats import Beat
from lado.council.office_time import DAY, HOUR, WEEK

LATE_DECISIONS = 0.12
LATE_REVIEWS = 0.18
DONE_IN_TIME = 0.85
QUICK, USUAL, LONG = "quick", "usual", "long"
PACES = ((QUICK, 30), (USUAL, 50), (LONG, 20))
"""Few cases are long, and those are most of what an officer holds on any day."""


def opening(draw: Random) -> list[Beat]:
    """The call, logged at once or later or by the emergency duty team."""
    chance = draw.random()
    if chance < 0.08:
        return [Beat("call"), Beat("log", draw.uniform(2.6, 11) * HOUR, {"late": True})]
    return [Beat("log", 0.0, {"evening": chance > 0.95})]


def threshold(draw: Random, *, is_police: bool) -> list[Beat]:
    """The decision on the threshold: within a working day as a rule, and not always."""
    found = []
    if draw.random() < 0.12:
        found += [Beat("ask", draw.uniform(0.5, 3) * HOUR), Beat("arrived", draw.uniform(0.4, 1.2) * DAY)]
    wait = draw.uniform(10, 26) * HOUR if draw.random() < LATE_DECISIONS else draw.uniform(0.5, 6) * HOUR
    return [*found, Beat("threshold", wait, {"police": is_police})]


def first_steps(draw: Random, sector: str) -> list[Beat]:
    """Who is told and what the employer does at once."""
    found = [Beat("evaluate", draw.uniform(0.5, 4) * HOUR)]
    if draw.random() < 0.3:
        found += [Beat("suspended", draw.uniform(1, 4) * HOUR), Beat("confirmed", draw.uniform(3, 9) * HOUR)]
    if sector == "early_years":
        found.append(Beat("ofsted", draw.uniform(1, 5) * HOUR))
    return found


def meeting(draw: Random, *, pauses: bool = False, goes_on: bool = True) -> list[Beat]:
    """The first meeting, sometimes put off; then its minutes and the actions that it set."""
    found = [Beat("arrange", draw.uniform(1, 5) * HOUR)]
    if draw.random() < 0.1:
        found.append(Beat("arrange", draw.uniform(1, 2.5) * DAY, {"again": True}))
    wait = draw.uniform(4, 8) * DAY if draw.random() < 0.15 else draw.uniform(1, 3.2) * DAY
    then = "pause" if pauses else "investigate"
    actions = draw.randint(1, 3)
    found.append(Beat("meet", wait, {"then": then if goes_on else None, "actions": actions}))
    return [*found, *after_meeting(draw, actions)]


def after_meeting(draw: Random, actions: int) -> list[Beat]:
    """The actions done, most of them in time, and the minutes sent."""
    done = [Beat("done", draw.uniform(0.4, 2) * DAY) for _ in range(actions) if draw.random() < DONE_IN_TIME]
    return [*done, Beat("minutes", draw.uniform(0.5, 8) * DAY)]


def review(draw: Random, *, then: str | None, is_police: bool = False) -> list[Beat]:
    """A review, sometimes later than was promised, and the action that it set."""
    weeks = draw.uniform(1.4, 1.9) if is_police else draw.uniform(2, 3.6)
    late = draw.randint(1, 5) if draw.random() < LATE_REVIEWS else 0
    actions = draw.choice((0, 0, 1))
    done = [Beat("done", draw.uniform(1, 4) * DAY)] if actions and draw.random() < DONE_IN_TIME else []
    beat = Beat("review", weeks * WEEK + late * DAY, {"then": then, "late": late, "actions": actions})
    return [beat, *done, *_note(draw)]


def conclusion(draw: Random) -> list[Beat]:
    """The outcome proposed and decided, everybody told, the case closed."""
    found = [Beat("propose", draw.uniform(1, 4) * DAY)] if draw.random() < 0.7 else []
    return [
        *found,
        Beat("decide", draw.uniform(0.5, 3) * DAY),
        Beat("tell", draw.uniform(0.5, 4) * DAY),
        Beat("done_all", draw.uniform(0.5, 3) * DAY),
        Beat("close", draw.uniform(1, 9) * DAY),
    ]


def concluded(draw: Random, sector: str, *, is_police: bool, again: bool) -> list[Beat]:
    """A whole life with an outcome, re-opened once and closed again where `again` says so."""
    pace = draw.choices([name for name, _ in PACES], [weight for _, weight in PACES])[0]
    found = [*opening(draw), *threshold(draw, is_police=is_police), *first_steps(draw, sector)]
    if pace == QUICK:
        found += _quick(draw)
    else:
        pauses = is_police and draw.random() < 0.6
        found += meeting(draw, pauses=pauses)
        for _ in range(draw.randint(3, 7) if pace == LONG else draw.randint(0, 2)):
            found += review(draw, then="pause" if pauses else "investigate", is_police=is_police)
        if is_police:
            found.append(Beat("police_end", draw.uniform(1, 5) * DAY, {"resume": pauses}))
    found += conclusion(draw)
    return [*found, *reopened(draw)] if again else found


def reopened(draw: Random) -> list[Beat]:
    """New evidence after closure, looked into and concluded again."""
    return [
        Beat("reopen", draw.uniform(2, 5) * WEEK),
        Beat("investigate_again", draw.uniform(1, 6) * HOUR),
        Beat("review", draw.uniform(1.5, 2.5) * WEEK, {"then": None, "late": 0, "actions": 0}),
        Beat("decide", draw.uniform(1, 2) * DAY),
        Beat("done_all", draw.uniform(1, 2) * DAY),
        Beat("follow_up", draw.uniform(1, 2) * DAY),
        Beat("close", draw.uniform(1, 2) * DAY),
    ]


def below(draw: Random, ending: str) -> list[Beat]:
    """A referral that does not meet the threshold, and what is said about it."""
    late = draw.uniform(9, 16) * HOUR if draw.random() < LATE_DECISIONS else draw.uniform(0.5, 6) * HOUR
    return [*opening(draw), Beat(ending, late)]


def advice(draw: Random) -> list[Beat]:
    """A call that ends with advice, most often in the same quarter of an hour."""
    return [Beat("log"), Beat("advice", draw.choice((5, 8, 10, 15, 40, 120)))]


def transferred(draw: Random) -> list[Beat]:
    """A case that belongs to another authority, which takes it."""
    asked = [Beat("offer", draw.uniform(1, 5) * HOUR), Beat("accepted", draw.uniform(1, 4) * DAY)]
    return [*opening(draw), *threshold(draw, is_police=False), *asked]


def merged(draw: Random) -> list[Beat]:
    """The same event told a second time by somebody else."""
    return [*opening(draw), Beat("merge", draw.uniform(0.5, 3) * HOUR)]


def _quick(draw: Random) -> list[Beat]:
    """A clear case: a plan without a meeting, or a meeting that can conclude."""
    if draw.random() < 0.5:
        return [Beat("oversee", draw.uniform(1, 6) * HOUR, {"review_in": draw.randint(10, 28)})]
    return meeting(draw, goes_on=False)


def _note(draw: Random) -> list[Beat]:
    return [Beat("note", draw.uniform(0.5, 3) * DAY)] if draw.random() < 0.5 else []

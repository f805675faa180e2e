"""Which dates given with a move cannot be, and which are only unusual: rules on top of the shape of what was typed.

Only what is certain is refused: the future for what has happened, the past for what is planned, a meeting before there
was a referral. A far date is most often a slip of the year, so more than two years ahead is refused as well: a review
that never comes is no review.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from workflows.london import london_day

REVIEW_WITHIN = timedelta(weeks=6)
"""A review farther away than this is unusual and is pointed out (a default of this product)."""

FARTHEST = timedelta(days=2 * 365)
"""Nothing is planned farther ahead than this (a default of this product)."""


class Known(NamedTuple):
    """What the dates of a move are held against: the instant of recording and when the referral was received."""

    at: datetime
    received_at: datetime

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.at)


def held(held_at: datetime, known: Known) -> str:
    """What is wrong with the moment of a meeting or review that took place."""
    if held_at > known.at:
        return "This is in the future. Enter when it was held, or arrange it first and record it afterwards."
    if london_day(held_at) < london_day(known.received_at):
        return "This is before the referral was received. Check the day, the month and the year."
    return ""


def happened(happened_at: datetime, known: Known) -> str:
    """What is wrong with the moment of something that others did. It may lie before the referral."""
    if happened_at > known.at:
        return "This is in the future. Enter when it happened, or record it once it has."
    return ""


def planned(planned_at: datetime, known: Known) -> str:
    """What is wrong with the moment that a meeting is planned for."""
    if planned_at <= known.at:
        return "This has passed. Enter a moment that is still to come, or record the meeting if it was held."
    return _too_far(london_day(planned_at), known)


def review(review_on: date, known: Known) -> str:
    """What is wrong with the day of the next review."""
    if review_on <= known.today:
        return "The next review has to be after today. Enter a later day."
    return _too_far(review_on, known)


def due(due_on: date, known: Known) -> str:
    """What is wrong with the day by which someone has to do something."""
    if due_on < known.today:
        return "This day has passed. Enter today or a later day."
    return _too_far(due_on, known)


def told(told_on: date, known: Known) -> str:
    """What is wrong with the day on which somebody was told."""
    if told_on > known.today:
        return "This is in the future. Enter the day they were told, or record it once they have been."
    return ""


def _too_far(day: date, known: Known) -> str:
    return "This is more than two years away. Check the year." if day > known.today + FARTHEST else ""


RULES: Mapping[str, Callable[[Any, Known], str]] = {
    "held_at": held,
    "happened_at": happened,
    "police_ended_at": happened,
    "planned_at": planned,
    "review_on": review,
    "due_on": due,
    "information_on": due,
    "told_on": told,
    "update_by_on": due,
}
"""The rule for each dated answer by its name."""


def problems(answers: Mapping[str, Any], known: Known) -> dict[str, str]:
    """Say what is wrong with the dates among the answers, by name, and how to mend it. Empty: they can stand."""
    found = {name: rule(answers[name], known) for name, rule in RULES.items() if isinstance(answers.get(name), date)}
    return {name: message for name, message in found.items() if message}


def unusual(answers: Mapping[str, Any], known: Known) -> str:
    """Point out what is allowed and seldom meant; empty when nothing is."""
    review_on = answers.get("review_on")
    if isinstance(review_on, date) and review_on > known.today + REVIEW_WITHIN:
        return "The next review is more than six weeks away: set an earlier one if something may change before."
    return ""

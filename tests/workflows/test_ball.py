"""Who had the ball, and for how many days."""

from datetime import date

import pytest

from tests.support.cases import DAY, HOUR, Walk
from workflows import adjustments
from workflows.ball import days_by_holder, spells
from workflows.fold import apply
from workflows.registry import PROCEDURES


class Told(Walk):
    """A walk that keeps the instant of each event."""

    def __init__(self, *moves):
        self.happened = []
        super().__init__(*moves)

    def make(self, move, **given):
        made = super().make(move, **given)
        self.happened += [(self.at, event) for event in made]
        return made

    def adjust(self, kind, after, **given):
        self.at += after
        clock = self.case.running["conclusion"]
        for event in getattr(adjustments, kind)(self.case, clock, self.practice, self.at, **given):
            apply(self.case, event)
            self.happened.append((self.at, event))

    @property
    def days(self):
        return days_by_holder(spells(self.happened, PROCEDURES), self.at)


def test_a_case_of_today_is_with_the_designated_officer():
    assert Told("refer").days == {"lado": 0}


def test_a_state_that_waits_hands_the_ball_over():
    walk = Told("refer", "meet_threshold")
    walk.make("hold_meeting", after=3 * DAY)
    walk.make("pause_for_police", after=2 * DAY)
    walk.make("hold_review", after=20 * DAY)
    assert walk.days == {"lado": 5, "police": 20}


def test_a_clock_that_stands_still_says_who_has_the_ball():
    walk = Told("refer", "meet_threshold", "hold_meeting")
    walk.adjust("pause", DAY, holder="court", review_on=date(2026, 4, 1))
    walk.adjust("resume", 10 * DAY)
    walk.at += 4 * DAY
    assert walk.days == {"lado": 5, "court": 10}


def test_the_whole_case_comes_before_one_clock():
    walk = Told("refer", "meet_threshold", "hold_meeting")
    walk.adjust("pause", DAY, holder="court", review_on=date(2026, 4, 1))
    walk.make("pause_for_police", after=2 * DAY)
    walk.make("hold_review", after=7 * DAY)
    walk.at += 3 * DAY
    assert walk.days == {"lado": 1, "court": 5, "police": 7}


def test_a_closed_case_is_in_nobodys_hands():
    walk = Told("refer")
    walk.make("advise", after=2 * DAY)
    walk.at += 30 * DAY
    assert walk.days == {"lado": 2}


@pytest.mark.parametrize("hours", [1, 23, 24, 47])
def test_no_day_is_lost_or_counted_twice(hours):
    walk = Told("refer", "meet_threshold", "hold_meeting")
    begun = walk.happened[0][0]
    for move in ("pause_for_police", "hold_review") * 5:
        walk.make(move, after=hours * HOUR)
    assert sum(walk.days.values()) == (walk.at.date() - begun.date()).days

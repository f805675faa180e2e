"""Olive goes on leave: Carl inherits her cases, passes one on, one is not accepted in time; she reads what happened."""

import pytest

from lado.jobs.handovers import run_pass
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.passes import at


@pytest.fixture
def tick(database, clock):
    """One pass of the scheduler, as at an instant."""

    def one_pass(when):
        clock.move_to(at(when))
        run_pass(database)

    return one_pass


@pytest.fixture
def cases(caseload, database, people):
    """Four cases of Olive's, who is away from Tuesday to Friday; Carl covers."""
    made = [caseload.referral() for _ in range(4)]
    with database.work(people.mina) as act:
        new = NewAbsence(people.olive.id, "leave", at("2026-03-03T00:00"), at("2026-03-07T00:00"), people.carl.id)
        cover.book_leave(act, new)
    return [one.reference for one in made]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_cases_are_handed_over_and_back(arrive, caseload, tick, cases, people, database, scripts):
    accepted, second, refused, forgotten = cases
    tick("2026-03-03T09:00")
    carl = arrive(scripts=scripts)
    carl.sign_in("carl")
    inherits(carl, accepted, second, refused)

    tick("2026-03-04T17:00")
    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    takes_what_climbed(mina, refused, forgotten)

    tick("2026-03-07T09:00")
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    comes_back(olive, cases)


def inherits(carl, accepted, second, refused):
    """From his home page to the briefings; two are accepted, and one is passed on with a reason."""
    carl.sees("Hand-overs waiting for my answer: 4")
    carl.follow("Accept them, or say why not")
    carl.sees("Olive Officer is away until the end of Friday 6 March.")
    carl.press(f"Accept {accepted}")
    carl.sees(f"{accepted} is with you until your colleague is back.")
    carl.press(f"Accept {second}")
    carl.sees("With me until they are back: 2")

    carl.follow(f"Say why not for {refused}")
    carl.sees("Robin Sample")
    carl.press("Pass it on")
    carl.sees("Say why not, so that the next person knows.")
    carl.type("Why can you not take it?", "The family lives next door to me.")
    carl.press("Pass it on")
    carl.sees(f"{refused} was offered to Mina Manager instead")
    carl.sees("Waiting for my answer: 1")


def takes_what_climbed(mina, refused, forgotten):
    """What was passed on to her and what nobody accepted in time stand on her home page; she takes up both."""
    mina.sees("Hand-overs waiting for my answer: 2")
    mina.follow("Accept them, or say why not")
    mina.sees("It was offered to Carl Cover and not accepted in time, so it came to you.")
    mina.press("Accept all 2")
    mina.sees("Accepted: 2 cases.")
    mina.sees(refused)
    mina.sees(forgotten)


def comes_back(olive, cases):
    """She reads what happened to each, and says so; then the card is gone."""
    olive.sees("Welcome back.")
    olive.follow("Read what happened while you were away")
    for reference in cases:
        olive.sees(reference)
    olive.sees("Carl Cover could not take the hand-over")
    olive.sees("What lapsed")
    olive.press("I have read this")
    olive.sees("Your cases are with you again.")
    olive.sees_no("Read what happened while you were away")

"""Carl has never covered before and nobody showed him how: he goes where the pages lead him, and knows no address."""

import pytest

from lado.jobs import escalation, handovers
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.passes import at


@pytest.fixture
def cases(caseload, clock, database, people):
    """Three cases of Olive's: she fell sick on Tuesday, on Wednesday morning each has lapsed and is handed over."""
    escalation.run_pass(database)
    found = [caseload.referral(), caseload.referral(), caseload.referral(safety_steps="She stays off the ward.")]
    with database.work(people.mina) as act:
        away = NewAbsence(people.olive.id, "sickness", at("2026-03-03T00:00"), at("2026-03-07T00:00"), people.carl.id)
        cover.book_leave(act, away)
    clock.move_to(at("2026-03-04T08:45"))
    escalation.run_pass(database)
    handovers.run_pass(database)
    return [case.reference for case in found]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_first_morning_of_somebody_who_covers(arrive, cases, scripts):
    carl = arrive(scripts=scripts)
    carl.sign_in("carl")
    reads_what_came(carl, cases)
    answers_what_lapsed(carl, cases)
    does_the_work(carl, cases[0])


def reads_what_came(carl, cases):
    """Why, for whom and until when; each case in short before it is accepted."""
    carl.sees("You cover for Olive Officer until the end of Friday 6 March: 3 open cases")
    carl.sees("Hand-overs waiting for my answer: 3")
    carl.follow("Accept them, or say why not")
    carl.sees("Olive Officer is away until the end of Friday 6 March.")
    carl.follow_this(carl.page.locator(".briefing__title a", has_text=cases[2]))
    carl.sees("Briefing for whoever covers")
    for question in ("What not to do", "What is due next", "Open actions", "Who is waiting"):
        carl.sees(question)
    carl.sees("Olive Officer stays the accountable officer, and is away until the end of Friday 6 March.")
    carl.press(f"Accept {cases[2]}")
    carl.sees(f"{cases[2]} is with you until your colleague is back.")
    carl.press("Accept all 2")
    carl.sees("With me until they are back: 3")
    carl.follow("Home", exact=True)
    carl.sees_no("Hand-overs waiting for my answer")


def answers_what_lapsed(carl, cases):
    """One he deals with, one he comes back to, one he takes over for good."""
    carl.sees("Waiting for my answer: 3")
    carl.follow("Answer what was escalated to you")
    carl.sees("It came to you in the place of the accountable officer. Olive Officer was asked first.")
    carl.press("I am dealing with it")
    carl.sees(f"{cases[0]}: noted that you deal with it.")

    carl.follow("come back to it later")
    carl.sees("Nobody hears later than they would have.")
    carl.choose("When will you come back to it?", "At 10:45 today")
    carl.press("Come back later")
    carl.sees("Say why.")
    carl.type("Why?", "The school opens at half past ten.")
    carl.press("Come back later")
    carl.sees(f"{cases[1]}: it waits for you again at 10:45 today.")

    carl.follow("Take the case over")
    carl.sees("To look after it only while somebody is away, accept its hand-over instead.")
    carl.press("Take it over")
    carl.sees(f"{cases[2]}: you are now its accountable officer.")
    carl.follow("Home", exact=True)


def does_the_work(carl, case):
    """What he said that he deals with is recorded: nobody hears of it any more."""
    carl.follow(case)
    carl.sees("so this case is with you for now")
    carl.follow("No further action, agreed with the employer")
    carl.type("Why?", "He was not at work on that day.")
    carl.type("Who was told, and what?", "The head teacher, by telephone.")
    carl.press("End with no further action")
    carl.sees("No further action recorded.")

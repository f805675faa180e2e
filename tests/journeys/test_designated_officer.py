"""Olive's day-to-day: one allegation from a telephone call to closure, with scripts and once without."""

import re

import pytest
from playwright.sync_api import Locator

from tests.support.journey import REFERENCE, Traveller

AUDIENCES = (
    *("referrer", "employer", "subject, by the employer", "parents or carers", "child", "regulator"),
    "placing authority",
)
ANSWERS = {
    "Employer": "Told the outcome",
    "Subject, by the employer": "The employer told them the outcome",
    "Child": "Told what is happening, not the outcome",
    "Regulator": "Does not concern this case",
    "Placing authority": "Does not concern this case",
}
"""What is recorded of the others, but of the parents, on one form."""

BODIES = ("Disclosure and Barring Service", "Regulator", "Children’s social care")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_allegation_from_the_first_call_to_closure(arrive, clock, scripts):
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.sees("Nothing is waiting")

    reference = takes_the_call(olive)
    decides_the_threshold(olive)
    arranges_the_meeting(olive)
    clock.advance(days=3, hours=2)
    olive.sign_in("olive")
    records_the_meeting(olive, reference)
    waits_for_the_police(olive)
    clock.advance(days=14)
    olive.sign_in("olive")
    reviews(olive, reference)
    decides_the_outcome(olive)
    tells_everyone(olive)
    closes(olive)
    the_record_shows_it(olive)


def takes_the_call(olive: Traveller) -> str:
    """The fewest answers: who, about whom, what, and whether the children are safe. The moment stands there already."""
    olive.press("Log a referral")
    olive.pick("Who is the caller?", "Education")
    olive.type("Name of the caller", "Pat Partner")
    olive.type("Name of the adult", "Robin Sample")
    olive.type("Employer or setting", "Willow Lane Primary School")
    olive.type("What happened, in the caller’s words", "Is said to have pulled a child by the arm.")
    olive.choose("What kind of harm is it about?", "Physical")
    olive.choose("Are the children safe now?", "Yes")
    olive.sees("decide by the end of Tuesday 3 March")
    olive.press("Save the referral")
    olive.sees("Referral logged")
    olive.sees("the end of Tuesday 3 March")
    found = re.search(REFERENCE, olive.page.inner_text("main"))
    assert found, "the caller is given a reference"
    olive.press("Open the case")
    olive.sees("Robin Sample")
    return found[0]


def decides_the_threshold(olive: Traveller) -> None:
    """The hard gate says what it lacks; with its limbs and reasons it opens."""
    olive.follow("Threshold met", exact=True)
    olive.press("Record that the threshold is met")
    olive.sees("Tick at least one limb of the harm threshold.")
    olive.page.get_by_label("1. Behaved in a way that has harmed").check()
    olive.type("Why?", "Two people saw it, and the child has a bruise.")
    olive.page.get_by_label("The police have been told, or are already involved").check()
    olive.press("Record that the threshold is met")
    olive.sees("Threshold met. Next:")


def arranges_the_meeting(olive: Traveller) -> None:
    """The form proposes the third working day at ten."""
    olive.follow("Arrange the meeting")
    olive.press("Arrange the meeting")
    olive.sees("The meeting is arranged.")
    olive.sees("Planned meeting, by 10:00 on Thursday 5 March")


def records_the_meeting(olive: Traveller, reference: str) -> None:
    """From the queue to the case, what the meeting decided, and one action that comes of it."""
    olive.sees("What needs me now")
    olive.follow(reference)
    olive.follow("Record the meeting")
    olive.type("Who attended, and who sent apologies? (optional)", "The head teacher\nDC Example, police")
    olive.type("What was decided? (optional)", "The police go first.")
    olive.press("Record the meeting")
    olive.sees("The meeting is recorded.")
    olive.follow("Set an action")
    olive.type("What has to be done?", "Send the chronology to the police.")
    olive.press("Set the action")
    olive.sees("The action is set.")
    olive.sees("Send the chronology to the police.")


def waits_for_the_police(olive: Traveller) -> None:
    """A pause without a review date is refused; what was typed is kept."""
    olive.follow("Pause for the police")
    olive.type("Who leads for the police?", "DC Example")
    olive.enter("When is the next review?", "")
    olive.press("Pause for the police")
    olive.sees("Enter the day of the next review.")
    assert olive.box("Who leads for the police?").input_value() == "DC Example"
    olive.enter("When is the next review?", "19 3 2026")
    olive.press("Pause for the police")
    olive.sees("Paused for the police. Next:")
    olive.sees("The case over time")


def reviews(olive: Traveller, reference: str) -> None:
    """The review comes back to the queue on its day; the date of a clock shows its working."""
    olive.follow(reference)
    olive.follow("Record a review")
    olive.type("Progress by the police (optional)", "No charge. The papers are with the school.")
    olive.press("Record the review")
    olive.sees("The review is recorded.")
    olive.follow_this(olive.page.locator("#clocks ~ .deadlines a"))
    olive.sees("How was this date reached?")
    olive.follow("Where it stands")


def decides_the_outcome(olive: Traveller) -> None:
    """Proposed first; the decision begins with what was proposed."""
    olive.follow("Propose the outcome")
    olive.choose("The outcome of the allegation", "Substantiated")
    olive.press("Propose it")
    olive.sees("The outcome is proposed.")
    olive.follow("Decide the outcome")
    olive.type("Why?", "Two witnesses agree.")
    olive.press("Record the outcome")
    olive.sees("The outcome is decided.")


def tells_everyone(olive: Traveller) -> None:
    """The case does not close before it is recorded who was told and what was referred on; the form leads to each.

    One audience is answered by itself and the others together, on one form.
    """
    olive.follow("Close the case")
    for audience in AUDIENCES:
        olive.sees(f"Whether told: {audience}")
    olive.follow(f"Whether told: {AUDIENCES[0]}")
    olive.choose("Have they been told?", "Told")
    olive.press("Record it")
    olive.sees("Recorded.")
    olive.follow("Close the case")
    olive.sees_no(f"Whether told: {AUDIENCES[0]}")
    olive.follow("Record of several at once who was told")
    for group, answer in (*ANSWERS.items(), ("Parents or carers", "Not told, for a reason")):
        answers_for(olive, group).get_by_label("What do you record?").select_option(label=answer)
    olive.press("Record it")
    olive.sees("Parents or carers: give the reason why they are not told.")
    answers_for(olive, "Parents or carers").get_by_role("textbox").fill("They could not be reached.")
    olive.press("Record it")
    olive.sees("Each of them has an answer")
    olive.sees("They could not be reached.")
    olive.follow("Back to")
    for body in BODIES:
        olive.follow("Close the case")
        olive.follow(f"Whether to refer on: {body}")
        olive.choose("What is decided?", "Not needed")
        olive.press("Record the decision")
        olive.sees("The decision to refer on is recorded.")


def answers_for(olive: Traveller, audience: str) -> Locator:
    """What is asked of one audience on the form for several."""
    return olive.page.get_by_role("group", name=audience, exact=True)


def closes(olive: Traveller) -> None:
    """With everything recorded it closes; the action that is still open stays alive, and is then done."""
    olive.follow("Close the case")
    olive.sees_no("What is still missing")
    olive.type("Closing note", "All is said and done.")
    olive.press("Close the case")
    olive.sees("The case is closed. Next: Action 1")
    olive.follow("Action 1 is done")
    olive.page.get_by_label("Send the chronology to the police.").check()
    olive.press("Record that it is done")
    olive.sees("The action is done. Nothing more is due.")


def the_record_shows_it(olive: Traveller) -> None:
    """Every step stands on the record in its order, and on the page for paper."""
    olive.follow("The record")
    words = olive.page.inner_text("main")
    steps = (
        "Threshold met",
        "Arrange the meeting",
        "Record the meeting",
        "Pause for the police",
        "Record a review",
        "Propose the outcome",
        "Decide the outcome",
        "Close the case",
    )
    places = [words.find(step) for step in steps]
    assert -1 not in places, dict(zip(steps, places, strict=True))
    assert places == sorted(places), dict(zip(steps, places, strict=True))
    olive.follow("The whole case, for paper")
    olive.sees("All is said and done.")

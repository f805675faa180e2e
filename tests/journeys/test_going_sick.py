"""Olive rings in sick: her cases go to whoever stands in, and her manager plans the days anew in one step."""

import pytest

from lado.jobs.handovers import run_pass
from lado.services import rotas
from lado.services.rotas import NewDuty
from tests.support.passes import at


@pytest.fixture
def case(caseload, database, people, clock):
    """A case of Olive's; Carl has the duty all week."""
    with database.work(people.mina) as act:
        duty = dict.fromkeys(range(5), people.carl.id)
        rotas.set_duty(act, NewDuty(people.mina.authority, 1, clock.now().date(), duty))
    return caseload.referral().reference


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_goes_sick_is_covered_at_once_and_planned_anew(arrive, case, clock, database, scripts):
    clock.move_to(at("2026-03-03T08:20"))
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    goes_sick(olive)
    run_pass(database)

    carl = arrive(scripts=scripts)
    carl.sign_in("carl")
    carl.sees("You cover for Olive Officer until the end of Thursday 5 March: 1 open case")
    carl.sees("Hand-overs waiting for my answer: 1")

    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    plans_anew(mina)
    run_pass(database)

    dana = arrive(scripts=scripts)
    dana.sign_in("dana")
    dana.sees("Hand-overs waiting for my answer: 1")
    dana.follow("Accept them, or say why not")
    dana.press(f"Accept {case}")
    dana.sees(f"{case} is with you until your colleague is back.")
    carl.follow("Home", exact=True)
    carl.sees_no(case)
    carl.sees_no("You cover for Olive Officer")


def goes_sick(olive):
    """She does not choose who covers: before she sends it, the page says who it will be."""
    olive.follow("Cover", exact=True)
    olive.press("Somebody is sick today")
    olive.pick("Who is sick?", "Olive Officer")
    olive.enter("Last day away", "5 3 2026")
    if not olive.has_scripts:
        olive.press("Check")
    olive.sees(
        "Carl Cover is there for Olive Officer from Tuesday 3 March to Thursday 5 March instead of Olive Officer."
    )
    olive.press("Record it")
    olive.sees("Recorded. Carl Cover is on duty and covers from Tuesday 3 March to Thursday 5 March.")


def plans_anew(mina):
    """She is at work, Olive is not: Dana takes the cases instead of Carl, and it is for a day longer."""
    mina.follow("Cover", exact=True)
    mina.sees("Away: Carl Cover covers until the end of Thursday 5 March")
    mina.follow("Change Olive Officer")
    mina.enter("Last day away", "6 3 2026")
    mina.pick("Who covers?", "Dana Deputy")
    if not mina.has_scripts:
        mina.press("Work it out")
    mina.sees("Dana Deputy covers from Tuesday 3 March to Friday 6 March.")
    mina.press("Save the change")
    mina.sees("Changed. Dana Deputy covers from Tuesday 3 March to Friday 6 March.")
    mina.sees("Away: Dana Deputy covers until the end of Friday 6 March")

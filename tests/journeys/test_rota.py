"""The rota's story: Olive works part-time and asks for a swap, Carl takes it, Mina finds cover for who is sick."""

import pytest

from lado.services import rotas
from lado.services.rotas import NewDuty, NewPattern
from workflows.office import USUAL_HOURS


@pytest.fixture
def weekly(database, people, clock):
    """Olive has the duty on Tuesdays and does not work on Thursdays; Dana is second every day."""
    here, today = people.mina.authority, clock.now().date()
    hours = (*USUAL_HOURS.week[:3], None, *USUAL_HOURS.week[4:])
    with database.work(people.mina) as act:
        rotas.set_pattern(act, NewPattern(people.olive.id, today, hours))
        rotas.set_duty(act, NewDuty(here, 1, today, {1: people.olive.id, 3: people.carl.id}))
        rotas.set_duty(act, NewDuty(here, 2, today, dict.fromkeys(range(5), people.dana.id)))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_week_of_the_rota(arrive, weekly, scripts):
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.go("/cover?view=week")
    olive.sees("Does not work")
    olive.follow("Duty, swaps and working hours")
    olive.press("Ask for a swap")
    olive.choose("Which duty?", "First: asked first")
    olive.enter("First day", "3 3 2026")
    olive.enter("Last day", "3 3 2026")
    if scripts:
        olive.sees("Nobody is first on duty on Tuesday 3 March instead of Olive Officer.")
    else:
        olive.press("Check")
        olive.sees("Nobody is first on duty on Tuesday 3 March instead of Olive Officer.")
    olive.press("Ask for the swap")
    olive.sees("Asked. Your colleagues are told.")

    carl = arrive(scripts=scripts)
    carl.sign_in("carl")
    carl.go("/cover/duty")
    carl.follow("see what it changes")
    carl.sees("Carl Cover is first on duty on Tuesday 3 March instead of Olive Officer.")
    carl.press("Take this duty")
    carl.sees("Taken. Carl Cover is first on duty")

    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    mina.go("/cover")
    mina.press("Somebody is sick today")
    mina.pick("Who is sick?", "Olive Officer")
    mina.pick("Who covers?", "Dana Deputy")
    if not scripts:
        mina.press("Check")
    mina.sees("Dana Deputy is there for Olive Officer on Monday 2 March instead of Olive Officer.")
    mina.press("Record it")
    mina.sees("Recorded. Dana Deputy covers on Monday 2 March.")
    mina.follow("Week", exact=True)
    mina.sees("Sick")

"""Mina’s story: she books leave that leaves nobody, is told before she saves, and closes the gap that stands."""

import pytest


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_leave_that_leaves_nobody_stands_as_a_gap_until_somebody_is_named(arrive, caseload, scripts):
    caseload.referral()
    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    mina.follow("Cover", exact=True)
    mina.sees("100 of 100")
    mina.press("Book leave")
    mina.pick("Who is away?", "Olive Officer")
    mina.choose("Why?", "Leave")
    mina.enter("First day away", "9 3 2026")
    mina.enter("Last day away", "13 3 2026")
    mina.press("Work it out")
    mina.sees("This leaves a gap from Monday 9 March to Friday 13 March")
    mina.sees("Name who covers.")
    mina.press("Book it")
    mina.sees("Booked.")

    mina.follow("Home", exact=True)
    mina.sees("A gap in the cover ahead from Monday 9 March to Friday 13 March: Nobody is there for Olive Officer")
    mina.follow("What would close it")
    mina.sees("Gaps ahead")
    mina.follow("Name who covers from Monday 9 March to Friday 13 March.")
    mina.pick("Who covers?", "Carl Cover")
    mina.press("Save the change")
    mina.sees("Changed. Carl Cover covers from Monday 9 March to Friday 13 March.")

    mina.follow("Home", exact=True)
    mina.sees_no("A gap in the cover ahead")
    mina.go("/cover/gaps")
    mina.sees("No gap in the next 12 weeks")
    mina.go("/manage/demand")
    mina.sees("too few whole weeks yet")

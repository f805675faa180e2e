"""A wrong received date is put right: the officer asks, the manager agrees, and both dates stand on every page."""

import pytest


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_received_date_is_corrected_by_two_people(arrive, caseload, clock, scripts):
    case = caseload.referral()
    clock.advance(hours=2)
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    asks(olive, case.reference, scripts=scripts)

    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    agrees(mina, case.reference)

    olive.go("/")
    olive.follow(case.reference)
    olive.sees("17:05 on Sunday 1 March (corrected)")
    olive.follow("The record", exact=True)
    olive.sees("Corrected since: Received Sunday 1 March 2026 at 17:05")
    olive.follow("Dates", exact=True)
    olive.sees("First recorded: Monday 2 March 2026 at 09:30")


def asks(olive, reference, *, scripts):
    """From the case to its dates, to the one that is wrong; what would change is shown before it is asked for."""
    olive.follow(reference)
    olive.follow("Dates", exact=True)
    olive.sees("Where does each date come from?")
    olive.follow("Ask to correct")
    olive.enter("What should it be?", "27 2 2026", "17:05")
    if scripts:
        olive.sees("Due by the end of today")  # worked out while one types
    else:
        olive.press("See what would change")
        olive.sees("Due by the end of today")
    olive.enter("What should it be?", "1 3 2026", "17:05")
    olive.press("Ask for the correction")
    olive.sees("Say why the date is wrong, and what shows the right one.")
    olive.type("Why is it wrong, and what shows the right one?", "The voicemail is of Sunday, five past five.")
    olive.press("Ask for the correction")
    olive.sees("Asked. A manager who had no part in it agrees or refuses")
    olive.sees("Waiting for a second person")


def agrees(mina, reference):
    """From her home page to both dates and the reason; a choice has to be made."""
    mina.sees("Corrections waiting for my answer: 1")
    mina.follow_this(mina.page.locator("#corrections").get_by_role("link", name=reference))
    mina.sees("The voicemail is of Sunday, five past five.")
    mina.press("Record the decision")
    mina.sees("Choose what you decide.")
    mina.choose("What do you decide?", "Agree, and work the clocks out anew")
    mina.press("Record the decision")
    mina.sees("The date is corrected. The original stays beside it.")
    mina.sees("Corrected: Sunday 1 March 2026 at 17:05")
    mina.follow("Home", exact=True)
    mina.sees_no("Corrections waiting")


def test_nobody_agrees_to_their_own_request(arrive, caseload, clock):
    case = caseload.referral()
    clock.advance(hours=2)
    mina = arrive()
    mina.sign_in("mina")
    mina.go(f"/referrals/{case.reference}/dates/1/received_at")
    mina.enter("What should it be?", "1 3 2026", "17:05")
    mina.type("Why is it wrong, and what shows the right one?", "The voicemail is of Sunday.")
    mina.press("Ask for the correction")
    mina.follow("Agree or refuse")
    mina.sees(
        "You cannot decide this correction: you asked for it, and a second person decides. Hal Head can decide it."
    )
    mina.sees_no("Record the decision")

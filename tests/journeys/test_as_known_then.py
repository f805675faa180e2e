"""A service manager walks back through a case and the queue, and sees what was known then beside what is known now."""

from datetime import timedelta

import pytest


@pytest.fixture
def a_case(caseload, clock):
    """A case whose meeting was held on the Tuesday and recorded on the Thursday."""
    case = caseload.referral(("meet_threshold",))
    held_at = clock.now() + timedelta(days=1)
    clock.advance(days=3)
    caseload.make(case, "hold_meeting", {"held_at": held_at, "review_on": (held_at + timedelta(days=14)).date()})
    clock.advance(hours=2)
    return case


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_case_and_the_queue_as_they_were_known(arrive, a_case, scripts):
    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    mina.go(f"/referrals/{a_case.reference}")
    mina.follow("As known then")
    mina.sees("Everything that is recorded today had been recorded by then.")

    mina.follow("Earlier recording")
    mina.sees("As known on Thursday 5 March 2026 at 09:30")
    mina.sees("Meeting 1 held")
    mina.follow("Earlier recording")
    mina.sees("As known on Monday 2 March 2026 at 09:30")
    mina.sees_no("Meeting 1 held")

    mina.page.locator("summary", has_text="Choose another moment").click()
    mina.enter("Choose a moment", "4 3 2026", "12.00")
    mina.press("Show this moment")
    mina.sees("As known on Wednesday 4 March 2026 at 12:00")
    mina.sees("Some of what held then was recorded later, or corrected since.")
    mina.sees("Met on Tuesday 3 March 2026 at 09:30")


def test_the_queue_of_a_past_day(arrive, a_case):
    mina = arrive()
    mina.sign_in("mina")
    mina.follow("The queue as it was known at a past moment")
    mina.sees("1 case was open.")
    mina.follow("A day earlier")
    mina.sees("On Wednesday 4 March 2026 at 11:30")
    mina.sees("State: Meeting held")
    mina.follow(a_case.reference, exact=True)
    mina.sees("As known on Wednesday 4 March 2026 at 11:30")

    mina.go("/then")
    mina.unfold("Choose another moment")
    mina.enter("Choose a moment", "4 3 2027", "12:00")
    mina.press("Show this moment")
    mina.sees("Choose a moment that has passed.")
    mina.enter("Choose a moment", "1 3 2026", "12:00")
    mina.press("Show this moment")
    mina.sees("No case was open")

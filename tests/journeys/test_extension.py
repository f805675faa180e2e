"""A time limit that cannot hold: given more time, left to the court, reviewed, started again; once without scripts."""

import pytest

from tests.support.journey import Traveller


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_more_time_and_a_pause_keep_every_date_that_was_promised(arrive, caseload, clock, scripts):
    case = caseload.referral(("meet_threshold",))
    olive = arrive(scripts=scripts)
    olive.sign_in("olive")

    gives_more_time(olive, case.reference)
    leaves_it_to_the_court(olive, case.reference)
    clock.advance(days=28)
    olive.sign_in("olive")
    reviews_the_pause(olive, case.reference)
    clock.advance(days=7)
    olive.sign_in("olive")
    starts_it_again(olive, case.reference)
    the_working_is_there_to_take_away(olive, case.reference)


def gives_more_time(olive: Traveller, reference: str) -> None:
    """What it comes to is shown before it is saved; without a reason there is nothing to save."""
    olive.go(f"/referrals/{reference}")
    olive.follow("First meeting", exact=True)
    olive.follow("Give it more time")
    olive.type("How many more working days?", "2")
    olive.press("See what comes of it")
    olive.sees("Say why.")
    olive.type("Why?", "The head teacher is away until Wednesday.")
    olive.press("See what comes of it")
    olive.sees(
        "“First meeting” is due by the end of Wednesday 11 March. Until now it was due by the end of Monday 9 March."
    )
    olive.press("Give it more time")
    olive.sees("Extended by 2 more working days")
    olive.sees("The head teacher is away until Wednesday.")


def leaves_it_to_the_court(olive: Traveller, reference: str) -> None:
    """A pause says who has the ball and when it is looked at again; the first meeting could not be paused."""
    olive.unfold("What cannot be done with this clock now")
    olive.sees("Under the council’s rules this clock does not stand still for anybody.")
    olive.go(f"/referrals/{reference}")
    olive.follow("Conclusion", exact=True)
    olive.follow("Let it stand still")
    olive.choose("Who has the ball?", "The court")
    olive.type("Why?", "The trial comes first.")
    olive.press("See what comes of it")
    olive.sees("The pause is reviewed by the end of Monday 30 March.")
    olive.press("Let it stand still")
    olive.sees("the ball is with the court")
    olive.go(f"/referrals/{reference}")
    olive.sees("Review the pause of a clock")


def reviews_the_pause(olive: Traveller, reference: str) -> None:
    """On its day the review is there; the trial was put off, so it goes on for a while."""
    olive.go(f"/referrals/{reference}/clocks/conclusion/1")
    olive.follow("Let it stand still longer")
    olive.enter("When is it reviewed next?", "10 4 2026")
    olive.type("Why?", "The trial was put off.")
    olive.press("See what comes of it")
    olive.press("Let it stand still")
    olive.sees("The pause is reviewed by the end of Friday 10 April.")


def starts_it_again(olive: Traveller, reference: str) -> None:
    """The days with the court are not counted, and the case says how many they were."""
    olive.go(f"/referrals/{reference}/clocks/conclusion/1")
    olive.follow("Start it again")
    olive.type("Why?", "The trial is over.")
    olive.press("See what comes of it")
    olive.sees("“Conclusion” is due by the end of Monday 6 July. Until now it was due by the end of Tuesday 2 June.")
    olive.press("Start it again")
    olive.sees("After the pause")
    olive.sees("paused: the court")
    olive.go(f"/referrals/{reference}")
    olive.sees("Who had the ball")


def the_working_is_there_to_take_away(olive: Traveller, reference: str) -> None:
    """As a file, and in short on the whole case for paper."""
    olive.go(f"/referrals/{reference}/clocks/conclusion/1")
    with olive.page.expect_download() as started:
        olive.page.get_by_role("link", name="Download this working").click()
    assert started.value.suggested_filename == f"{reference}-working.csv"
    olive.go(f"/referrals/{reference}/whole")
    olive.sees("How the dates were reached")
    olive.sees("34 × paused: the court")

"""Carl's story: a colleague is away, a time limit lapses, it comes to him and says why; and when nobody is there."""

import pytest

from lado.jobs.escalation import run_pass


@pytest.fixture
def tick(database):
    """One pass of the scheduler, as at the instant at which the test's clock stands."""
    return lambda: run_pass(database)


def test_what_lapses_while_olive_is_away_comes_to_carl(arrive, caseload, clock, tick):
    referral = caseload.referral()
    tick()
    olive = arrive()
    olive.sign_in("olive")
    books_leave(olive, cover="Carl Cover")
    olive.sees("Carl Cover")

    clock.advance(days=1, hours=23)
    tick()  # Wednesday morning: the decision was due by the end of Tuesday
    carl = arrive()
    carl.sign_in("carl")
    carl.sees("You cover for Olive Officer until")
    carl.sees(referral.reference)
    carl.follow("Escalations")
    carl.sees(referral.reference)
    carl.sees("It came to you")
    carl.press("I am dealing with it")
    carl.sees("noted that you deal with it")
    carl.follow("Home", exact=True)
    carl.follow(referral.reference)
    carl.sees("You cover for Olive Officer until")
    carl.sees("so this case is with you for now")

    carl.follow("No further action, agreed with the employer")
    carl.type("Why?", "He was not at work on that day.")
    carl.type("Who was told, and what?", "The head teacher, by telephone.")
    carl.press("End with no further action")
    carl.sees("No further action recorded.")
    carl.follow("The record")
    carl.sees("Carl Cover")
    carl.follow("Escalations")
    carl.sees("Nothing waits for you")


def test_when_nobody_is_there_every_page_says_so(arrive, caseload, clock, tick):
    caseload.referral()
    tick()
    olive = arrive()
    olive.sign_in("olive")
    books_leave(olive, cover="")
    olive.sees("Nobody is there for Olive Officer")

    clock.advance(days=1, hours=23)
    tick()
    mina = arrive()
    mina.sign_in("mina")
    for place in ("Home", "Search", "Escalations"):
        mina.follow(place, exact=True)
        assert "Olive Officer" in mina.page.get_by_label("Something is wrong").inner_text()
    mina.follow("Cover", exact=True)
    mina.sees("Nobody is there for Olive Officer")


def test_a_scheduler_that_says_nothing_is_an_alarm_on_every_page(arrive, clock, tick):
    tick()
    clock.advance(minutes=6)
    bea = arrive()
    bea.sign_in("bea")
    assert "The scheduler has been silent since" in bea.page.get_by_label("Something is wrong").inner_text()
    tick()
    bea.follow("Home", exact=True)
    bea.sees_no("The scheduler has been silent since")


def books_leave(olive, cover):
    """From Tuesday to Friday, with this cover or with nobody."""
    olive.follow("Cover", exact=True)
    olive.press("Book leave")
    olive.pick("Who is away?", "Olive Officer")
    olive.choose("Why?", "Leave")
    olive.enter("First day away", "3 3 2026")
    olive.enter("Last day away", "6 3 2026")
    if cover:
        olive.pick("Who covers?", cover)
    olive.press("Work it out")
    olive.press("Book it")

"""Mina's story: another version of the procedure is rehearsed, taken up and given back; a holiday is announced late."""

from datetime import date

import pytest

from lado.adapters.bank_holidays import england
from lado.jobs import changes as job
from lado.security.identity import SYSTEM
from lado.services import installation
from workflows.calendar import Calendar


@pytest.fixture
def tick(database):
    """The scheduler brings running cases under what has changed."""
    return lambda: job.tick(database)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_mina_takes_up_a_version_and_gives_it_back(arrive, caseload, tick, scripts):
    early = caseload.referral()
    late = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome", "follow_up"))
    mina = arrive(scripts=scripts)
    mina.sign_in("mina")
    mina.follow("Our rules")
    mina.follow("The versions of the procedure")
    mina.press("See what version 2 would change")
    mina.sees("Nothing is changed by looking.")
    mina.sees("2 open cases would move.")
    mina.sees("“Following up the outcome” becomes “Outcome decided”")
    mina.press("Move to this version")
    mina.sees("Version 2 is in force.")
    mina.sees("2 to go")
    tick()
    mina.press("See how far it has come now")
    mina.sees("Done: 2 cases changed.")
    mina.follow(late.reference)
    mina.sees("Outcome decided")
    mina.follow("The record")
    mina.sees("The case goes on under version 2 of the procedure")

    olive = arrive(scripts=scripts)
    olive.sign_in("olive")
    olive.follow(early.reference)
    olive.sees("The receipt, sent to the referrer")
    olive.follow("The receipt, sent to the referrer")
    olive.type("How was it sent, and to whom? (optional)", "By e-mail, to the head teacher.")
    olive.press("Record that it was sent")
    olive.sees("The receipt is recorded as sent.")

    mina.go("/settings/procedure")
    mina.press("See what version 1 would change")
    mina.sees("Stays as it is. It has what only its own version knows")
    mina.press("Go back to this version")
    tick()
    mina.press("See how far it has come now")
    mina.sees("1 case changed, 1 kept as it was")
    mina.sees("Kept as it is.")


def test_a_holiday_announced_late_is_looked_at(arrive, caseload, clock, database, tick):
    late, running = caseload.referral(), caseload.referral()
    clock.advance(days=2)
    caseload.make(late, "meet_threshold")
    known, tuesday, friday = england(), date(2026, 3, 3), date(2026, 3, 6)
    days = {**known.holidays, tuesday: "Day of mourning", friday: "Day of thanks"}
    with database.work(SYSTEM) as act:
        installation.keep_holidays(act, Calendar.of(known.name, days, known.known_from, known.known_to))
    tick()

    mina = arrive()
    mina.sign_in("mina")
    mina.follow("Our rules")
    mina.follow("Bank holidays and closures, year by year")
    mina.sees("Tuesday 3 March 2026")
    mina.unfold("The lists that were kept")
    mina.follow("Look at")
    mina.follow(late.reference)
    mina.sees("With the late day counted as closed")
    mina.press("Record that you have looked at it")
    mina.sees("Say what you found.")
    mina.type("What did you find, and what was done about it?", "In time, with the day counted as closed.")
    mina.press("Record that you have looked at it")
    mina.sees("Recorded: you have looked at it.")

    mina.go(f"/referrals/{running.reference}")
    mina.follow("The record")
    mina.sees("The bank holidays or days of closure changed")

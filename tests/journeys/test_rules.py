"""Mina's story: new as service manager, she makes one working day 24 hours, sees what that does, and takes it back."""

import pytest

from lado.jobs import changes as job

LIMIT = "How long is the limit?"


@pytest.fixture
def mina(arrive):
    """Mina, signed in, in a browser with scripts."""
    mina = arrive()
    mina.sign_in("mina")
    return mina


def test_one_working_day_becomes_24_hours_and_goes_back(mina, caseload, database):
    referral = caseload.referral()
    begins_to_change_the_decision(mina)
    mina.type(LIMIT, "24")
    mina.choose("Counted in", "Hours")
    mina.sees("By 09:30 on Tuesday 3 March")  # worked out as she types
    mina.sees("In force now: by the end of Tuesday 3 March")
    mina.press("Keep in my draft")
    mina.sees("Is it still written there?")
    mina.press("See what this would do")
    mina.sees("1 date would change.")
    mina.sees(referral.reference)
    mina.press("Go on to publish")
    mina.press("Publish")
    mina.sees("Choose for which cases the new rules hold.")
    publishes(mina, "Running cases too: dates that have not come yet are worked out anew")
    mina.sees("0 of 1 open cases looked at")
    job.tick(database)
    mina.press("See how far it is")
    mina.sees("1 of 1 open cases looked at: 1 brought under these rules")

    mina.follow("Versions of our rules")
    mina.sees("1 working day became 24 hours")
    first = mina.page.locator(".versions__title a").last.get_attribute("href")
    mina.go(first)
    mina.press("Bring these rules back")
    mina.sees("Then: By the end of Tuesday 3 March")
    mina.press("Go on to publish")
    publishes(mina, "Running cases too: dates that have not come yet are worked out anew")
    job.tick(database)
    mina.go(f"/referrals/{referral.reference}")
    mina.sees("by the end of Tuesday 3 March")


def test_the_same_without_scripts(arrive, caseload):
    caseload.referral()
    mina = arrive(scripts=False)
    mina.sign_in("mina")
    begins_to_change_the_decision(mina)
    mina.type(LIMIT, "24")
    mina.choose("Counted in", "Hours")
    mina.press("Work it out")
    mina.sees("By 09:30 on Tuesday 3 March")
    mina.press("Keep in my draft")
    mina.press("See what this would do")
    mina.press("Go on to publish")
    publishes(mina, "New referrals only: running cases keep the rules that they began with")
    mina.sees("Published for new referrals only.")
    mina.follow("Versions of our rules")
    mina.follow("Our rules", exact=True)
    mina.sees("24 hours. It starts when a referral reaches us.")


def test_who_is_there_and_who_is_told(mina):
    mina.go("/settings/rules/change")
    mina.follow("Change the usual warnings")
    mina.type("At which percentages of the time is the officer warned?", "50, 80")
    mina.press("Keep in my draft")
    mina.follow("Add a ladder for some limits only")
    mina.type("What is it called?", "Urgent")
    mina.press("Add to my draft")
    mina.pick("Service manager: told", "At once")
    mina.press("Keep in my draft")
    mina.sees(
        "Service manager: how many?"
    )  # the cover would hear after the service manager: refused, and kept as typed
    mina.sees("There is a problem")
    mina.pick("Cover: told", "Not told")
    mina.press("Keep in my draft")
    mina.follow("Change closed on")
    mina.enter("Which day?", "29 12 2026")
    mina.type("Why?", "Between Christmas and New Year")
    mina.press("Add to my draft")
    mina.sees("Tuesday 29 December 2026")
    mina.follow("Change the rules")
    mina.follow("Change office hours")
    mina.page.get_by_role("group", name="Friday").get_by_label("Closes").fill("16:00")
    mina.press("Keep in my draft")
    mina.sees("Office hours on Friday")
    mina.press("Throw the draft away")
    mina.sees("The rules in force stand as they are.")


def begins_to_change_the_decision(mina):
    """From the home page to the form of one limit, by what is written on the links."""
    mina.follow("Our rules", exact=True)
    mina.press("Change the rules")
    mina.follow("Change evaluation and threshold decision")


def publishes(mina, reach):
    """Say for which cases and why, and publish."""
    mina.choose("Which cases?", reach)
    mina.type("Why do the rules change?", "Decided by the board on 2 March.")
    mina.press("Publish")
    mina.sees("Published. These rules are in force now.")

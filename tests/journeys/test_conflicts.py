"""Carl's children go to a school: he says so, a case from there lapses while he covers, and it never comes to him."""

from lado.jobs.escalation import run_pass
from tests.journeys.test_cover_officer import books_leave


def test_a_case_from_the_school_of_his_children_goes_past_carl(arrive, caseload, clock, database):
    run_pass(database)
    carl = arrive()
    carl.sign_in("carl")
    carl.follow("Cover", exact=True)
    carl.follow("Conflicts of interest")
    carl.press("Declare a link")
    carl.choose("What is the link to?", "A school")
    carl.type("Name", "Willow Lane Primary School")
    carl.type("What is the link?", "My children go there.")
    carl.press("Declare it")
    carl.sees("are looked after by others")

    referral = caseload.referral()
    olive = arrive()
    olive.sign_in("olive")
    books_leave(olive, cover="Carl Cover")
    clock.advance(days=1, hours=23)
    run_pass(database)

    carl.sign_in("carl")
    carl.sees("You cover for Olive Officer")
    carl.sees_no(referral.reference)
    carl.follow("Escalations", exact=True)
    carl.sees_no(referral.reference)
    carl.follow("Search", exact=True)
    carl.type("Reference, name or setting", referral.reference)
    carl.press("Search")
    carl.sees_no("Willow Lane")

    mina = arrive()
    mina.sign_in("mina")
    mina.follow("Escalations", exact=True)
    mina.sees(referral.reference)

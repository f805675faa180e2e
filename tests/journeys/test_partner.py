"""Pat's story: a partner sees where their own referral stands, does what they owe, and sees nothing of others'."""

from datetime import timedelta


def test_where_it_stands_what_i_owe_and_the_outcome_once_released(arrive, caseload, people, clock):
    referral = caseload.referral(("meet_threshold", "hold_meeting"), partner=people.pat.id)
    sets_an_action(caseload, referral, people.pat, clock)
    others = caseload.referral(partner=people.pol.id)
    pat = arrive()
    pat.sign_in("pat")

    pat.sees(referral.reference)
    pat.sees_no(others.reference)
    pat.sees_no("Robin Sample")
    pat.follow(referral.reference)
    steps = pat.page.get_by_role("list", name="Where your referral stands")
    assert "In progress" in steps.locator("[aria-current=step]").inner_text()
    pat.sees("Send the training record.")

    pat.follow("Send the training record.")
    pat.type("Is there anything the officer should know? (optional)", "It went by secure e-mail today.")
    pat.press("Say that this is done")
    pat.sees("The officer is told that this is done.")
    pat.sees("Done")

    pat.press("Write to the officer")
    pat.type("Your message", "May we tell the parents?")
    pat.press("Send the message")
    pat.sees("Your message is sent.")

    caseload.make(referral, "decide_outcome")
    pat.go(f"/portal/{referral.reference}")
    pat.sees_no("Substantiated")
    caseload.make(referral, "release_outcome", {}, {})
    pat.go(f"/portal/{referral.reference}")
    pat.sees("The outcome has been released to you: Substantiated.")
    pat.press("I have read this")
    pat.sees("The officer sees that you have read the outcome.")
    pat.sees("You read it:")


def test_what_is_not_mine_answers_as_what_does_not_exist(arrive, caseload, people):
    others = caseload.referral(partner=people.pol.id)
    pat = arrive()
    pat.sign_in("pat")
    pat.sees("No referrals here")

    answers = set()
    for path in (
        f"/portal/{others.reference}",
        "/portal/NB-AAAAAA-A",
        f"/referrals/{others.reference}",
        "/referrals/NB-AAAAAA-A",
    ):
        pat.go(path)
        answers.add(pat.page.inner_text("main"))
    assert len(answers) == 1
    pat.sees("Page not found")


def sets_an_action(caseload, referral, partner, clock):
    """Olive gives the partner something to do within a week."""
    due_on = (clock.now() + timedelta(days=7)).date()
    answers = {"due_on": due_on, "holder": "partner", "user": partner.id}
    caseload.make(referral, "set_action", answers, {"action": "Send the training record."})

"""New partners on a phone, with scripts and without: from the invitation in the mail to the outcome that they read."""

import pytest
from sqlalchemy import select

from lado.models import Referral
from lado.services import partner_messages
from lado.services.invitations import NewPerson
from tests.support.files import PDF
from tests.support.online import (
    accept,
    answer_the_four_questions,
    reads_the_outcome,
    sign_in_again,
    write_what_else_is_needed,
)
from tests.support.partners import asked_to, given_access, invited, post_to
from tests.support.signing import sign_in

MAIL = {"robin": "robin@example.test", "holly": "holly@example.test"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_police_officer_is_let_in_and_does_what_they_owe(app, arrive, caseload, database, people, scripts):
    referral = caseload.referral(("meet_threshold", "hold_meeting"), partner=people.pat.id)
    new = NewPerson(people.pol.agency, "DC Robin Constable", MAIL["robin"], is_checked=True)
    account = invited(database, people.olive, new)
    robin = arrive(scripts=scripts, phone=True)
    (invitation,) = post_to(database, MAIL["robin"])
    accept(robin, invitation, MAIL["robin"], news=True, wrong="too short" if scripts else "")
    robin.sees("No referrals here")

    given_access(caseload, referral, account, "Leads the police enquiry.")
    asked_to(caseload, referral, account, "Say when you have interviewed.")
    page = post_to(database, MAIL["robin"])[-1]
    robin.go(page)
    robin.sees("In progress")
    robin.follow("Say when you have interviewed.")
    robin.type("Is there anything the officer should know? (optional)", "On Thursday. The plan is attached.")
    robin.box("Add a file (optional)").set_input_files(
        {"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    robin.press("Say that this is done")
    robin.sees("The officer is told that this is done and has your file.")

    robin.press("Write to the officer")
    robin.type("Your message", "Please wait until Friday before you speak to him.")
    robin.press("Send the message")
    robin.sees("Your message is sent.")
    with database.work(people.olive) as act:
        partner_messages.answer(act, referral.id, account, "We wait for you.")
    assert post_to(database, MAIL["robin"]) == [page]
    robin.go(page)
    robin.sees("We wait for you.")

    caseload.make(referral, "pause_for_police")
    robin.go(page)
    robin.sees("Waiting for another agency")
    of_the_school = sign_in(app, "pat").get(page).text
    assert "Waiting for another agency" in of_the_school
    assert "police" not in of_the_school.lower()

    for move in ("hold_review", "propose_outcome", "decide_outcome", "release_outcome"):
        caseload.make(referral, move)
    assert page in post_to(database, MAIL["robin"])
    reads_the_outcome(robin, page)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_hr_adviser_refers_follows_it_and_is_told(arrive, caseload, clock, database, people, scripts):
    new = NewPerson(people.pat.agency, "Holly Harebell", MAIL["holly"], is_checked=True)
    account = invited(database, people.olive, new)
    holly = arrive(scripts=scripts, phone=True)
    (invitation,) = post_to(database, MAIL["holly"])
    accept(holly, invitation, MAIL["holly"])

    holly.press("Refer someone")
    answer_the_four_questions(holly)
    holly.follow("About you")
    holly.type("Your job", "HR adviser")
    holly.type("Telephone number", "01632 960 140")
    holly.press("Save and come back later")
    holly.sees("Nothing has been sent to us yet.")
    holly.sign_out()
    clock.advance(days=1)
    holly.go("/portal/refer")
    sign_in_again(holly, MAIL["holly"])
    holly.follow("About you")
    holly.press("Save and continue")
    write_what_else_is_needed(holly)
    holly.follow("What happened")
    holly.type("Tell us what happened", "Is said to have pushed a child in the corridor.")
    holly.choose("What kind of harm is it about?", "Physical: hit, pushed, held, or put at risk of injury")
    holly.press("Save and continue")
    holly.press("Check your answers")
    holly.press("Send the referral")
    holly.sees("We have received your referral")

    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
    sign_ins, page = post_to(database, MAIL["holly"])
    assert sign_ins == "/your-sign-ins", "of the browser that she had not signed in with before"
    assert page.endswith(referral.reference)
    holly.press("See where it stands")
    holly.sees("What you need to do")
    for move in ("meet_threshold", "hold_meeting"):
        caseload.make(referral, move)
    asked_to(caseload, referral, account, "Send the record of training.")
    holly.go("/portal")
    holly.sees("One action waits for you")
    holly.sees("In progress")

    for move in ("propose_outcome", "decide_outcome"):
        caseload.make(referral, move)
    holly.go(page)
    holly.sees_no("Substantiated")
    assert post_to(database, MAIL["holly"]) == [page], "of her action, and nothing else: she chose no e-mails"
    caseload.make(referral, "release_outcome")
    assert post_to(database, MAIL["holly"]) == []
    reads_the_outcome(holly, page)

"""Somebody refers on line: a head teacher on a phone, from invitation to outcome, and a stranger without scripts."""

import pytest
from sqlalchemy import select

from lado.models import Referral
from lado.services.invitations import NewPerson
from tests.support.files import PNG
from tests.support.online import (
    accept,
    answer_the_four_questions,
    reads_the_outcome,
    sign_in_again,
    write_what_else_is_needed,
)
from tests.support.partners import invited, post_to

HEAD = "heather@example.test"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_head_teacher_refers_on_a_phone_stops_comes_back_and_is_told(
    arrive, caseload, database, people, clock, scripts
):
    invited(database, people.olive, NewPerson(people.pat.agency, "Heather Headley", HEAD, is_checked=True))
    heather = arrive(scripts=scripts, phone=True)
    (invitation,) = post_to(database, HEAD)
    accept(heather, invitation, HEAD, news=True)
    heather.press("Refer someone")
    answer_the_four_questions(heather)

    heather.follow("About you")
    heather.type("Your job", "Head teacher")
    heather.type("Telephone number", "01632 960 100")
    heather.press("Save and continue")
    heather.follow("What happened")
    heather.type("Tell us what happened", "He is said to have pulled a child by the arm.")
    heather.press("Save and come back later")
    heather.sees("Nothing has been sent to us yet.")
    clock.advance(days=1)

    heather.go("/portal/refer/what")
    sign_in_again(heather, HEAD)
    heather.press("Save and continue")
    heather.sees("Choose the kind that fits best.")
    heather.choose("What kind of harm is it about?", "Physical: hit, pushed, held, or put at risk of injury")
    heather.press("Save and continue")
    write_what_else_is_needed(heather)
    heather.follow("Add a file")
    heather.box("Choose a file").set_input_files({"name": "Arm.png", "mimeType": "image/png", "buffer": PNG})
    heather.press("Add this file")
    heather.sees("Arm.png (Picture (PNG), 1 KB)")
    heather.press("Continue")
    heather.press("Check your answers")
    heather.sees("He is said to have pulled a child by the arm.")
    heather.press("Send the referral")

    heather.sees("We have received your referral")
    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
    assert referral.received_at == clock.now()
    heather.sees(referral.reference)
    olive = arrive()
    olive.sign_in("olive")
    olive.follow(referral.reference)
    olive.follow("1 file that came with it")
    with olive.page.expect_download() as saved:
        olive.page.get_by_role("link", name="Arm.png").click()
    assert saved.value.path().read_bytes() == PNG

    for move in ("meet_threshold", "hold_meeting", "propose_outcome", "decide_outcome", "release_outcome"):
        caseload.make(referral, move)
    reads_the_outcome(heather, post_to(database, HEAD)[-1])


@pytest.mark.parametrize("scripts", [True, False])
def test_a_stranger_begins_and_is_told_to_look_for_a_message(arrive, scripts):
    nora = arrive(scripts=scripts, phone=True)
    nora.go("/sign-in")
    nora.follow("begin here")
    answer_the_four_questions(nora)
    nora.pick("Which council?", "Northbrook Council")
    nora.press("Send me the link")
    nora.sees("Enter your name.")
    nora.type("Your name", "Nora Newcomer")
    nora.type("Your e-mail address at work", "nora@oak-nursery.example")
    nora.type("Telephone number", "01632 960 300")
    nora.pick("Which of these are you?", "Early years provider")
    nora.press("Send me the link")

    nora.sees("Nothing has reached an officer yet.")
    nora.sees("If a child is in danger now, ring 999.")

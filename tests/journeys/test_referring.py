"""Somebody refers on line: a head teacher on a phone with a photograph, and a stranger whose browser has no scripts."""

import pytest
from sqlalchemy import select

from lado.models import Referral
from tests.support.files import PNG
from tests.support.online import answer_the_four_questions, write_what_else_is_needed


def test_a_head_teacher_refers_on_a_phone_stops_comes_back_and_sends(arrive, database, people, clock):
    pat = arrive(phone=True)
    pat.sign_in("pat")
    pat.go("/portal/refer")
    answer_the_four_questions(pat)

    pat.follow("About you")
    pat.type("Telephone number", "01632 960 100")
    pat.press("Save and continue")
    pat.follow("What happened")
    pat.type("Tell us what happened", "He is said to have pulled a child by the arm.")
    pat.press("Save and come back later")
    pat.sees("Nothing has been sent to us yet.")
    clock.advance(days=1)

    pat.sign_in("pat")
    pat.go("/portal/refer/what")
    pat.press("Save and continue")
    pat.sees("Choose the kind that fits best.")
    pat.choose("What kind of harm is it about?", "Physical: hit, pushed, held, or put at risk of injury")
    pat.press("Save and continue")
    write_what_else_is_needed(pat)
    pat.follow("Add a file")
    pat.box("Choose a file").set_input_files({"name": "Arm.png", "mimeType": "image/png", "buffer": PNG})
    pat.press("Add this file")
    pat.sees("Arm.png (Picture (PNG), 1 KB)")
    pat.press("Continue")
    pat.press("Check your answers")
    pat.sees("He is said to have pulled a child by the arm.")
    pat.press("Send the referral")

    pat.sees("We have received your referral")
    with database.reading(people.olive) as act:
        referral = act.session.scalars(select(Referral)).one()
    assert referral.received_at == clock.now()
    pat.sees(referral.reference)
    olive = arrive()
    olive.sign_in("olive")
    olive.follow(referral.reference)
    olive.follow("1 file that came with it")
    with olive.page.expect_download() as saved:
        olive.page.get_by_role("link", name="Arm.png").click()
    assert saved.value.path().read_bytes() == PNG


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

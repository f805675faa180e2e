"""A colleague's time limit lapses while Carl is on a bus: a message on his phone leads him there."""

import re

import pytest
from playwright.sync_api import expect

from lado.jobs import escalation, notices
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.mail import Pigeon
from tests.support.passes import at

A_THUMB = 44
"""CSS pixels that a button is high at least: well above the 24 that the standard asks for."""


@pytest.fixture
def message(caseload, clock, database, people, address):
    """What was written to Carl when a case of Olive's lapsed on the first day of her leave; and the case."""
    escalation.run_pass(database)
    case = caseload.referral()
    with database.work(people.mina) as act:
        away = NewAbsence(people.olive.id, "leave", at("2026-03-03T00:00"), at("2026-03-07T00:00"), people.carl.id)
        cover.book_leave(act, away)
    clock.advance(days=1, hours=23)
    escalation.run_pass(database)
    pigeon = Pigeon()
    notices.tick(database, pigeon, address)
    (letter,) = [one for one in pigeon.letters if one.to == "carl@example.test" and "lapsed" in one.subject]
    return letter, case.reference


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_escalation_is_answered_on_a_phone(arrive, message, scripts):
    letter, reference = message
    assert reference in letter.subject
    assert "Robin" not in letter.subject + letter.text
    (link,) = re.findall(r"https?://\S+", letter.text)

    carl = arrive(scripts=scripts, phone=True)
    carl.page.goto(link)
    carl.judge()
    carl.sign_in_here("carl")
    carl.sees("You cover for Olive Officer until the end of Friday 6 March, so this case is with you for now.")
    carl.sees("This was escalated to you in the place of the accountable officer: “Threshold decision”")
    carl.follow("Answer what was escalated to you")
    expect(carl.page.locator(":target")).to_contain_text(reference)
    carl.sees("It came to you in the place of the accountable officer.")
    carl.sees("Olive Officer was asked first.")
    carl.sees("Hears next:")
    answer = carl.page.get_by_role("button", name="I am dealing with it").bounding_box()
    assert answer is not None
    assert answer["height"] >= A_THUMB
    carl.press("I am dealing with it")
    carl.sees(f"{reference}: noted that you deal with it.")
    carl.sees("Nothing waits for you")
    carl.follow("Everyone’s")
    carl.sees("Carl Cover deals with it since 08:30 today")

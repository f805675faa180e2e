"""Two people break the glass: Carl asks with a reason, Hal lets him in, Carl reads, Mina is told, and it ends."""

import pytest

from lado.jobs import notices
from lado.services import restrictions
from lado.services.restrictions import NewList
from tests.support.journey import Traveller
from tests.support.mail import Pigeon

WHY = "Olive is away, and he is with children tonight."


@pytest.mark.parametrize("scripts", [True, False], ids=["at a desk", "on a phone without scripts"])
def test_one_asks_another_agrees_the_keeper_is_told_and_it_ends(arrive, caseload, clock, database, people, scripts):
    reference = caseload.referral(("meet_threshold",)).reference
    with database.work(people.mina) as act:
        restrictions.restrict(act, 1, NewList([people.olive.id], "A cousin of a colleague."))
    carl, hal = (arrive(scripts=scripts, phone=not scripts) for _ in range(2))

    carl.sign_in("carl")
    asks(carl, reference, slips=not scripts)
    hal.sign_in("hal")
    lets_in(hal, reference, slips=not scripts)
    reads_and_no_more(carl, reference)

    pigeon = Pigeon()
    notices.tick(database, pigeon, carl.address)
    told = [
        letter.subject for letter in pigeon.letters if letter.to == "mina@example.test" and "let in" in letter.subject
    ]
    assert told == [f"{reference}: somebody asks to be let in", f"{reference}: somebody was let in"]
    assert not [letter for letter in pigeon.letters if WHY in letter.text or "Robin" in letter.text]

    clock.advance(hours=1)
    carl.sign_in("carl")
    carl.go(f"/referrals/{reference}")
    carl.sees("Page not found")


def asks(carl: Traveller, reference: str, *, slips: bool) -> None:
    """Without a reason nothing is asked."""
    carl.go("/restricted")
    carl.press("Ask to read a restricted case")
    carl.type("Reference of the case", reference)
    carl.type("For how many hours?", "1")
    if slips:
        carl.press("Ask")
        carl.sees("Say why you need to read it.")
    carl.type("Why do you need to read it?", WHY)
    carl.press("Ask")
    carl.sees("If there is such a restricted case, whoever can let you in has been told")


def lets_in(hal: Traveller, reference: str, *, slips: bool) -> None:
    """Hal cannot read the case himself; he reads who asks, and why."""
    hal.go("/restricted")
    hal.follow(f"Answer for {reference}")
    hal.sees("Carl Cover asks to read this case")
    hal.sees(WHY)
    if slips:
        hal.press("Answer")
        hal.sees("Choose yes or no.")
    hal.choose("May they read it?", "Yes, let them read it")
    hal.type("Why?", "Nobody of the list can be reached.")
    hal.press("Answer")
    hal.sees("They can read it from now on, and it ends by itself.")


def reads_and_no_more(carl: Traveller, reference: str) -> None:
    """Each page says until when and why; none offers to record anything; and there is a way back."""
    carl.go("/restricted")
    carl.sees("You were let in for a while")
    carl.follow(reference)
    carl.sees(f"You are reading a restricted case until 10:30 today, because you said: “{WHY}”")
    carl.sees("Robin Sample")
    carl.sees_no("More you can do")
    carl.follow("The record", exact=True)
    carl.sees("Hal Head let you in. You can read it and record nothing.")
    carl.follow("Back to restricted cases")

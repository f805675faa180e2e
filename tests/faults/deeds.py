"""What somebody does while the process is killed: they log a referral, make a move, correct a date, pause a clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lado.act import Act
from lado.clock import FixedClock
from lado.db import Database
from lado.jobs.escalation import run_pass
from lado.security.identity import Identity
from lado.services import adjustments, corrections, moves, once, referrals
from lado.services.corrections import NewCorrection
from tests.support.builders import Caseload, given, new_referral
from tests.support.people import People

CONCLUSION = ("conclusion", 1)
"""The clock that stands still: its key, and which of its runs."""
LAPSED = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
Do = Callable[[Act, FixedClock, int], None]


class Deed(NamedTuple):
    """Who does it, what has to be there before (a case's id, where one is), and the doing."""

    who: str
    before: Callable[[Caseload, People], int]
    do: Do
    is_form: bool = True
    """Whether somebody sends it from a page, in one transaction; what ticks has several, each of them whole."""


def _nothing(caseload: Caseload, people: People) -> int:
    return caseload.referral().id


def _met(caseload: Caseload, people: People) -> int:
    return caseload.referral(("meet_threshold",)).id


def _asked(caseload: Caseload, people: People) -> int:
    referral = caseload.referral(("meet_threshold",))
    with caseload.database.work(people.olive) as act:
        _ask(act, caseload.clock, referral.id)
    return referral.id


def _log(act: Act, clock: FixedClock, case: int) -> None:
    referrals.log(act, new_referral(clock))


def _move(act: Act, clock: FixedClock, case: int) -> None:
    answers, words = given("meet_threshold", clock)
    moves.make(act, case, "meet_threshold", answers, words)


def _ask(act: Act, clock: FixedClock, case: int) -> None:
    earlier = clock.now() - timedelta(days=3)
    corrections.ask(act, case, NewCorrection(1, "received_at", earlier, "The note of the call says Friday."))


def _agree(act: Act, clock: FixedClock, case: int) -> None:
    corrections.decide(act, case, 1, agreed=True, reason="The note of the call was seen.")


def _pause(act: Act, clock: FixedClock, case: int) -> None:
    review_on = (clock.now() + timedelta(days=14)).date()
    adjustments.pause(act, case, CONCLUSION, "The trial is in May.", holder="court", review_on=review_on)


def _three(caseload: Caseload, people: People) -> int:
    cases = [caseload.referral().id for _ in range(3)]
    return cases[0]


def _not_sent(act: Act, clock: FixedClock, case: int) -> None:
    raise AssertionError("a tick is no form")


DEEDS: Mapping[str, Deed] = {
    "intake": Deed("olive", _nothing, _log),
    "move": Deed("olive", _nothing, _move),
    "correction asked": Deed("olive", _met, _ask),
    "correction agreed": Deed("mina", _asked, _agree),
    "pause": Deed("olive", _met, _pause),
    "escalation tick": Deed("system", _three, _not_sent, is_form=False),
}


def send(database: Database, who: Identity, deed: Deed, clock: FixedClock, case: int, token: str) -> None:
    """What a page does with a form: one transaction, and one effect however often the same form is sent."""
    with database.work(who) as act:
        if once.claim(act, token) is None:
            deed.do(act, clock, case)
            once.keep(act, token, "/done")


def send_carelessly(database: Database, who: Identity, deed: Deed, clock: FixedClock, case: int, token: str) -> None:
    """The control: the form is taken in one transaction and acted on in another, so that a kill between loses it."""
    with database.work(who) as act:
        is_new = once.claim(act, token) is None
    if is_new:
        with database.work(who) as act:
            deed.do(act, clock, case)
            once.keep(act, token, "/done")


def tick(database: Database) -> None:
    """A pass over three lapsed clocks, two of them to a transaction and the third to another."""
    database.clock = FixedClock(LAPSED)
    run_pass(database, limit=2)

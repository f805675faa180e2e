"""The notices tick: takes what waits, sends it outside any transaction, and marks what became of it."""

from typing import NamedTuple

import structlog
from sqlalchemy.exc import OperationalError

from lado.adapters.mail import Fate, Letter, Mail, MailProblem, MailRefused, OutcomeUnknown, ServerUnreachable
from lado.db import Database
from lado.queries import notices as reading
from lado.security.identity import SYSTEM
from lado.services import heartbeat, notices, recovery, rerouting
from lado.services.notices import Claimed

NAME = "notices"
BATCH = 20
ASKED_AT_ONCE = 100
MOVED_AT_ONCE = 100
"""How many are looked at in one tick; the rest follow in the next, ten seconds later."""

log = structlog.get_logger()


class Sent(NamedTuple):
    """What a tick did: letters that the server took, notices given up, and those that are tried again later."""

    sent: int = 0
    failed: int = 0
    later: int = 0

    def plus(self, other: "Sent") -> "Sent":
        """Both together."""
        return Sent(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def tick(database: Database, mail: Mail, public_url: str, limit: int = BATCH) -> Sent:
    """Send every notice that is due, a few at a time, until none is left or the mail server is not there.

    First what became of earlier ones is asked, where the channel says so; last, what failed moves to the next person,
    and what is written to them goes out at once.
    """
    with database.work(SYSTEM) as act:
        recovery.answer_asked(act)
    if mail.is_followed:
        _follow(database, mail)
    total, is_there = _send_due(database, mail, public_url, limit)
    while _move_on(database) and is_there:
        more, is_there = _send_due(database, mail, public_url, limit)
        total = total.plus(more)
    with database.work(SYSTEM) as act:
        heartbeat.beat(act, NAME)
    if any(total):
        log.info("notices", **total._asdict())
    return total


def _send_due(database: Database, mail: Mail, public_url: str, limit: int) -> tuple[Sent, bool]:
    """Send what is due. Says whether the mail server was there to the end."""
    total, is_there = Sent(), True
    while is_there:
        with database.work(SYSTEM) as act:
            claimed = notices.claim(act, limit)
        if not claimed:
            break
        done, is_there = _send_all(database, mail, public_url, claimed)
        total = total.plus(done)
    return total, is_there


def _send_all(database: Database, mail: Mail, public_url: str, claimed: list[Claimed]) -> tuple[Sent, bool]:
    """Send each; when the server cannot be reached, give the rest back untried. Says whether the server was there."""
    total = Sent()
    for place, one in enumerate(claimed):
        try:
            total = total.plus(_send(database, mail, public_url, one))
        except ServerUnreachable as problem:
            log.warning("mail server unreachable", problem=str(problem))
            with database.work(SYSTEM) as act:
                notices.put_back(act, claimed[place:], str(problem))
            return total.plus(Sent(later=len(claimed) - place)), False
    return total, True


def _send(database: Database, mail: Mail, public_url: str, one: Claimed) -> Sent:
    """Send one notice and mark it. Raises ServerUnreachable; every other problem is this notice's own."""
    try:
        letter = _letter(database, public_url, one)
        if letter is None:
            return Sent()
        fate = mail.fate(letter.message_id) if one.is_unsure else Fate.NEVER_SEEN
        if fate is Fate.NEVER_SEEN:
            mail.send(letter)
    except ServerUnreachable:
        raise
    except MailRefused as problem:
        with database.work(SYSTEM) as act:
            notices.mark_failed(act, one, str(problem))
        return Sent(failed=1)
    except Exception as problem:
        # An outcome that is not known is tried again: twice with one Message-ID is better than never.
        words = str(problem) if isinstance(problem, MailProblem) else type(problem).__name__
        with database.work(SYSTEM) as act:
            is_given_up = notices.try_later(act, one, words, is_unsure=isinstance(problem, OutcomeUnknown))
        return Sent(failed=1) if is_given_up else Sent(later=1)
    with database.work(SYSTEM) as act:
        notices.mark_sent(act, one, is_followed=mail.is_followed)
        notices.settle(act, one.id, fate)
    return Sent(sent=1)


def _letter(database: Database, public_url: str, one: Claimed) -> Letter | None:
    """The letter, opened now; None when another process has it in hand. Raises MailRefused when it is not theirs."""
    with database.work(SYSTEM) as act:
        if not notices.hold(act, one):
            return None
        if reason := rerouting.withheld(act, one.id):
            raise MailRefused(reason)
        return notices.letter(act, one.id, public_url)


def _follow(database: Database, mail: Mail) -> None:
    """Ask what became of messages that the channel had taken. When it does not answer, they are asked about later."""
    with database.work(SYSTEM) as act:
        asked = notices.due_to_ask(act, ASKED_AT_ONCE)
    for one in asked:
        try:
            fate = mail.fate(one.message_id)
        except MailProblem as problem:
            log.warning("not told what became of messages", problem=str(problem))
            return
        with database.work(SYSTEM) as act:
            notices.settle(act, one.id, fate)


def _move_on(database: Database) -> int:
    """Write what failed to the next person. Says how many were written; one that cannot be stops no other."""
    moved = 0
    with database.reading(SYSTEM) as act:
        failed = reading.to_move(act.session, MOVED_AT_ONCE)
    for notice in failed:
        try:
            with database.work(SYSTEM) as act:
                moved += rerouting.move_on(act, notice) is not None
        except OperationalError:
            raise
        except Exception as problem:
            log.error("notice not moved on", notice=notice, problem=type(problem).__name__)
    return moved

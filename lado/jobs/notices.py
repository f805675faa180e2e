"""The notices tick: takes what waits, sends it outside any transaction, and marks what became of it."""

from typing import NamedTuple

import structlog

from lado.adapters.mail import Letter, Mail, MailProblem, MailRefused, ServerUnreachable
from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import heartbeat, notices

NAME = "notices"
BATCH = 20
SHUT = "the account is shut"

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
    """Send every notice that is due, a few at a time, until none is left or the mail server is not there."""
    total, is_there = Sent(), True
    while is_there:
        with database.work(SYSTEM) as act:
            claimed = notices.claim(act, limit)
        if not claimed:
            break
        done, is_there = _send_all(database, mail, public_url, claimed)
        total = total.plus(done)
    with database.work(SYSTEM) as act:
        heartbeat.beat(act, NAME)
    if any(total):
        log.info("notices", **total._asdict())
    return total


def _send_all(database: Database, mail: Mail, public_url: str, claimed: list[int]) -> tuple[Sent, bool]:
    """Send each; when the server cannot be reached, give the rest back untried. Says whether the server was there."""
    total = Sent()
    for place, notice in enumerate(claimed):
        try:
            total = total.plus(_send(database, mail, public_url, notice))
        except ServerUnreachable as problem:
            with database.work(SYSTEM) as act:
                notices.try_later(act, notice, str(problem))
                notices.put_back(act, claimed[place + 1 :])
            return total.plus(Sent(later=len(claimed) - place)), False
    return total, True


def _send(database: Database, mail: Mail, public_url: str, notice: int) -> Sent:
    """Send one notice and mark it. Raises ServerUnreachable; every other problem is this notice's own."""
    try:
        letter = _letter(database, public_url, notice)
        if letter is None:
            raise MailRefused(SHUT)
        mail.send(letter)
    except ServerUnreachable:
        raise
    except MailRefused as problem:
        with database.work(SYSTEM) as act:
            notices.mark_failed(act, notice, str(problem))
        return Sent(failed=1)
    except Exception as problem:
        # An outcome that is not known is tried again: twice with one Message-ID is better than never.
        words = str(problem) if isinstance(problem, MailProblem) else type(problem).__name__
        with database.work(SYSTEM) as act:
            is_given_up = notices.try_later(act, notice, words)
        return Sent(failed=1) if is_given_up else Sent(later=1)
    with database.work(SYSTEM) as act:
        notices.mark_sent(act, notice)
    return Sent(sent=1)


def _letter(database: Database, public_url: str, notice: int) -> Letter | None:
    with database.reading(SYSTEM) as act:
        return notices.letter(act, notice, public_url)

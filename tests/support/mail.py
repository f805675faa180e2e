"""A mail server for tests that answers as it is told, and a sender that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from lado.adapters.mail import Fate, Letter
from setup.serving import free_port

OK = "250 Kept"
DROP = "drop the line"


class Answering:
    """Keeps each message and gives the next of its answers; when they run out, it says yes."""

    def __init__(self, *answers: str, recipient: str = OK) -> None:
        self.answers, self.recipient = list(answers), recipient
        self.kept = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.recipient == OK:
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else OK
        if answer == DROP:
            server.transport.abort()
            return OK
        if answer == OK:
            self.kept.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer


@contextmanager
def mail_server(answering: Answering) -> Iterator[int]:
    """A mail server on a port of its own."""
    port = free_port()
    controller = Controller(answering, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Pigeon:
    """Sends nothing anywhere: keeps the letters, or raises what it was given for the next ones.

    `fates` makes it a channel that says later what became of each letter, by name; `asked` is what it was asked.
    """

    def __init__(self, *problems: Exception | None, fates: dict[str, Fate] | None = None) -> None:
        self.problems, self.letters, self.asked = list(problems), [], []
        self.fates, self.is_followed = fates or {}, fates is not None

    def fate(self, message_id: str) -> Fate:
        self.asked.append(message_id)
        return self.fates.get(message_id, Fate.NEVER_SEEN)

    def send(self, letter: Letter) -> None:
        problem = self.problems.pop(0) if self.problems else None
        if problem is not None:
            raise problem
        self.letters.append(letter)

"""A mail server for tests that answers as it is told, and a sender that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from lado.adapters.mail import Letter
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
    """Sends nothing anywhere: keeps the letters, or raises what it was given for the next ones."""

    def __init__(self, *problems: Exception | None) -> None:
        self.problems, self.letters = list(problems), []

    def send(self, letter: Letter) -> None:
        problem = self.problems.pop(0) if self.problems else None
        if problem is not None:
            raise problem
        self.letters.append(letter)

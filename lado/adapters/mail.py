"""Mail: a letter, how sending it can go wrong, and a sender that speaks SMTP."""

import re
import smtplib
import ssl
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from enum import Enum
from typing import Protocol

from config import Settings

TIMEOUT = 20  # seconds for one answer of the mail server
PERMANENT = 500  # answers from here on mean: never
ONE_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\\\"\x00-\x1f\x7f]+@[^@\s,;:<>()\[\]\\\"\x00-\x1f\x7f]+")
BREAKING = frozenset({"Cc", "Zl", "Zp"})
"""Kinds of characters that end a line somewhere: controls, and Unicode's own ends of lines and paragraphs."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person. `message_id` is the same each time that this letter is sent; `at` dates it."""

    to: str = field(repr=False)
    subject: str
    text: str
    message_id: str
    at: datetime


class MailProblem(Exception):
    """A letter was not, or perhaps not, taken. The words hold the server's code, never an address."""


class MailRefused(MailProblem):
    """The server will never take this letter: trying again is of no use."""


class MailUnavailable(MailProblem):
    """The server did not take this letter now, and may later."""


class ServerUnreachable(MailUnavailable):
    """The server did not answer or could not be trusted: no other letter would be taken now either."""


class OutcomeUnknown(MailProblem):
    """The line broke after the letter was handed over, so it may have been taken; a second one has the same name."""


class Fate(Enum):
    """What became of a letter, as the channel says."""

    NEVER_SEEN = "never seen"
    """The channel knows no letter of this name, or does not say."""
    UNDER_WAY = "under way"
    DELIVERED = "delivered"
    REFUSED = "refused"
    """For good: there is no such mailbox."""
    NOT_NOW = "not now"
    """The mailbox did not take it in the time for which the channel tries."""
    BROKEN = "broken"
    """The channel itself could not send it."""


class Mail(Protocol):
    """Something that sends letters."""

    @property
    def is_followed(self) -> bool:
        """Whether the channel can say later what became of a letter."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises MailRefused, MailUnavailable or OutcomeUnknown."""

    def fate(self, message_id: str) -> Fate:
        """What became of the letter of this name. Raises MailUnavailable."""


class SmtpMail:
    """Sends through the mail server of the settings, encrypted with a verified certificate where they say so."""

    is_followed = False

    def __init__(self, settings: Settings, timeout: float = TIMEOUT) -> None:
        """Take the server, the sender and whether to encrypt from the settings. Nothing is opened yet."""
        self.timeout = timeout
        self.host, self.port = settings.smtp_host, settings.smtp_port
        self.sender = settings.smtp_sender
        self.tls = ssl.create_default_context() if settings.smtp_starttls else None

    def send(self, letter: Letter) -> None:
        """Hand the letter over in a conversation of its own. Raises MailRefused, MailUnavailable or OutcomeUnknown."""
        refuse_forged(letter)
        message = as_message(letter, self.sender).as_bytes(policy=SMTP)
        with self._conversation() as server:
            try:
                _agree(server.rcpt(letter.to))
            except UnicodeError:
                raise MailRefused("the address cannot be written to this server") from None
            except (smtplib.SMTPException, OSError) as problem:
                raise MailUnavailable(type(problem).__name__) from problem
            _hand_over(server, message)

    def fate(self, message_id: str) -> Fate:
        """SMTP does not say: what may have been taken is sent once more under the same name, so that none is lost."""
        return Fate.NEVER_SEEN

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        """A server that takes our mail, encrypted where it has to be: never in the clear because encryption failed."""
        server = None
        try:
            try:
                # The host is named here and not later: without it the certificate would be verified against no name.
                server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
                server.ehlo_or_helo_if_needed()
                if self.tls is not None:
                    server.starttls(context=self.tls)
                    server.ehlo()  # what was said before encryption counts no longer: RFC 3207, 4.2
                # A sender that is not taken is our setting's fault and no letter's: no other one would go out either.
                _agree(server.mail(self.sender))
            except MailProblem as problem:
                raise ServerUnreachable(str(problem)) from problem
            except (smtplib.SMTPException, OSError) as problem:
                raise ServerUnreachable(type(problem).__name__) from problem
            yield server
            with suppress(smtplib.SMTPException, OSError):  # the letter is taken, however the goodbye goes
                server.quit()
        finally:
            if server is not None:
                server.close()


def refuse_forged(letter: Letter) -> None:
    """Refuse what would bring in a second recipient or a header of somebody else's. Raises MailRefused."""
    if not ONE_ADDRESS.fullmatch(letter.to):
        raise MailRefused("the address is not one plain address")
    if any(unicodedata.category(sign) in BREAKING for sign in letter.subject):
        raise MailRefused("the subject is not one line")


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """The letter in the form in which mail travels: one recipient, text alone, marked as sent by a machine."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = letter.at
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _agree(answer: tuple[int, bytes]) -> None:
    code = answer[0]
    if code >= PERMANENT:
        raise MailRefused(f"the mail server said {code}")
    if not 200 <= code < 300:
        raise MailUnavailable(f"the mail server said {code}")


def _hand_over(server: smtplib.SMTP, message: bytes) -> None:
    try:
        answer = server.data(message)
    except smtplib.SMTPDataError as refusal:  # before the letter itself: DATA was not accepted
        answer = (refusal.smtp_code, b"")
    except (smtplib.SMTPException, OSError) as problem:
        raise OutcomeUnknown(type(problem).__name__) from problem
    _agree(answer)

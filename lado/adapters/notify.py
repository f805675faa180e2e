"""Sending through GOV.UK Notify: the same letters under the same names, and later the word of what became of them.

Notify takes a second message of one reference without a murmur, so whatever may have arrived is looked up first.
"""

from typing import Any

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from requests import ConnectionError as NoConnection
from requests import ConnectTimeout
from requests.exceptions import ProxyError, SSLError
from urllib3.exceptions import NewConnectionError

from config import Settings
from lado.adapters.mail import (
    TIMEOUT,
    Fate,
    Letter,
    Mail,
    MailProblem,
    MailRefused,
    MailUnavailable,
    OutcomeUnknown,
    ServerUnreachable,
    SmtpMail,
    refuse_forged,
)

FATES = {
    "created": Fate.UNDER_WAY,
    "sending": Fate.UNDER_WAY,
    "pending": Fate.UNDER_WAY,
    "sent": Fate.UNDER_WAY,
    "delivered": Fate.DELIVERED,
    "permanent-failure": Fate.REFUSED,
    "temporary-failure": Fate.NOT_NOW,
    "technical-failure": Fate.BROKEN,
}
"""Notify's words for an email: docs.notifications.service.gov.uk, "Email status descriptions"."""

ABOUT_THE_ADDRESS = ("email_address", "recipient")
"""What Notify's words for a bad request hold when it is this address that is at fault and not our settings."""


class NotifyMail:
    """Sends through GOV.UK Notify, by a template of two fields, ((subject)) and ((body))."""

    is_followed = True

    def __init__(self, settings: Settings) -> None:
        """Take the key, the template and the address of the service from the settings. Nothing is opened yet."""
        self.key, self.url, self.template = settings.notify_key, settings.notify_url, settings.notify_template

    def send(self, letter: Letter) -> None:
        """Hand the letter over under its own name. Raises MailRefused, ServerUnreachable or OutcomeUnknown."""
        refuse_forged(letter)
        fields = {"subject": letter.subject, "body": letter.text}
        try:
            self._client().send_email_notification(
                letter.to, self.template, personalisation=fields, reference=letter.message_id
            )
        except APIError as problem:
            raise _meant(problem) from problem

    def fate(self, message_id: str) -> Fate:
        """What became of the newest letter of this name. Raises MailUnavailable."""
        try:
            answer = self._client().get_all_notifications(template_type="email", reference=message_id)
        except APIError as problem:
            raise MailUnavailable(f"GOV.UK Notify said {problem.status_code}") from problem
        found = [one for one in answer["notifications"] if one["reference"] == message_id]
        newest = max(found, key=lambda one: str(one["created_at"]), default=None)
        return FATES.get(newest["status"], Fate.BROKEN) if newest else Fate.NEVER_SEEN

    def _client(self) -> Any:
        """A client of this call's own: one is not made for several threads."""
        client: Any = NotificationsAPIClient
        return client(self.key, base_url=self.url, timeout=TIMEOUT)


def mail_of(settings: Settings) -> Mail:
    """What the settings say that mail is sent through: GOV.UK Notify, or a mail server."""
    return NotifyMail(settings) if settings.notify_key else SmtpMail(settings)


def _meant(problem: APIError) -> MailProblem:
    """What a problem means for the letter. The words hold Notify's code and no address."""
    said = f"GOV.UK Notify said {problem.status_code}"
    if problem.response is None:
        never_left = isinstance(problem, HTTPError) and _never_left(problem.__cause__ or problem.__context__)
        return ServerUnreachable("GOV.UK Notify is not reached") if never_left else OutcomeUnknown("no answer")
    if problem.status_code == 400 and any(word in str(problem.message) for word in ABOUT_THE_ADDRESS):
        return MailRefused(said)
    if 400 <= problem.status_code < 500:
        return ServerUnreachable(
            said
        )  # the key, the template or the day's limit: no other letter would be taken either
    return OutcomeUnknown(said)


def _never_left(cause: BaseException | None) -> bool:
    """Whether the request cannot have arrived: there was no connection, or none that could be trusted."""
    if isinstance(cause, ConnectTimeout | SSLError | ProxyError):
        return True
    reason: Any = getattr(cause.args[0], "reason", None) if isinstance(cause, NoConnection) and cause.args else None
    return isinstance(reason, NewConnectionError)

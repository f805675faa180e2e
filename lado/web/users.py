"""Flask-Login's user: a wrapper around who someone is to the policy, found by the session's reference."""

from flask import url_for
from flask_login import LoginManager, UserMixin

from lado.queries import accounts
from lado.queries.accounts import SignedInPerson
from lado.security.identity import SYSTEM, Identity, Role
from lado.security.session_limits import SEEN_EVERY, Lasts
from lado.services import sessions
from lado.web.background import is_background
from lado.web.guards import database


class SignedIn(UserMixin):
    """Someone who is signed in."""

    def __init__(self, reference: str, person: SignedInPerson, until: Lasts) -> None:
        """Keep the session's reference, which is all that the cookie holds, who it is, and how long it lasts."""
        self.reference = reference
        self.identity = person.identity
        self.council = person.council
        self.proved_at = person.proved_at
        self.lasts = until

    def get_id(self) -> str:
        """The session's reference."""
        return self.reference

    @classmethod
    def load(cls, reference: str) -> "SignedIn | None":
        """Who the session belongs to now, or None. Writes the time of last use at most once a minute."""
        with database().reading(SYSTEM) as act:
            person = accounts.signed_in(act.session, act.vault, sessions.digest(reference), act.at)
            at = act.at
        if person is None:
            return None
        until = person.lasts
        if at - person.seen_at > SEEN_EVERY and not is_background():
            with database().work(SYSTEM) as act:
                sessions.seen(act, reference)
            until = until.seen(person.identity.role, at)
        return cls(reference, person, until)


def make_login_manager() -> LoginManager:
    """Flask-Login over our own sessions: no cookie of its own to remember anybody by."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(SignedIn.load)
    return manager


def home_of(identity: Identity) -> str:
    """Where someone begins."""
    if identity.role is Role.PARTNER:
        return url_for("portal.home")
    if identity.role is Role.ADMINISTRATOR:
        return url_for("settings.home")
    if identity.role is Role.EDT_WORKER:
        return url_for("out_of_hours.home")
    return url_for("queue.home")

"""Flask-Login's user: a wrapper around who someone is to the policy, found by the session's reference."""

from dataclasses import replace

from flask import request, url_for
from flask_login import LoginManager, UserMixin

from lado.act import Act
from lado.domain.references import tidied
from lado.queries import accounts, restrictions
from lado.queries.accounts import SignedInPerson
from lado.queries.restrictions import LetIn
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
        self.let_in: LetIn | None = None

    def get_id(self) -> str:
        """The session's reference."""
        return self.reference

    def reads_alone(self, let_in: LetIn | None) -> None:
        """Let them do nothing but read in this request, where it is for a case that two people opened to them."""
        if let_in is not None:
            self.let_in, self.identity = let_in, replace(self.identity, is_let_in=True)

    @classmethod
    def load(cls, reference: str) -> "SignedIn | None":
        """Who the session belongs to now, or None. Writes the time of last use at most once a minute."""
        with database().reading(SYSTEM) as act:
            person = accounts.signed_in(act.session, act.vault, sessions.digest(reference), act.at)
            at = act.at
            let_in = _let_in(act, person.identity) if person is not None and person.identity.opened else None
        if person is None:
            return None
        until = person.lasts
        if at - person.seen_at > SEEN_EVERY and not is_background():
            with database().work(SYSTEM) as act:
                sessions.seen(act, reference)
            until = until.seen(person.identity.role, at)
        found = cls(reference, person, until)
        found.reads_alone(let_in)
        return found


def _let_in(act: Act, who: Identity) -> LetIn | None:
    """That the case of this request's address was opened to this person, or None."""
    reference = tidied(str((request.view_args or {}).get("reference", "")))
    return next((one for one in restrictions.let_in(act, who) if one.reference == reference), None)


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

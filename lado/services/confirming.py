"""Asking who is signed in for their password once more, before something that leaves the building."""

from lado.act import Act
from lado.models import Account
from lado.services import sessions
from lado.services.accounts import directory_key, person_of

WRONG = "This is not your password. Type it again."


def problem(act: Act, password: str) -> str:
    """What is wrong with the password of the person who acts, in a sentence; empty when it is theirs.

    A wrong one counts as a wrong try to sign in, so it has to be kept: this raises nothing for it.
    """
    account = act.session.get_one(Account, act.who.id)
    email = person_of(act.vault, directory_key(act, account.authority_id), account)["email"]
    if not sessions.may_try(act, email):
        return sessions.TOO_MANY
    if sessions.right_account(act, email, password) is None:
        sessions.failed(act, email)
        return WRONG
    return ""

"""What only a demonstration does: its people are invented, and everybody may be any of them.

On a council's own database none of this gives anything, and in production no demonstration is ever served.
"""

from lado.act import Act
from lado.models import Account, Installation
from lado.services import factors


def is_one(act: Act) -> bool:
    """Whether this database is marked as a demonstration."""
    found = act.session.get(Installation, 1)
    return found is not None and found.is_demonstration


def give_codes(act: Act, account: Account) -> None:
    """Give somebody of a demonstration an authenticator app if they have no second factor yet."""
    if is_one(act) and not factors.standing(act, account.id):
        factors.keep_codes(act, account, factors.new_seed())


def code_of(act: Act, seed: str) -> str | None:
    """The code of an app that is being set up, likewise."""
    return factors.code_at(seed, act.at) if is_one(act) else None


def code_for(act: Act, account: Account) -> str | None:
    """The code that a demonstration shows on the page that asks for it; None on any other database."""
    return factors.code_of_the_moment(act, account) if is_one(act) else None

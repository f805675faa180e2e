"""Where somebody goes who has just recorded what is not theirs to see: of a restricted case each is told the same."""

from flask import flash, url_for

from lado.act import Act
from lado.models import Referral
from lado.queries import accounts
from lado.services import barring

SOMEBODY = "An officer"


def where_to(act: Act, referral: Referral) -> str:
    """The page that says so: what they declared themselves they know already, and of anything else they learn nothing.

    Who has the case now is said on it, so that they know whom to ring.
    """
    if barring.declared_it(act, referral.id):
        return url_for("conflicts.others")
    names = accounts.names_of(act, {referral.owner_id} if referral.owner_id is not None else set())
    flash(f"{', '.join(names.values()) or SOMEBODY} has this case.")
    return url_for("restrictions.recorded")

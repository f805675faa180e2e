"""Asking in the transaction that writes whether the person still is who the page took them for: check and act are one.

Between the two, somebody may have taken their role, shut their account or ended their session.
"""

from sqlalchemy import select

from lado.act import Act
from lado.errors import NotAllowed, NotFound
from lado.models import Account, Grant, LoginSession, Referral
from lado.queries import accounts
from lado.queries.grants import may_follow
from lado.services import moves, sessions


def ensure(act: Act, reference: str) -> None:
    """Hold session and account until the act ends, and raise NotAllowed unless they still make them who they act as.

    Whoever takes something from them waits for this act, or was before it: nothing is done after it was taken.
    """
    digest = sessions.digest(reference)
    mine = (
        select(Account.id)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(LoginSession.digest == digest)
    )
    act.session.execute(mine.with_for_update(key_share=True))  # on SQLite nobody else can write meanwhile
    person = accounts.signed_in(act.session, act.vault, digest, act.at)
    if person is None or person.identity != act.who:
        raise NotAllowed("What this person may do has changed since the page was asked for.")


def hold(act: Act, referral_id: int) -> Referral:
    """A referral that the partner follows, held until the act ends; asked again now that nobody can end it meanwhile.

    Raises NotFound. An access that was ended a moment after this act began has ended for it too.
    """
    referral = moves.locked(act, referral_id)
    mine = select(Grant.id).where(Grant.referral_id == referral_id, Grant.account_id == act.who.id)
    standing = act.session.scalars(mine.where(Grant.ended_at.is_(None)).limit(1)).first()
    if standing is None or not may_follow(act.session, act.who.id or 0, referral_id, act.at):
        raise NotFound("no such referral of this partner")
    return referral

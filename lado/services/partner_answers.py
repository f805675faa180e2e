"""That an outcome was released to partners: kept for each of them, and told them without saying what it is."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lado.act import Act
from lado.domain.partner_outcomes import RELEASED, WITHHELD
from lado.models import PartnerAnswer, Referral
from lado.queries.grants import followers
from lado.services import notices
from workflows.events import Event, OutcomeReleased

KEY = ("referral_id", "account_id")
NEWS = "There is something new for you to read about {reference}."


def after_move(act: Act, referral: Referral, events: Iterable[Event]) -> None:
    """Where a move released the outcome: it is there for everybody who follows the case and from whom it is not kept.

    Called for a case that is held, once the events are on its record.
    """
    if not any(isinstance(event, OutcomeReleased) for event in events):
        return
    withheld = select(PartnerAnswer.account_id).where(
        PartnerAnswer.referral_id == referral.id, PartnerAnswer.stage == WITHHELD
    )
    for partner in sorted(followers(act.session, referral.id, act.at) - set(act.session.scalars(withheld))):
        keep(act, referral, partner, RELEASED)
        tell(act, referral, partner)


def keep(act: Act, referral: Referral, partner: int, stage: str) -> None:
    """Keep that the outcome is released to a partner or withheld from them from now on, not opened by them yet."""
    insert = postgresql_insert if act.session.get_bind().dialect.name == "postgresql" else sqlite_insert
    now = {"stage": stage, "decided_at": act.at, "opened_at": None, "acknowledged_at": None}
    new = insert(PartnerAnswer).values(referral_id=referral.id, account_id=partner, **now)
    act.session.execute(new.on_conflict_do_update(index_elements=KEY, set_=now))


def tell(act: Act, referral: Referral, partner: int) -> None:
    """Tell a partner that there is something to read: the reference and the way there, nothing of the outcome."""
    subject = f"{referral.reference}: something new for you to read"
    notices.queue(act, partner, referral, subject, NEWS.format(reference=referral.reference))

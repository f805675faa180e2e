"""The messages between one partner and the officers about one referral, their words opened from the record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from lado.act import Act
from lado.models import LedgerEntry, PartnerMessage, Referral
from lado.queries.ledger import place_of


@dataclass(frozen=True, slots=True)
class PortalMessage:
    """One message as the partner reads it: theirs or the officers’, never which officer wrote it.

    `is_new` is one of the officers’ that they have not opened before.
    """

    is_mine: bool
    sent_at: datetime
    words: str
    is_new: bool


def unopened(account_id: int | None) -> ScalarSelect[int]:
    """Of each referral in a list, how many of the officers’ messages this partner has not opened."""
    return (
        select(func.count())
        .where(
            PartnerMessage.referral_id == Referral.id,
            PartnerMessage.account_id == account_id,
            PartnerMessage.is_from_partner.is_(False),
            PartnerMessage.settled_at.is_(None),
        )
        .correlate(Referral)
        .scalar_subquery()
    )


def of_partner(act: Act, referral_id: int, wrapped: bytes, account_id: int) -> tuple[PortalMessage, ...]:
    """What this partner wrote and was written, in order; nothing of anybody else's."""
    query = (
        select(
            PartnerMessage.number,
            PartnerMessage.is_from_partner,
            PartnerMessage.sent_at,
            PartnerMessage.settled_at,
            LedgerEntry.sealed,
        )
        .where(
            LedgerEntry.referral_id == PartnerMessage.referral_id,
            LedgerEntry.number == PartnerMessage.number,
            PartnerMessage.referral_id == referral_id,
            PartnerMessage.account_id == account_id,
        )
        .order_by(PartnerMessage.number)
    )
    return tuple(
        PortalMessage(
            is_mine=row.is_from_partner,
            sent_at=row.sent_at,
            words=act.vault.open(wrapped, place_of(referral_id, row.number), row.sealed)["message"],
            is_new=not row.is_from_partner and row.settled_at is None,
        )
        for row in act.session.execute(query)
    )

"""How the outcome of a case stands for one partner: read from the record, without opening any of its words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.domain.partner_outcomes import KINDS, Release, release_of
from lado.models import LedgerEntry
from workflows.events import from_plain, read_data


def release(session: Session, referral_id: int, account_id: int) -> Release:
    """Whether the outcome is released to them, withheld from them, or neither; and what it is."""
    query = (
        select(LedgerEntry.kind, LedgerEntry.data, LedgerEntry.recorded_at)
        .where(LedgerEntry.referral_id == referral_id, LedgerEntry.kind.in_(KINDS))
        .order_by(LedgerEntry.number)
    )
    entries = [(from_plain(row.kind, read_data(row.data)), row.recorded_at) for row in session.execute(query)]
    return release_of(entries, account_id)

"""Finding one referral by its reference, and what a list shows of each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.domain.references import tidied
from lado.models import Referral, SealingKey
from lado.queries.passed_over import PASSED_OVER, read_passed_over


class Listed(NamedTuple):
    """A referral as a list shows it, its headline opened: subject and setting."""

    id: int
    reference: str
    procedure: str
    procedure_version: int
    state: str
    is_open: bool
    outcome: str | None
    owner_id: int | None
    received_at: datetime
    next_clock: str | None
    next_due_at: datetime | None
    subject: str
    setting: str
    barred: frozenset[int]
    """Who is kept from it, and who said that they cannot take it: nobody of them covers here."""


LISTED = (
    Referral.id,
    Referral.reference,
    Referral.procedure,
    Referral.procedure_version,
    Referral.state,
    Referral.is_open,
    Referral.outcome,
    Referral.owner_id,
    Referral.received_at,
    Referral.next_clock,
    Referral.next_due_at,
    PASSED_OVER,
    Referral.sealed,
    SealingKey.wrapped,
)
"""The columns that `listed` takes, from a select that joins the sealing key."""


def find(act: Act, reference: str) -> Referral | None:
    """The referral of this reference in the person's own authority, its sealing key with it, or None.

    The reference may be written as people write it. Another authority's case answers as one that does not exist.
    """
    exact = tidied(reference)
    if not exact:
        return None
    query = (
        select(Referral)
        .where(Referral.reference == exact, Referral.authority_id == act.who.authority)
        .options(joinedload(Referral.sealing_key))
    )
    return act.session.scalars(query).one_or_none()


def listed(act: Act, rows: Iterable[Any]) -> list[Listed]:
    """Rows that begin with LISTED, as values with their headlines opened."""
    found = []
    for row in rows:
        *plain, barred, sealed, wrapped = row[: len(LISTED)]
        headline = act.vault.open(wrapped, f"referral/{row.reference}", sealed)
        kept = read_passed_over(barred)
        found.append(Listed._make((*plain, headline["subject"], headline["setting"], kept)))
    return found

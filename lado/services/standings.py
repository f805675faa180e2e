"""Keeping how each case stood from one recording to the next: written with the case, and filled in for older cases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update

from lado.act import Act
from lado.domain.projection import STANDING
from lado.domain.standings import Span, history, node
from lado.models import Base, Referral, Standing
from lado.queries import standings
from lado.security.permissions import Permission
from lado.security.policy import ensure

STANDINGS = Base.metadata.tables[Standing.__tablename__]
ADD = insert(STANDINGS)
LAST = select(STANDINGS.c.id, STANDINGS.c.from_at).where(
    STANDINGS.c.referral_id == bindparam("referral"), STANDINGS.c.until_at.is_(None)
)
END = (
    update(STANDINGS)
    .where(STANDINGS.c.id == bindparam("row"))
    .values(until_at=bindparam("new_until_at"), node=bindparam("new_node"))
)
DROP_ALL = delete(STANDINGS).where(STANDINGS.c.referral_id == bindparam("referral"))
BATCH = 100


def keep(act: Act, referral: Referral, columns: Mapping[str, Any]) -> None:
    """Keep that from now on the case stands so. Called for a case that is held, when one of these columns changed."""
    last = act.session.execute(LAST, {"referral": referral.id}).one_or_none()
    if last is not None and last.from_at < act.at:
        new_node = node(last.from_at, act.at)
        act.session.execute(END, {"row": last.id, "new_until_at": act.at, "new_node": new_node})
    elif last is not None or referral.recorded_at != act.at:
        _derive(act, referral)
        return
    _add(act, referral, [Span(act.at, None, {name: columns[name] for name in STANDING})])


def _derive(act: Act, referral: Referral) -> None:
    """Derive the spans of a case anew.

    For one that was recorded before they were kept, and where two recordings carry one instant, or the later one the
    earlier time: then the record alone says which of them counts.
    """
    found = standings.records(act.session, [referral.id])[referral.id]
    act.session.execute(DROP_ALL, {"referral": referral.id})
    _add(act, referral, history((entry.event, entry.recorded_at) for entry in found))


def fill(act: Act) -> int:
    """Derive from the ledger how cases stood that were recorded before this was kept; how many cases that were."""
    ensure(act.who, Permission.RECORD_VERIFY)
    last = filled = 0
    missing = (
        select(Referral)
        .where(Referral.id > bindparam("last"), ~exists().where(Standing.referral_id == Referral.id))
        .order_by(Referral.id)
        .limit(BATCH)
    )
    while referrals := act.session.scalars(missing, {"last": last}).all():
        for referral in referrals:
            _derive(act, referral)
            last, filled = referral.id, filled + 1
    return filled


def _add(act: Act, referral: Referral, spans: list[Span]) -> None:
    place = {"referral_id": referral.id, "authority_id": referral.authority_id}
    if spans:
        act.session.execute(ADD, [{**place, **span.columns} for span in spans])

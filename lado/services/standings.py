"""Keeping how each case stood from one recording to the next: written with the case, and filled in for older cases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update

from lado.act import Act
from lado.domain.projection import STANDING
from lado.domain.standings import Span, followed, history, node
from lado.models import Base, Referral, Standing
from lado.queries import standings
from lado.security.permissions import Permission
from lado.security.policy import ensure

STANDINGS = Base.metadata.tables[Standing.__tablename__]
ADD = insert(STANDINGS)
LAST = (
    select(STANDINGS)
    .where(
        STANDINGS.c.referral_id == bindparam("referral"),
        or_(STANDINGS.c.until_at.is_(None), STANDINGS.c.until_at >= bindparam("at")),
    )
    .order_by(STANDINGS.c.from_at)
)
DROP = delete(STANDINGS).where(STANDINGS.c.id == bindparam("row"))
END = (
    update(STANDINGS)
    .where(STANDINGS.c.id == bindparam("row"))
    .values(until_at=bindparam("new_until_at"), node=bindparam("new_node"))
)
BATCH = 100


def keep(act: Act, referral: Referral, columns: Mapping[str, Any]) -> None:
    """Keep that from now on the case stands so. Called for a case that is held, when one of these columns changed."""
    rows = act.session.execute(LAST, {"referral": referral.id, "at": act.at}).all()
    if not rows and referral.recorded_at != act.at:
        _add(act, referral, _from_ledger(act, referral))
        return
    before = [Span(row.from_at, row.until_at, {name: getattr(row, name) for name in STANDING}) for row in rows]
    after = followed(before, act.at, {name: columns[name] for name in STANDING})
    gone = [{"row": row.id} for row in rows if row.from_at >= act.at]
    if gone:
        act.session.execute(DROP, gone)
    for row, span in zip(rows, after, strict=False):
        if row.from_at < act.at and span.until_at != row.until_at:
            new_node = node(span.from_at, span.until_at)
            act.session.execute(END, {"row": row.id, "new_until_at": span.until_at, "new_node": new_node})
    _add(act, referral, [span for span in after if span.from_at >= act.at])


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
            _add(act, referral, _from_ledger(act, referral))
            last, filled = referral.id, filled + 1
    return filled


def _from_ledger(act: Act, referral: Referral) -> list[Span]:
    found = standings.records(act.session, [referral.id])[referral.id]
    return history((entry.event, entry.recorded_at) for entry in found)


def _add(act: Act, referral: Referral, spans: list[Span]) -> None:
    place = {"referral_id": referral.id, "authority_id": referral.authority_id}
    if spans:
        act.session.execute(ADD, [{**place, **span.columns} for span in spans])

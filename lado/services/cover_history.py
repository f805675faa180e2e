"""Writing down who is really there, each time the answer changes, so that the past is never worked out again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update

from lado.act import Act
from lado.domain.cover import Cover, Stretch, duty_stretches, stretches
from lado.domain.rota import PRIMARY, SECOND, Rota
from lado.models import Absence, Account, Authority, CoverHistory, DutyChange, DutyRule, Heartbeat, WorkingPattern
from lado.queries import cover
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import heartbeat
from lado.services.insertion import insert_many

NAME = "cover"
"""Under which the heartbeat keeps when the answers were last written down."""

AN_INSTANT = timedelta(microseconds=1)


class Subject(NamedTuple):
    """A person, or a rank of duty, of whom it is written down who is there."""

    key: str
    account: int | None
    pieces: tuple[Stretch, ...]


class Since(NamedTuple):
    """From when to when the answers are looked at, and the last moment in it at which something was recorded."""

    last_at: datetime
    at: datetime
    recorded_at: datetime


def write_down(act: Act) -> int:
    """Write down every answer that has changed since this was last done, from the moment at which it changed.

    Safe to repeat and from many places at once. Says how many changed. What was recorded with effect for a time before
    it was recorded counts from then: nobody covered before anybody knew.
    """
    ensure(act.who, Permission.COVER_WATCH)
    last_at = min(act.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.name == NAME)) or act.at, act.at)
    changed = 0
    for authority in act.session.scalars(select(Authority.id).order_by(Authority.id)).all():
        changed += _authority(act, authority, last_at)
    heartbeat.beat(act, NAME)
    return changed


def _authority(act: Act, authority_id: int, last_at: datetime) -> int:
    rota = cover.rota(act.session, authority_id, last_at)
    known = {
        row.subject: row
        for row in act.session.scalars(
            select(CoverHistory).where(CoverHistory.authority_id == authority_id, CoverHistory.until_at.is_(None))
        )
    }
    since = Since(last_at, act.at, _recorded(act, authority_id, last_at))
    changed = 0
    for subject in _subjects(act, authority_id, since, rota):
        rows = _rows(authority_id, subject, known.get(subject.key), since)
        changed += _save(act, known.get(subject.key), rows)
    return changed


def _subjects(act: Act, authority_id: int, since: Since, rota: Rota) -> Iterator[Subject]:
    span = since.last_at, since.at + AN_INSTANT, rota
    people = select(Account.id).where(
        Account.authority_id == authority_id, Account.role.in_([role.value for role in cover.WHO_COVER])
    )
    for person in act.session.scalars(people.order_by(Account.id)).all():
        yield Subject(str(person), person, stretches(person, *span))
    for rank in (PRIMARY, SECOND):
        yield Subject(f"{cover.DUTY}{rank}", None, duty_stretches(rank, *span))


def _rows(authority_id: int, subject: Subject, known: CoverHistory | None, since: Since) -> list[dict[str, object]]:
    """The rows that follow the one that is known, in order; none where nothing changed."""
    rows: list[dict[str, object]] = []
    answer = None if known is None else _told(known)
    for piece in subject.pieces:
        begin = piece.from_at
        if known is not None:
            moment = since.recorded_at if begin == since.last_at else begin
            begin = max(moment, known.from_at + AN_INSTANT)
        if answer == _said(piece.cover) or begin >= piece.until_at:
            continue
        answer = _said(piece.cover)
        if rows:
            rows[-1]["until_at"] = begin
        rows.append(_row(authority_id, subject, begin, piece.cover))
    return rows


def _row(authority_id: int, subject: Subject, from_at: datetime, found: Cover) -> dict[str, object]:
    person, chain, passed = _said(found)
    return {
        "authority_id": authority_id,
        "subject": subject.key,
        "account_id": subject.account,
        "found_id": person,
        "chain": chain,
        "passed": passed,
        "from_at": from_at,
        "until_at": None,
    }


def _said(found: Cover) -> tuple[int | None, str, str]:
    return found.person, ",".join(str(person) for person in found.chain), ",".join(found.passed)


def _told(row: CoverHistory) -> tuple[int | None, str, str]:
    return row.found_id, row.chain, row.passed


def _save(act: Act, known: CoverHistory | None, rows: Sequence[dict[str, object]]) -> int:
    """End the row that is known and add the others. Whoever ends it adds them: of two at once, one does."""
    if not rows:
        return 0
    if known is not None:
        ended = (
            update(CoverHistory)
            .where(CoverHistory.id == known.id, CoverHistory.until_at.is_(None))
            .values(until_at=rows[0]["from_at"])
            .returning(CoverHistory.id)
            .execution_options(synchronize_session=False)
        )
        if act.session.scalar(ended) is None:
            return 0
    return insert_many(act.session, CoverHistory, rows, unless_there=True)


def _recorded(act: Act, authority_id: int, last_at: datetime) -> datetime:
    """The last moment since then at which anything of the rota was recorded or taken back; else that time."""
    moments = (
        (Absence, Absence.recorded_at),
        (Absence, Absence.cancelled_at),
        (DutyChange, DutyChange.recorded_at),
        (DutyChange, DutyChange.cancelled_at),
        (DutyRule, DutyRule.recorded_at),
        (WorkingPattern, WorkingPattern.recorded_at),
        (Account, Account.disabled_at),
    )
    query = select(
        *(
            select(func.max(moment))
            .where(table.authority_id == authority_id, moment > last_at, moment <= act.at)
            .scalar_subquery()
            for table, moment in moments
        )
    )
    found = [moment for moment in act.session.execute(query).one() if moment is not None]
    return max(found, default=last_at)

"""By what somebody may open a case at this instant: what it is to them, or the reason that they gave a while ago."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, exists, or_, select

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, on_cover, on_duty
from lado.domain.escalation import COVER
from lado.domain.look_reasons import LASTS, Right, Tie
from lado.domain.references import tidied
from lado.domain.rota import PRIMARY, SECOND
from lado.models import (
    Absence,
    Base,
    CaseAction,
    CaseClock,
    Escalation,
    HandOver,
    HandOverRung,
    LedgerEntry,
    Listed,
    LookReason,
    Referral,
    Restriction,
)
from lado.queries import cover, passed_over, practices
from lado.queries.accounts import names_of
from lado.security.predicates import HAVE_CASELOADS
from workflows.events import Opened, OwnerAssigned

REFERRALS, REASONS, ACTIONS, CLOCKS, TOLD, HANDED, RUNGS, ABSENCES, LEDGER, LISTS, ON_LIST = (
    Base.metadata.tables[model.__tablename__]
    for model in (
        Referral,
        LookReason,
        CaseAction,
        CaseClock,
        Escalation,
        HandOver,
        HandOverRung,
        Absence,
        LedgerEntry,
        Restriction,
        Listed,
    )
)
ME: BindParameter[int] = bindparam("me")
NOW: BindParameter[datetime] = bindparam("now")
LATELY: BindParameter[datetime] = bindparam("lately")
CASE = REFERRALS.c.id

HOLDS_ACTION = exists().where(ACTIONS.c.referral_id == CASE, ACTIONS.c.holder_id == ME, ~ACTIONS.c.is_done)
ON_ITS_LIST = exists().where(
    LISTS.c.referral_id == CASE,
    LISTS.c.ended_at.is_(None),
    ON_LIST.c.restriction_id == LISTS.c.id,
    ON_LIST.c.account_id == ME,
    ON_LIST.c.ended_at.is_(None),
)
WAS_TOLD = exists().where(
    TOLD.c.referral_id == CASE,
    TOLD.c.told_id == ME,
    TOLD.c.rung.like(f"%{COVER}"),
    CLOCKS.c.id == TOLD.c.clock_id,
    CLOCKS.c.ended_at.is_(None),
)
"""Told as the second one up. Whoever was told in the owner's place has the case for as long as they cover."""

RAISED_TO = exists().where(RUNGS.c.hand_over_id == HANDED.c.id, RUNGS.c.told_id == ME).correlate(HANDED)
HAS_IT_HANDED_OVER = exists().where(
    HANDED.c.referral_id == CASE,
    HANDED.c.ended_at.is_(None),
    or_(HANDED.c.to_id == ME, HANDED.c.accepted_by_id == ME, and_(HANDED.c.accepted_at.is_(None), RAISED_TO)),
    ABSENCES.c.id == HANDED.c.absence_id,
    ABSENCES.c.cancelled_at.is_(None),
    ABSENCES.c.until_at > NOW,
)
"""By the absence itself, and not by what the scheduler has made of its end: that may come a minute later."""

RECORDED_IT = exists().where(
    LEDGER.c.referral_id == CASE,
    LEDGER.c.actor_id == ME,
    LEDGER.c.recorded_at > LATELY,
    LEDGER.c.kind.in_([Opened.__name__, OwnerAssigned.__name__]),
)
"""Whoever logged it, or gave it to somebody else, is not asked why they see what they have just done."""


def _given(column: str) -> Select[object]:
    given = (
        select(REASONS.c[column])
        .where(REASONS.c.referral_id == CASE, REASONS.c.account_id == ME, REASONS.c.until_at > NOW)
        .order_by(REASONS.c.id.desc())
        .limit(1)
    )
    return given.correlate(REFERRALS)


TIES = select(
    REFERRALS.c.id,
    REFERRALS.c.authority_id,
    REFERRALS.c.owner_id,
    HOLDS_ACTION.label(Tie.ACTION),
    HAS_IT_HANDED_OVER.label(Tie.HANDED_OVER),
    WAS_TOLD.label(Tie.TOLD),
    ON_ITS_LIST.label(Tie.LISTED),
    RECORDED_IT.label(Tie.RECORDED),
    _given("id").scalar_subquery().label("reason_id"),
    _given("why").scalar_subquery().label("why"),
).where(REFERRALS.c.reference == bindparam("reference"))


class Given(NamedTuple):
    """One reason that somebody gave: who, when, until when it holds, what they chose and what they added."""

    id: int
    name: str
    given_at: datetime
    until_at: datetime
    why: str
    words: str


def right(act: Act, reference: str) -> Right | None:
    """By what whoever acts may open this case now; None: they have to say why first.

    People whose work is some of the cases are asked about the others. Whoever reads any case by their office is not,
    nor is anybody in a council that chose not to ask.
    """
    if act.who.role not in HAVE_CASELOADS:
        return Right(Tie.OVERSIGHT)
    asked = {
        "reference": tidied(reference),
        "me": act.who.id,
        "now": act.at,
        "lately": act.at - LASTS,
    }
    row = act.session.execute(TIES, asked).one_or_none()
    if row is None:
        return Right(Tie.NOT_ASKED)  # it is about no case
    tie = _on_record(act, row)
    if tie is not None:
        return Right(tie)
    if row.reason_id is not None:
        return Right(Tie.REASON, row.reason_id, row.why)
    tie = _by_the_rota(act, row)
    return Right(tie) if tie is not None else None


def of_case(act: Act, referral: Referral) -> list[Given]:
    """The reasons that people gave for opening this case, the latest first, their words opened."""
    rows = act.session.scalars(
        select(LookReason).where(LookReason.referral_id == referral.id).order_by(LookReason.id.desc()).limit(MOST)
    ).all()
    names = names_of(act, {row.account_id for row in rows})
    return [
        Given(row.id, names[row.account_id], row.given_at, row.until_at, row.why, _words(act, referral, row))
        for row in rows
    ]


MOST = 100
"""Reasons on the page, the newest."""


def place_of(referral_id: int, account_id: int, at: datetime) -> str:
    """Where the words of a reason are bound to."""
    return f"look_reason/{referral_id}/{account_id}/{at.isoformat()}"


def _words(act: Act, referral: Referral, row: LookReason) -> str:
    if row.sealed is None:
        return ""
    place = place_of(row.referral_id, row.account_id, row.given_at)
    words: str = act.vault.open(referral.sealing_key.wrapped, place, row.sealed)["words"]
    return words


def _on_record(act: Act, row: Row[tuple[object, ...]]) -> Tie | None:
    """What the case is to them by what is written down."""
    if row.owner_id == act.who.id:
        return Tie.OWN
    if row.id in act.who.opened:
        return Tie.LET_IN
    found = row._mapping
    ties = Tie.ACTION, Tie.HANDED_OVER, Tie.TOLD, Tie.LISTED, Tie.RECORDED
    return next((tie for tie in ties if found[tie]), None)


def _by_the_rota(act: Act, row: Row[tuple[object, ...]]) -> Tie | None:
    """What the case is to them at this minute by the one resolver, or that their council asks nobody."""
    rota = cover.rota(act.session, row.authority_id, act.at)
    if any(on_duty(rank, act.at, rota).person == act.who.id for rank in (PRIMARY, SECOND)):
        return Tie.DUTY
    if row.owner_id is not None:
        barred = passed_over.of_cases(act.session, [row.id]).get(row.id, NOBODY_BARRED)
        if on_cover(row.owner_id, act.at, rota, barred).person == act.who.id:
            return Tie.COVER
    rules = practices.in_force(act.session, row.authority_id, act.at).rules
    return None if rules.asks_why else Tie.NOT_ASKED

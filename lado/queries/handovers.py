"""Reading what is handed over: which cases are not with whom the resolver finds, and what waits for one person."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.escalation import Team
from lado.domain.handover import Inherited, absence_of, inherited
from lado.models import Authority, HandBack, HandOver, HandOverRung, Referral, SealingKey
from lado.queries import cover
from lado.queries.conflicts import barred_from
from lado.queries.cover import IS_OPEN
from lado.queries.passed_over import passed_over
from lado.queries.queue import MOST
from lado.queries.referrals import LISTED, Listed, listed


class Live(NamedTuple):
    """A hand-over that has not ended: of which case, from whom to whom (None: to nobody), over which absence."""

    id: int
    referral: int
    owner: int
    to: int | None
    absence: int


class Place(NamedTuple):
    """One case: the hand-over that stands, and who has it by the resolver (None: the owner is there, or it closed)."""

    referral: int
    live: Live | None
    wanted: Inherited | None
    owner: int | None

    @property
    def is_in_line(self) -> bool:
        """Whether what stands is what the resolver says."""
        if self.wanted is None or self.live is None:
            return self.wanted is None and self.live is None
        wanted = self.owner, self.wanted.person, self.wanted.absence.id
        return (self.live.owner, self.live.to, self.live.absence) == wanted


class Offered(NamedTuple):
    """A hand-over as a page shows it. `is_raised`: it came to this person because nobody had accepted it."""

    case: Listed
    id: int
    owner: int
    to: int | None
    until_at: datetime
    offered_at: datetime
    accepted_at: datetime | None
    is_raised: bool


class Return(NamedTuple):
    """Somebody who came back and has not read what happened since: from when until when they were away."""

    id: int
    from_at: datetime
    returned_at: datetime


class OutOfLine(NamedTuple):
    """What a pass has to do in one council: cases whose hand-over is not what the resolver says, and who is back."""

    authority_id: int
    cases: tuple[int, ...]
    returned: tuple[int, ...]


IS_LIVE = HandOver.ended_at.is_(None)

TOLD_ME = exists().where(HandOverRung.hand_over_id == HandOver.id, HandOverRung.told_id == bindparam("me"))

FOR_ME = (
    select(
        *LISTED,
        HandOver.id.label("hand_over"),
        HandOver.from_id,
        HandOver.to_id,
        HandOver.until_at,
        HandOver.offered_at,
        HandOver.accepted_at,
    )
    .join(HandOver, HandOver.referral_id == Referral.id)
    .join(SealingKey, SealingKey.id == Referral.key_id)
    .where(
        IS_LIVE,
        Referral.authority_id == bindparam("authority"),
        or_(
            HandOver.to_id == bindparam("me"),
            HandOver.accepted_by_id == bindparam("me"),
            and_(HandOver.accepted_at.is_(None), TOLD_ME),
        ),
    )
    .order_by(HandOver.accepted_at.is_not(None), Referral.next_due_at, Referral.id)
    .limit(bindparam("most"))
)
"""What is handed over to a person, or was told to them because nobody had accepted it; what waits comes first."""


def out_of_line(session: Session, at: datetime) -> list[OutOfLine]:
    """What a pass has to do, council by council; those with nothing to do are left out."""
    found = []
    for authority_id in session.scalars(select(Authority.id).order_by(Authority.id)).all():
        team = cover.team(session, authority_id, at)
        cases = tuple(place.referral for place in places(session, authority_id, team, at) if not place.is_in_line)
        back = tuple(person for person in _watched(session, authority_id) if not absence_of(person, at, team.rota))
        if cases or back:
            found.append(OutOfLine(authority_id, cases, back))
    return found


def places(
    session: Session, authority_id: int, team: Team, at: datetime, only: Collection[int] | None = None
) -> list[Place]:
    """Every case that is handed over or has to be, in order; with `only`, those of these cases.

    One statement each for cases, hand-overs, refusals and conflicts, whatever their number.
    """
    away = {absence.person for absence in team.rota.absences if absence_of(absence.person, at, team.rota)}
    owners = _owners(session, authority_id, away, only)
    standing = {live.referral: live for live in _live(session, authority_id, only)}
    refusals = _refusals(session, owners, team, at) if owners else {}
    kept = barred_from(session, owners) if owners else {}
    wanted = {
        case: inherited(owner, at, team, passed_over(kept.get(case, ()), refusals.get(case, ())))
        for case, owner in owners.items()
    }
    return [
        Place(case, standing.get(case), wanted.get(case), owners.get(case)) for case in sorted({*owners, *standing})
    ]


def refused(session: Session, cases: Collection[int], absences: Collection[int]) -> dict[int, set[int]]:
    """Who said why not of each of these cases, in these absences."""
    query = select(HandOver.referral_id, HandOver.to_id).where(
        HandOver.absence_id.in_(absences), HandOver.referral_id.in_(cases), HandOver.refused_at.is_not(None)
    )
    return _sets(session.execute(query))


def numbers(session: Session, cases: Collection[int], absences: Collection[int]) -> dict[tuple[int, int], int]:
    """How often each case was offered in each absence so far."""
    query = (
        select(HandOver.absence_id, HandOver.referral_id, func.max(HandOver.number))
        .where(HandOver.absence_id.in_(absences), HandOver.referral_id.in_(cases))
        .group_by(HandOver.absence_id, HandOver.referral_id)
    )
    return {(absence, case): number for absence, case, number in session.execute(query)}


def unanswered(session: Session, at: datetime, limit: int, besides: Collection[int] = ()) -> list[int]:
    """The hand-overs for which somebody else has to be told that nobody accepted, the longest waiting first."""
    query = (
        select(HandOver.id)
        .where(HandOver.next_at <= at, HandOver.id.not_in(besides))
        .order_by(HandOver.next_at, HandOver.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def for_me(act: Act) -> list[Offered]:
    """What is handed over to this person, what waits for their answer first; at most MOST + 1."""
    values = {"me": act.who.id, "authority": act.who.authority, "most": MOST + 1}
    return _offered(act, FOR_ME, values)


def waiting(act: Act) -> list[Offered]:
    """What waits for this person to accept it, the most urgent first; at most MOST + 1."""
    values = {"me": act.who.id, "authority": act.who.authority, "most": MOST + 1}
    return _offered(act, FOR_ME.where(HandOver.accepted_at.is_(None)), values)


def of_case(act: Act, referral_id: int) -> HandOver | None:
    """The hand-over of a case that has not ended."""
    return act.session.scalars(select(HandOver).where(HandOver.referral_id == referral_id, IS_LIVE)).one_or_none()


def is_told(session: Session, hand_over_id: int, person: int | None) -> bool:
    """Whether this person was told that nobody had accepted it."""
    query = select(HandOverRung.rung).where(HandOverRung.hand_over_id == hand_over_id, HandOverRung.told_id == person)
    return session.scalars(query.limit(1)).first() is not None


def returned(act: Act) -> Return | None:
    """That this person came back and has not read what happened since."""
    query = select(HandBack.id, HandBack.from_at, HandBack.returned_at).where(
        HandBack.account_id == act.who.id, HandBack.read_at.is_(None), HandBack.returned_at.is_not(None)
    )
    row = act.session.execute(query).one_or_none()
    return None if row is None or row.returned_at is None else Return(row.id, row.from_at, row.returned_at)


def handed_back(act: Act, since: Return) -> list[Listed]:
    """The cases that were handed over while this person was away, open ones by urgency, then those that closed."""
    mine = exists().where(
        HandOver.referral_id == Referral.id, HandOver.from_id == act.who.id, HandOver.offered_at >= since.from_at
    )
    query = (
        select(*LISTED)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(mine, Referral.authority_id == act.who.authority)
        .order_by(Referral.next_due_at.is_(None), Referral.next_due_at, Referral.id)
        .limit(MOST)
    )
    return listed(act, act.session.execute(query).all())


def _watched(session: Session, authority_id: int) -> list[int]:
    """Those whose cases were handed over and who have not come back yet."""
    query = select(HandBack.account_id).where(
        HandBack.authority_id == authority_id, HandBack.read_at.is_(None), HandBack.returned_at.is_(None)
    )
    return list(session.scalars(query))


def _owners(session: Session, authority_id: int, away: Iterable[int], only: Collection[int] | None) -> dict[int, int]:
    if not away:
        return {}
    query = select(Referral.id, Referral.owner_id).where(
        IS_OPEN, Referral.owner_id.in_(sorted(away)), Referral.authority_id == authority_id
    )
    query = query if only is None else query.where(Referral.id.in_(only))
    return {case: owner for case, owner in session.execute(query) if owner is not None}


def _live(session: Session, authority_id: int, only: Collection[int] | None) -> list[Live]:
    columns = HandOver.id, HandOver.referral_id, HandOver.from_id, HandOver.to_id, HandOver.absence_id
    query = select(*columns).where(IS_LIVE, HandOver.authority_id == authority_id)
    query = query if only is None else query.where(HandOver.referral_id.in_(only))
    return [Live(*row) for row in session.execute(query)]


def _refusals(session: Session, owners: Mapping[int, int], team: Team, at: datetime) -> dict[int, set[tuple[int, int]]]:
    """Who said why not of each case, and in which absence. Asked by absence: in the act of refusing none stands."""
    found = {owner: absence_of(owner, at, team.rota) for owner in set(owners.values())}
    absences = {owner: absence.id for owner, absence in found.items() if absence is not None}
    said = refused(session, owners, set(absences.values()))
    return {case: {(absences[owners[case]], person) for person in people} for case, people in said.items()}


def _offered(act: Act, query: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> list[Offered]:
    rows = act.session.execute(query, values).all()
    return [
        Offered(
            case,
            row.hand_over,
            row.from_id,
            row.to_id,
            row.until_at,
            row.offered_at,
            row.accepted_at,
            row.to_id != act.who.id,
        )
        for case, row in zip(listed(act, rows), rows, strict=True)
    ]


def _sets(rows: Iterable[Any]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for case, person in rows:
        if person is not None:
            found.setdefault(case, set()).add(person)
    return found

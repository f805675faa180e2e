"""Reading who is there: the rota that every asker hands to the one resolver, and what pages show of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.cover import Cover, Rota, Stretch, on_cover, stretches
from lado.domain.escalation import Team
from lado.models import Absence, Account, CoverHistory, IndependentContact, Referral
from lado.queries import accounts, rotas
from lado.queries.accounts import Person
from lado.queries.wall import BARRED, kept_from
from lado.security.identity import Role

WHO_COVER = frozenset({Role.DESIGNATED_OFFICER, Role.COVER_OFFICER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE})
"""The roles whose people own cases and cover for each other."""

DUTY = "duty "
"""Before the rank, where it is written down who had the duty."""

IS_OPEN = text("referral.is_open")
"""Word for word the condition of the queue's indexes, which both databases ask for before they use them."""


class Covering(NamedTuple):
    """Someone whom a person covers now: the chain from them to that person, and until when they are away."""

    person: int
    chain: tuple[int, ...]
    until_at: datetime | None


class Uncovered(NamedTuple):
    """An owner of open cases for whom nobody is there now: whom was asked, how many cases, in which authority."""

    owner: int
    cover: Cover
    cases: int
    authority_id: int


class Gap(NamedTuple):
    """A stretch of time over which nobody is there for somebody."""

    person: int
    stretch: Stretch


class Covered(NamedTuple):
    """Who was really there for a person, or where that is None had a rank of duty (1 or 2; 0 for a person).

    As it was written down then; `until_at` is None where it is so still.
    """

    person: int | None
    rank: int
    found: int | None
    chain: tuple[int, ...]
    passed: tuple[str, ...]
    from_at: datetime
    until_at: datetime | None


def rota(session: Session, authority_id: int, at: datetime) -> Rota:
    """Everything that says who is there from about this instant on: what every asker hands to the one resolver."""
    return rotas.rota(session, authority_id, at)


def team(session: Session, authority_id: int, at: datetime) -> Team:
    """Whom a ladder can find in the authority: the rota, and the active people of each role in order of account."""
    contact = select(IndependentContact.account_id).where(IndependentContact.authority_id == authority_id)
    rows = session.execute(
        select(Account.role, Account.id, contact.scalar_subquery().label("contact"))
        .where(Account.authority_id == authority_id, Account.disabled_at.is_(None), Account.role != Role.PARTNER.value)
        .order_by(Account.id)
    ).all()
    in_role: dict[str, tuple[int, ...]] = {}
    for row in rows:
        in_role[row.role] = (*in_role.get(row.role, ()), row.id)
    active = {row.id for row in rows}
    chosen = next((row.contact for row in rows if row.contact in active), None)
    return Team(rota(session, authority_id, at), in_role, chosen)


def absences_between(session: Session, authority_id: int, from_at: datetime, until_at: datetime) -> list[Absence]:
    """The absences of an authority that touch a span of time, in order of beginning; cancelled ones left out."""
    query = (
        select(Absence)
        .where(
            Absence.authority_id == authority_id,
            Absence.until_at > from_at,
            Absence.from_at < until_at,
            Absence.cancelled_at.is_(None),
        )
        .order_by(Absence.from_at, Absence.id)
    )
    return list(session.scalars(query))


def officers(act: Act, authority_id: int) -> list[Person]:
    """The active people who own cases and cover for each other, with their names, in order of name."""
    return [person for person in accounts.people_of(act, authority_id, WHO_COVER) if person.is_active]


def covering(session: Session, authority_id: int, person: int, at: datetime) -> list[Covering]:
    """Whom this person covers at the instant: those away or gone for whom the resolver finds this person."""
    found = rota(session, authority_id, at)
    answers = {other: on_cover(other, at, found) for other in sorted(found.not_there(at) - {person})}
    covered = []
    for other, cover in answers.items():
        if cover.person == person:
            absence = found.away(other, at)
            covered.append(Covering(other, cover.chain, absence.until_at if absence else None))
    return covered


def gaps(
    session: Session, authority_id: int, people: Iterable[int], from_at: datetime, until_at: datetime
) -> list[Gap]:
    """When, between two instants, nobody is there for one of these people."""
    found = rota(session, authority_id, from_at)
    return [
        Gap(person, stretch)
        for person in people
        for stretch in stretches(person, from_at, until_at, found)
        if stretch.cover.is_nobody
    ]


def uncovered(session: Session, authority_id: int, at: datetime) -> list[Uncovered]:
    """The owners of open cases for whom nobody is there at the instant. Looks only at the cases of those few people."""
    found = rota(session, authority_id, at)
    nobody = {person: cover for person in found.not_there(at) if (cover := on_cover(person, at, found)).is_nobody}
    if not nobody:
        return []
    owned = session.execute(
        select(Referral.owner_id, func.count())
        .where(IS_OPEN, Referral.owner_id.in_(sorted(nobody)), Referral.authority_id == authority_id)
        .group_by(Referral.owner_id)
        .order_by(Referral.owner_id)
    )
    return [Uncovered(row[0], nobody[row[0]], row[1], authority_id) for row in owned if row[0] is not None]


def cases_known_to(session: Session, gap: Uncovered, person: int | None) -> int:
    """How many of those open cases this person may know of; None, for whoever reads it, of those that all may know."""
    query = select(func.count()).where(
        IS_OPEN, Referral.owner_id == gap.owner, Referral.authority_id == gap.authority_id
    )
    walled = select(BARRED.c.referral_id).where(BARRED.c.ended_at.is_(None))
    return session.scalar(query.where(Referral.id.not_in(walled if person is None else kept_from(person)))) or 0


def covered_between(session: Session, authority_id: int, from_at: datetime, until_at: datetime) -> list[Covered]:
    """Who was really there for whom over a span of the past, in order of beginning: what was written down then.

    Nothing is known of the time before the scheduler first looked, and nothing is worked out from today's rota.
    """
    rows = session.scalars(
        select(CoverHistory)
        .where(
            CoverHistory.authority_id == authority_id,
            CoverHistory.from_at < until_at,
            or_(CoverHistory.until_at.is_(None), CoverHistory.until_at > from_at),
        )
        .order_by(CoverHistory.from_at, CoverHistory.id)
    )
    return [covered(row) for row in rows]


def covered(row: CoverHistory) -> Covered:
    """One row of what was written down."""
    rank = 0 if row.account_id is not None else int(row.subject.removeprefix(DUTY))
    chain = tuple(int(part) for part in row.chain.split(",") if part)
    passed = tuple(part for part in row.passed.split(",") if part)
    return Covered(row.account_id, rank, row.found_id, chain, passed, row.from_at, row.until_at)

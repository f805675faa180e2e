"""Reading who is there: the rota that every asker hands to the one resolver, and what pages show of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.cover import Away, Cover, Rota, Stretch, on_cover, stretches
from lado.domain.escalation import Team
from lado.models import Absence, Account, Referral
from lado.queries import accounts
from lado.queries.accounts import Person
from lado.security.identity import Role

RECENTLY = timedelta(days=1)
"""Absences that ended less than this ago are kept in the rota, so that one answer can be explained a little later."""

WHO_COVER = frozenset({Role.DESIGNATED_OFFICER, Role.COVER_OFFICER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE})
"""The roles whose people own cases and cover for each other."""

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


def rota(session: Session, authority_id: int, at: datetime) -> Rota:
    """Who is away from about this instant on, who deputises for whom, and whose accounts are shut."""
    absences = session.execute(
        select(Absence.account_id, Absence.from_at, Absence.until_at, Absence.cover_id, Absence.kind, Absence.id)
        .where(Absence.authority_id == authority_id, Absence.until_at > at - RECENTLY, Absence.cancelled_at.is_(None))
        .order_by(Absence.id)
    )
    staff = session.execute(
        select(Account.id, Account.deputy_id, Account.disabled_at).where(
            Account.authority_id == authority_id, Account.role != Role.PARTNER.value
        )
    ).all()
    return Rota(
        tuple(Away(*row) for row in absences),
        {row.id: row.deputy_id for row in staff if row.deputy_id is not None},
        frozenset(row.id for row in staff if row.disabled_at is not None),
    )


def team(session: Session, authority_id: int, at: datetime) -> Team:
    """Whom a ladder can find in the authority: the rota, and the active people of each role in order of account."""
    rows = session.execute(
        select(Account.role, Account.id)
        .where(Account.authority_id == authority_id, Account.disabled_at.is_(None), Account.role != Role.PARTNER.value)
        .order_by(Account.id)
    )
    in_role: dict[str, tuple[int, ...]] = {}
    for row in rows:
        in_role[row.role] = (*in_role.get(row.role, ()), row.id)
    return Team(rota(session, authority_id, at), in_role)


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
    people = {absence.person for absence in found.absences if absence.holds(at)} | found.inactive
    answers = {other: on_cover(other, at, found) for other in sorted(people - {person})}
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
    people = {absence.person for absence in found.absences if absence.holds(at)} | found.inactive
    nobody = {person: cover for person in people if (cover := on_cover(person, at, found)).is_nobody}
    if not nobody:
        return []
    owned = session.execute(
        select(Referral.owner_id, func.count())
        .where(IS_OPEN, Referral.owner_id.in_(sorted(nobody)), Referral.authority_id == authority_id)
        .group_by(Referral.owner_id)
        .order_by(Referral.owner_id)
    )
    return [Uncovered(row[0], nobody[row[0]], row[1], authority_id) for row in owned if row[0] is not None]

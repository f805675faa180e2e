"""Reading restricted cases: who is on the list of one, which of them one may know of, and who asked to be let in."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Boolean, ColumnElement, Select, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.conflicts import PERSON
from lado.models import (
    Account,
    Authority,
    Barred,
    Base,
    BrokenGlass,
    Conflict,
    Listed,
    Referral,
    Restriction,
    SealingKey,
)
from lado.queries import accounts, conflicts
from lado.queries.conflicts import PART, link_in
from lado.queries.wall import BARRED
from lado.security.identity import Identity, Role
from lado.security.predicates import MANAGERS, OFFICERS

WHO_CAN_BE_LISTED = OFFICERS | MANAGERS | {Role.DIRECTOR}


STANDS = Base.metadata.tables[Restriction.__tablename__]
LISTED = Base.metadata.tables[Listed.__tablename__]
"""The tables themselves, before no wall: whoever can let somebody in need not be one who may read the case."""

WAITS = (
    BrokenGlass.answered_at.is_(None),
    BrokenGlass.case_id.in_(select(STANDS.c.referral_id).where(STANDS.c.ended_at.is_(None))),
)
"""That somebody asks to be let into a case, has no answer, and the case is restricted still."""


FOR_ME = select(literal(1).label("one")).where(
    *WAITS,
    BrokenGlass.authority_id == bindparam("authority"),
    BrokenGlass.asked_by_id != bindparam("me"),
    BrokenGlass.case_id.not_in(
        select(BARRED.c.referral_id).where(
            BARRED.c.account_id == bindparam("me"), BARRED.c.ended_at.is_(None), BARRED.c.conflict_id.is_not(None)
        )
    ),
    or_(
        bindparam("manages", type_=Boolean),
        BrokenGlass.case_id.in_(
            select(STANDS.c.referral_id)
            .join(LISTED, LISTED.c.restriction_id == STANDS.c.id)
            .where(STANDS.c.ended_at.is_(None), LISTED.c.account_id == bindparam("me"), LISTED.c.ended_at.is_(None))
        ),
    ),
)
"""One row for each wish that `me` can answer, for a count on the page where everybody begins."""


class OnList(NamedTuple):
    """Somebody on the list of a restricted case, or who could be."""

    id: int
    name: str
    role: Role


class Kept(NamedTuple):
    """A restricted case as those see it who may: its reference, how many are on its list, and until when it stands."""

    reference: str
    keeper_id: int
    people: int
    is_match: bool
    review_by_at: datetime
    lapsed_at: datetime | None


class Asked(NamedTuple):
    """A wish to be let into a restricted case, for the policy and for the page on which it is answered."""

    id: int
    authority_id: int
    case_id: int
    reference: str
    asked_by_id: int
    asked_at: datetime
    hours: int
    answered_at: datetime | None
    why: str


class LetIn(NamedTuple):
    """That two people let somebody read a restricted case: which, until when, why they asked, and who said yes."""

    reference: str
    until_at: datetime
    why: str
    answered_by_id: int


def standing(session: Session, referral_id: int) -> Restriction | None:
    """The restriction of a case that stands, or None."""
    query = select(Restriction).where(Restriction.referral_id == referral_id, Restriction.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def on_list(restriction_id: int) -> Select[int]:
    """The accounts on a list."""
    return select(Listed.account_id).where(Listed.restriction_id == restriction_id, Listed.ended_at.is_(None))


def is_listed(session: Session, account_id: int) -> bool:
    """Whether somebody is on the list of any restricted case."""
    query = (
        select(Listed.id)
        .join(Restriction, Restriction.id == Listed.restriction_id)
        .where(Listed.account_id == account_id, Listed.ended_at.is_(None), Restriction.ended_at.is_(None))
    )
    return session.scalar(query.limit(1)) is not None


def is_restricted(session: Session, reference: str) -> bool:
    """Whether the case of this reference is there for a list of people only."""
    query = (
        select(Restriction.id)
        .join(Referral, Referral.id == Restriction.referral_id)
        .where(Referral.reference == reference, Restriction.ended_at.is_(None))
    )
    return session.scalar(query.limit(1)) is not None


def matched(act: Act, referral_id: int) -> bool:
    """Whether the adult of the case is the person, or the declared relation, of somebody who is kept from it."""
    query = (
        select(Conflict.id, Conflict.kind, Conflict.sealed, SealingKey.wrapped)
        .join(Barred, Barred.conflict_id == Conflict.id)
        .join(Authority, Authority.id == Conflict.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Barred.referral_id == referral_id, Barred.ended_at.is_(None), Conflict.kind == PERSON)
    )
    links = [link_in(act, row) for row in act.session.execute(query)]
    if not links:
        return False
    people = conflicts.people_of(act, [referral_id]).get(referral_id, [])
    adult = [person for person in people if person.get(PART) == "subject"]
    return any(conflicts.is_about(link, adult, "") for link in links)


def people_on(act: Act, referral: Referral) -> list[OnList]:
    """Who is on the list of a case, by name."""
    query = (
        select(Listed.account_id)
        .join(Restriction, Restriction.id == Listed.restriction_id)
        .where(Restriction.referral_id == referral.id, Restriction.ended_at.is_(None), Listed.ended_at.is_(None))
    )
    listed = set(act.session.scalars(query))
    people = accounts.people_of(act, referral.authority_id)
    return [OnList(person.id, person.name, person.role) for person in people if person.id in listed]


def could_be_on(act: Act, referral: Referral) -> list[OnList]:
    """Who can be on the list: those who work on cases and sign in, but for whom a conflict keeps from this one."""
    kept = set(
        act.session.scalars(
            select(BARRED.c.account_id).where(
                BARRED.c.referral_id == referral.id, BARRED.c.ended_at.is_(None), BARRED.c.conflict_id.is_not(None)
            )
        )
    )
    people = accounts.people_of(act, referral.authority_id, WHO_CAN_BE_LISTED)
    return [OnList(one.id, one.name, one.role) for one in people if one.is_active and one.id not in kept]


def known(act: Act) -> list[Kept]:
    """The restricted cases that the person who asks may know of, the one to be reviewed first coming first."""
    count = (
        select(func.count())
        .where(Listed.restriction_id == Restriction.id, Listed.ended_at.is_(None))
        .correlate(Restriction)
        .scalar_subquery()
    )
    query = (
        select(
            Referral.reference,
            Restriction.keeper_id,
            count,
            Restriction.is_match,
            Restriction.review_by_at,
            Restriction.lapsed_at,
        )
        .join(Referral, Referral.id == Restriction.referral_id)
        .where(Restriction.authority_id == act.who.authority, Restriction.ended_at.is_(None))
        .order_by(Restriction.review_by_at, Restriction.id)
    )
    return [Kept._make(row) for row in act.session.execute(query)]


def to_review(session: Session, before: datetime) -> list[tuple[int, datetime]]:
    """The lists that lapse before an instant, with when; those that have lapsed already are not among them."""
    query = (
        select(Restriction.id, Restriction.review_by_at)
        .where(Restriction.ended_at.is_(None), Restriction.review_by_at <= before, Restriction.lapsed_at.is_(None))
        .order_by(Restriction.id)
    )
    return [(row.id, row.review_by_at) for row in session.execute(query)]


def waiting(act: Act) -> list[Asked]:
    """The wishes to be let in that this person can answer, the oldest first: into what still is restricted."""
    return _asked(act, *WAITS)


def find_asked(act: Act, glass_id: int) -> Asked | None:
    """One wish that this person can answer or has seen answered, or None."""
    found = _asked(act, BrokenGlass.id == glass_id) if glass_id <= conflicts.LARGEST_ID else []
    return found[0] if found else None


def let_in(act: Act, who: Identity) -> list[LetIn]:
    """The restricted cases that two people let this person read now, each until the last minute of it.

    Not those that they may come to anyway by now, because they are on the list or there is none any more.
    """
    if not who.opened:
        return []
    kept = select(BARRED.c.referral_id).where(BARRED.c.account_id == who.id, BARRED.c.ended_at.is_(None))
    columns = BrokenGlass.id, BrokenGlass.reference, BrokenGlass.ends_at, BrokenGlass.answered_by_id
    query = (
        select(*columns, BrokenGlass.sealed, SealingKey.wrapped)
        .join(Authority, Authority.id == BrokenGlass.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(BrokenGlass.asked_by_id == who.id, BrokenGlass.ends_at > act.at, BrokenGlass.case_id.in_(who.opened))
        .where(BrokenGlass.case_id.in_(kept))
        .order_by(BrokenGlass.ends_at, BrokenGlass.id)
    )
    last = {
        reference: LetIn(reference, ends_at, act.vault.open(wrapped, place_of(glass_id), sealed)["why"], answered_by_id)
        for glass_id, reference, ends_at, answered_by_id, sealed, wrapped in act.session.execute(query)
        if ends_at is not None and answered_by_id is not None
    }
    return list(last.values())


def can_answer(case_id: int, authority_id: int) -> Select[int]:
    """The accounts that can let somebody into a case: its list, and the managers whom no conflict keeps from it."""
    listed = (
        select(Listed.account_id)
        .join(Restriction, Restriction.id == Listed.restriction_id)
        .where(Restriction.referral_id == case_id, Restriction.ended_at.is_(None), Listed.ended_at.is_(None))
    )
    kept = select(BARRED.c.account_id).where(
        BARRED.c.referral_id == case_id, BARRED.c.ended_at.is_(None), BARRED.c.conflict_id.is_not(None)
    )
    is_manager = Account.role.in_([role.value for role in MANAGERS])
    return select(Account.id).where(
        Account.authority_id == authority_id,
        Account.disabled_at.is_(None),
        or_(Account.id.in_(listed), is_manager),
        Account.id.not_in(kept),
    )


def _asked(act: Act, *where: ColumnElement[bool]) -> list[Asked]:
    query = select(
        BrokenGlass.id,
        BrokenGlass.authority_id,
        BrokenGlass.case_id,
        BrokenGlass.reference,
        BrokenGlass.asked_by_id,
        BrokenGlass.asked_at,
        BrokenGlass.hours,
        BrokenGlass.answered_at,
        BrokenGlass.sealed,
        SealingKey.wrapped,
    )
    query = (
        query.join(Authority, Authority.id == BrokenGlass.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(BrokenGlass.authority_id == act.who.authority, BrokenGlass.asked_by_id != act.who.id, *where)
        .order_by(BrokenGlass.id)
    )
    found = []
    for *plain, sealed, wrapped in act.session.execute(query).all():
        if act.who.id in act.session.scalars(can_answer(plain[2], plain[1])).all():
            said = act.vault.open(wrapped, place_of(plain[0]), sealed)
            found.append(Asked._make((*plain, said["why"])))
    return found


def place_of(glass_id: int) -> str:
    """Where the words of a wish to be let in are bound to."""
    return f"glass/{glass_id}"

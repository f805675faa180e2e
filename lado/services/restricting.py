"""Keeping a case to its list: everybody of the council who is not on it stands behind the wall, as for a conflict.

A case whose adult may be somebody who signs in here, or of whom one of them declared to be a relation, is restricted in
the act that brings the two together: before anybody can have seen it. The match is told to nobody by itself.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import Integer, and_, insert, literal, or_, select, update
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.models import Account, Barred, Base, EdtAuthority, IndependentContact, Listed, Referral, Restriction
from lado.models.base import Instant
from lado.queries import conflicts, cover, ledger, practices
from lado.queries import restrictions as reading
from lado.security.identity import Role
from lado.services import barring, notices
from lado.services.record import append, project
from workflows.case import Case
from workflows.events import Restricted, RestrictionEnded
from workflows.practice import Practice

REVIEWED_EVERY = timedelta(days=90)
"""After how long the list of a case lapses that nobody has gone through: as Nottingham City reviews its own."""

RESTRICTED = "This case is restricted. You keep its list: see who is on it, and who else needs to be."
GIVEN = "You are on the list of a restricted case. Do not speak of it to anybody who is not."

BARRED = Base.metadata.tables[Barred.__tablename__]
LISTED = Base.metadata.tables[Listed.__tablename__]

NOT_KEPT_OUT = (Role.PARTNER.value, Role.AUDITOR.value, Role.SYSTEM.value)
"""Partners follow what was granted to them alone; an auditor reviews who looked, and is kept from no list."""


def match(act: Act, referral: Referral, case: Case) -> bool:
    """Restrict the case where its adult is, by name, somebody who signs in here or a declared relation of one.

    It has to be barred to them before. Says whether it was restricted now; the caller writes the projections then.
    """
    if case.listed is not None or not reading.matched(act, referral.id):
        return False
    kept = barring.barred(act, referral.id)
    owner = case.owner if case.owner not in kept else None
    keeper = keeper_for(act, referral.authority_id, kept) or owner or case.owner or 0
    people = {keeper, *((owner,) if owner is not None else ())}
    restriction = _begin(act, referral, keeper, people, is_match=True)
    append(act, referral, case, [Restricted(tuple(sorted(people)), keeper, "match")])
    bring_into_line(act, restriction)
    for person in sorted(people - kept):
        words = RESTRICTED if person == keeper else GIVEN
        notices.queue(act, person, referral, f"{referral.reference}: a restricted case", words)
    return True


def rematch(act: Act, referral_ids: Iterable[int]) -> None:
    """See anew whether these cases match somebody, after whom they are kept from has changed."""
    cases = sorted(referral_ids)
    barring.hold(act, cases)
    for referral_id in cases:
        referral = held(act, referral_id)
        case, practice = ledger.case_of(act.session, referral.id), practices.of_case(act.session, referral)
        before = referral.events
        barring.give_on(act, referral, case, practice, barring.barred(act, referral.id))
        if match(act, referral, case) or unmatch(act, referral, case) or referral.events != before:
            project(act, referral, case, practice, events=referral.events)


def held(act: Act, referral_id: int) -> Referral:
    """The referral, held until the act ends, whoever acts: its list is worked out for others than them."""
    query = select(Referral).where(Referral.id == referral_id).options(joinedload(Referral.sealing_key, innerjoin=True))
    query = query.with_for_update(of=Referral).execution_options(populate_existing=True)
    return act.session.scalars(query).one()


def unmatch(act: Act, referral: Referral, case: Case) -> bool:
    """End what was restricted for a match alone, where nothing matches any more. Says whether it ended."""
    restriction = reading.standing(act.session, referral.id)
    if restriction is None or not restriction.is_match or reading.matched(act, referral.id):
        return False
    end(act, restriction)
    append(act, referral, case, [RestrictionEnded("match")])
    return True


def choose(
    act: Act, referral: Referral, case: Case, practice: Practice, people: Collection[int], keeper: int, because: str
) -> Restricted:
    """Let the case exist for these people alone, and give it to one of them where its owner is not on the list.

    Returns the event, which the caller records with its reason.
    """
    restriction = reading.standing(act.session, referral.id)
    if restriction is None:
        restriction = _begin(act, referral, keeper, people, is_match=False)
    else:
        _relist(act, restriction, people)
        restriction.keeper_id, restriction.review_by_at = keeper, act.at + REVIEWED_EVERY
        restriction.warned_at = None
        restriction.is_match = restriction.is_match and because != "changed"
    bring_into_line(act, restriction)
    barring.give_on(act, referral, case, practice, barring.barred(act, referral.id))
    return Restricted(tuple(sorted(people)), keeper, because)


def end(act: Act, restriction: Restriction) -> None:
    """Let the case be there again for whoever only its list kept from it."""
    restriction.ended_at = act.at
    open_ones = LISTED.c.restriction_id == restriction.id, LISTED.c.ended_at.is_(None)
    act.session.execute(update(LISTED).where(*open_ones).values(ended_at=act.at))
    still = BARRED.c.restriction_id == restriction.id, BARRED.c.ended_at.is_(None)
    act.session.execute(update(BARRED).where(*still).values(ended_at=act.at))
    act.session.flush()


def bring_into_line(act: Act, restriction: Restriction) -> None:
    """Keep from the case exactly those of the council who are not on its list. Repeated, it does nothing."""
    act.session.flush()
    let_in = or_(
        Account.id.in_(reading.on_list(restriction.id)),
        Account.id.in_(
            select(IndependentContact.account_id).where(IndependentContact.authority_id == restriction.authority_id)
        ),
    )
    serving = select(EdtAuthority.account_id).where(EdtAuthority.authority_id == restriction.authority_id)
    is_here = or_(Account.authority_id == restriction.authority_id, Account.id.in_(serving))
    outside = and_(is_here, Account.role.not_in(NOT_KEPT_OUT), ~let_in)
    still = BARRED.c.restriction_id == restriction.id, BARRED.c.ended_at.is_(None)
    kept = select(BARRED.c.account_id).where(*still)
    new = select(
        literal(restriction.referral_id, Integer),
        Account.id,
        literal(restriction.id, Integer),
        literal(act.at, Instant),
    ).where(outside, Account.id.not_in(kept))
    act.session.execute(insert(BARRED).from_select(["referral_id", "account_id", "restriction_id", "since_at"], new))
    back = select(Account.id).where(outside)
    act.session.execute(update(BARRED).where(*still, BARRED.c.account_id.not_in(back)).values(ended_at=act.at))


def bring_all_into_line(act: Act, authority_id: int | None = None) -> None:
    """The same for every list of a council, or of all: as when somebody joins it or takes another role."""
    standing = select(Restriction).where(Restriction.ended_at.is_(None)).order_by(Restriction.id)
    if authority_id is not None:
        standing = standing.where(Restriction.authority_id == authority_id)
    for restriction in act.session.scalars(standing).all():
        bring_into_line(act, restriction)


def keeper_for(act: Act, authority_id: int, kept: Collection[int]) -> int | None:
    """Who keeps a list: a service manager who may, or else the head of service, or else the independent contact."""
    team = cover.team(act.session, authority_id, act.at)
    for role in (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE):
        for person in team.in_role.get(role.value, ()):
            if person not in kept:
                return person
    contact = conflicts.contact_of(act.session, authority_id)
    return contact if contact is not None and contact not in kept else None


def _begin(act: Act, referral: Referral, keeper: int, people: Collection[int], *, is_match: bool) -> Restriction:
    restriction = Restriction(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        keeper_id=keeper,
        is_match=is_match,
        since_at=act.at,
        review_by_at=act.at + REVIEWED_EVERY,
        warned_at=None,
        lapsed_at=None,
        ended_at=None,
    )
    act.session.add(restriction)
    act.session.flush()
    _relist(act, restriction, people)
    return restriction


def _relist(act: Act, restriction: Restriction, people: Collection[int]) -> None:
    """Let exactly these people be on the list."""
    on_it = set(act.session.scalars(reading.on_list(restriction.id)))
    gone = LISTED.c.restriction_id == restriction.id, LISTED.c.ended_at.is_(None)
    if leaving := sorted(on_it - set(people)):
        act.session.execute(update(LISTED).where(*gone, LISTED.c.account_id.in_(leaving)).values(ended_at=act.at))
    rows = [
        {"restriction_id": restriction.id, "account_id": person, "since_at": act.at}
        for person in sorted(set(people) - on_it)
    ]
    if rows:
        act.session.execute(insert(LISTED), rows)

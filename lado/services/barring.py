"""Keeping people from the cases that a declared link is about: worked out with whatever changes either, in one act."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select, update

from lado.act import Act
from lado.errors import Refused
from lado.models import Barred, Conflict, Referral, SearchToken
from lado.queries import conflicts, cover, second_lock
from lado.queries.among import among
from lado.queries.conflicts import Said
from lado.queries.second_lock import EVERYTHING
from lado.security.identity import Role
from lado.services import notices
from lado.services.record import append
from workflows.attempt import Attempt, Refusal
from workflows.case import Case
from workflows.engine import decide
from workflows.practice import Practice

WHY = "Somebody else looks after this case because of a declared conflict of interest."
NOBODY_LEFT = "Nobody is left who may have this case: everybody is kept from it by a conflict of interest."
NOT_THEM = "This cannot be given to that person. Choose somebody else."

Pairs = Mapping[int, int]
"""Whom each of some declarations keeps from a case: account by the id of the declaration."""


def pairs(act: Act, authority_id: int, tokens: Iterable[bytes], people: Iterable[Said], setting: str) -> Pairs:
    """Which standing declarations a case of these people in this setting is about. One statement where none is.

    A partner of any council may be its subject, so that this looks into all of them.
    """
    people = list(people)
    with second_lock.lifted(act, EVERYTHING):
        found = conflicts.of_tokens(act, authority_id, tokens)
    return {
        conflict: account for conflict, (account, link) in found.items() if conflicts.is_about(link, people, setting)
    }


def bar(act: Act, referral_id: int, kept: Pairs) -> None:
    """Keep these people from the case from now on. What kept them before goes on."""
    standing = select(Barred.conflict_id).where(Barred.referral_id == referral_id, Barred.ended_at.is_(None))
    known = set(act.session.scalars(standing)) if kept else set()
    rows = [
        {"referral_id": referral_id, "account_id": account, "conflict_id": conflict, "since_at": act.at}
        for conflict, account in kept.items()
        if conflict not in known
    ]
    if rows:
        act.session.execute(insert(Barred), rows)


def hold(act: Act, referral_ids: Iterable[int]) -> None:
    """Hold these cases until the act ends, in the order in which everybody takes several.

    To be asked before whose they are is read: who gives one of them to somebody at this moment was first, and this act
    sees it; or waits, and sees this act.
    """
    held = select(Referral.id).where(among(act.session, Referral.id, sorted(referral_ids))).order_by(Referral.id)
    act.session.execute(held.with_for_update(of=Referral))


def after_people_came(act: Act, referral: Referral, case: Case, practice: Practice) -> None:
    """Work out anew whom the case is kept from, after people were added to it, and who has it then."""
    tokens = act.session.scalars(select(SearchToken.token).where(SearchToken.referral_id == referral.id)).all()
    people = conflicts.people_of(act, [referral.id]).get(referral.id, [])
    headline = act.vault.open(referral.sealing_key.wrapped, f"referral/{referral.reference}", referral.sealed)
    kept = pairs(act, referral.authority_id, tokens, people, headline["setting"])
    bar(act, referral.id, kept)
    give_on(act, referral, case, practice, barred(act, referral.id))


def free(act: Act, conflict_ids: Iterable[int]) -> list[int]:
    """Keep nobody from a case by these declarations any more. The cases that somebody was kept from by them."""
    still = Barred.conflict_id.in_(sorted(conflict_ids)), Barred.ended_at.is_(None)
    freed = update(Barred).where(*still).values(ended_at=act.at).returning(Barred.referral_id)
    return sorted(set(act.session.scalars(freed)))


def declared_it(act: Act, referral_id: int) -> bool:
    """Whether whoever acts is kept from the case by something that they declared themselves."""
    theirs = Barred.referral_id == referral_id, Barred.account_id == act.who.id, Barred.ended_at.is_(None)
    query = select(Conflict.id).join(Barred, Barred.conflict_id == Conflict.id).where(*theirs, ~Conflict.is_own)
    return act.session.scalars(query.limit(1)).first() is not None


def barred(act: Act, referral_id: int) -> frozenset[int]:
    """Who is kept from the case now."""
    return conflicts.barred_from(act.session, [referral_id]).get(referral_id, frozenset())


def refuse_barred(act: Act, referral_id: int, answers: Mapping[str, Any]) -> None:
    """Refuse to give a case, or an action on it, to somebody who is kept from it."""
    chosen = {answers[name] for name in ("owner", "user") if answers.get(name) is not None}
    if chosen and chosen & barred(act, referral_id):
        raise Refused(NOT_THEM)


def owner_of_new(act: Act, authority_id: int, wanted: int, kept: Pairs) -> int:
    """Who has a new case: the one who was chosen, or who takes it where they are kept from it."""
    away_from = frozenset(kept.values())
    if wanted not in away_from:
        return wanted
    found = conflicts.taker(act.session, authority_id, wanted, act.at, away_from)
    return wanted if found is None else found


def give_on(act: Act, referral: Referral, case: Case, practice: Practice, kept: frozenset[int]) -> None:
    """Give an open case to somebody else where its owner is kept from it. The caller writes the projections."""
    if case.owner not in kept or practice.flow.state_by_key[case.state].final:
        return
    found = conflicts.taker(act.session, referral.authority_id, case.owner, act.at, kept)
    if found is None:
        say_nobody_is_left(act, referral, kept)
        return
    before = case.owner
    decided = decide(case, Attempt("assign", act.at, {"owner": found}, {"note": WHY}), practice)
    if isinstance(decided, Refusal):
        raise Refused(decided.reason, decided.missing)
    append(act, referral, case, decided, {"note": WHY})
    notices.after_move(act, referral, case, "assign", {}, before)


def say_nobody_is_left(act: Act, referral: Referral, kept: frozenset[int]) -> None:
    """Tell the head of service that nobody is left for a case: its reference only to one who is not kept from it.

    One whose own case it is hears nothing at all, and the director does in their place. It has to be barred before.
    """
    own = select(Barred.account_id).join(Conflict, Conflict.id == Barred.conflict_id).where(Conflict.is_own)
    themselves = set(act.session.scalars(own.where(Barred.referral_id == referral.id, Barred.ended_at.is_(None))))
    team = cover.team(act.session, referral.authority_id, act.at)
    heads, directors = (
        [person for person in team.in_role.get(role.value, ()) if person not in themselves]
        for role in (Role.HEAD_OF_SERVICE, Role.DIRECTOR)
    )
    for person in heads or directors:
        about, key = None if person in kept else referral, f"{notices.NOBODY_LEFT}{referral.id}.{person}"
        notices.queue(act, person, about, "Nobody is left for a case", NOBODY_LEFT, key=key)

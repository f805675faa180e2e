"""Reading conflicts of interest: what somebody declared, which cases that is about, and who is kept from a case.

Names are found through the blind index. Where a word of a name is shared by several people of a case, and where a date
of birth was declared, the people of those few cases are opened to tell them apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.conflicts import PERSON
from lado.domain.cover import first_there, on_cover
from lado.models import (
    Account,
    Authority,
    Conflict,
    ConflictToken,
    IndependentContact,
    LedgerEntry,
    Referral,
    SealingKey,
    SearchToken,
)
from lado.queries import accounts, cover, passed_over
from lado.queries.ledger import place_of
from lado.security.identity import Role
from lado.security.predicates import MANAGERS, OFFICERS
from lado.vault import folded
from workflows.events import PersonAdded, read_data

LARGEST_ID = 2**31 - 1
SHORTEST = 2
"""Letters below which a word is not indexed."""

WHO_DECLARE = OFFICERS | MANAGERS
WHO_TAKE = (Role.DESIGNATED_OFFICER, Role.COVER_OFFICER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
"""In whose hands a case can come whose own owner is kept from it, the first asked first."""

PART = "part"
"""Under which name a person's words say their part in the case: subject, referrer, child ..."""

Said = Mapping[str, Any]
"""The words about one person of a case: name, known_as, born_on ..."""


@dataclass(frozen=True, slots=True)
class Link:
    """What somebody is linked to: a person, a school or another setting, by name, and a person's date of birth."""

    kind: str
    name: str
    born_on: str = ""
    of_subject: bool = False
    """Whether only the subject of a case counts: so one's own name stands, as one may well be named otherwise."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as its page shows it. The words are those of the person themselves, and empty for anybody else."""

    id: int
    authority_id: int
    declared_for_id: int
    kind: str
    name: str
    born_on: str
    why: str
    declared_at: datetime


class Declarer(NamedTuple):
    """Somebody who can declare links, as a manager sees them: how many declarations stand."""

    id: int
    authority_id: int
    name: str
    role: Role
    declarations: int

    @property
    def declared_for_id(self) -> int:
        """Whose links these are, for the policy."""
        return self.id


def is_about(link: Link, people: Iterable[Said], setting: str) -> bool:
    """Whether a case of these people, in this setting, is about what was declared."""
    if link.kind != PERSON:
        return folded(setting) == folded(link.name)
    return any(_is_same(link, one) for one in people if not link.of_subject or one.get(PART) == "subject")


def tokens_of(act: Act, link: Link) -> set[bytes]:
    """The rows of the blind index that a case about the link has, every one of them."""
    if link.kind != PERSON:
        return {act.vault.token("setting", link.name)}
    return {act.vault.token("name", word) for word in _words(link.name)}


def of_tokens(act: Act, authority_id: int, tokens: Iterable[bytes]) -> dict[int, tuple[int, Link]]:
    """The standing declarations whose every token is among these: by id, whose each is and what it says.

    Those of the authority's own people, and every partner's, who may follow a case of another one.
    """
    query = (
        select(Conflict.id, Conflict.account_id, Conflict.kind, Conflict.sealed, SealingKey.wrapped)
        .join(ConflictToken, ConflictToken.conflict_id == Conflict.id)
        .join(Account, Account.id == Conflict.account_id)
        .join(Authority, Authority.id == Conflict.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(ConflictToken.token.in_(sorted(tokens)), Conflict.ended_at.is_(None))
        .where(or_(Conflict.authority_id == authority_id, Account.role == Role.PARTNER.value))
        .group_by(Conflict.id, SealingKey.wrapped)
        .having(func.count() == Conflict.tokens)
    )
    return {row.id: (row.account_id, link_in(act, row)) for row in act.session.execute(query)}


def cases_about(act: Act, authority_id: int | None, link: Link) -> list[int]:
    """The cases of an authority (None: of all), open or closed, that are about what was declared."""
    tokens = tokens_of(act, link)
    query = (
        select(SearchToken.referral_id)
        .join(Referral, Referral.id == SearchToken.referral_id)
        .where(SearchToken.token.in_(sorted(tokens)))
        .group_by(SearchToken.referral_id)
        .having(func.count() == len(tokens))
        .order_by(SearchToken.referral_id)
    )
    if authority_id is not None:
        query = query.where(Referral.authority_id == authority_id)
    found = list(act.session.scalars(query))
    if link.kind != PERSON:
        return found
    people = people_of(act, found)
    return [case for case in found if is_about(link, people.get(case, ()), "")]


def people_of(act: Act, referral_ids: Sequence[int]) -> dict[int, list[Said]]:
    """The people of these cases, opened, each with their part in it."""
    query = (
        select(LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.data, LedgerEntry.sealed, SealingKey.wrapped)
        .join(Referral, Referral.id == LedgerEntry.referral_id)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(LedgerEntry.referral_id.in_(referral_ids), LedgerEntry.kind == PersonAdded.__name__)
    )
    found: dict[int, list[Said]] = {}
    for row in act.session.execute(query):
        if row.sealed is not None:
            said = act.vault.open(row.wrapped, place_of(row.referral_id, row.number), row.sealed)
            found.setdefault(row.referral_id, []).append({**said, PART: read_data(row.data)["role"]})
    return found


def barred_from(session: Session, referral_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Whom the resolver passes over for each of these cases now; a case without anybody is not in it. One statement.

    In the set are those who are kept from the case. Who only said that they cannot take it is not: a `Kept` says so.
    """
    return passed_over.of_cases(session, referral_ids)


def contact_of(session: Session, authority_id: int) -> int | None:
    """The council's independent contact, if one was chosen who can still sign in."""
    query = (
        select(IndependentContact.account_id)
        .join(Account, Account.id == IndependentContact.account_id)
        .where(IndependentContact.authority_id == authority_id, Account.disabled_at.is_(None))
    )
    return session.scalar(query)


def taker(session: Session, authority_id: int, owner: int, at: datetime, barred: frozenset[int]) -> int | None:
    """Who has a case instead of an owner who is kept from it: the resolver's answer, or the independent contact.

    Their own cover first; then whoever is there of the designated officers, of the cover officers, and of the leaders,
    the nearest first. None: everybody is kept from it, and no contact was chosen.
    """
    team = cover.team(session, authority_id, at)
    found = on_cover(owner, at, team.rota, barred).person
    for role in WHO_TAKE:
        if found is None:
            found = first_there(team.in_role.get(role, ()), at, team.rota, barred).person
    return contact_of(session, authority_id) if found is None else found


def own(act: Act) -> list[Declared]:
    """What the person who asks has declared and has not ended, the newest first."""
    return _declared(act, Conflict.account_id == act.who.id)


def of_person(act: Act, account_id: int) -> list[Declared]:
    """What somebody else has declared and has not ended: of which kind and when, without a word of it."""
    return _declared(act, Conflict.account_id == account_id, Conflict.authority_id == act.who.authority)


def find(act: Act, conflict_id: int) -> Declared | None:
    """A standing declaration in one's own authority, or None."""
    if conflict_id > LARGEST_ID:
        return None
    found = _declared(act, Conflict.id == conflict_id, Conflict.authority_id == act.who.authority)
    return found[0] if found else None


def declarers(act: Act) -> list[Declarer]:
    """The people of one's own authority who can declare links, with how many declarations of each stand."""
    authority = act.who.authority or 0
    query = (
        select(Conflict.account_id, func.count())
        .where(Conflict.authority_id == authority, Conflict.ended_at.is_(None), Conflict.is_own.is_(False))
        .group_by(Conflict.account_id)
    )
    counts: dict[int, int] = dict(act.session.execute(query).all())
    people = accounts.people_of(act, authority, WHO_DECLARE)
    return [
        Declarer(person.id, authority, person.name, person.role, counts.get(person.id, 0))
        for person in people
        if person.is_active
    ]


def declarer(act: Act, account_id: int) -> Declarer | None:
    """One of those people, or None."""
    return next((person for person in declarers(act) if person.id == account_id), None)


def _declared(act: Act, *where: Any) -> list[Declared]:
    query = (
        select(Conflict, SealingKey.wrapped)
        .join(Authority, Authority.id == Conflict.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Conflict.ended_at.is_(None), Conflict.is_own.is_(False), *where)
        .order_by(Conflict.id.desc())
    )
    return [_opened(act, *row) for row in act.session.execute(query)]


def _opened(act: Act, conflict: Conflict, wrapped: bytes) -> Declared:
    is_own = conflict.account_id == act.who.id
    said = act.vault.open(wrapped, place_of_conflict(conflict.id), conflict.sealed) if is_own else {}
    return Declared(
        conflict.id,
        conflict.authority_id,
        conflict.account_id,
        conflict.kind,
        said.get("name", ""),
        said.get("born_on", ""),
        said.get("why", ""),
        conflict.declared_at,
    )


def place_of_conflict(conflict_id: int) -> str:
    """Where the words of a declaration are bound to."""
    return f"conflict/{conflict_id}"


def link_in(act: Act, row: Any) -> Link:
    """The link in a row that has a declaration's id, kind and sealed part and its authority's wrapped key."""
    said = act.vault.open(row.wrapped, place_of_conflict(row.id), row.sealed)
    return Link(row.kind, said["name"], said.get("born_on", ""), said.get("of_subject", False))


def _is_same(link: Link, person: Said) -> bool:
    born_on = person.get("born_on") or ""
    if link.born_on and born_on and link.born_on != born_on:
        return False
    return any(_words(link.name) <= _words(person.get(name) or "") for name in ("name", "known_as"))


def _words(name: str) -> set[str]:
    return {word for part in name.split() if len(word := folded(part)) >= SHORTEST}

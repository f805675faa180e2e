"""Declaring a conflict of interest and ending it, and choosing who looks after a case from which everybody is kept.

Whom a declaration keeps from which case is worked out in the same act: from then on the case does not exist for them,
and one that they were accountable for is somebody else's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from lado.act import Act
from lado.domain.conflicts import CASE, LINKS, PERSON
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, Authority, Conflict, ConflictToken, IndependentContact, Referral, SealingKey
from lado.queries import conflicts
from lado.queries.conflicts import Declared, Link
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import barring, moves, restricting
from lado.services.insertion import put
from lado.services.record import project
from lado.vault import folded

LONGEST_NAME = 200
LONGEST_REASON = 2_000
WHO_CAN_BE_CONTACT = conflicts.WHO_DECLARE | {Role.DIRECTOR}
"""The roles whose people can look after a case from which everybody else is kept."""


@dataclass(frozen=True, slots=True)
class NewConflict:
    """A link to declare: whose, a key of LINKS, the name, a person's date of birth if known, and why it is declared."""

    account: int
    kind: str
    name: str
    born_on: date | None = None
    why: str = ""

    @property
    def link(self) -> Link:
        """What cases are compared with."""
        return Link(self.kind, self.name.strip(), self.born_on.isoformat() if self.born_on else "")


def declare(act: Act, new: NewConflict) -> int:
    """Declare a link, one's own or as a manager somebody else's, and keep that person from the cases about it.

    Says how many cases those are; it is for the log and for tests, and no page shows it. Raises BadInput by field
    (kind, name, born_on, why), NotAllowed, NotFound.
    """
    person = _declarer(act, new.account)
    if problems := _problems(act, new):
        raise BadInput(problems)
    link, authority = new.link, person.authority_id
    tokens = conflicts.tokens_of(act, link)
    said = {"name": link.name, "born_on": link.born_on, "why": new.why.strip()}
    conflict = _keep(act, person, new.kind, None, tokens, said)
    about = conflicts.cases_about(act, authority, link)
    _keep_from(act, about, person.id, conflict.id)
    if link.kind == PERSON:
        restricting.rematch(act, about)
    return len(about)


def declare_case(act: Act, referral_id: int, why: str) -> None:
    """Say that one has a conflict with this one case. Raises BadInput by field (why), NotAllowed, NotFound."""
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    person = _declarer(act, act.who.id or 0)
    if problem := _problem_with_reason(why):
        raise BadInput({"why": problem})
    conflict = _keep(act, person, CASE, referral.id, set(), {"name": "", "why": why.strip()})
    _keep_from(act, [referral.id], person.id, conflict.id)


def end(act: Act, found: Declared, why: str) -> None:
    """Take a declaration back, with a reason; the cases it kept the person from are theirs to see again.

    Raises BadInput by field (why), NotAllowed, Refused when it was ended already.
    """
    ensure(act.who, Permission.CONFLICT_DECLARE, found)
    if problem := _problem_with_reason(why):
        raise BadInput({"why": problem})
    conflict = act.session.get_one(Conflict, found.id, with_for_update=True, populate_existing=True)
    if conflict.ended_at is not None:
        raise Refused("This declaration has been ended already.")
    wrapped, place = _key_of(act, conflict.authority_id), conflicts.place_of_conflict(conflict.id)
    said = act.vault.open(wrapped, place, conflict.sealed)
    conflict.sealed = act.vault.seal(wrapped, place, {**said, "why_ended": why.strip()})
    conflict.ended_at, conflict.ended_by_id = act.at, act.who.id
    restricting.rematch(act, barring.free(act, [conflict.id]))


def choose_contact(act: Act, account_id: int) -> None:
    """Choose who looks after a case from which everybody else is kept. Raises BadInput by field (contact)."""
    authority = act.who.authority or 0
    ensure(act.who, Permission.CONFLICT_MANAGE)
    able = select(Account.id).where(
        Account.id == account_id,
        Account.authority_id == authority,
        Account.disabled_at.is_(None),
        Account.role.in_([role.value for role in WHO_CAN_BE_CONTACT]),
    )
    if act.session.scalar(able) is None:
        raise BadInput({"contact": "Choose somebody who can work on a case of this council."})
    row = {"authority_id": authority, "account_id": account_id, "chosen_at": act.at, "chosen_by_id": act.who.id}
    put(act.session, IndependentContact, "authority_id", row)
    restricting.bring_all_into_line(act, authority)


def _declarer(act: Act, account_id: int) -> Account:
    """The account whose link it is, held until the act ends, if the person who acts may declare for it."""
    account = act.session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one_or_none()
    if account is None or Role(account.role) not in conflicts.WHO_DECLARE:
        raise NotFound("no such person")
    asked = conflicts.Declarer(account.id, account.authority_id, "", Role(account.role), 0)
    ensure(act.who, Permission.CONFLICT_DECLARE, asked)
    return account


def _keep(
    act: Act, person: Account, kind: str, referral_id: int | None, tokens: Iterable[bytes], said: dict[str, Any]
) -> Conflict:
    tokens = set(tokens)
    conflict = Conflict(
        authority_id=person.authority_id,
        account_id=person.id,
        kind=kind,
        referral_id=referral_id,
        tokens=len(tokens),
        sealed=b"",
        declared_at=act.at,
        declared_by_id=act.who.id or 0,
        ended_at=None,
        ended_by_id=None,
    )
    act.session.add(conflict)
    act.session.flush()
    wrapped = _key_of(act, person.authority_id)
    conflict.sealed = act.vault.seal(wrapped, conflicts.place_of_conflict(conflict.id), said)
    act.session.flush()
    if tokens:
        rows = [{"token": token, "conflict_id": conflict.id} for token in sorted(tokens)]
        act.session.execute(insert(ConflictToken), rows)
    return conflict


def _keep_from(act: Act, referral_ids: list[int], account_id: int, conflict_id: int) -> None:
    """Keep the person from these cases; those they are accountable for are given on before."""
    barring.hold(act, referral_ids)
    owned = select(Referral.id).where(Referral.id.in_(referral_ids), Referral.owner_id == account_id, Referral.is_open)
    for referral_id in act.session.scalars(owned.order_by(Referral.id)).all():
        referral = moves.locked(act, referral_id)
        case, practice = moves.in_hand(act, referral)
        kept = barring.barred(act, referral.id) | {account_id}
        barring.give_on(act, referral, case, practice, kept)
        project(act, referral, case, practice, events=referral.events)
    for referral_id in referral_ids:
        barring.bar(act, referral_id, {conflict_id: account_id})


def _key_of(act: Act, authority_id: int) -> bytes:
    query = select(SealingKey.wrapped).join(Authority, Authority.key_id == SealingKey.id)
    wrapped: bytes = act.session.execute(query.where(Authority.id == authority_id)).scalar_one()
    return wrapped


def _problems(act: Act, new: NewConflict) -> dict[str, str]:
    found = {}
    words = [word for word in new.name.split() if len(folded(word)) >= conflicts.SHORTEST]
    if new.kind not in LINKS:
        found["kind"] = "Choose what the link is to."
    if not folded(new.name):
        found["name"] = "Enter the name."
    elif new.kind == PERSON and len(words) < 2:
        found["name"] = "Enter the first and the last name."
    elif len(new.name) > LONGEST_NAME:
        found["name"] = f"Shorten the name to {LONGEST_NAME} characters or fewer."
    if new.born_on is not None and new.born_on > act.today:
        found["born_on"] = "The date of birth is in the future."
    if new.account != act.who.id and (problem := _problem_with_reason(new.why)):
        found["why"] = problem
    return found


def _problem_with_reason(why: str) -> str:
    if not why.strip():
        return "Say why."
    return f"Shorten this to {LONGEST_REASON:,} characters or fewer." if len(why) > LONGEST_REASON else ""

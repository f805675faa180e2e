"""What of a case somebody may not read although they may read the case: asked where its words are opened, nowhere else.

For whoever may read all of it nothing is looked up. For others a sentence stands in the place of what is kept from
them, so that every page, file and timeline says the same and none can forget it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.kept_fields import IN_PLACE, POLICE, Kept
from lado.models import Account, Agency, Grant, LedgerEntry
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can

NEEDS: Mapping[Kept, Permission] = {
    Kept.POLICE: Permission.POLICE_READ,
    Kept.CHILD_CONTACT: Permission.CHILD_CONTACT_READ,
}
"""The permission that each of them takes."""


def kept_from(who: Identity, case: Any) -> frozenset[Kept]:
    """What of this case (anything with its authority) is kept from somebody."""
    return frozenset(one for one, permission in NEEDS.items() if not can(who, permission, case))


def police_on(session: Session, cases: Collection[int]) -> dict[int, frozenset[int]]:
    """The accounts of the police who were let follow each of these cases or recorded something on it. One statement."""
    followed = select(Grant.referral_id, Grant.account_id).join(Agency, Agency.id == Grant.agency_id)
    wrote = (
        select(LedgerEntry.referral_id, LedgerEntry.actor_id)
        .join(Account, Account.id == LedgerEntry.actor_id)
        .join(Agency, Agency.id == Account.agency_id)
    )
    both: CompoundSelect[Any] = union(
        followed.where(Grant.referral_id.in_(cases), Agency.kind == POLICE),
        wrote.where(LedgerEntry.referral_id.in_(cases), Agency.kind == POLICE),
    )
    found: dict[int, set[int]] = {}
    for case, account in session.execute(both):
        found.setdefault(case, set()).add(account)
    return {case: frozenset(accounts) for case, accounts in found.items()}


def of_police(act: Act, case: Any) -> frozenset[int | None]:
    """The accounts of the police on a case (anything with its id and authority); nobody for who may read of them."""
    if Kept.POLICE not in kept_from(act.who, case):
        return frozenset()
    return frozenset(police_on(act.session, [case.id]).get(case.id, ()))


def is_with_police(act: Act, case: Any, account_id: int) -> bool:
    """Whether what passes between this partner and us is kept from the reader, who is somebody else."""
    return account_id != act.who.id and account_id in of_police(act, case)


def instead(words: Mapping[str, Any], taken: Mapping[str, Kept]) -> Iterator[tuple[str, Any]]:
    """The words by their names, with one sentence for all that is taken out of one kind."""
    said: set[Kept] = set()
    for name, value in words.items():
        kind = taken.get(name)
        if kind is None:
            yield name, value
        elif value and kind not in said:
            said.add(kind)
            yield name, IN_PLACE[kind]

"""Keeping whoever signs in from the cases that are about themselves: their own name stands as a declared link.

So a case that names them as its subject does not exist for them, from the act on that brings the two together:
whichever comes first, the account, the referral, or the name of somebody who was not known yet. For everybody else of
the council but a short list it does not exist either (`lado.services.restricting`).
"""

import re
from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, select, update

from lado.act import Act
from lado.domain.conflicts import PERSON
from lado.errors import BadInput, Refused
from lado.models import Account, Authority, Conflict, ConflictToken, SealingKey
from lado.queries import conflicts, second_lock
from lado.queries.accounts import name_of
from lado.queries.conflicts import Link
from lado.queries.second_lock import EVERYTHING
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import barring, restricting
from lado.vault import folded

TITLES = frozenset(
    word
    for words in (
        "mr mrs ms miss mx dr prof professor sir dame lord lady cllr councillor",
        "rev reverend canon father sister brother",
        "pc wpc dc ds di dci ps sgt insp supt",
    )
    for word in words.split()
)
"""What stands before a name and is none, folded."""


def own_name(name: str) -> str:
    """The part of a name that stands on a referral however it is written there: the first and the last word of it.

    What follows a comma or a bracket is no name but what somebody does.
    """
    alone = re.split(r"[,;(\[/–—]", name)[0]
    words = [word for word in alone.split() if folded(word) not in TITLES and len(folded(word)) >= conflicts.SHORTEST]
    return " ".join(words if len(words) < 2 else (words[0], words[-1]))


def keep_apart(act: Act, account: Account, name: str, born_on: date | None = None) -> None:
    """Keep somebody from every case, of any council, whose subject has this name; what was kept before goes on."""
    link = Link(PERSON, own_name(name), born_on.isoformat() if born_on else "", of_subject=True)
    known = {(folded(one.name), one.born_on) for one in _links(act, account.id).values()}
    tokens = sorted(conflicts.tokens_of(act, link))
    if (folded(link.name), link.born_on) in known or not tokens:
        return
    conflict = _keep(act, account, link, len(tokens))
    act.session.execute(insert(ConflictToken), [{"token": token, "conflict_id": conflict} for token in tokens])
    with second_lock.lifted(act, EVERYTHING):
        for referral_id in conflicts.cases_about(act, None, link):
            barring.bar(act, referral_id, {conflict: account.id})
            restricting.rematch(act, [referral_id])


def tell_apart(act: Act, account: Account, born_on: date) -> None:
    """Write down when a partner was born, so that somebody of the same name and another birth is somebody else.

    Raises BadInput by field (born_on), Refused where no name of theirs is known, NotAllowed.
    """
    ensure(act.who, Permission.CONFLICT_MANAGE, account)
    if born_on >= act.today:
        raise BadInput({"born_on": "The date of birth is in the future."})
    links = _links(act, account.id)
    if not links:
        raise Refused("Nothing is known of this person that could be told apart.")
    freed = _end(act, links)
    for name in {link.name for link in links.values()}:
        keep_apart(act, account, name, born_on)
    restricting.rematch(act, freed)


def fill(act: Act) -> int:
    """Keep apart the people whose accounts are older than this is. Says how many those were."""
    known = select(Conflict.account_id).where(Conflict.ended_at.is_(None), Conflict.is_own)
    query = (
        select(Account, Account.email_token, Account.sealed, SealingKey.wrapped)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.id.not_in(known))
    )
    found = act.session.execute(query).all()
    for row in found:
        keep_apart(act, row[0], name_of(act, row))
    return len(found)


def _links(act: Act, account_id: int) -> dict[int, Link]:
    """The own names of somebody that stand, by the id of their declaration."""
    query = (
        select(Conflict.id, Conflict.kind, Conflict.sealed, SealingKey.wrapped)
        .join(Authority, Authority.id == Conflict.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Conflict.account_id == account_id, Conflict.ended_at.is_(None), Conflict.is_own)
    )
    return {row.id: conflicts.link_in(act, row) for row in act.session.execute(query)}


def _keep(act: Act, account: Account, link: Link, tokens: int) -> int:
    authority = act.session.get_one(Authority, account.authority_id)
    act.session.refresh(authority, ["sealing_key"])
    conflict = Conflict(
        authority_id=account.authority_id,
        account_id=account.id,
        kind=link.kind,
        referral_id=None,
        tokens=tokens,
        is_own=True,
        sealed=b"",
        declared_at=act.at,
        declared_by_id=account.id,
        ended_at=None,
        ended_by_id=None,
    )
    act.session.add(conflict)
    act.session.flush()
    said = {"name": link.name, "born_on": link.born_on, "of_subject": True}
    place = conflicts.place_of_conflict(conflict.id)
    conflict.sealed = act.vault.seal(authority.sealing_key.wrapped, place, said)
    act.session.flush()
    return conflict.id


def _end(act: Act, conflict_ids: Iterable[int]) -> list[int]:
    """End these names, and say which cases they kept somebody from."""
    ids = sorted(conflict_ids)
    who = act.who.id
    standing = Conflict.id.in_(ids), Conflict.ended_at.is_(None)
    act.session.execute(update(Conflict).where(*standing).values(ended_at=act.at, ended_by_id=who))
    return barring.free(act, ids)

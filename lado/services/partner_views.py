"""Keeping what each partner was shown, word for word, from when to when: written with the look, before the answer."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lado.act import Act
from lado.models import Base, PartnerAnswer, PartnerMessage, Referral, SeenSentence, ShownSentence
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.insertion import insert_many

SEEN = Base.metadata.tables[SeenSentence.__tablename__]
SPAN = ("referral_id", "account_id", "is_list", "number")


class Shown(NamedTuple):
    """What stood on a page about one referral; `answer` is the outcome in words, empty where it is not released."""

    reference: str
    status: str
    happening: str
    to_do: str
    by_when: str
    answer: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that were read, apart from whose referral it is."""
        return self[1:]

    @property
    def digest(self) -> bytes:
        """By which the same words are found again."""
        return hashlib.sha256(json.dumps(self.words, ensure_ascii=True).encode()).digest()


def keep_list(act: Act, shown: Sequence[Shown]) -> None:
    """Keep what the partner reads in their list of referrals."""
    _keep(act, shown, is_list=True)


def keep_page(act: Act, shown: Shown) -> None:
    """Keep what the partner reads on the page of one referral: with it, messages and a released outcome are opened."""
    _keep(act, [shown], is_list=False)
    referral = select(Referral.id).where(Referral.reference == shown.reference).scalar_subquery()
    theirs = (PartnerMessage.account_id == act.who.id) & (PartnerMessage.referral_id == referral)
    unread = PartnerMessage.is_from_partner.is_(False) & PartnerMessage.settled_at.is_(None)
    act.session.execute(update(PartnerMessage).where(theirs, unread).values(settled_at=act.at))
    if shown.answer:
        answer = (PartnerAnswer.account_id == act.who.id) & (PartnerAnswer.referral_id == referral)
        unopened = (PartnerAnswer.stage == "released") & PartnerAnswer.opened_at.is_(None)
        act.session.execute(update(PartnerAnswer).where(answer, unopened).values(opened_at=act.at))


def _keep(act: Act, shown: Sequence[Shown], *, is_list: bool) -> None:
    ensure(act.who, Permission.PORTAL_READ)
    if not shown:
        return
    sentences = _sentences(act, shown)
    last = _last(act, [one.reference for one in shown], is_list=is_list)
    rows = []
    for one in shown:
        referral_id, number, sentence_id = last[one.reference]
        sentence = sentences[one.digest]
        is_same = sentence_id == sentence
        rows.append(
            {
                "referral_id": referral_id,
                "account_id": act.who.id,
                "is_list": is_list,
                "number": number if is_same else number + 1,
                "sentence_id": sentence,
                "first_at": act.at,
                "last_at": act.at,
                "times": 1,
            }
        )
    act.session.execute(_one_more_time(act), rows)


def _sentences(act: Act, shown: Iterable[Shown]) -> dict[bytes, int]:
    """The numbers under which these words are kept, by digest; new words are kept with that."""
    by_digest = {one.digest: one for one in shown}
    rows = [
        {"digest": digest, **dict(zip(("status", "happening", "to_do", "by_when", "answer"), one.words, strict=True))}
        for digest, one in sorted(by_digest.items())
    ]
    insert_many(act.session, ShownSentence, rows, unless_there=True)
    found = select(ShownSentence.digest, ShownSentence.id).where(ShownSentence.digest.in_(by_digest))
    return {row.digest: row.id for row in act.session.execute(found)}


def _last(act: Act, references: list[str], *, is_list: bool) -> dict[str, tuple[int, int, int | None]]:
    """By reference: the referral's id, and the number and the sentence of what was last seen there (0 and None)."""
    mine = (SeenSentence.account_id == act.who.id) & (SeenSentence.is_list == is_list)
    newest = (
        select(SeenSentence.referral_id, func.max(SeenSentence.number))
        .where(mine, SeenSentence.referral_id == Referral.id)
        .group_by(SeenSentence.referral_id)
        .correlate(Referral)
    )
    query = (
        select(Referral.reference, Referral.id, SeenSentence.number, SeenSentence.sentence_id)
        .outerjoin(
            SeenSentence,
            (SeenSentence.referral_id == Referral.id)
            & mine
            & tuple_(SeenSentence.referral_id, SeenSentence.number).in_(newest),
        )
        .where(Referral.reference.in_(references))
    )
    return {row[0]: (row[1], row[2] or 0, row[3]) for row in act.session.execute(query)}


def _one_more_time(act: Act) -> Any:
    """Write a new span, or make the one that stands there last until now."""
    insert = postgresql_insert if act.session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new = insert(SEEN)
    again = {"last_at": new.excluded.last_at, "times": SEEN.c.times + 1}
    return new.on_conflict_do_update(index_elements=SPAN, set_=again)

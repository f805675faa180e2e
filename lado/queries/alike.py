"""Finding cases by names that are spelt otherwise or sound alike, and saying of each which of the two it is."""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from sqlalchemy import and_, literal, not_, select, union_all

from lado.act import Act
from lado.models import Referral, SealingKey, SearchToken
from lado.queries.name_tokens import Word, looked_for
from lado.queries.referrals import LISTED, Listed, listed
from lado.queries.search import as_typed, rarest_first

MOST = 25
"""The newest cases that are shown."""

TOKENS = SearchToken.__table__


class Likeness(IntEnum):
    """How a name was matched, the closest first: by the word of it that is least close."""

    AS_SPELT = 0
    SPELLING = 1
    SOUND = 2


class Similar(NamedTuple):
    """The cases by how their names are like what was typed, the newest of each first; and whether there are more."""

    spelling: tuple[Listed, ...]
    sound: tuple[Listed, ...]
    has_more: bool

    @property
    def rows(self) -> tuple[Listed, ...]:
        """All of them."""
        return self.spelling + self.sound


NOTHING = Similar((), (), has_more=False)


def similar(act: Act, text: str) -> Similar:
    """The newest cases of the person's own authority in which every word occurs in some form, but not all as spelt."""
    words = looked_for(act, text)
    found = newest(act, words, as_typed(act, text), MOST + 1)
    if not found:
        return NOTHING
    shown = found[:MOST]
    likeness = _likeness(act, words, shown)
    query = (
        select(*LISTED)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(Referral.id.in_(shown))
        .order_by(Referral.id.desc())
    )
    rows = listed(act, act.session.execute(query).all())
    sound = tuple(row for row in rows if likeness[row.id] is Likeness.SOUND)
    return Similar(tuple(row for row in rows if row not in sound), sound, has_more=len(found) > MOST)


def newest(act: Act, words: Sequence[Word], but: Sequence[bytes], most: int) -> list[int]:
    """The newest cases with every word in some form, without those that have every one of the tokens `but`.

    One branch for each token of the rarest word, each of which ends early: the work hardly grows with the table.
    """
    if not words:
        return []
    first, *others = rarest_first(act, words, lambda word: word.any)
    branches = [_branch(act, token, others, but, most) for token in sorted(first.any)]
    found = union_all(*(select(branch.c.referral_id) for branch in branches)).subquery()
    query = select(found.c.referral_id).distinct().order_by(found.c.referral_id.desc()).limit(most)
    return list(act.session.scalars(query))


def _branch(act: Act, token: bytes, others: Iterable[Word], but: Sequence[bytes], most: int) -> Any:
    own = select(literal(1)).where(Referral.id == SearchToken.referral_id, Referral.authority_id == act.who.authority)
    query = select(SearchToken.referral_id).where(SearchToken.token == token, own.exists())
    if but:
        query = query.where(not_(and_(*(_has(frozenset([one])) for one in but))))
    for word in others:
        query = query.where(_has(word.any))
    return query.order_by(SearchToken.referral_id.desc()).limit(most).subquery()


def _has(tokens: frozenset[bytes]) -> Any:
    same = TOKENS.alias()
    among = same.c.token.in_(sorted(tokens))
    return select(literal(1)).where(among, same.c.referral_id == SearchToken.referral_id).exists()


def _likeness(act: Act, words: Sequence[Word], ids: Sequence[int]) -> dict[int, Likeness]:
    """How each case is like the words: as its least close word is."""
    every = sorted({token for word in words for token in word.any})
    query = select(SearchToken.referral_id, SearchToken.token)
    query = query.where(SearchToken.referral_id.in_(ids), SearchToken.token.in_(every))
    tokens: dict[int, set[bytes]] = {case: set() for case in ids}
    for case, token in act.session.execute(query):
        tokens[case].add(token)
    return {case: max(_of_word(word, tokens[case]) for word in words) for case in ids}


def _of_word(word: Word, tokens: set[bytes]) -> Likeness:
    if word.spelt in tokens:
        return Likeness.AS_SPELT
    return Likeness.SPELLING if word.spellings & tokens else Likeness.SOUND

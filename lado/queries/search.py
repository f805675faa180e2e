"""Searching: by reference, or by a name or setting as it is spelt, through the keyed blind index. No word is stored."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, literal, select, union

from lado.act import Act
from lado.domain.references import tidied
from lado.models import Authority, Referral, SealingKey, SearchToken
from lado.queries.referrals import LISTED, Listed, listed
from lado.vault import folded

PAGE = 25
COMMON = 2_000
"""How many cases make a word a common one."""

SHORTEST = 2
"""Letters below which a word is not indexed."""


Word = TypeVar("Word")


class Found(NamedTuple):
    """Some cases, the newest first, and after which number the next ones begin (None: these are all)."""

    rows: list[Listed]
    following: int | None


def search(act: Act, text: str, before: int | None = None, size: int = PAGE) -> Found:
    """The cases of the person's own authority that the words are about: its reference, or every word of a name.

    `before` is the number after which the page before ended. A case of another authority is never found.
    """
    reference = _reference(act, text)
    wanted = _by_reference(reference) if reference else by_words(act, text, before, size + 1)
    if wanted is None:
        return Found([], None)
    query = (
        select(*LISTED)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(Referral.id.in_(wanted), Referral.authority_id == act.who.authority)
        .order_by(Referral.id.desc())
        .limit(size + 1)
    )
    rows = act.session.execute(query).all()
    return Found(listed(act, rows[:size]), rows[size - 1].id if len(rows) > size else None)


def _reference(act: Act, text: str) -> str:
    """The reference that was meant, its prefix added where people leave it out; empty when it is none."""
    if exact := tidied(text):
        return exact
    prefix = act.session.scalar(select(Authority.prefix).where(Authority.id == act.who.authority))
    return tidied(f"{prefix}{text}") if prefix else ""


def _by_reference(reference: str) -> Any:
    return select(Referral.id).where(Referral.reference == reference)


def by_words(act: Act, text: str, before: int | None, size: int) -> Any:
    """Cases with every word of a name, and cases of a setting of this name: the newest of each, by their tokens."""
    tokens = rarest_first(act, as_typed(act, text), lambda token: [token])
    setting = [act.vault.token("setting", text)] if folded(text) else []
    branches = [_newest(act, list_, before, size) for list_ in (tokens, setting) if list_]
    if not branches:
        return None
    return union(*(select(branch.c.referral_id) for branch in branches))


def as_typed(act: Act, text: str) -> list[bytes]:
    """The tokens of the words as they are spelt."""
    words = dict.fromkeys(folded(word) for word in text.split())
    return [act.vault.token("name", word) for word in words if len(word) >= SHORTEST]


def rarest_first(act: Act, words: Sequence[Word], tokens_of: Callable[[Word], Iterable[bytes]]) -> list[Word]:
    """The words in the order of how many cases have them: whoever begins with the rarest has little to look through.

    Counted no further than `COMMON`, so that a common name costs no more than a rare one.
    """
    if len(words) < 2:
        return list(words)
    some = [select(SearchToken.referral_id).where(SearchToken.token.in_(sorted(tokens_of(word)))) for word in words]
    counts = [select(func.count()).select_from(one.limit(COMMON).subquery()).scalar_subquery() for one in some]
    found = act.session.execute(select(*counts)).one()
    return [words[at] for at in sorted(range(len(words)), key=lambda at: found[at])]


def _newest(act: Act, tokens: list[bytes], before: int | None, size: int) -> Any:
    first, *others = tokens
    query = select(SearchToken.referral_id).where(SearchToken.token == first)
    for other in others:
        same = SearchToken.__table__.alias()
        has_it = select(literal(1)).where(same.c.token == other, same.c.referral_id == SearchToken.referral_id)
        query = query.where(has_it.exists())
    if before is not None:
        query = query.where(SearchToken.referral_id < before)
    # Where several councils share a database, the page is cut among this one's cases only.
    own = select(literal(1)).where(Referral.id == SearchToken.referral_id, Referral.authority_id == act.who.authority)
    return query.where(own.exists()).order_by(SearchToken.referral_id.desc()).limit(size).subquery()

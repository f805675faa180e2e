"""Earlier contacts: cases that may be about the same adult or the same setting, found through the blind index."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Select, select, union_all

from lado.act import Act
from lado.domain.spellings import sounds_alike
from lado.models import Referral, SealingKey, SearchToken
from lado.queries.alike import newest
from lado.queries.name_tokens import looked_for
from lado.queries.referrals import LISTED, Listed, listed
from lado.vault import folded

LOOKED_AT = 40
"""The newest cases looked at for each word: a common name costs no more than a rare one."""

SHOWN = 8
SHORTEST_WORD = 3
MOST_WORDS = 8
"""Of one name, the words that are looked for."""


class Contact(NamedTuple):
    """An earlier case as a list shows it, and why it may matter here."""

    case: Listed
    why: str


def earlier(act: Act, names: Iterable[str], setting: str, *, but: int | None = None) -> tuple[Contact, ...]:
    """The cases of the person's own authority that share a name or the setting, the closest match and newest first.

    `names` are the adult's name and any other they are known by. `but` is the case that is being looked at itself.
    """
    names = [name for name in names if len(folded(name)) >= SHORTEST_WORD]
    tokens = _tokens(act, names, setting)
    if not tokens:
        return ()
    whole = {act.vault.token("name", name) for name in names}
    matched: dict[int, bool] = {}
    for token, referral_id in act.session.execute(_newest(tokens)):
        matched[referral_id] = matched.get(referral_id, False) or token in whole
    for name in names:
        words = looked_for(act, name)
        for referral_id in newest(act, words, (), LOOKED_AT) if len(words) > 1 else ():
            matched.setdefault(referral_id, False)
    matched.pop(but or 0, None)
    if not matched:
        return ()
    rows = act.session.execute(_cases(act, matched))
    ranked = [(*_likeness(case, names, setting, is_whole=matched[case.id]), case) for case in listed(act, rows)]
    ranked.sort(key=lambda row: (row[0], -row[2].received_at.timestamp()))
    return tuple(Contact(case, why) for _, why, case in ranked if why)[:SHOWN]


def _tokens(act: Act, names: list[str], setting: str) -> list[bytes]:
    words = {word for name in names for word in (name, *name.split()[:MOST_WORDS])}
    tokens = [act.vault.token("name", word) for word in sorted(words) if len(folded(word)) >= SHORTEST_WORD]
    return [*tokens, act.vault.token("setting", setting)] if folded(setting) else tokens


def _newest(tokens: list[bytes]) -> Any:
    """The newest cases under each token, a limit for each, so that the work does not grow with the table."""
    parts = [
        select(SearchToken.token, SearchToken.referral_id)
        .where(SearchToken.token == token)
        .order_by(SearchToken.referral_id.desc())
        .limit(LOOKED_AT)
        .subquery()
        for token in tokens
    ]
    return union_all(*(select(part.c.token, part.c.referral_id) for part in parts))


def _cases(act: Act, ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    query = select(*LISTED).join(SealingKey, SealingKey.id == Referral.key_id)
    return query.where(Referral.id.in_(sorted(ids)), Referral.authority_id == act.who.authority)


def _likeness(case: Listed, names: list[str], setting: str, *, is_whole: bool) -> tuple[int, str]:
    """How close a case is (0 is closest) and why; no words when it shares no more than a first name."""
    subject = case.subject
    is_same_place = bool(folded(setting)) and folded(case.setting) == folded(setting)
    here = ", same setting" if is_same_place else ""
    if any(folded(subject) == folded(name) for name in names):
        return 0 if is_same_place else 1, f"Same name{here}"
    if is_whole:
        return 2, f"The name occurs in this case{here}"
    if any(_is_similar(subject, name) for name in names):
        return 2 if is_same_place else 3, f"Similar name{here}"
    if any(sounds_alike(subject, name) for name in names):
        return 3 if is_same_place else 4, f"The name is spelt otherwise or only sounds alike{here}"
    return (5, "Same setting") if is_same_place else (6, "")


def _is_similar(one: str, other: str) -> bool:
    """Whether two names share their last word, or two words in any order."""
    words, others = [folded(word) for word in one.split()], [folded(word) for word in other.split()]
    return bool(words and others) and (words[-1] == others[-1] or len(set(words) & set(others)) > 1)

"""Proving that the record is the one that was written: every link, its head, every checkpoint and every read sealed.

It changes nothing, mends nothing and opens no sealed part.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lado.act import Act
from lado.domain import witnessed
from lado.domain.tampering import Finding
from lado.domain.walking import Walk
from lado.domain.witnessed import Signed
from lado.queries import chain
from lado.security.permissions import Permission
from lado.security.policy import ensure


class Proof(NamedTuple):
    """How much was proved, the link of the last entry, and everything that was found."""

    entries: int
    link: bytes
    checkpoints: int
    reads: int
    findings: tuple[Finding, ...]


def prove(act: Act, away: Sequence[Signed] = ()) -> Proof:
    """Walk over the whole record in one consistent view; `away` are the checkpoints that were kept elsewhere.

    They have to be read before the act begins: one that arrived later would make this view look like an older copy.
    """
    ensure(act.who, Permission.RECORD_VERIFY)
    head, kept = chain.head(act.session), chain.kept(act.session, sorted(away, key=lambda each: each.stated.id))
    is_signed = lru_cache(maxsize=None)(act.vault.holds)
    marks = {each.stated.entries for each in (*kept.here, *kept.away)}
    walk = Walk(act.vault.link, marks).over(chain.entries(act.session))
    found = witnessed.examine(walk, head, kept, is_signed)
    found.extend(witnessed.reads_changed(kept, chain.reads(act.session), is_signed))
    return Proof(walk.entries, walk.previous, len(kept.here), kept.reads, tuple(found))


def plain(act: Act, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """What was found as plain facts, with the reference of the case where there is one."""
    known = chain.references(act.session, {each.referral_id for each in findings if isinstance(each.referral_id, int)})
    return [
        {
            "kind": each.kind.value,
            "table": each.table,
            "first": each.first,
            "last": each.last,
            "reference": known.get(each.referral_id) if each.referral_id is not None else None,
            "number": each.number,
            "words": each.words,
        }
        for each in findings
    ]

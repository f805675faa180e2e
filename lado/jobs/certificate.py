"""The certificate tick: the record proved every few minutes, and a certificate kept each night or when it changes."""

import structlog

from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import certificates

log = structlog.get_logger()


def tick(database: Database) -> None:
    """Prove the record when it is time and nobody else is at it, and say in the log what was kept."""
    with database.work(SYSTEM) as act:
        is_ours = certificates.claim(act)
    if is_ours:
        for each in make(database, at_once=False):
            log.info("certificate", **{name: each[name] for name in ("council", "cases", "entries", "differences")})


def make(database: Database, *, at_once: bool = True) -> list[dict[str, object]]:
    """Prove the record now, and return what the certificates that were kept hold, one for each council.

    No transaction that writes is open while it is proved: nobody waits for it.
    """
    with database.reading(SYSTEM) as act:
        found = certificates.prove(act)
    with database.work(SYSTEM) as act:
        kept = certificates.keep(act, found, at_once=at_once)
    return [
        {
            "council": each.authority_id,
            "at": each.at.isoformat(),
            "cases": each.cases,
            "entries": each.entries,
            "head": each.link.hex(),
            "differences": each.differences,
        }
        for each in kept
    ]

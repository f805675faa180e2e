"""The accuracy certificate: what was rebuilt from the record, what differed, and who is told when something did.

Nothing is mended: what differs has to be looked into by people, and work goes on meanwhile.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.clock import LONDON
from lado.models import Account, Authority, Certificate
from lado.queries import certificates
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import MANAGERS
from lado.services import chain, heartbeat, notices, verification

EVERY = timedelta(minutes=10)
"""How often the record is proved while the scheduler runs: tampering shows within a quarter of an hour."""

HOUR = 2
"""When, in London, the night's certificate falls due."""

MOST_KEPT = 500
"""Differences that a certificate spells out; their number is always whole."""


class Found(NamedTuple):
    """What one proof found in one council: its cases, the whole record's length and head, and what differs."""

    cases: int
    entries: int
    link: bytes
    differences: list[dict[str, Any]]


def claim(act: Act) -> bool:
    """Take it on to prove the record now, unless that was begun less than EVERY ago; at night, as soon as it is due."""
    ensure(act.who, Permission.CERTIFICATE_MAKE)
    latest = act.at - EVERY
    return heartbeat.claim(act, certificates.PROOF, max(latest, last_night(act.at)) if is_due(act) else latest)


def prove(act: Act) -> dict[int, Found]:
    """Rebuild every case from the record and check every link, in one consistent view; by council.

    What belongs to no case, such as a checkpoint, concerns every council.
    """
    proof, verdict = chain.prove(act), verification.verify(act)
    whole = [each for each in chain.plain(act, proof.findings) if each["reference"] is None]
    of_cases = [each for each in chain.plain(act, proof.findings) if each["reference"] is not None]
    of_cases += [each._asdict() for each in verdict.differences]
    where = certificates.councils(act.session, {each["reference"] for each in of_cases})
    cases = Counter(dict(act.session.execute(certificates.CASES_BY_COUNCIL).all()))
    return {
        council: Found(
            cases[council],
            proof.entries,
            proof.link,
            whole + [each for each in of_cases if where.get(each["reference"], council) == council],
        )
        for council in act.session.scalars(select(Authority.id).order_by(Authority.id))
    }


def keep(act: Act, found: Mapping[int, Found], *, at_once: bool = False) -> list[Certificate]:
    """Write each council's certificate when the night's is due or what differs has changed, and tell its managers.

    With `at_once` it is written whatever has or has not changed.
    """
    ensure(act.who, Permission.CERTIFICATE_MAKE)
    is_night = is_due(act)
    kept = []
    for council, each in found.items():
        last = certificates.latest(act.session, council)
        if at_once or is_night or last is None or spelt_out(last) != each.differences[:MOST_KEPT]:
            kept.append(_write(act, council, each))
    return kept


def is_due(act: Act) -> bool:
    """Whether a council has no certificate since two o'clock of the last night."""
    made = certificates.made_at(act.session)
    return any(at is None or at < last_night(act.at) for at in made.values())


def last_night(at: datetime) -> datetime:
    """The last time that it was two o'clock at night in London."""
    local = at.astimezone(LONDON)
    two = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return (two if two <= local else two - timedelta(days=1)).astimezone(at.tzinfo)


def spelt_out(certificate: Certificate) -> list[dict[str, Any]]:
    """The differences of a certificate as plain facts."""
    found: list[dict[str, Any]] = json.loads(certificate.body)
    return found


def _write(act: Act, council: int, found: Found) -> Certificate:
    body = json.dumps(found.differences[:MOST_KEPT], ensure_ascii=False)
    made = Certificate(
        authority_id=council,
        at=act.at,
        cases=found.cases,
        entries=found.entries,
        link=found.link,
        differences=len(found.differences),
        body=body,
    )
    act.session.add(made)
    act.session.flush()
    if found.differences:
        _tell_managers(act, made)
    return made


def _tell_managers(act: Act, made: Certificate) -> None:
    people = select(Account.id).where(Account.authority_id == made.authority_id, Account.disabled_at.is_(None))
    count = "1 place" if made.differences == 1 else f"{made.differences} places"
    body = f"The record and what screens show differ in {count}. Nothing was mended. Please look into it at once."
    for person in act.session.scalars(people.where(Account.role.in_(role.value for role in MANAGERS))):
        key = f"{notices.ABOUT_THE_RECORD}{made.id}.{person}"
        notices.queue(act, person, None, "The record does not agree", body, key=key)

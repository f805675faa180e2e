"""Reading what the page about the record shows: certificate, corrections that wait, checkpoints and their witnesses."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from lado.act import Act
from lado.domain.corrections import ASKED
from lado.models import Certificate, Checkpoint, Correction, Heartbeat, Referral, Witness
from lado.queries import certificates, checkpoints
from lado.queries.accounts import names_of

MOST = 200

PEOPLE = ("owner_id", "told_id", "_by_id")
"""How the names of fields end that say who."""


class Record(NamedTuple):
    """Whether the record can be trusted, as far as one council may see."""

    cases: int
    proved: int
    """How many of the cases that the reader may know of were there when the certificate was made."""
    certificate: Certificate | None
    clean_since: datetime | None
    proved_at: datetime | None
    last: Checkpoint | None
    witnesses: list[Witness]
    waiting: Sequence[Any]
    names: dict[int, str]
    known: frozenset[str]
    """The cases among the differences that the reader may know of."""


def read(act: Act, authority_id: int) -> Record:
    """Everything that the page shows."""
    waiting = act.session.execute(
        select(Referral.reference, Correction.number, Correction.name, Correction.asked_by_id, Correction.asked_at)
        .join(Referral, Referral.id == Correction.referral_id)
        .where(Correction.authority_id == authority_id, Correction.state == ASKED)
        .order_by(Correction.asked_at, Correction.id)
        .limit(MOST)
    ).all()
    certificate = certificates.latest(act.session, authority_id)
    people = {row.asked_by_id for row in waiting} | _people_in(certificate)
    made_at = certificate.at if certificate is not None else act.at
    counts = select(func.count(), func.count().filter(Referral.recorded_at <= made_at)).select_from(Referral)
    cases, proved = act.session.execute(counts.where(Referral.authority_id == authority_id)).one()
    return Record(
        cases,
        proved,
        certificate,
        certificates.clean_since(act.session, authority_id),
        act.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.name == certificates.PROOF)),
        checkpoints.last(act.session),
        checkpoints.witnesses(act.session),
        waiting,
        names_of(act, people),
        frozenset(certificates.councils(act.session, _cases_in(certificate))),
    )


def _cases_in(certificate: Certificate | None) -> set[str]:
    spelt = json.loads(certificate.body) if certificate is not None else []
    return {each["reference"] for each in spelt if each.get("reference")}


def _people_in(certificate: Certificate | None) -> set[int]:
    """Whose names the differences of a certificate need."""
    spelt = json.loads(certificate.body) if certificate is not None else []
    said = [each[side] for each in spelt if each.get("field", "").endswith(PEOPLE) for side in ("record", "screen")]
    return {value for value in said if isinstance(value, int)}

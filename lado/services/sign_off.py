"""What two people agree on before it holds: one proposes, those who may approve are told, a second person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import SignedOff
from lado.queries import accounts
from lado.queries.proposals import place_of
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import MANAGERS
from lado.services import notices
from lado.services.accounts import directory_key
from lado.services.insertion import insert_new

MISSING_REFUSAL = "Say why they stay as they are."
OWN = "You proposed these words. Somebody else approves or refuses them."


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of thing that is proposed: where it is kept, how its notices are known, and what people call it."""

    model: type[SignedOff]
    notice: str
    name: str
    waits: str
    own: str = OWN


def propose(act: Act, matter: Matter, row: Mapping[str, Any], why: str) -> int:
    """Keep a proposal and tell those who may approve it; returns its number. Who may is asked before.

    `row` says whose it is (`authority_id`), what it is about, and what is proposed. Raises Refused while another
    proposal about the same waits.
    """
    made = {"proposed_by_id": act.who.id, "proposed_at": act.at, "decided_by_id": None, "decided_at": None}
    new = {**row, "stage": "asked", "sealed": b"", **made}
    inserted = insert_new(act.session, matter.model, [new], matter.model.id)
    if not inserted:
        raise Refused(matter.waits)
    number: int = inserted[0]
    _seal(act, matter, row["authority_id"], number, {"why": why.strip()})
    _tell_managers(act, matter, row["authority_id"], number)
    return number


def decide(act: Act, matter: Matter, number: int, *, approve: bool, answer: str) -> None:
    """Approve a proposal, or refuse it with a reason.

    Raises BadInput by field (answer), Refused for whoever proposed it and where it is decided, NotFound, NotAllowed.
    """
    held = act.session.get(matter.model, number, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFound("no such proposal")
    ensure(act.who, Permission.SENTENCE_APPROVE, held)
    if held.proposed_by_id == act.who.id:
        raise Refused(matter.own)
    if held.stage != "asked":
        raise Refused("This has been decided already.")
    if not approve and not answer.strip():
        raise BadInput({"answer": MISSING_REFUSAL})
    place = place_of(matter.model, held.id)
    said = act.vault.open(directory_key(act, held.authority_id), place, held.sealed)
    held.stage = "approved" if approve else "refused"
    held.decided_by_id, held.decided_at = act.who.id, act.at
    act.session.flush()
    _seal(act, matter, held.authority_id, held.id, {**said, "answer": answer.strip()})
    notices.queue(
        act,
        held.proposed_by_id,
        None,
        f"{matter.name}: yours were {held.stage}",
        f"A colleague has {held.stage} the {matter.name.lower()} that you proposed.",
        key=f"{matter.notice}{held.id}.decided",
    )


def _seal(act: Act, matter: Matter, authority_id: int, number: int, said: Mapping[str, str]) -> None:
    sealed = act.vault.seal(directory_key(act, authority_id), place_of(matter.model, number), said)
    act.session.execute(update(matter.model).where(matter.model.id == number).values(sealed=sealed))


def _tell_managers(act: Act, matter: Matter, authority_id: int, number: int) -> None:
    body = f"A colleague proposes other {matter.name.lower()}. Somebody else approves or refuses them."
    for person in accounts.people_of(act, authority_id, MANAGERS):
        if person.is_active and person.id != act.who.id:
            subject = f"{matter.name} wait for a second person"
            notices.queue(act, person.id, None, subject, body, key=f"{matter.notice}{number}.{person.id}")

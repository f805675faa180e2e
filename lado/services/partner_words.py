"""A council's own sentences for partners: one person proposes them, a second one approves, and then they hold."""

from dataclasses import dataclass

from sqlalchemy import update

from lado.act import Act
from lado.domain.partner_words import Words, problems, tidied
from lado.errors import BadInput, NotFound, Refused
from lado.models import Wording
from lado.queries import accounts, portal_words
from lado.queries.portal_words import Place
from lado.queries.wordings import place_of
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import MANAGERS
from lado.services import notices
from lado.services.accounts import directory_key
from lado.services.insertion import insert_new

MISSING_REASON = "Say why the sentences should change."
MISSING_REFUSAL = "Say why they stay as they are."
SAME = "This is what partners are told already. Change a sentence, or leave it as it is."
WAITS = "A proposal for this state waits for a second person already. It is decided first."


@dataclass(frozen=True, slots=True)
class NewWording:
    """What is proposed for one state, and why (which is sealed)."""

    place: Place
    words: Words
    why: str

    @property
    def authority_id(self) -> int:
        """Whose sentences they are, for the policy."""
        return self.place.authority_id


def propose(act: Act, new: NewWording) -> int:
    """Propose sentences for a state and tell those who may approve them; returns the number of the proposal.

    Until a second person approves, partners are told what they were told before. Raises BadInput by field (happening,
    to_do, by_when, why), Refused while another proposal waits, NotAllowed.
    """
    ensure(act.who, Permission.SENTENCE_PROPOSE, new)
    words = tidied(new.words)
    found = problems(words)
    if not new.why.strip():
        found["why"] = MISSING_REASON
    if found:
        raise BadInput(found)
    if words == portal_words.in_force(act.session, [new.authority_id]).words(new.place):
        raise BadInput({"happening": SAME})
    inserted = insert_new(act.session, Wording, [_row(act, new.place, words)], Wording.id)
    if not inserted:
        raise Refused(WAITS)
    number: int = inserted[0]
    _seal(act, new.authority_id, number, {"why": new.why.strip()})
    _tell_managers(act, new.authority_id, number)
    return number


def decide(act: Act, number: int, *, approve: bool, answer: str) -> None:
    """Approve a proposal, from now on for every case of the council in that state, or refuse it with a reason.

    Raises BadInput by field (answer), Refused for whoever proposed it and where it is decided, NotFound, NotAllowed.
    """
    held = act.session.get(Wording, number, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFound("no such proposal")
    ensure(act.who, Permission.SENTENCE_APPROVE, held)
    if held.proposed_by_id == act.who.id:
        raise Refused("You proposed these sentences. Somebody else approves or refuses them.")
    if held.stage != "asked":
        raise Refused("This has been decided already.")
    if not approve and not answer.strip():
        raise BadInput({"answer": MISSING_REFUSAL})
    said = act.vault.open(directory_key(act, held.authority_id), place_of(held.id), held.sealed)
    held.stage = "approved" if approve else "refused"
    held.decided_by_id, held.decided_at = act.who.id, act.at
    act.session.flush()
    _seal(act, held.authority_id, held.id, {**said, "answer": answer.strip()})
    outcome = "approved" if approve else "refused"
    notices.queue(
        act,
        held.proposed_by_id,
        None,
        f"Sentences for partners: yours were {outcome}",
        f"A colleague has {outcome} the sentences for partners that you proposed.",
        key=f"{notices.SENTENCES}{held.id}.decided",
    )


def _row(act: Act, place: Place, words: Words) -> dict[str, object]:
    return {
        "authority_id": place.authority_id,
        "procedure": place.procedure,
        "procedure_version": place.version,
        "state": place.state,
        "stage": "asked",
        **words._asdict(),
        "sealed": b"",
        "proposed_by_id": act.who.id,
        "proposed_at": act.at,
        "decided_by_id": None,
        "decided_at": None,
    }


def _seal(act: Act, authority_id: int, number: int, said: dict[str, str]) -> None:
    sealed = act.vault.seal(directory_key(act, authority_id), place_of(number), said)
    act.session.execute(update(Wording).where(Wording.id == number).values(sealed=sealed))


def _tell_managers(act: Act, authority_id: int, number: int) -> None:
    for person in accounts.people_of(act, authority_id, MANAGERS):
        if person.is_active and person.id != act.who.id:
            notices.queue(
                act,
                person.id,
                None,
                "Sentences for partners wait for a second person",
                "A colleague proposes other sentences for partners. Somebody else approves or refuses them.",
                key=f"{notices.SENTENCES}{number}.{person.id}",
            )

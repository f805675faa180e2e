"""A council's own sentences for partners: one person proposes them, a second one approves, and then they hold."""

from dataclasses import dataclass

from lado.act import Act
from lado.domain.partner_words import Words, problems, tidied
from lado.errors import BadInput
from lado.models import Wording
from lado.queries import portal_words
from lado.queries.portal_words import Place
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices, sign_off
from lado.services.sign_off import Matter

MISSING_REASON = "Say why the sentences should change."
SAME = "This is what partners are told already. Change a sentence, or leave it as it is."
WAITS = "A proposal for this state waits for a second person already. It is decided first."
OWN = "You proposed these sentences. Somebody else approves or refuses them."

MATTER = Matter(Wording, notices.SENTENCES, "Sentences for partners", WAITS, OWN)


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
    place = new.place
    about = {"procedure": place.procedure, "procedure_version": place.version, "state": place.state}
    row = {"authority_id": place.authority_id, **about, **words._asdict()}
    return sign_off.propose(act, MATTER, row, new.why)


def decide(act: Act, number: int, *, approve: bool, answer: str) -> None:
    """Approve a proposal, from now on for every case of the council in that state, or refuse it with a reason.

    Raises BadInput by field (answer), Refused for whoever proposed it and where it is decided, NotFound, NotAllowed.
    """
    sign_off.decide(act, MATTER, number, approve=approve, answer=answer)

"""A council's own wording of letters and e-mails: one person proposes it, a second one approves, and then it holds."""

from dataclasses import dataclass

from lado.act import Act
from lado.domain.letters import Text, problems, tidied
from lado.errors import BadInput
from lado.models import LetterWording
from lado.queries import letter_wordings
from lado.queries.letter_wordings import Place
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices, sign_off
from lado.services.sign_off import Matter

MISSING_REASON = "Say why the wording should change."
SAME = "This is what the letter says already. Change something, or leave it as it is."
WAITS = "A proposal for this letter waits for a second person already. It is decided first."
OWN = "You proposed this wording. Somebody else approves or refuses it."

MATTER = Matter(LetterWording, notices.LETTERS, "Words of letters", WAITS, OWN)


@dataclass(frozen=True, slots=True)
class NewWording:
    """What is proposed for one kind of letter, and why (which is sealed)."""

    place: Place
    text: Text
    why: str

    @property
    def authority_id(self) -> int:
        """Whose letters they are, for the policy."""
        return self.place.authority_id


def propose(act: Act, new: NewWording) -> int:
    """Propose other wording for a kind of letter and tell those who may approve it; returns the proposal's number.

    Until a second person approves, letters are made as before. Raises BadInput by field (heading, body, why), Refused
    while another proposal waits, NotAllowed.
    """
    ensure(act.who, Permission.SENTENCE_PROPOSE, new)
    kind, text = new.place.kind, tidied(new.text)
    found = problems(kind, text)
    if not new.why.strip():
        found["why"] = MISSING_REASON
    if found:
        raise BadInput(found)
    if text == letter_wordings.in_force(act, new.authority_id)[kind].text:
        raise BadInput({"body": SAME})
    row = {"authority_id": new.authority_id, **kind._asdict(), **text._asdict()}
    return sign_off.propose(act, MATTER, row, new.why)


def decide(act: Act, number: int, *, approve: bool, answer: str) -> None:
    """Approve a proposal, for every letter of that kind from now on, or refuse it with a reason.

    Raises BadInput by field (answer), Refused for whoever proposed it and where it is decided, NotFound, NotAllowed.
    """
    sign_off.decide(act, MATTER, number, approve=approve, answer=answer)

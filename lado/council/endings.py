"""How cases end: the outcome decided and told, closing, what comes back, and the endings without an outcome."""

from collections.abc import Callable

from lado.council import audiences
from lado.council.cast import COUNCILS
from lado.council.sitting import Sitting
from workflows.facts import ONWARD_BODIES

RELEASED = 0.7
"""How often the officer lets the referrer see the outcome on line."""


def propose(s: Sitting) -> None:
    """The enquiries are finished: an outcome is proposed for each allegation."""
    s.note("subject_responded", "recommendations_answered")
    s.make("propose_outcome", {"outcomes": _outcomes(s)}, note="On the evidence so far.")


def decide(s: Sitting) -> None:
    """The outcome of each allegation is decided."""
    s.make("decide_outcome", {"outcomes": _outcomes(s)}, rationale="On the evidence of the employer’s report.")


def _outcomes(s: Sitting) -> dict[str, str]:
    return {str(number): outcome for number, outcome in enumerate(s.story.outcomes, start=1)}


def tell(s: Sitting) -> None:
    """Everybody is told or it is said why not, what goes on to other bodies is decided, and the case is followed up."""
    audiences.agree_outcome(s)
    audiences.answer(s)
    found = s.story.outcomes[0] == "substantiated"
    for body in ONWARD_BODIES:
        refers = found and body == "dbs" and s.draw.random() < 0.5
        decision = "employer_refers" if refers else "not_needed"
        s.make("decide_onward", {"body": body, "decision": decision}, rationale="The test is set out in the record.")
    if found:
        s.note("lessons_reviewed")
    s.make("follow_up")
    if s.beat.more.get("release") or (s.story.partner and s.draw.random() < RELEASED):
        s.make("release_outcome")
    audiences.tell_the_referrer(s)


def close(s: Sitting) -> None:
    """The case is closed."""
    s.make("close", closing_note="Everybody concerned has been told. Nothing is left to do here.")


def reopen(s: Sitting) -> None:
    """New evidence: the case is open again."""
    s.make("reopen", new_information="A second witness has come forward.")


def investigate_again(s: Sitting) -> None:
    """What is new is looked into."""
    s.make("investigate", {"review_on": s.review_on()}, note="The employer hears the new witness.")


def ending(move: str) -> Callable[[Sitting], None]:
    """An ending below the threshold, by the move that makes it."""

    def end(s: Sitting) -> None:
        s.make(move, rationale="None of the limbs is met on what is known.", told="The caller, by telephone.")

    return end


def offer(s: Sitting) -> None:
    """The case is offered to the other council."""
    other = next(council.name for key, council in COUNCILS.items() if key != s.story.council)
    s.make("offer_transfer", {"authority": other}, rationale="The employer is in that council’s area.")


def accepted(s: Sitting) -> None:
    """The other council takes the case."""
    s.make("accept_transfer", rationale="Accepted by e-mail.", told="The caller, by telephone.")


def merge(s: Sitting) -> None:
    """The case goes on under the reference of the one that was there first."""
    target = s.story.merges_into
    reference = target.reference if target and target.reference else "an earlier record"
    s.make("merge", {"merged_into": reference}, rationale="The same event, told by somebody else.", told="The caller.")

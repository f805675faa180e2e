"""Who is told what on a case: agreed at first with the police in mind, and answered for each audience at the end."""

from typing import Any

from lado.council.sitting import Sitting
from lado.domain.codes import AUDIENCES
from lado.services import telling
from lado.services.telling import Agreed, Words

TOLD_PARENTS = 0.85
"""How often the parents are told."""

PLACES = ("childrens_home", "fostering")
"""Where children live whom another authority may have placed."""

HOW = {
    "referrer": "By telephone, and then by letter.",
    "employer": "By letter to the person who manages the case there.",
    "subject": "By the employer, in a meeting, and then in writing.",
    "parents": "By the school, in confidence.",
    "child": "By somebody whom the child knows and trusts, in words for their age.",
    "regulator": "By the employer, with the referral.",
    "placing_authority": "By telephone to the designated officer there.",
}


def agree_first(s: Sitting) -> None:
    """What may be told while it is looked into: where the police are at work, subject, parents and child wait."""
    held = ("subject", "parents", "child")
    is_held = s.story.is_police
    agreed = [Agreed("referrer", "progress"), Agreed("employer", "progress")]
    agreed += [Agreed(audience, "nothing_yet" if is_held else "progress") for audience in held]
    words = (
        Words("The police, social care and the designated officer", "", "The police ask us to wait.")
        if is_held
        else Words("The employer and the designated officer", "That there is an allegation, and what happens next.")
    )
    telling.agree(s.act, s.story.referral, agreed, words)


def agree_outcome(s: Sitting) -> None:
    """What may be told at the end: the outcome, to everybody whom the case concerns."""
    agreed = [Agreed(audience, "outcome") for audience in AUDIENCES if concerned(s, audience)]
    words = Words("The final meeting", "The outcome and what follows from it, nothing of other children.")
    telling.agree(s.act, s.story.referral, agreed, words)


def answer(s: Sitting) -> None:
    """Everybody but the referrer: told, or why not, or that the case does not concern them."""
    are_parents_told = s.draw.random() < TOLD_PARENTS
    for audience in AUDIENCES:
        if audience == "referrer":
            continue
        if not concerned(s, audience):
            s.make("tell", {"audience": audience, "decision": "not_concerned"})
        elif audience == "parents" and not are_parents_told:
            s.make("tell", {"audience": audience, "decision": "not_told"}, reason="No contact.")
        elif audience == "child" and not are_parents_told:
            s.make("tell", {"audience": audience, "decision": "not_told"}, reason="Too young to be told without them.")
        else:
            s.make("tell", _told(s, audience), note=HOW[audience])


def tell_the_referrer(s: Sitting) -> None:
    """The referrer is told by hand, unless their own page has just told them."""
    if not any(step.move == "release_outcome" for step in s.steps) or not s.story.partner:
        s.make("tell", _told(s, "referrer"), note=HOW["referrer"])


def concerned(s: Sitting, audience: str) -> bool:
    """Whether the case has to do with them at all."""
    if audience == "placing_authority":
        return s.story.scene.sector in PLACES
    return audience != "regulator" or s.story.outcomes[0] == "substantiated"


def _told(s: Sitting, audience: str) -> dict[str, Any]:
    return {"audience": audience, "decision": "told", "told_on": s.today, "extent": "outcome"}

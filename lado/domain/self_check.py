"""Four plain questions before a referral on line: is this for the designated officer, and is somebody in danger now?

They advise and never block: whether the threshold is met is for the officer to decide, and whoever is unsure may refer.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

YES, NO, NOT_SURE = "yes", "no", "not_sure"
NONE_OF_THESE = "none"

ANSWERS: Mapping[str, str] = {YES: "Yes", NO: "No", NOT_SURE: "I am not sure"}
HARMS: Mapping[str, str] = {
    "1": "Harmed a child, or may have harmed one",
    "2": "Committed a crime against a child, or one that has to do with a child",
    "3": "Behaved towards a child in a way that makes me think they could be a danger to children",
    "4": "Behaved in a way, anywhere, that makes me doubt whether they should work with children",
    NONE_OF_THESE: "None of these, or I am not sure",
}
"""The limbs of the harm threshold in the words of somebody who has never read it."""


class Check(NamedTuple):
    """What somebody answered: each a code, the harms a list of codes."""

    danger: str
    works: str
    harms: Sequence[str]
    here: str


class Advice(NamedTuple):
    """What to do first, and whether it is likely for us; `doubts` say why it may not be, a sentence each."""

    is_danger: bool
    is_for_us: bool
    doubts: tuple[str, ...]


def advise(check: Check, council: str) -> Advice:
    """What the answers come to."""
    doubts = []
    if check.works == NO:
        doubts.append(
            "We look into people who work or volunteer with children. About anybody else, ring children’s social care."
        )
    if NONE_OF_THESE in check.harms:
        doubts.append("If you are not sure what the person may have done, ring us first. We advise without a name.")
    if check.here == NO:
        doubts.append(
            f"The designated officer of the area where the person works with children looks into it. If that is not "
            f"{council} or you do not know, refer to us and we pass it on."
        )
    return Advice(check.danger == YES, not doubts, tuple(doubts))

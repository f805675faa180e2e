"""What a partner does on their own side: they say that an action of theirs is done."""

from collections.abc import Sequence

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import Referral
from lado.queries import portal
from lado.services import attachments, moves, notices, still_there
from lado.services.attachments import Checked

Files = Sequence[Checked]
"""Files that may be kept, as they were looked at."""

LONGEST_REPLY = 5_000
"""Characters of a reply."""


def complete(act: Act, reference: str, number: int, reply: str, files: Files = ()) -> None:
    """Say that the partner's own action (counted among theirs) is done, with a reply and files for the officer.

    Raises NotFound alike for what is not theirs and what does not exist, Refused when it is done already.
    """
    held = portal.held(act, reference, number)
    if held is None:
        raise NotFound("no such action of this partner")
    if held.is_done:
        raise Refused("It is recorded already that this is done. There is nothing more to send.")
    if len(reply) > LONGEST_REPLY:
        raise BadInput({"reply": f"Shorten this to {LONGEST_REPLY:,} characters or fewer."})
    still_there.hold(act, held.referral_id)
    case = moves.make(act, held.referral_id, "complete_action", {"number": held.number}, {"reply": reply})
    attachments.put_to_case(act, held.referral_id, files)
    if case.owner is not None:
        referral = act.session.get_one(Referral, held.referral_id)
        notices.queue(
            act, case.owner, referral, f"{referral.reference}: a partner’s action is done", "The reply is on the case."
        )

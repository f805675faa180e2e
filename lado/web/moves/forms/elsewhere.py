"""Forms for a case that goes on elsewhere: offered to another authority, accepted, refused, or merged."""

from typing import Any

from wtforms.validators import ValidationError

from lado.queries import referrals
from lado.web.guards import reading
from lado.web.moves.forms.base import MoveForm, Step, line, text

ELSEWHERE = "elsewhere"
"""The plain code in the ledger; which authority it is stands in words, sealed."""

NO_SUCH_CASE = "No case of yours has this reference. Check it: its last character checks the others."


class OfferTransfer(MoveForm):
    """Another authority is asked to take the case."""

    help = "The case stays with you, and its time limits run, until the other authority accepts."
    done = "The case is offered to the other authority. It stays with you until they accept."
    button = "Record the offer"
    authority = line("Which authority?", "Enter the name of the other authority.")
    rationale = text(
        "Why is it theirs?", "Say why the case belongs there.", "For example: the employer is in their area."
    )

    def step(self, move: str) -> Step:
        """A code in the plain part, the name in words."""
        return super().step(move)._replace(answers={"authority": ELSEWHERE})


class AcceptTransfer(MoveForm):
    """They take it: the case ends here."""

    help = (
        "The other authority takes the case over. It ends here, and your actions on it stay yours until they are done."
    )
    done = "The other authority has accepted. The case goes on there."
    button = "Record that they accepted"
    rationale = text("Who accepted it, when and how?", "Say who accepted it, when and how.")
    told = text("Who was told that it goes on there?", "Say who was told.")


class RefuseTransfer(MoveForm):
    """They do not take it: it goes on here."""

    help = "The case stays with you and goes on as before."
    done = "The other authority has refused. The case stays with you."
    button = "Record that they refused"
    rationale = text("Who refused it, and why?", "Say who refused it and why.")


class Merge(MoveForm):
    """This case is a duplicate of another."""

    help = (
        "Use this when the same allegation was logged twice. This case ends; the other one goes on. Both stay readable."
    )
    done = "This case is merged. The other one goes on."
    button = "Merge this case into the other"
    merged_into = line(
        "The reference of the case that goes on",
        "Enter the reference of the case that goes on.",
        "For example, NB-7K3Q9M-4.",
    )
    rationale = text("Why are they the same?", "Say why they are the same.")
    told = text("Who was told?", "Say who was told.")

    def validate_merged_into(self, field: Any) -> None:
        """The other case exists in this authority, is another one, and goes on."""
        if field.errors or not field.data:
            return
        other = referrals.find(reading(), field.data)
        if other is None:
            raise ValidationError(NO_SUCH_CASE)
        if other.id == self.sheet.referral.id:
            raise ValidationError("This is the reference of this very case. Enter that of the other one.")
        if other.state == "merged":
            raise ValidationError("That case was itself merged. Enter the reference of the case that goes on.")

    def step(self, move: str) -> Step:
        """The reference as it is written exactly, in the plain part."""
        made = super().step(move)
        other = referrals.find(reading(), made.words["merged_into"])
        words = {name: said for name, said in made.words.items() if name != "merged_into"}
        return Step(move, {"merged_into": other.reference if other else ""}, words)

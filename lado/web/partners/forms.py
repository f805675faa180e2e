"""What officers fill in about what partners are told."""

from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from lado.domain.partner_words import MISSING, Words
from lado.services.partner_messages import MISSING_REASON as MISSING_WHY
from lado.services.partner_words import MISSING_REASON
from lado.web.fields import OneOfFew, Text
from lado.web.forms import Form

RELEASE, WITHHOLD = "release", "withhold"


class WordingForm(Form):
    """The three sentences of a state, and why they should change."""

    happening = Text("What is happening", [DataRequired(MISSING["happening"])])
    to_do = Text("What you need to do", [DataRequired(MISSING["to_do"])])
    by_when = Text("By when", [DataRequired(MISSING["by_when"])])
    why = Text("Why should they change?", [DataRequired(MISSING_REASON)])

    @property
    def words(self) -> Words:
        """The sentences as they were typed."""
        return Words(self.happening.data or "", self.to_do.data or "", self.by_when.data or "")


class AnswerForm(Form):
    """What an officer writes to a partner."""

    message = Text("Your message", [DataRequired("Write your message.")])
    is_update = BooleanField("This is the update that we promised them")


class SettleForm(Form):
    """Why a partner's message needs no written answer."""

    why = Text("Why does it need no written answer?", [DataRequired(MISSING_WHY)])


class OutcomeForm(Form):
    """Release the outcome to one partner, or keep it from them with a reason."""

    decision = OneOfFew(
        "Are they told the outcome?",
        "Choose whether they are told the outcome.",
        choices=[
            SelectChoice(RELEASE, "Release it to them", {"hint": "They see it on their own page at once."}),
            SelectChoice(
                WITHHOLD,
                "Keep it from them for now",
                {"hint": "Nothing of it is shown to them until somebody releases it."},
            ),
        ],
    )
    why = Text("Why? (needed if you keep it from them)")

    @property
    def is_release(self) -> bool:
        """Whether it is released."""
        return bool(self.decision.data == RELEASE)

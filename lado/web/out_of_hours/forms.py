"""The forms of the night: a contact, a search within one council, somebody on call, and a duty pack."""

from typing import Any

from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired

from lado.domain import codes
from lado.queries.nights import Served
from lado.services.nights import NewContact
from lado.services.on_call import NewShift
from lado.web.fields import Line, MomentField, OneOf, OneOfFew, Text, choices
from lado.web.forms import Form

HOURS = {24: "24 hours", 72: "72 hours: over a weekend", 120: "120 hours: over a long weekend"}


def councils(served: list[Served]) -> list[Any]:
    """The councils to choose from, each by its key."""
    return choices({one.key: one.name for one in served})


class ContactForm(Form):
    """Who rang in the night, about what, and what was done."""

    council = OneOfFew("Which council is it about?", "Choose the council that it is about.")
    happened = MomentField("When did they ring?", missing="Enter when they rang, for example 23 11 2026 at 02:10.")
    caller = Line("Who rang?", [DataRequired("Enter who rang, or “not given” if they would not say.")])
    phone = Line("Their telephone")
    reference = Line("Reference of the open case that it is about")
    about = Text("What did they say?", [DataRequired("Write down what they said.")])
    in_danger = OneOfFew(
        "Is anyone in danger now?", "Choose whether anyone is in danger now.", choices=choices(codes.SAFE_NOW)
    )
    done = Text("What did you do?", [DataRequired("Write down what you did. If nothing was needed, say so.")])
    asks = Text("What does the day service have to do?")

    def answers(self, served: list[Served]) -> NewContact:
        """The contact as the service takes it."""
        chosen = next(one for one in served if one.key == self.council.data)
        return NewContact(
            chosen.authority_id,
            self.happened.data,
            self.reference.data or "",
            self.caller.data or "",
            self.phone.data or "",
            self.about.data or "",
            self.done.data or "",
            self.asks.data or "",
            self.in_danger.data or "",
        )


class FindForm(Form):
    """A reference, a whole name or a setting, looked for among the open cases of one council."""

    words = Line("Reference, whole name or setting", [DataRequired("Enter what to look for.")])


class OnCallForm(Form):
    """Who is on call, on which telephone, from when until when."""

    account = OneOf("Who is on call?", [DataRequired("Choose who is on call.")])
    phone = Line("Telephone on which they are reached")
    from_at = MomentField("From", missing="Enter from when, for example 23 11 2026 at 17:00.")
    until_at = MomentField("Until", missing="Enter until when, for example 24 11 2026 at 09:00.")

    def answers(self) -> NewShift:
        """The time on call as the service takes it."""
        return NewShift(int(self.account.data), self.phone.data or "", self.from_at.data, self.until_at.data)


class PackForm(Form):
    """For which council a duty pack is made, for how long it opens, and the password of whoever makes it."""

    council = OneOfFew("Which council is it for?", "Choose the council that it is for.")
    hours = OneOfFew("For how long does it open?", "Choose for how long it opens.", choices=choices(HOURS))
    pack_password = HiddenField()
    password = PasswordField("Your own password", [InputRequired("Enter the password that you sign in with.")])

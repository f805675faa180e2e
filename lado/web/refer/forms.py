"""Who begins to refer, besides the four questions: what is asked of somebody who has no account yet."""

from wtforms.validators import DataRequired

from lado.domain import codes
from lado.services.online_beginnings import NewBeginning
from lado.web.fields import Line, OneOf, choices
from lado.web.portal.refer_forms import CheckForm


class BeginForm(CheckForm):
    """The four questions, carried on from the page before, and who asks."""

    council = OneOf("Which council?", [DataRequired("Choose the council of the area where the adult works.")])
    name = Line("Your name", [DataRequired("Enter your name.")])
    email = Line("Your e-mail address at work", [DataRequired("Enter your e-mail address.")])
    phone = Line("Telephone number", [DataRequired("Enter a telephone number on which an officer can reach you.")])
    source = OneOf(
        "Which of these are you?",
        [DataRequired("Choose which of these you are.")],
        choices=choices(codes.SOURCES, empty="Choose"),
    )
    organisation = Line("Where do you work? (optional)")
    role = Line("Your job (optional)")

    def beginning(self) -> NewBeginning:
        """What was said, as the service takes it. Only of a form that is well formed."""
        return NewBeginning(
            authority=int(self.council.data),
            name=self.name.data,
            email=self.email.data,
            organisation=self.organisation.data,
            source=self.source.data,
            role=self.role.data,
            phone=self.phone.data,
            check=self.answers(),
        )

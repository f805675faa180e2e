"""The form for logging a referral, in the order in which a call goes. At most ten answers have to be given."""

from datetime import date
from typing import Any

from wtforms import BooleanField, FieldList, FormField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, ValidationError

from lado.domain import codes
from lado.services.referrals import NewReferral
from lado.web.fields import DayField, Line, MomentField, OneOf, OneOfFew, PreciseDayField, Text, choices
from lado.web.forms import Form
from lado.web.intake.fields import PreciseMomentField

MOST_CHILDREN = 20
NAMED_ADVICE = (
    "A request for advice is kept without the adult’s name. Clear the name, or untick the box to log a referral."
)


class ChildForm(PlainForm):
    """One child, as far as the caller knows."""

    name = Line("Name of the child")
    born_on = DayField("Date of birth")
    flags = SelectMultipleField("Any of these", choices=choices(codes.CHILD_FLAGS), validate_choice=True)
    more = Line("Social worker, placing authority or school")

    def words(self) -> dict[str, Any]:
        """What is known of the child, without what was left empty."""
        said = {
            "name": self.name.data,
            "born_on": self.born_on.data.isoformat() if self.born_on.data else "",
            "flags": list(self.flags.data or ()),
            "more": self.more.data,
        }
        return {name: value for name, value in said.items() if value}


class IntakeForm(Form):
    """What a caller says."""

    source = OneOf(
        "Who is the caller?", [DataRequired("Choose who is calling.")], choices=choices(codes.SOURCES, empty="Choose")
    )
    caller_name = Line(
        "Name of the caller", [DataRequired("Enter the caller’s name, or “not given” if they will not say.")]
    )
    caller_role = Line("Their job")
    caller_agency = Line("Agency or school they call from")
    caller_phone = Line("Telephone")
    caller_email = Line("E-mail address")
    partner = OneOf("Who may follow this referral on line?")

    is_advice_call = BooleanField("This is a request for advice: the adult’s name is not kept")
    subject_name = Line("Name of the adult")
    subject_unknown = BooleanField("The name is not known yet")
    subject_role = Line("What they do there")
    setting = Line(
        "Employer or setting", [DataRequired("Enter the employer or setting, or “not known” if the caller cannot say.")]
    )
    sector = OneOf("Sector", choices=choices(codes.SECTORS, empty="Not said"))
    known_as = Line("Also known as")
    born_on = DayField("Date of birth")
    basis = OneOf("On what footing do they work there?", choices=choices(codes.WORK_BASES, empty="Not said"))
    other_roles = Text("Other work with children, paid or not, and children of their own")

    category = OneOfFew(
        "What kind of harm is it about?",
        "Choose the kind that fits best. It can be changed later.",
        choices=choices(codes.CATEGORIES),
    )
    summary = Text("What happened, in the caller’s words", [DataRequired("Write down what the caller says happened.")])

    received = MomentField(
        "When did this reach us?", missing="Enter when the referral was received, for example 23 11 2026 at 15:40."
    )
    late_reason = Text("Why is it entered now?")
    channel = OneOf(
        "How did it come?", [DataRequired("Choose how it came.")], default="call", choices=choices(codes.CHANNELS)
    )
    evidence = OneOf(
        "What shows that date?",
        [DataRequired("Choose what shows the date.")],
        default="call_note",
        choices=choices(codes.EVIDENCE),
    )
    incident = PreciseDayField("When did it happen?")
    employer_aware = PreciseMomentField("When did the employer learn of it?")

    children = FieldList(FormField(ChildForm), min_entries=1, max_entries=MOST_CHILDREN)
    children_safe = OneOfFew(
        "Are the children safe now?", "Choose whether the children are safe now.", choices=choices(codes.SAFE_NOW)
    )
    safety_steps = Text("What was done to keep them safe?")

    notes = Text("Notes")
    owner = OneOf("Who is the accountable officer?")

    def validate_subject_name(self, field: Any) -> None:
        """A referral is about somebody, named or not known yet; a request for advice names nobody."""
        if self.is_advice_call.data:
            if field.data or self.known_as.data or self.born_on.data:
                raise ValidationError(NAMED_ADVICE)
        elif not field.data and not self.subject_unknown.data:
            raise ValidationError("Enter the adult’s name, or tick that it is not known yet.")
        elif field.data and self.subject_unknown.data:
            raise ValidationError(
                "There is a name, and the tick says that it is not known. Untick the box or clear the name."
            )

    def validate_caller_email(self, field: Any) -> None:
        """An address that nobody can be written to helps nobody."""
        if field.data and ("@" not in field.data or " " in field.data):
            raise ValidationError("Enter an e-mail address like name@example.org, or leave it out.")

    def births(self) -> list[tuple[str, date | None]]:
        """Whose date of birth was given, by name or as the adult or the child."""
        births = [(self.subject_name.data or "the adult", self.born_on.data)]
        return births + [
            (child.form.name.data or "the child", child.form.born_on.data) for child in self.children.entries
        ]

    def answers(self, owner: int) -> NewReferral:
        """What was said, as the service takes it. Only of a form that is well formed."""
        return NewReferral(
            received_at=self.received.data,
            channel=self.channel.data,
            evidence=self.evidence.data,
            source=self.source.data,
            category=self.category.data,
            summary=self.summary.data,
            subject=self._subject(),
            setting=self.setting.data,
            referrer=self._referrer(),
            sector=self.sector.data,
            incident_from_on=self.incident.data,
            incident_to_on=self.incident.to_on,
            incident_precision=self.incident.precision,
            employer_aware_at=self.employer_aware.data,
            employer_aware_precision=self.employer_aware.precision,
            late_reason=self.late_reason.data,
            children_safe=self.children_safe.data,
            safety_steps=self.safety_steps.data,
            children=tuple(words for child in self.children.entries if (words := child.form.words())),
            notes=self.notes.data,
            is_advice_call=self.is_advice_call.data,
            owner=int(self.owner.data) if self.owner.data else owner,
            partner=int(self.partner.data) if self.partner.data else None,
        )

    def _subject(self) -> dict[str, Any]:
        said = {
            "known_as": self.known_as.data,
            "born_on": self.born_on.data.isoformat() if self.born_on.data else "",
            "role": self.subject_role.data,
            "basis": self.basis.data,
            "other_roles": self.other_roles.data,
        }
        return {"name": self.subject_name.data} | {name: value for name, value in said.items() if value}

    def _referrer(self) -> dict[str, Any]:
        said = {
            "role": self.caller_role.data,
            "agency": self.caller_agency.data,
            "phone": self.caller_phone.data,
            "email": self.caller_email.data,
        }
        return {"name": self.caller_name.data} | {name: value for name, value in said.items() if value}

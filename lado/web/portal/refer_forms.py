"""The forms of a referral on line: the four questions before it, and one form for each part."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wtforms import BooleanField, FieldList, FormField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, ValidationError

from lado.domain import codes, dates, online, self_check
from lado.web.fields import DayField, Line, OneOf, OneOfFew, PreciseDayField, Text, choices
from lado.web.forms import Form

MOST_CHILDREN = 20


class CheckForm(Form):
    """Is this for the designated officer?"""

    danger = OneOfFew(
        "Is a child in danger now?",
        "Say whether a child is in danger now.",
        choices=choices({"yes": "Yes", "no": "No", "not_sure": "I am not sure"}),
    )
    works = OneOfFew(
        "Does the adult work or volunteer with children?",
        "Say whether the adult works or volunteers with children.",
        choices=choices(self_check.ANSWERS),
    )
    harms = SelectMultipleField(
        "What may they have done?",
        [DataRequired("Choose what they may have done, or that you are not sure.")],
        choices=choices(self_check.HARMS),
    )
    here = OneOfFew(
        "Do they work with children in this council’s area?",
        "Say whether they work with children in this area.",
        choices=choices(self_check.ANSWERS),
    )

    def answers(self) -> self_check.Check:
        """What was answered."""
        return self_check.Check(self.danger.data, self.works.data, tuple(self.harms.data), self.here.data)


class YouForm(Form):
    """Who refers, besides what their account says."""

    source = OneOf(
        "Which of these are you?", [DataRequired("Choose which of these you are.")], choices=choices(codes.SOURCES)
    )
    organisation = Line("Where do you work? (optional)")
    role = Line("Your job")
    phone = Line("Telephone number", [DataRequired("Enter a telephone number on which an officer can reach you.")])
    reach = Line("When and how can we reach you safely? (optional)")


class AdultForm(Form):
    """The adult whom the referral is about."""

    subject_name = Line("Name of the adult")
    subject_unknown = BooleanField("I do not know their name")
    subject_role = Line("What is their job or role with children?")
    setting = Line(
        "Where do they work or volunteer with children?",
        [DataRequired("Enter where they work or volunteer, or “not known”.")],
    )
    sector = OneOf("What kind of place is it?", choices=choices(codes.SECTORS, empty="I am not sure"))
    basis = OneOf("How are they employed there?", choices=choices(codes.WORK_BASES, empty="I am not sure"))
    born_on = DayField("Their date of birth, if you know it")
    other_roles = Text("Other work with children, and children of their own, if you know of any")

    def validate_subject_name(self, field: Any) -> None:
        """It is about somebody, named or not known."""
        if not field.data and not self.subject_unknown.data:
            raise ValidationError("Enter the adult’s name, or tick that you do not know it.")
        if field.data and self.subject_unknown.data:
            raise ValidationError("You entered a name and ticked that you do not know it. Change one of them.")

    def words(self) -> dict[str, Any]:
        """What is known of the adult, as a referral keeps it."""
        said = {
            "born_on": self.born_on.data.isoformat() if self.born_on.data else "",
            "role": self.subject_role.data,
            "basis": self.basis.data,
            "other_roles": self.other_roles.data,
        }
        return {"name": self.subject_name.data} | {name: value for name, value in said.items() if value}


class WhatForm(Form):
    """What happened, and when."""

    summary = Text("Tell us what happened", [DataRequired("Tell us what happened.")])
    category = OneOfFew(
        "What kind of harm is it about?",
        "Choose the kind that fits best. The officer can change it.",
        choices=choices(online.HARM_WORDS),
    )
    incident = PreciseDayField("When did it happen?")
    employer_aware = DayField("When did the person in charge there learn of it? (leave empty if you do not know)")

    def date_problems(self, at: datetime, *, is_employer: bool) -> dict[str, str]:
        """What the dates cannot be at this instant, by field."""
        return dates.problems(
            dates.ReferralDates(
                at, at, self.incident.data, self.incident.to_on, self.employer_aware_at, is_from_employer=is_employer
            )
        )

    @property
    def employer_aware_at(self) -> datetime | None:
        """The earliest instant that it can have been."""
        return online.beginning(self.employer_aware.data)


class ChildForm(PlainForm):
    """One child, as far as the referrer knows."""

    name = Line("Name of the child")
    born_on = DayField("Date of birth")
    more = Line("Anything we should know, such as a social worker or a school")

    def words(self) -> dict[str, Any]:
        """What is known of the child, without what was left empty."""
        said = {
            "name": self.name.data,
            "born_on": self.born_on.data.isoformat() if self.born_on.data else "",
            "more": self.more.data,
        }
        return {name: value for name, value in said.items() if value}


class ChildrenForm(Form):
    """The children it is about, and whether they are safe."""

    children_safe = OneOfFew(
        "Are the children safe now?", "Say whether the children are safe now.", choices=choices(codes.SAFE_NOW)
    )
    safety_steps = Text("What has been done to keep them safe? (optional)")
    children = FieldList(FormField(ChildForm), min_entries=1, max_entries=MOST_CHILDREN)


class ToldForm(Form):
    """Who knows about it already."""

    told = SelectMultipleField(
        "Who knows about this already?",
        [DataRequired("Choose who knows already, or “Nobody yet”.")],
        choices=choices(online.TOLD_ALREADY),
    )
    told_more = Text("Is there anything else we should know? (optional)")

    def validate_told(self, field: Any) -> None:
        """Nobody and somebody cannot both be."""
        if "nobody" in field.data and len(field.data) > 1:
            raise ValidationError("You chose “Nobody yet” and somebody. Change one of them.")


class SendForm(Form):
    """That everything is right as it stands."""


FORMS: Mapping[str, type[Form]] = {
    online.YOU: YouForm,
    online.ADULT: AdultForm,
    online.WHAT: WhatForm,
    online.CHILDREN: ChildrenForm,
    online.TOLD: ToldForm,
}
"""The form of each part."""

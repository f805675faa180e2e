"""What the pages of a referral on line show: the list of parts, and everything that was written, to be checked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import FieldList

from lado.domain import online
from lado.domain.online import PARTS, Answers
from lado.services.online_drafts import Part, Written
from lado.web.components import Fact, Task
from lado.web.forms import Form
from lado.web.templating import day

LEFT_OUT = "Not given"


def tasks(written: Written, addresses: Mapping[str, str]) -> tuple[Task, ...]:
    """The parts in order, each with how far it is."""
    return tuple(_task(title, written.parts.get(key), addresses[key]) for key, title in PARTS.items())


def _task(title: str, part: Part | None, href: str) -> Task:
    if part is None:
        return Task(title, "Not begun", "quiet", href)
    return Task(title, "Done", "met", href) if part.is_whole else Task(title, "Begun", "soon", href)


def facts(form: Form, href: str) -> list[Fact]:
    """Everything that one part says, a row for each question."""
    rows: list[Fact] = []
    for field in form:
        if isinstance(field, FieldList):
            rows += _children(field, href)
        elif field.type not in ("CSRFTokenField", "HiddenField", "BooleanField"):
            rows.append(Fact(_label(field), _said(field) or _not_said(form, field), href))
    return rows


def _not_said(form: Any, field: Any) -> str:
    is_unknown = field.name == "subject_name" and form.subject_unknown.data
    return "Not known" if is_unknown else LEFT_OUT


def _children(field: Any, href: str) -> list[Fact]:
    named = [entry for entry in field.entries if entry.form.words()]
    if not named:
        return [Fact("Children", LEFT_OUT, href)]
    many = len(named) > 1
    return [
        Fact(f"Child {number}" if many else "Child", "\n".join(filter(None, map(_said, entry.form))), href)
        for number, entry in enumerate(named, start=1)
    ]


def _label(field: Any) -> str:
    return str(field.label.text).removesuffix(" (optional)").removesuffix(" (leave empty if you do not know)")


def _said(field: Any) -> str:
    """What was answered, in words."""
    if hasattr(field, "to_on"):
        return _when(field)
    if isinstance(field.data, date):
        return day(field.data)
    if hasattr(field, "iter_choices"):
        return "\n".join(choice.label for choice in field.iter_choices() if choice.selected and choice.value)
    return str(field.data or "")


def _when(field: Any) -> str:
    if field.data is None:
        return ""
    if field.to_on is not None:
        return f"Between {day(field.data)} and {day(field.to_on)}"
    return f"About {day(field.data)}" if field.precision == "approximate" else day(field.data)


def answers(forms: Mapping[str, Any]) -> Answers:
    """What all the parts together say. Only of forms that are whole."""
    you, adult, what = forms[online.YOU], forms[online.ADULT], forms[online.WHAT]
    children, told = forms[online.CHILDREN], forms[online.TOLD]
    return Answers(
        source=you.source.data,
        organisation=you.organisation.data if "organisation" in you else "",
        role=you.role.data,
        phone=you.phone.data,
        reach=you.reach.data,
        adult=adult.words(),
        setting=adult.setting.data,
        sector=adult.sector.data,
        category=what.category.data,
        summary=what.summary.data,
        incident_from_on=what.incident.data,
        incident_to_on=what.incident.to_on,
        incident_precision=what.incident.precision,
        employer_aware_at=what.employer_aware_at,
        children=tuple(words for child in children.children.entries if (words := child.form.words())),
        children_safe=children.children_safe.data,
        safety_steps=children.safety_steps.data,
        told=tuple(told.told.data),
        told_more=told.told_more.data,
    )

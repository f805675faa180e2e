"""Findings in plain words: what was seen, of whom and when, and never why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from lado.domain.unusual import ANSWERS, WORDS, Answer, Kind
from lado.queries.unusual import Found
from lado.web.components import Fact
from lado.web.due import counted, point

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """The findings that wait for an answer, and those that have one."""

    waiting: list[Row]
    answered: list[Row]


def list_page(found: Iterable[Found], at: datetime) -> ListPage:
    """Every finding as a row."""
    kept = list(found)
    return ListPage(
        [(*_row(one, at), _open(one, "Answer", at)) for one in kept if not one.answer],
        [(*_row(one, at), _open(one, ANSWERS[Answer(one.answer)], at)) for one in kept if one.answer],
    )


def facts(found: Found, at: datetime) -> list[Fact]:
    """What is known of one finding."""
    short, meaning = WORDS[Kind(found.kind)]
    rows = [Fact("What was seen", f"{short}. {meaning}"), Fact("Whose looks", _whose(found))]
    if found.case:
        rows.append(Fact("Case", found.case))
    rows += [Fact("When", _when(found, at)), Fact("How much", _many(found))]
    if found.answer:
        rows.append(Fact("What came of it", ANSWERS[Answer(found.answer)]))
        rows.append(Fact("Answered", f"By {found.answered_by}, {point(found.answered_at or at, at)}"))
        rows.append(Fact("Note", found.note or "None"))
    return rows


def _row(one: Found, at: datetime) -> tuple[str, str, str]:
    about = f"{WORDS[Kind(one.kind)][0]}{f', {one.case}' if one.case else ''}"
    return _whose(one), f"{about}: {_many(one)}", _when(one, at)


def _whose(one: Found) -> str:
    return f"{one.name}, {one.role.label.lower()}"


def _many(one: Found) -> str:
    if one.kind == Kind.BULK:
        return counted(one.times, "case") if one.times > 1 else "the brake stopped it"
    if one.kind == Kind.SEARCH or (one.kind == Kind.OWN and not one.case):
        return "once" if one.times == 1 else f"{one.times} times"
    return counted(one.times, "look")


def _when(one: Found, at: datetime) -> str:
    first = point(one.first_at, at)
    return first if one.first_at == one.last_at else f"{first} to {point(one.last_at, at)}"


def _open(one: Found, words: str, at: datetime) -> Markup:
    href, found = url_for("looks.answer", finding_id=one.id), point(one.found_at, at)
    return Markup(
        '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> about {}, found {}</span></a>'
    ).format(href, words, one.name, found)

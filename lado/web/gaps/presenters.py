"""Gaps in sentences: what is wrong, when, how many referrals to expect in it, what would close it and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import url_for
from markupsafe import Markup

from lado.domain import said
from lado.domain.demand import chance_of_any, expected_in
from lado.domain.gaps import Ahead, Gap, Kind, Piece, What
from lado.queries.gaps import Found
from lado.web.due import counted
from lado.web.who_has import name_of
from workflows.calendar import ONE_DAY
from workflows.london import instant_on, london_day

SECTIONS: Mapping[Kind, tuple[str, str]] = {
    Kind.NOBODY: ("No officer is there", "Office hours in which no officer at all could take a referral."),
    Kind.UNCOVERED: ("Nobody covers", "People whose cases nobody is there for."),
    Kind.UNREACHABLE: ("Cover that cannot be reached", "Somebody is named, but nothing would reach them."),
    Kind.CONFLICT: ("Kept away", "Cases that nobody who is there may have."),
    Kind.ALONE: ("One single person", "Office hours in which everything depends on one officer."),
}


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap as a page shows it."""

    what: str
    when: str
    expected: str
    closes: str
    href: str


@dataclass(frozen=True, slots=True)
class Section:
    """The gaps of one kind, with what the kind means."""

    key: str
    caption: str
    meaning: str
    rows: tuple[tuple[str | Markup, ...], ...]


@dataclass(frozen=True)
class Told:
    """What gaps are said with: what was found, how many cases whom concern, the rates of arrivals, who may change it.

    `rates` are referrals a working day for each weekday; none where too little is known to expect anything.
    """

    found: Found
    cases: Mapping[int, int]
    rates: Sequence[float] = ()
    may_change: bool = False


def sections(told: Told) -> list[Section]:
    """The gaps, a section a kind, the worst first; kinds of which there is none are left out."""
    grouped: dict[What, list[Gap]] = {}
    for gap in told.found.outlook.gaps:
        grouped.setdefault(gap.what, []).append(gap)
    shown = []
    for kind, (caption, meaning) in SECTIONS.items():
        rows = tuple(_cells(_row(gaps, told)) for what, gaps in grouped.items() if what.kind is kind)
        if rows:
            shown.append(Section(kind.value, caption, meaning, rows))
    return shown


def warnings(found: Found) -> list[str]:
    """What a change would leave open and what would close it, in sentences, before it is saved."""
    grouped: dict[What, list[Gap]] = {}
    for gap in found.outlook.gaps:
        grouped.setdefault(gap.what, []).append(gap)
    return [_warning(gaps, found) for gaps in grouped.values()]


def _warning(gaps: Sequence[Gap], found: Found) -> str:
    """One and the same gap that a change makes, however often it comes, in sentences."""
    first, spans = gaps[0], _spans(gaps, found.ahead)
    closing = _closing(first, found, is_new=True, when="then" if len(gaps) > 1 else "")
    return f"This leaves a gap {spans}: {_what(first, found, {})} {closing}"


def banner(found: Found) -> str:
    """The gaps ahead in one sentence, for the pages of those who can close them; empty where there is none."""
    gaps = found.outlook.gaps
    if not gaps:
        return ""
    first, more = gaps[0], len(gaps) - 1
    many = f", and {counted(more, 'more gap')}" if more else ""
    what = _what(first, found, {}).removesuffix(".")
    return f"A gap in the cover ahead {_when(first, found.ahead)}: {what}{many}."


def without_phone(found: Found) -> str:
    """Officers of whom no telephone number is known, in a sentence."""
    names = [found.staff.names[person] for person in found.staff.without_phone]
    return f"No telephone number is known of {', '.join(names)}: they can be reached by e-mail alone." if names else ""


def _row(gaps: Sequence[Gap], told: Told) -> GapRow:
    first = gaps[0]
    return GapRow(
        _what(first, told.found, told.cases),
        _spans(gaps, told.found.ahead),
        _expected([piece for gap in gaps for piece in gap.pieces], told),
        _closing(first, told.found),
        _href(first, told.found.ahead) if told.may_change else "",
    )


def _spans(gaps: Sequence[Gap], ahead: Ahead) -> str:
    """When one and the same gap stands: the first few times, and how many more."""
    return said.times([_when(gap, ahead) for gap in gaps], gaps[-1].until_at)


def _cells(row: GapRow) -> tuple[str | Markup, ...]:
    closes: str | Markup = row.closes
    if row.href:
        closes = Markup('<a class="govuk-link" href="{}">{}</a>').format(row.href, row.closes)
    return row.what, row.when, row.expected, closes


def _what(gap: Gap, found: Found, cases: Mapping[int, int]) -> str:
    """What is wrong, in a sentence."""
    names, what = found.staff.names, gap.what
    whose, by = name_of(what.person, names), name_of(what.by, names)
    if what.kind is Kind.NOBODY:
        return "No officer is there to take a referral." if found.staff.officers else "There is no officer at all."
    if what.kind is Kind.UNCOVERED:
        owned = cases.get(what.person or 0)
        many = f", who has {counted(owned, 'open case')}" if owned else ""
        return f"Nobody is there for {whose}{many}."
    if what.kind is Kind.UNREACHABLE:
        why = found.ahead.unreachable.get(what.by or 0, "their account is shut")
        return f"{by} would cover for {whose} and cannot be reached: {why}."
    if what.kind is Kind.CONFLICT:
        return f"Nobody who is there may have some cases of {whose}: a conflict of interest or a list keeps them away."
    if what.person is not None:
        some = "some of their own cases" if what.by == what.person else f"some cases of {whose}"
        return (
            f"{by} is the only officer there who may have {some}: a conflict of interest or a list keeps others away."
        )
    return f"{by} is the only officer there."


def _closing(gap: Gap, found: Found, *, is_new: bool = False, when: str = "") -> str:
    """What would close it, in a sentence that says what to do; `when` where more than its own time is meant."""
    what, when, names = gap.what, when or _when(gap, found.ahead), found.staff.names
    if what.kind is Kind.NOBODY:
        if not found.staff.officers:
            return "Ask your administrator to add a designated officer."
        return f"Have one of {_either(found.staff.officers, names)} there {when}, or add a cover officer."
    if what.kind is Kind.UNCOVERED:
        asked = gap.cover.chain[1:] if gap.cover else ()
        if not asked:
            return "Name who covers." if is_new else f"Name who covers {when}."
        away = f"{_either(asked, names, word='and')} {'is' if len(asked) == 1 else 'are'} not there either"
        return f"Name a second cover {when}: {away}."
    if what.kind is Kind.UNREACHABLE:
        return f"Name somebody else to cover {when}, or have {name_of(what.by, names)}’s account put right."
    if what.kind is Kind.CONFLICT:
        return f"Name an independent contact, or have an officer there {when} whom nothing keeps away."
    if what.person is not None:
        return f"Have another officer there {when} who may have them; where a case is restricted, put one on its list."
    others = [person for person in found.staff.officers if person != what.by]
    if not others:
        return "Add a second officer: ask your administrator."
    away = f"who {'is' if len(others) == 1 else 'are'} not there then"
    return f"Have a second officer there {when}: {_either(others, names)}, {away}, or add a cover officer."


def _href(gap: Gap, ahead: Ahead) -> str:
    """The form that closes it: the absence that leaves it open, or the calendar where it is not one absence alone."""
    away = (ahead.rota.away(person, gap.from_at) for person in _blamed(gap, ahead))
    found = next((absence.id for absence in away if absence and absence.id), None)
    return url_for("cover.change", absence_id=found) if found else url_for("cover.home")


def _blamed(gap: Gap, ahead: Ahead) -> Iterable[int]:
    """Whose absence is looked at, the likeliest first."""
    if gap.what.person is not None:
        return (gap.what.person, *(gap.cover.chain if gap.cover else ()))
    return tuple(reversed([person for person in ahead.officers if person != gap.what.by]))


def _expected(pieces: Sequence[Piece], told: Told) -> str:
    if not told.rates:
        return "Not known yet"
    expected = expected_in(pieces, told.found.ahead.office, told.rates)
    return f"{expected:.1f} ({round(100 * chance_of_any(expected))}% that any comes)"


def _when(gap: Gap, ahead: Ahead) -> str:
    """The span in days, with times only where it does not begin and end with the office."""
    opens = {piece.from_at for piece in ahead.office}
    closes = {piece.until_at for piece in ahead.office}
    first = _midnight(london_day(gap.from_at)) if gap.from_at in opens else gap.from_at
    last = _midnight(london_day(gap.until_at) + ONE_DAY) if gap.until_at in closes else gap.until_at
    return said.span(first, last)


def _midnight(day: date) -> datetime:
    return instant_on(day, time.min)


def _either(people: Sequence[int], names: Mapping[int, str], word: str = "or") -> str:
    named = [name_of(person, names) for person in people]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} {word} {named[-1]}"

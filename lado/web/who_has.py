"""Say who has a case: its owner, and while they are away the chain of those asked and until when."""

from collections.abc import Collection, Mapping
from datetime import datetime

from lado.domain.cover import NOBODY_BARRED, REFUSED, Cover, Rota, on_cover
from lado.web.due import point

SOMEONE = "An officer who is no longer listed"


def owner_and_cover(
    owner: int | None,
    at: datetime,
    rota: Rota,
    names: Mapping[int, str],
    me: int | None = None,
    barred: Collection[int] = NOBODY_BARRED,
) -> tuple[str, str]:
    """The owner's name, and in a second sentence who is there for them; empty while they are there themselves."""
    if owner is None:
        return "Nobody", ""
    cover = on_cover(owner, at, rota, barred)
    name = name_of(owner, names)
    return name, cover_words(cover, at, rota, names, me) if len(cover.chain) > 1 or cover.is_nobody else ""


def cover_words(cover: Cover, at: datetime, rota: Rota, names: Mapping[int, str], me: int | None = None) -> str:
    """Away: you cover until the end of Friday 6 March. Or who is asked in turn, or that nobody is there."""
    if cover.person is None:
        return f"Nobody is there for them: {cover.why}"
    through = _through(cover, names)
    who = "you cover" if cover.person == me else f"{name_of(cover.person, names)} covers"
    until = until_at(cover, at, rota)
    return f"Away: {who}{through}" + (f" until {point(until, at)}" if until else "")


def _through(cover: Cover, names: Mapping[int, str]) -> str:
    """In brackets, who was asked before and is away too, and who said that they cannot take this case."""
    asked = list(zip(cover.chain, cover.passed, strict=False))[1:]
    could_not = [name_of(person, names) for person, why in asked if why == REFUSED]
    away = [name_of(person, names) for person, why in asked if why != REFUSED]
    words = [f"{' and '.join(away)} away too"] if away else []
    words += [f"{' and '.join(could_not)} could not take it"] if could_not else []
    return f" ({', '.join(words)})" if words else ""


def until_at(cover: Cover, at: datetime, rota: Rota) -> datetime | None:
    """Until when this answer holds at most: the first of the absences in the chain to end; None when none is known."""
    ends = [absence.until_at for person in cover.chain[:-1] if (absence := rota.away(person, at))]
    return min(ends, default=None)


def name_of(person: int | None, names: Mapping[int, str]) -> str:
    """The name, or words for somebody who is not among those asked for."""
    return names.get(person, SOMEONE) if person is not None else SOMEONE

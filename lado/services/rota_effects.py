"""Saying what a change of the rota would change before it is saved, and when that is nothing, why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from lado.act import Act
from lado.domain import said
from lado.domain.cover import stretches
from lado.domain.rota import ADD, MIDNIGHT, PRIMARY, Away, DutyChange, Pattern, Rota
from lado.domain.rota_changes import Difference, New, applied, differences
from lado.queries import accounts, cover
from workflows.london import instant_on

AHEAD = timedelta(weeks=12)
"""How far ahead a change without an end is looked at: as far as the gaps are."""

MOST_SAID = 6
"""Sentences at most."""

DUTY: Mapping[int, str] = {PRIMARY: "first on duty", PRIMARY + 1: "second on duty"}


class Effect(NamedTuple):
    """What a change changes, in sentences with names, and piece by piece."""

    sentences: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def words(self) -> str:
        """The sentences, one after the other."""
        return " ".join(self.sentences)


def what_changes(act: Act, authority_id: int, new: New, replaces: int = 0) -> Effect:
    """Work out who would be there for whom with the change and without it. Only reads.

    `replaces` is the number of the absence in whose place the new one would stand.
    """
    from_at, until_at = span(act, new)
    before = cover.rota(act.session, authority_id, min(act.at, from_at))
    old = next((absence for absence in before.absences if replaces and absence.id == replaces), None)
    if old is not None:
        from_at, until_at = min(from_at, old.from_at), max(until_at, old.until_at)
    people = {person.id: person.name for person in accounts.people_of(act, authority_id, cover.WHO_COVER)}
    found = differences(before, applied(before, new, replaces), sorted(people), from_at, until_at)
    if not found:
        return Effect((f"This changes nothing, because {_because(new, old, before, people)}.",), ())
    return Effect(tuple(_sentences(found, people)), found)


def span(act: Act, new: New) -> tuple[datetime, datetime]:
    """Over which time a change is looked at: its own, or where it has no end the coming weeks from its first day on."""
    if isinstance(new, Away | DutyChange):
        return new.from_at, new.until_at
    from_on = new.from_on if isinstance(new, Pattern) else min(day.from_on for day in new)
    from_at = instant_on(max(from_on, act.today), MIDNIGHT)
    return from_at, from_at + AHEAD


def _sentences(found: Sequence[Difference], names: Mapping[int, str]) -> Iterator[str]:
    """What differs, one sentence for what comes again and again."""
    alike: dict[tuple[int | None, ...], list[Difference]] = {}
    for one in found:
        alike.setdefault((one.person, one.rank, one.before, one.after), []).append(one)
    for several in list(alike.values())[:MOST_SAID]:
        yield _sentence(several, names)
    if len(alike) > MOST_SAID:
        yield "And more in the weeks that follow."


def _sentence(several: Sequence[Difference], names: Mapping[int, str]) -> str:
    one, spans = several[0], [said.span(each.from_at, each.until_at) for each in several]
    when, again = spans[0], f" The same {said.times(spans[1:], several[-1].until_at)}." if spans[1:] else ""
    before = "nobody" if one.before is None else names.get(one.before, "somebody else")
    after = "Nobody" if one.after is None else names.get(one.after, "Somebody else")
    if one.person is None:
        return f"{after} is {DUTY[one.rank]} {when} instead of {before}.{again}"
    if one.after == one.person:
        return f"{after} is there {when} instead of {before}.{again}"
    return f"{after} is there for {names.get(one.person, 'somebody')} {when} instead of {before}.{again}"


def _because(new: New, old: Away | None, rota: Rota, names: Mapping[int, str]) -> str:
    if isinstance(new, Away):
        return _because_absence(new, old, rota, names)
    if isinstance(new, Pattern):
        held = [pattern for pattern in rota.patterns if pattern.person == new.person and pattern.from_on <= new.from_on]
        if (held[-1].week if held else None) == new.week:
            return f"{names.get(new.person, 'this person')} works these hours already"
        return "the hours that differ are outside office hours, or somebody is away in them anyway"
    if isinstance(new, DutyChange):
        return _because_duty(new, rota, names)
    return "the same people have the duty on these days already"


def _because_absence(new: Away, old: Away | None, rota: Rota, names: Mapping[int, str]) -> str:
    if old is not None and (old.from_at, old.until_at, old.cover) == (new.from_at, new.until_at, new.cover):
        if old.second == new.second:
            return "it is recorded so already"
        return "the second is asked only while the first is not there, and the first is there all the time"
    there = {stretch.cover.person for stretch in stretches(new.person, new.from_at, new.until_at, rota)}
    found = [names[person] for person in there if person is not None and person in names]
    who = names.get(new.person, "this person")
    if len(found) == 1 and new.person not in there:
        return f"{found[0]} is there for {who} with it and without it"
    return "the same people are there with it and without it"


def _because_duty(new: DutyChange, rota: Rota, names: Mapping[int, str]) -> str:
    who = names.get(new.person, "this person")
    listed = any(new.person in rota.on_duty(new.rank, at) for at in _moments(new, rota))
    if new.kind == ADD:
        return f"{who} is away then" if not listed else f"{who} is {DUTY[new.rank]} then already"
    if not listed:
        return f"{who} is not {DUTY[new.rank]} then"
    return f"{who} is away then, and the same person is there with it and without it"


def _moments(new: DutyChange, rota: Rota) -> Iterator[datetime]:
    """An instant of each piece of the stretch over which the same people are listed."""
    at = new.from_at
    while at < new.until_at:
        yield at
        at = rota.next_edge((), at, new.until_at, duty=True)

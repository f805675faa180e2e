"""What each person of a team did and will do: what was written down then for the past, the one resolver from now on."""

from collections.abc import Collection, Iterator
from datetime import datetime

from lado.act import Act
from lado.domain.cover import Cover, Stretch
from lado.domain.presence import AWAY, DUTY, Presence, joined, of_stretches, presences
from lado.domain.rota import Rota
from lado.queries import cover


def between(
    act: Act, authority_id: int, people: Collection[int], from_at: datetime, until_at: datetime, rota: Rota
) -> tuple[Presence, ...]:
    """What these people did or will do between two instants.

    Of the time before it was written down who covered, only the absences that were recorded are known.
    """
    found: list[Presence] = []
    if from_at < act.at:
        past = cover.covered_between(act.session, authority_id, from_at, min(act.at, until_at))
        found += _past(past, people, from_at, min(act.at, until_at))
        since = min((row.from_at for row in past), default=act.at)
        found += _recorded(rota, people, from_at, min(since, until_at))
    if until_at > act.at:
        found += presences(people, max(from_at, act.at), until_at, rota)
    return joined(found)


def _past(
    past: list[cover.Covered], people: Collection[int], from_at: datetime, until_at: datetime
) -> Iterator[Presence]:
    for row in past:
        begins, ends = max(row.from_at, from_at), min(row.until_at or until_at, until_at)
        if begins >= ends:
            continue
        if row.person is None:
            if row.found is not None:
                yield Presence(row.found, DUTY[row.rank], begins, ends)
        elif row.person in people:
            answer = Cover(row.chain, row.found, "", row.passed)
            yield from of_stretches(row.person, [Stretch(begins, ends, answer)])


def _recorded(rota: Rota, people: Collection[int], from_at: datetime, until_at: datetime) -> Iterator[Presence]:
    for absence in rota.absences:
        begins, ends = max(absence.from_at, from_at), min(absence.until_at, until_at)
        if absence.person in people and begins < ends:
            yield Presence(absence.person, AWAY, begins, ends, why=absence.kind)

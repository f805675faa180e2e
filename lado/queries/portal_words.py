"""The sentences that partners of a council are shown: its own where it has approved any, else the procedure's."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lado.domain.partner_words import Words, came_with
from lado.models import Wording
from workflows.model import State
from workflows.registry import PROCEDURES


class Place(NamedTuple):
    """A state of one version of a procedure, at one council."""

    authority_id: int
    procedure: str
    version: int
    state: str


class Told(NamedTuple):
    """What a partner is told in a state: the word for where it stands, which no council changes, and the sentences."""

    status: str
    words: Words


class InForce:
    """The sentences that hold now. A later version goes on with those of an earlier one until it has its own."""

    def __init__(self, own: Mapping[Place, Words]) -> None:
        """Take what councils approved, the newest for each state."""
        self._own = own

    def told(self, place: Place) -> Told:
        """What partners are told there."""
        state = _state(place)
        return Told(state.partner_sees, self.words(place))

    def words(self, place: Place) -> Words:
        """The sentences there."""
        for version in range(place.version, 0, -1):
            found = self._own.get(place._replace(version=version))
            if found is not None:
                return found
        return came_with(_state(place))


def in_force(session: Session, authorities: Iterable[int]) -> InForce:
    """The sentences of these councils that hold now."""
    newest = (
        select(func.max(Wording.id))
        .where(Wording.authority_id.in_(sorted(set(authorities))), Wording.stage == "approved")
        .group_by(Wording.authority_id, Wording.procedure, Wording.procedure_version, Wording.state)
    )
    columns = (
        Wording.authority_id,
        Wording.procedure,
        Wording.procedure_version,
        Wording.state,
        Wording.happening,
        Wording.to_do,
        Wording.by_when,
    )
    rows = session.execute(select(*columns).where(Wording.id.in_(newest)))
    return InForce({Place(*row[:4]): Words(*row[4:]) for row in rows})


def _state(place: Place) -> State:
    return PROCEDURES[place.procedure, place.version].state_by_key[place.state]

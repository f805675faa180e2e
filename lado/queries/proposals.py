"""Reading what two people agree on before it holds: what waits, who proposed it and why, and what became of it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import select

from lado.act import Act
from lado.models import Authority, SealingKey, SignedOff

LARGEST_ID = 2**31 - 1
"""What either database can look for in a column of ids; an address may name any number."""

Model = type[SignedOff]


class OfACouncil(Protocol):
    """What a proposal is about belongs to one council."""

    @property
    def authority_id(self) -> int:
        """Whose it is."""
        ...


PlaceT = TypeVar("PlaceT", bound=OfACouncil)
WordsT = TypeVar("WordsT")


class Proposal(NamedTuple, Generic[PlaceT, WordsT]):
    """Words that somebody proposed; `stage` is asked, approved or refused, `answer` what the second person said."""

    id: int
    place: PlaceT
    stage: str
    words: WordsT
    why: str
    answer: str
    proposed_by_id: int
    proposed_at: datetime
    decided_by_id: int | None
    decided_at: datetime | None

    @property
    def authority_id(self) -> int:
        """Whose words they are, for the policy."""
        return self.place.authority_id


def read(
    act: Act, model: Model, of_row: Callable[[Any], tuple[PlaceT, WordsT]], *conditions: Any
) -> list[Proposal[PlaceT, WordsT]]:
    """The proposals of one kind that meet the conditions, opened, the newest first."""
    query = (
        select(model, SealingKey.wrapped)
        .join(Authority, Authority.id == model.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(*conditions)
        .order_by(model.id.desc())
    )
    return [_opened(act, model, of_row, row, wrapped) for row, wrapped in act.session.execute(query)]


def people_in(proposals: Iterable[Proposal[Any, Any]]) -> set[int]:
    """Who proposed and who decided."""
    found = set()
    for proposal in proposals:
        found |= {proposal.proposed_by_id, proposal.decided_by_id}
    return {person for person in found if person is not None}


def place_of(model: Model, number: int) -> str:
    """Where the sealed part of a proposal is bound to."""
    return f"{model.__tablename__}/{number}"


def council_of(act: Act) -> str:
    """The key of the reader's council, by which its own pages are addressed."""
    return act.session.scalars(select(Authority.key).where(Authority.id == act.who.authority)).one()


def _opened(
    act: Act, model: Model, of_row: Callable[[Any], tuple[PlaceT, WordsT]], row: Any, wrapped: bytes
) -> Proposal[PlaceT, WordsT]:
    said = act.vault.open(wrapped, place_of(model, row.id), row.sealed)
    place, words = of_row(row)
    return Proposal(
        row.id,
        place,
        row.stage,
        words,
        said["why"],
        said.get("answer", ""),
        row.proposed_by_id,
        row.proposed_at,
        row.decided_by_id,
        row.decided_at,
    )

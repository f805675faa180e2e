"""Reading how a council words its letters: what holds, what waits for a second person, who approved what and when."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, select

from lado.act import Act
from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import Kind, Text
from lado.models import LetterWording
from lado.queries import proposals
from lado.queries.proposals import LARGEST_ID, council_of


class Place(NamedTuple):
    """One kind of letter, at one council."""

    authority_id: int
    kind: Kind


Proposal = proposals.Proposal[Place, Text]
"""The text of one kind of letter that somebody proposed."""


class InForce(NamedTuple):
    """The text that holds; `wording_id` is the council's own wording, None where it is the one that came with it."""

    text: Text
    wording_id: int | None


class KindWords(NamedTuple):
    """One kind of letter: its text now, the text that came with the product, and the proposal that waits.

    `council` is the key of whose letters they are, by which the pages are addressed.
    """

    place: Place
    council: str
    text: Text
    came_with: Text
    waiting_id: int | None

    @property
    def authority_id(self) -> int:
        """Whose letters they are, for the policy."""
        return self.place.authority_id

    @property
    def kind(self) -> Kind:
        """What kind of letter it is."""
        return self.place.kind


def in_force(act: Act, authority_id: int) -> Mapping[Kind, InForce]:
    """The text of every kind of letter as it holds now at a council."""
    newest = (
        select(func.max(LetterWording.id))
        .where(LetterWording.authority_id == authority_id, LetterWording.stage == "approved")
        .group_by(LetterWording.audience, LetterWording.occasion)
    )
    columns = (LetterWording.audience, LetterWording.occasion, LetterWording.heading, LetterWording.body)
    rows = act.session.execute(select(*columns, LetterWording.id).where(LetterWording.id.in_(newest)))
    own = {Kind(*row[:2]): InForce(Text(*row[2:4]), row[4]) for row in rows}
    return {kind: own.get(kind, InForce(text, None)) for kind, text in SHIPPED.items()}


def kinds(act: Act) -> list[KindWords]:
    """Every kind of letter at the reader's council, in the order of the audiences."""
    authority, council = act.who.authority or 0, council_of(act)
    columns = (LetterWording.audience, LetterWording.occasion, LetterWording.id)
    query = select(*columns).where(LetterWording.authority_id == authority, LetterWording.stage == "asked")
    waits = {Kind(*row[:2]): row[2] for row in act.session.execute(query)}
    return [
        KindWords(Place(authority, kind), council, holds.text, SHIPPED[kind], waits.get(kind))
        for kind, holds in in_force(act, authority).items()
    ]


def find_kind(act: Act, council: str, audience: str, occasion: str) -> KindWords | None:
    """One kind of letter at the reader's own council; None at any other, and where there is no such letter."""
    wanted = Kind(audience, occasion)
    if wanted not in SHIPPED or council != council_of(act):
        return None
    return next(found for found in kinds(act) if found.kind == wanted)


def history(act: Act, place: Place) -> list[Proposal]:
    """What was ever proposed for a kind of letter, the newest first."""
    same = (LetterWording.audience == place.kind.audience, LetterWording.occasion == place.kind.occasion)
    return _read(act, LetterWording.authority_id == place.authority_id, *same)


def waiting(act: Act) -> list[Proposal]:
    """What waits for a second person at the reader's council, the newest first."""
    return _read(act, LetterWording.authority_id == (act.who.authority or 0), LetterWording.stage == "asked")


def find_proposal(act: Act, letter_wording_id: int) -> Proposal | None:
    """One proposal, decided or not."""
    if letter_wording_id > LARGEST_ID:
        return None
    return next(iter(_read(act, LetterWording.id == letter_wording_id)), None)


def _read(act: Act, *conditions: Any) -> list[Proposal]:
    return proposals.read(act, LetterWording, _of_row, *conditions)


def _of_row(row: Any) -> tuple[Place, Text]:
    return Place(row.authority_id, Kind(row.audience, row.occasion)), Text(row.heading, row.body)

"""Reading the sentences for partners as the council words them: what holds, what waits, who approved what and when."""

from typing import Any, NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain.partner_words import Words, came_with
from lado.models import Wording
from lado.queries import portal_words, practices, proposals
from lado.queries.portal_words import Place
from lado.queries.proposals import LARGEST_ID, council_of
from workflows.model import State, Workflow
from workflows.registry import NAMED, PROCEDURES

Proposal = proposals.Proposal[Place, Words]
"""Sentences for one state that somebody proposed."""


class StateWords(NamedTuple):
    """One state: what partners are told there now, what came with the procedure, and the proposal that waits.

    `council` is the key of whose sentences they are, by which its pages are addressed.
    """

    place: Place
    council: str
    flow: Workflow
    state: State
    words: Words
    came_with: Words
    waiting_id: int | None

    @property
    def authority_id(self) -> int:
        """Whose sentences they are, for the policy."""
        return self.place.authority_id


def flow_in_use(act: Act) -> Workflow:
    """The procedure that the reader's council begins its cases with now."""
    return practices.in_force(act.session, act.who.authority or 0, act.at).flow


def states(act: Act, flow: Workflow) -> list[StateWords]:
    """Every state of a procedure with its sentences, in the order of the procedure."""
    authority = act.who.authority or 0
    council = council_of(act)
    in_force = portal_words.in_force(act.session, [authority])
    query = select(Wording.state, Wording.id).where(
        Wording.authority_id == authority,
        Wording.procedure == flow.key,
        Wording.procedure_version == flow.version,
        Wording.stage == "asked",
    )
    waiting = {row.state: row.id for row in act.session.execute(query)}
    found = []
    for state in flow.states:
        place = Place(authority, flow.key, flow.version, state.key)
        words = in_force.words(place)
        found.append(StateWords(place, council, flow, state, words, came_with(state), waiting.get(state.key)))
    return found


def find_state(act: Act, council: str, procedure: str, state: str) -> StateWords | None:
    """One state of a procedure named as `allegation_v1`, at the reader's own council; None at any other."""
    flow = NAMED.get(procedure)
    if flow is None or state not in flow.state_by_key or council != council_of(act):
        return None
    return next(found for found in states(act, flow) if found.state.key == state)


def history(act: Act, place: Place) -> list[Proposal]:
    """What was ever proposed for a state, the newest first."""
    return _read(
        act,
        Wording.authority_id == place.authority_id,
        Wording.procedure == place.procedure,
        Wording.procedure_version == place.version,
        Wording.state == place.state,
    )


def waiting(act: Act) -> list[Proposal]:
    """What waits for a second person at the reader's council, the newest first."""
    return _read(act, Wording.authority_id == (act.who.authority or 0), Wording.stage == "asked")


def find_proposal(act: Act, wording_id: int) -> Proposal | None:
    """One proposal, decided or not."""
    if wording_id > LARGEST_ID:
        return None
    return next(iter(_read(act, Wording.id == wording_id)), None)


def state_of(proposal: Proposal) -> tuple[Workflow, State]:
    """The procedure and the state that a proposal is about."""
    flow = PROCEDURES[proposal.place.procedure, proposal.place.version]
    return flow, flow.state_by_key[proposal.place.state]


def _read(act: Act, *conditions: Any) -> list[Proposal]:
    return proposals.read(act, Wording, _of_row, *conditions)


def _of_row(row: Wording) -> tuple[Place, Words]:
    place = Place(row.authority_id, row.procedure, row.procedure_version, row.state)
    return place, Words(row.happening, row.to_do, row.by_when)

"""The procedure for an allegation against someone who works with children, version 2. Rows only, never changed.

Two things are other than in version 1. The referrer gets a receipt, and it is recorded that it was sent: Kent County
Council's LADO service sends one, and tells referrers that without it the form did not arrive. And the outcome is one
state and not two: what follows it can be recorded at once and in any order, without a step that only says so (Halton's
staff disliked a system that forced each form in order).
"""

from collections.abc import Iterable
from dataclasses import replace

from workflows.model import Move, Passage
from workflows.procedures.allegation_v1 import ALLEGATION_V1, BEFORE_THRESHOLD, NOTE, WORK

GONE = "post_outcome"
"""The state that version 1 had besides; its cases stand in `outcome_decided`."""


def _without(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(place for place in places if place != GONE)


STATES = tuple(
    replace(state, wants=("receipt_sent", *state.wants)) if state.key in BEFORE_THRESHOLD else state
    for state in ALLEGATION_V1.states
    if state.key != GONE
)

SEND_RECEIPT = Move("send_receipt", "Record that the receipt was sent", BEFORE_THRESHOLD, None, WORK, records=NOTE)

MOVES = (
    *(replace(move, leaves=_without(move.leaves)) for move in ALLEGATION_V1.moves if move.key != "follow_up"),
    SEND_RECEIPT,
)

TIMESCALES = tuple(replace(row, runs_in=_without(row.runs_in)) for row in ALLEGATION_V1.timescales)

ALLEGATION_V2 = replace(
    ALLEGATION_V1,
    version=2,
    states=STATES,
    moves=MOVES,
    timescales=TIMESCALES,
    main_path=_without(ALLEGATION_V1.main_path),
)

WAYS = (
    Passage("allegation_v1", "allegation_v2", states={GONE: "outcome_decided"}),
    Passage("allegation_v2", "allegation_v1", leaves_behind=("receipt_sent",)),
)
"""How running cases come here from version 1, and back."""

"""What a procedure is made of: states, moves and timescales, as frozen rows. It is data and decides nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

START = ""
"""The place before the first move: nothing has been received yet."""

ACTION = "action"
"""The clock that every procedure has: one for each action, `action:<number>`, alive until done, after closure too."""

NEXT_UPDATE = "next_update"
"""The clock that every procedure has besides: by when the referrer was promised to hear from us (`updates`)."""

OF_ANY = (ACTION, NEXT_UPDATE)
"""The clocks that no procedure names, because every version has them. An officer gives their dates."""

NEXT_UPDATE_LABEL = "Next update to the referrer"
"""What that clock is called."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand.

    `holder` is who holds the ball; the accountable person is always the owner of the case. `wants` are facts that the
    page shows as missing while they are; they never block. The three partner texts are the approved sentences for the
    person who referred: what is happening, what to do, by when.
    """

    key: str
    label: str
    partner_sees: str
    partner_happening: str
    partner_do: str
    partner_by: str
    holder: str = "lado"
    wants: tuple[str, ...] = ()
    pauses: bool = False
    """Whether the clocks whose rule says so stand still here, while `holder` has the ball."""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Something that a person does to a case, in the imperative.

    `leaves` are the states it can be made in; `enters` is the state it leads to, or None when the case stays where it
    is. `needs` is the permission. `requires` are facts that must hold and `asks` are answers that must be given: the
    hard gates, and nothing else. `records` names what is written down, `triggers` what starts and meets clocks,
    `dates` which answers set the due day of a clock.
    """

    key: str
    label: str
    leaves: tuple[str, ...]
    enters: str | None
    needs: str
    requires: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    main: bool = False
    """Whether the move is a step of the procedure, as against keeping its record."""


@dataclass(frozen=True, slots=True)
class Timescale:
    """A clock that the procedure knows. Limit, unit and source stand in the council's Rules, under the same key.

    `met_by` are the triggers that meet it, `stopped_by` those after which it no longer applies. `runs_in` are the
    states in which it may run: entering any other stops it; none named means every open state.
    """

    key: str
    label: str
    met_by: tuple[str, ...]
    stopped_by: tuple[str, ...] = ()
    runs_in: tuple[str, ...] = ()
    only_if: str | None = None
    """A fact that must hold when the clock would start."""
    optional: bool = False
    """Whether a council may have no rule for it, because only some councils keep it."""


@dataclass(frozen=True)
class Workflow:
    """One version of one procedure. A released version never changes: a new version is a new file."""

    key: str
    version: int
    label: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    timescales: tuple[Timescale, ...]
    threshold_met: str
    """The state that means: from here on, closing needs the outcome, who was told, and the onward referrals."""
    closing_facts: tuple[str, ...] = field(default=())
    handed_on: tuple[str, ...] = field(default=())
    """Endings in which the case goes on elsewhere (another authority, another case), so no outcome is decided here."""
    main_path: tuple[str, ...] = field(default=())
    """The usual way from the first state to closure, for the diagram; the other states are side paths."""

    @property
    def name(self) -> str:
        """How this version is called where one word has to do: `allegation_v1`."""
        return f"{self.key}_v{self.version}"

    @cached_property
    def state_by_key(self) -> Mapping[str, State]:
        """Each state under its key."""
        return {state.key: state for state in self.states}

    @cached_property
    def timescale_by_key(self) -> Mapping[str, Timescale]:
        """Each timescale under its key."""
        return {timescale.key: timescale for timescale in self.timescales}

    @cached_property
    def move_by_key(self) -> Mapping[str, Move]:
        """Each move under its key, whatever the state."""
        return {move.key: move for move in self.moves}

    @cached_property
    def moves_from(self) -> Mapping[str, Mapping[str, Move]]:
        """The moves that can be made in each state, START among them."""
        places = (START, *(state.key for state in self.states))
        return {place: {move.key: move for move in self.moves if place in move.leaves} for place in places}

    @cached_property
    def open_states(self) -> tuple[str, ...]:
        """The states in which a case still needs a clock and an owner."""
        return tuple(state.key for state in self.states if not state.final)


@dataclass(frozen=True)
class Passage:
    """The way of a running case from one version of a procedure to another, each named as `allegation_v1`.

    `states` says which state stands there for one that is called otherwise; all others keep their name.
    `leaves_behind` are the facts that only the version it comes from knows: a case that holds one stays.
    """

    before: str
    after: str
    states: Mapping[str, str] = field(default_factory=dict)
    leaves_behind: tuple[str, ...] = field(default=())

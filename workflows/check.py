"""What is wrong with a procedure under a council's rules, in plain words, before any case can run on it."""

from collections import Counter
from collections.abc import Iterator

from workflows.attempt import is_date
from workflows.certain import certain_clocks, may_fire, surely_dated
from workflows.facts import ANSWERS, FACTS
from workflows.model import ACTION, NEXT_UPDATE, START, Move, Timescale, Workflow
from workflows.paths import path_faults
from workflows.records import READS, RECORDS
from workflows.rules import Rules

HOLDERS = ("lado", "employer", "police", "social_care", "regulator", "referrer")
"""Those who can hold the ball in a state."""

PARTNER_WORDS = (
    "Received",
    "Being considered",
    "More information needed",
    "Advice given",
    "In progress",
    "Waiting for another agency",
    "Concluded – letter sent",
    "Closed",
)
"""The only words in which a partner is told where a referral stands: a small vocabulary that gives nothing away."""

CHANGES_STATE = ("moving", "opening")
"""The records by which a case comes to stand in another state."""


def faults(flow: Workflow, rules: Rules) -> tuple[str, ...]:
    """Each fault of this procedure under these rules as a sentence; an empty tuple means that cases may run on it."""
    return (
        *_twice("state", [state.key for state in flow.states]),
        *_twice("move", [move.key for move in flow.moves]),
        *_twice("clock", [timescale.key for timescale in flow.timescales]),
        *_state_faults(flow),
        *_move_faults(flow),
        *_clock_faults(flow),
        *_rule_faults(flow, rules),
        *_ending_names(flow),
        *path_faults(flow),
        *_drift(flow, rules),
    )


def _twice(what: str, keys: list[str]) -> Iterator[str]:
    yield from (f"{what} “{key}” stands there {count} times" for key, count in Counter(keys).items() if count > 1)


def _state_faults(flow: Workflow) -> Iterator[str]:
    for state in flow.states:
        where = f"state “{state.key}”"
        if state.partner_sees not in PARTNER_WORDS:
            yield f"{where} shows partners “{state.partner_sees}”, which is not one of their words"
        sentences = (state.partner_happening, state.partner_do, state.partner_by)
        if not all(text.strip() for text in sentences):
            yield f"{where} does not tell partners what is happening, what to do and by when"
        if state.holder not in HOLDERS:
            yield f"{where} is held by nobody known: “{state.holder}”"
        yield from (f"{where} wants “{fact}”, which is no fact" for fact in state.wants if fact not in FACTS)


def _move_faults(flow: Workflow) -> Iterator[str]:
    places = (START, *flow.state_by_key)
    clocks = (ACTION, *flow.timescale_by_key)
    for move in flow.moves:
        where = f"move “{move.key}”"
        yield from (f"{where} leaves “{place}”, which is no state" for place in move.leaves if place not in places)
        if move.enters is not None and move.enters not in flow.state_by_key:
            yield f"{where} enters “{move.enters}”, which is no state"
        if not move.needs:
            yield f"{where} names no permission"
        yield from (f"{where} requires “{fact}”, which is no fact" for fact in move.requires if fact not in FACTS)
        yield from (f"{where} asks “{name}”, which is no answer" for name in move.asks if name not in ANSWERS)
        yield from (f"{where} dates “{key}”, which is no clock" for _, key in move.dates if key not in clocks)
        yield from _instant_faults(where, move)
        yield from _record_faults(where, move)


def _instant_faults(where: str, move: Move) -> Iterator[str]:
    """Instants and days are read back from the ledger by the ending of their names."""
    taken = [answer for answer, _ in move.dates]
    taken += [answer for _, _, answer in (text.partition("@") for text in move.triggers) if answer]
    for name in taken:
        if name not in ANSWERS:
            yield f"{where} takes a date from “{name}”, which is no answer"
        elif not is_date(name):
            yield f"{where} takes a date from “{name}”, which is neither an instant (_at) nor a day (_on)"


def _record_faults(where: str, move: Move) -> Iterator[str]:
    yield from (f"{where} keeps “{name}”, which is no record" for name in move.records if name not in RECORDS)
    if not move.records:
        yield f"{where} leaves no record"
    elif move.enters is not None and not set(move.records) & set(CHANGES_STATE):
        yield f"{where} enters “{move.enters}” without a record of it"
    for name in move.records:
        unasked = [answer for answer in READS.get(name, ()) if answer not in move.asks]
        if unasked:
            yield f"{where} records “{name}” without asking for {' and '.join(unasked)}"


def _clock_faults(flow: Workflow) -> Iterator[str]:
    fired = {trigger for move in flow.moves for trigger in may_fire(move)}
    for timescale in flow.timescales:
        where = f"clock “{timescale.key}”"
        if not timescale.met_by:
            yield f"{where} can never be met"
        for trigger in (*timescale.met_by, *timescale.stopped_by):
            if trigger not in fired:
                yield f"{where} waits for “{trigger}”, which no move fires"
        if timescale.only_if is not None and timescale.only_if not in FACTS:
            yield f"{where} depends on “{timescale.only_if}”, which is no fact"
        for key in timescale.runs_in:
            if key not in flow.open_states:
                yield f"{where} runs in “{key}”, which is no open state"
        yield from _misdated(where, timescale, flow)


def _misdated(where: str, timescale: Timescale, flow: Workflow) -> Iterator[str]:
    runs_in = timescale.runs_in or flow.open_states
    for move in flow.moves:
        enters = (move.enters,) if move.enters else move.leaves
        if any(key == timescale.key for _, key in move.dates) and not set(enters) <= set(runs_in):
            yield f"{where} is given a date by “{move.key}”, after which it cannot run"


def _rule_faults(flow: Workflow, rules: Rules) -> Iterator[str]:
    fired = {trigger for move in flow.moves for trigger in may_fire(move)}
    dated = {key for move in flow.moves for _, key in move.dates}
    for rule in rules.timescales:
        if rule.key == NEXT_UPDATE:
            continue  # its rule offers a day; the clock starts when an officer promises one
        if rule.key not in flow.timescale_by_key and rule.key != ACTION:
            yield f"the rules set a limit for “{rule.key}”, a clock that this procedure does not have"
        elif rule.key not in dated and rule.limit is None:
            yield f"clock “{rule.key}” never starts: an officer gives its date, but no move asks for it"
        elif rule.key not in dated and rule.starts not in fired:
            yield f"clock “{rule.key}” never starts: it waits for “{rule.starts}”, which no move fires"
    for timescale in flow.timescales:
        if timescale.key not in rules.by_key and not timescale.optional:
            yield f"clock “{timescale.key}” has no rule"


def _ending_names(flow: Workflow) -> Iterator[str]:
    if flow.threshold_met not in flow.state_by_key:
        yield f"the threshold is met in “{flow.threshold_met}”, which is no state"
    if not flow.closing_facts:
        yield "nothing has to be on the record before a case that met the threshold is closed"
    yield from (f"closing requires “{fact}”, which is no fact" for fact in flow.closing_facts if fact not in FACTS)
    for key in flow.handed_on:
        if key not in flow.state_by_key or not flow.state_by_key[key].final:
            yield f"a case is handed on in “{key}”, which is no ending"


def _drift(flow: Workflow, rules: Rules) -> Iterator[str]:
    """Promise 2: no open case without a running clock, and a pause always has a review date."""
    certain = certain_clocks(flow, rules)
    for key in flow.open_states:
        if key in certain and not certain[key]:
            yield f"state “{key}” can be open without a running clock"
    for move in flow.moves:
        state = flow.state_by_key.get(move.enters or "")
        if state is not None and state.pauses and not surely_dated(move):
            yield f"move “{move.key}” pauses the case without a review date"

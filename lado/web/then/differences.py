"""What we know now of a past moment where it differs from what was known then: recorded later, or corrected since."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from lado.web.case_rows import clock_label
from lado.web.referrals.events import holder_words
from lado.web.then.moments import to_the_minute
from lado.web.who_has import name_of
from workflows.asof import Held
from workflows.case import Case, Clock
from workflows.corrections import received_at
from workflows.model import OF_ANY, START, Workflow
from workflows.registry import PROCEDURES

NOT_RECORDED = "Nothing was recorded yet"
NOT_RECEIVED = "Not received yet"
NOT_KNOWN = "Nothing was known of it"
NOT_BEGUN = "It had not begun"
NOBODY = "Nobody yet"


class Difference(NamedTuple):
    """One thing: what was known of it then, and what we know now that held then."""

    what: str
    then: str
    now: str
    brief: str
    """What we know now in a word or two, for a list."""


def differences(case: Case, held: Held, at: datetime, names: Mapping[int, str]) -> tuple[Difference, ...]:
    """Every difference, in the order in which people ask: received, state, owner, each clock.

    There is none while the case had not arrived: nothing was known, and nothing held.
    """
    if not held.is_received:
        return ()
    found = [
        _of("Received", _received(received_at(case)), _received(held.received_at)),
        _of("State", _state(case), _state_held(held)),
        _of("Accountable officer", _owner(case.owner, names), _owner(held.owner, names)),
        *_clocks(case, held, at),
    ]
    return tuple(each for each in found if each.then != each.now)


def _of(what: str, then: str, now: str) -> Difference:
    return Difference(what, then, now, now)


def _received(at: datetime | None) -> str:
    return to_the_minute(at) if at is not None else NOT_RECORDED


def _state(case: Case) -> str:
    flow = _flow(case.procedure, case.version)
    return flow.state_by_key[case.state].label if flow else NOT_RECORDED


def _state_held(held: Held) -> str:
    flow = _flow(held.procedure, held.version)
    return flow.state_by_key[held.state].label if flow and held.state != START else NOT_RECEIVED


def _owner(owner: int | None, names: Mapping[int, str]) -> str:
    return name_of(owner, names) if owner is not None else NOBODY


def _clocks(case: Case, held: Held, at: datetime) -> Iterator[Difference]:
    known = {(one.key, one.occurrence): one for one in (*case.ended, *case.running.values()) if one.started_at <= at}
    true = {(one.key, one.occurrence): one for one in held.clocks}
    flows = [
        flow for place in ((case.procedure, case.version), (held.procedure, held.version)) if (flow := _flow(*place))
    ]
    either = {**known, **true}
    for place in sorted(either, key=lambda place: (either[place].started_at, either[place].due_at, *place)):
        then, now = known.get(place), true.get(place)
        yield Difference(
            _name(flows, *place),
            _stood(then, at) if then is not None else NOT_KNOWN if case.procedure else NOT_RECORDED,
            _stood(now, at) if now is not None else NOT_BEGUN,
            now.status(at).capitalize() if now is not None else NOT_BEGUN,
        )


def _stood(clock: Clock, at: datetime) -> str:
    """How the clock stood, with its dates in full: nothing here is counted from today."""
    due = f"due by {to_the_minute(clock.due_at)}"
    since = f"counted from {to_the_minute(clock.started_at)}"
    status = clock.status(at)
    if clock.ended_at is not None:
        ended = to_the_minute(clock.ended_at)
        return f"No longer applied since {ended}" if status == "stopped" else f"{status.capitalize()} on {ended}, {due}"
    if clock.paused_at is not None:
        return f"Stood still since {to_the_minute(clock.paused_at)}, with {holder_words(clock.holder)}"
    return f"{'Lapsed' if status == 'lapsed' else 'Running'}, {due}, {since}"


def _name(flows: list[Workflow], key: str, occurrence: int) -> str:
    is_of_any = key.partition(":")[0] in OF_ANY
    label = next((clock_label(flow, key) for flow in flows if is_of_any or key in flow.timescale_by_key), key)
    return f"{label} ({occurrence})" if occurrence > 1 else label


def _flow(procedure: str, version: int) -> Workflow | None:
    return PROCEDURES.get((procedure, version))

"""The peers, each walking the same closed path with the same guards. Runs in an environment of its own.

Reads one JSON request a line and answers with one: first the procedure and the path, then `{"engine", "laps"}` for the
seconds that so many laps take, or `{"import"}` for the seconds that a fresh import takes.
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import django
from django.conf import settings
from statemachine import State as MachineState
from statemachine import StateMachine
from transitions import Machine

from benchmarks.floor import FACTS, Row, a_case, fire, table

if not settings.configured:
    settings.configure()
    django.setup()

from viewflow import fsm

Lap = Callable[[], None]
Check = Callable[..., bool]
IMPORTS = {
    "transitions": "import transitions",
    "python-statemachine": "import statemachine",
    "viewflow.fsm": "from django.conf import settings; settings.configure(); from viewflow import fsm",
}


class Subject:
    """What a guard can look at: the case, and who makes the move."""

    def __init__(self, start: str, granted: list[str]) -> None:
        self.case = a_case(start)
        self.granted = frozenset(granted)
        self.given: Row = {}
        self.words: Row = {}


def guards(row: Row, who: Subject) -> list[Check]:
    """The permission, each required answer and each fact of a move: one guard each, so that a refusal can name it."""

    def may(given: Row, words: Row) -> bool:
        return row["needs"] in who.granted

    def answered(name: str) -> Check:
        return lambda given, words: bool(given.get(name) or words.get(name))

    def holds(fact: str) -> Check:
        return lambda given, words: FACTS[fact](who.case, given)

    return [may, *(answered(name) for name in row["asks"]), *(holds(fact) for fact in row["requires"])]


def floor_lap(plan: Row) -> Lap:
    """The floor, in this environment too."""
    states, granted = table(plan["rows"]), frozenset(plan["granted"])
    case, path = a_case(plan["start"]), plan["path"]

    def lap() -> None:
        for move, given, words in path:
            fire(states, case, move, given, words, granted)

    return lap


def transitions_lap(plan: Row) -> Lap:
    """The core Machine of transitions, without automatic transitions; what is given travels with the event."""
    who, path = Subject(plan["start"], plan["granted"]), plan["path"]
    steps = [
        {
            "trigger": row["move"],
            "source": row["leaves"],
            "dest": row["enters"],
            "conditions": [_of_event(check) for check in guards(row, who)],
        }
        for row in plan["rows"]
    ]
    start, states = plan["start"], plan["states"]
    Machine(who, states=states, transitions=steps, initial=start, auto_transitions=False, send_event=True)

    def lap() -> None:
        for move, given, words in path:
            if not getattr(who, move)(given=given, words=words):
                raise AssertionError(move)

    return lap


def _of_event(check: Check) -> Check:
    return lambda event: check(event.kwargs["given"], event.kwargs["words"])


def statemachine_lap(plan: Row) -> Lap:
    """A StateMachine class of python-statemachine; what is given is injected into its conditions by name."""
    who, path = Subject(plan["start"], plan["granted"]), plan["path"]
    states = {key: MachineState(key, initial=key == plan["start"]) for key in plan["states"]}
    body: Row = {f"in_{key}": state for key, state in states.items()}
    for row in plan["rows"]:
        step = states[row["leaves"]].to(states[row["enters"]], cond=guards(row, who))
        body[row["move"]] = body[row["move"]] | step if row["move"] in body else step
    machine = type("Allegation", (StateMachine,), body)()

    def lap() -> None:
        for move, given, words in path:
            machine.send(move, given=given, words=words)

    return lap


def viewflow_lap(plan: Row) -> Lap:
    """A class with a viewflow.fsm State, one transition method a move. Its conditions see the object only."""
    state = fsm.State(plan["states"], default=plan["start"])
    who, path = Subject(plan["start"], plan["granted"]), plan["path"]
    body: Row = {"state": state}
    for name in dict.fromkeys(row["move"] for row in plan["rows"]):
        method: Any = _named(name)
        for row in plan["rows"]:
            if row["move"] == name:
                checks = [_of_object(check) for check in guards(row, who)]
                method = state.transition(source=row["leaves"], target=row["enters"], conditions=checks)(method)
        body[name] = method
    case = type("Allegation", (Subject,), body)(plan["start"], plan["granted"])

    def lap() -> None:
        for move, given, words in path:
            case.given, case.words = given, words
            getattr(case, move)()

    return lap


def _of_object(check: Check) -> Check:
    return lambda case: check(case.given, case.words)


def _named(name: str) -> Callable[[Any], None]:
    def method(self: Any) -> None:
        return None

    method.__name__ = name
    return method


LAPS = {
    "floor": floor_lap,
    "transitions": transitions_lap,
    "python-statemachine": statemachine_lap,
    "viewflow.fsm": viewflow_lap,
}


def seconds(lap: Lap, laps: int) -> float:
    """The processor time that so many laps take, without pauses of the collector."""
    gc.collect()
    gc.disable()
    start = process_time()
    for _ in range(laps):
        lap()
    passed = process_time() - start
    gc.enable()
    return passed


def import_seconds(statement: str) -> float:
    """How long a fresh process takes for an import."""
    code = f"import time; start = time.process_time(); {statement}; print(time.process_time() - start)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(found.stdout)


def serve() -> None:
    """Answer requests until there are no more."""
    answers, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115 - for the life of the process
    plan = json.loads(sys.stdin.readline())
    made = {name: make(plan) for name, make in LAPS.items()}
    for line in sys.stdin:
        request = json.loads(line)
        if "import" in request:
            found = import_seconds(IMPORTS[request["import"]])
        else:
            found = seconds(made[request["engine"]], request["laps"])
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    serve()

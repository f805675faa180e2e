"""A procedure drawn for people: its states, moves and clocks as tables, and its paths as a picture. Pure text."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from workflows.facts import in_words
from workflows.model import START, Move, State, Workflow
from workflows.picture import Box, drawing, link
from workflows.rules import Rules, TimeRule
from workflows.spans import Span, Unit

UNITS = {
    Unit.HOUR: ("hour", "hours"),
    Unit.WORKING_DAY: ("working day", "working days"),
    Unit.CALENDAR_DAY: ("calendar day", "calendar days"),
    Unit.WEEK: ("week", "weeks"),
    Unit.CALENDAR_MONTH: ("calendar month", "calendar months"),
}

ENDINGS_X, MAIN_X, SIDE_X, WIDTH = 150, 480, 860, 1010
TOP, ROW, SIDE_ROW = 50, 92, 110


def table(flow: Workflow, rules: Rules) -> str:
    """The procedure under these rules as Markdown: states, steps, the keeping of the record, clocks."""
    steps = [move for move in flow.moves if move.main]
    keeping = [move for move in flow.moves if not move.main]
    return "\n".join(
        (
            f"# {flow.label}, version {flow.version}",
            "",
            "## States",
            "",
            *_rows(("State", "Who has the ball", "Partners see"), (_state(state) for state in flow.states)),
            "",
            "## Steps",
            "",
            "What stands under *Needed* blocks the step. All else is shown as missing and can be recorded later.",
            "",
            *_rows(("Step", "From", "To", "Permission", "Needed"), (_move(move, flow) for move in steps)),
            "",
            "## Keeping the record",
            "",
            *_rows(("What is recorded", "While", "Permission", "Needed"), (_keeping(move, flow) for move in keeping)),
            "",
            f"## Clocks under “{rules.name}”",
            "",
            *_rows(
                ("Clock", "Starts with", "Limit", "Paused for the police", "Owed by", "Source"),
                (_clock(rule) for rule in rules.timescales),
            ),
            "",
        )
    )


def limit_in_words(rule: TimeRule) -> str:
    """A limit as people say it: its count and its own unit, the lead-in before it and whether it comes again."""
    if rule.limit is None:
        return "a date that the officer gives"
    limit = _span(rule.limit)
    if rule.starts_after is not None:
        limit = f"{limit}, {_span(rule.starts_after)} after the start"
    return f"{limit}, and again each time" if rule.repeats else limit


def svg(flow: Workflow) -> str:
    """The main path from top to bottom, endings to its left and side paths to its right, with a text alternative.

    A move that can be made in several states is drawn once, from the last of them on the main path; thin lines are the
    other ways back from a side path. The table lists every way.
    """
    boxes = {box.key: box for box in _boxes(flow)}
    usual = [state.label for state in flow.states if state.key in flow.main_path]
    aside = [state.label for state in flow.states if state.key not in flow.main_path]
    return drawing(
        title=f"{flow.label}, version {flow.version}",
        description=f"The usual way: {', then '.join(usual)}. Beside it: {', '.join(aside)}.",
        size=(WIDTH, max(box.y for box in boxes.values()) + ROW),
        boxes=boxes.values(),
        links=_links(flow, boxes),
    )


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        cells = (cell.replace("|", "\\|").replace("\n", " ") for cell in row)
        yield f"| {' | '.join(cells)} |"


def _state(state: State) -> tuple[str, ...]:
    holder = "ended" if state.final else state.holder.replace("_", " ").replace("lado", "LADO")
    return state.label, holder, state.partner_sees


def _move(move: Move, flow: Workflow) -> tuple[str, ...]:
    enters = flow.state_by_key[move.enters].label if move.enters is not None else "stays"
    return move.label, _leaves(move, flow), enters, f"`{move.needs}`", _needed(move)


def _keeping(move: Move, flow: Workflow) -> tuple[str, ...]:
    return move.label, _leaves(move, flow), f"`{move.needs}`", _needed(move)


def _needed(move: Move) -> str:
    return "; ".join(in_words(name) for name in (*move.asks, *move.requires)) or "nothing"


def _leaves(move: Move, flow: Workflow) -> str:
    left = set(move.leaves)
    if left >= set(flow.state_by_key):
        return "any state"
    if left == set(flow.open_states):
        return "any open state"
    return ", ".join(flow.state_by_key[key].label if key != START else "the first contact" for key in move.leaves)


def _clock(rule: TimeRule) -> tuple[str, ...]:
    owed_by = rule.owed_by.replace("_", " ").replace("lado", "LADO")
    pauses = "yes" if rule.pauses else "no"
    return rule.label, rule.starts.replace("_", " "), limit_in_words(rule), pauses, owed_by, rule.source


def _span(span: Span) -> str:
    one, many = UNITS[span.unit]
    return f"{span.count} {one if span.count == 1 else many}"


def _boxes(flow: Workflow) -> Iterator[Box]:
    rows = {key: TOP + ROW * index for index, key in enumerate(flow.main_path)}
    for key, y in rows.items():
        yield Box(key, flow.state_by_key[key].label, MAIN_X, y, "state main")
    aside = [state for state in flow.states if state.key not in flow.main_path]
    for x, kind in ((ENDINGS_X, "state ending"), (SIDE_X, "state side")):
        lowest = TOP - SIDE_ROW
        for state in aside:
            if state.final == (x == ENDINGS_X):
                lowest = max(lowest + SIDE_ROW, _beside(state.key, flow, rows))
                yield Box(state.key, state.label, x, lowest, kind, _caption(state.key, flow))


def _beside(key: str, flow: Workflow, rows: dict[str, int]) -> int:
    """The height of a side state: that of the last states of the main path from which its moves are made."""
    ways = [
        max(rows[place] for place in m.leaves if place in rows) for m in _into(key, flow) if set(m.leaves) & set(rows)
    ]
    return min(ways, default=TOP)


def _into(key: str, flow: Workflow) -> list[Move]:
    return [move for move in flow.moves if move.enters == key and set(move.leaves) != {key}]


def _caption(key: str, flow: Workflow) -> str:
    moves = _into(key, flow)
    anywhere = all(set(move.leaves) == set(flow.open_states) for move in moves)
    return ("from any open state: " if anywhere else "") + ", ".join(move.label for move in moves)


def _links(flow: Workflow, boxes: dict[str, Box]) -> Iterator[str]:
    for place, enters in pairwise(flow.main_path):
        labels = [move.label for move in flow.moves if place in move.leaves and move.enters == enters]
        yield link(boxes[place], boxes[enters], labels[0], "way main")
    for move in flow.moves:
        on_path = [place for place in flow.main_path if place in move.leaves]
        is_anywhere = set(move.leaves) == set(flow.open_states)
        if move.enters is None or is_anywhere:
            continue
        if on_path and move.enters not in flow.main_path:
            yield link(boxes[on_path[-1]], boxes[move.enters], move.label, "way side")
        for place in move.leaves:
            if place in boxes and place not in flow.main_path and move.enters in flow.main_path:
                yield link(boxes[place], boxes[move.enters], move.label, "way back")

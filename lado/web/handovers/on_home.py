"""What the home page says of hand-overs: the cases that wait for one's answer, and that one has come back."""

from dataclasses import dataclass, replace

from flask import url_for

from lado.act import Act
from lado.queries import accounts, handovers
from lado.queries.handovers import Offered
from lado.queries.home import Home
from lado.queries.queue import MOST
from lado.web.case_rows import Rows
from lado.web.components import QueueRow
from lado.web.who_has import name_of

SHOWN = 10
"""Rows on the home page; the page of the hand-overs has all of them."""


@dataclass(frozen=True, slots=True)
class OnHome:
    """Rows of cases that wait to be accepted with their caption, empty where none does; and whether one came back."""

    caption: str
    rows: tuple[QueueRow, ...]
    is_back: bool


def on_home(act: Act, home: Home) -> OnHome:
    """Read and say it for the person who asks."""
    waiting, back = handovers.waiting(act), handovers.returned(act)
    if not waiting:
        return OnHome("", (), back is not None)
    missing = {one.owner for one in waiting} - home.names.keys()
    names = {**home.names, **(accounts.names_of(act, missing) if missing else {})}
    rows = Rows(act.at, home.calendar, home.rota, names, act.who.id)
    count = f"more than {MOST}" if len(waiting) > MOST else str(len(waiting))
    more = f", {SHOWN} of them here" if len(waiting) > SHOWN else ""
    shown = tuple(_row(rows, one, name_of(one.owner, names)) for one in waiting[:SHOWN])
    return OnHome(f"Hand-overs waiting for my answer: {count}{more}", shown, back is not None)


def _row(rows: Rows, one: Offered, owner: str) -> QueueRow:
    """The case, leading to its briefing."""
    href = url_for("handovers.show", reference=one.case.reference)
    words = f"{owner} is away: nobody has accepted it yet" if one.is_raised else f"{owner} is away: you are asked"
    return replace(rows.row(one.case), href=href, owner=words, cover="")

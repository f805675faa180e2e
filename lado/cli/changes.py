"""What a rehearsal says, as the commands report it: the cases that would differ, and how many would not."""

from datetime import datetime
from typing import Any

from lado.act import Act
from lado.domain.rehearsal import ClockChange
from lado.errors import NotFound
from lado.queries import changes as reading
from lado.services import changes
from workflows.calendar import Calendar


def rehearsal(act: Act, key: str, kind: str, after: str | Calendar) -> dict[str, Any]:
    """The cases of the council of this short name that a change would touch or could not move. Raises NotFound."""
    authority_id = reading.authority_called(act.session, key)
    if authority_id is None:
        raise NotFound(f"There is no council called {key}.")
    cases, same = [], 0
    for found in changes.rehearse(act, authority_id, kind, after):
        if found.is_unchanged and found.kept_because in ("", "already"):
            same += 1
            continue
        cases.append(
            {
                "reference": found.reference,
                "state": [found.state_before, found.state_after],
                "clocks": [_clock(clock) for clock in found.clocks],
                "kept": found.kept_because,
            }
        )
    return {"cases": cases, "the_same": same}


def _clock(clock: ClockChange) -> dict[str, Any]:
    return {
        "clock": clock.key,
        "due_at": [_instant(clock.was_due_at), _instant(clock.now_due_at)],
        "next": [clock.was_next_rung, clock.now_next_rung],
        "told": [clock.was_next_told, clock.now_next_told],
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

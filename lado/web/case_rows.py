"""A case as a row of a list: initials until it is opened, the one next thing and by when, and who has it."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from lado.domain.codes import OUTCOMES
from lado.domain.cover import Rota
from lado.queries.referrals import Listed
from lado.web.components import QueueRow
from lado.web.due import due_words, point
from lado.web.who_has import owner_and_cover
from workflows.calendar import Calendar
from workflows.model import ACTION, NEXT_UPDATE, NEXT_UPDATE_LABEL, Workflow
from workflows.registry import PROCEDURES

MOST_INITIALS = 4
LONGEST_SETTING = 60
NOT_NAMED = "Not named"


class Rows:
    """Makes rows for one page: at one instant, for one person, with the rota and names that the page has read."""

    def __init__(self, at: datetime, calendar: Calendar, rota: Rota, names: Mapping[int, str], me: int | None) -> None:
        """Keep what all rows of the page share."""
        self.at = at
        self.calendar = calendar
        self.rota = rota
        self.names = names
        self.me = me

    def row(self, case: Listed) -> QueueRow:
        """The case with its next clock, or as it ended."""
        holder = case.owner_id if case.is_open else None
        owner, cover = owner_and_cover(holder, self.at, self.rota, self.names, self.me, case.barred)
        if case.next_clock is None or case.next_due_at is None or not case.is_open:
            return self._ended(case)
        return self.waiting(case, case.next_clock, case.next_due_at, owner=owner, cover=cover)

    def waiting(
        self, case: Listed, clock: str, due_at: datetime, *, owner: str = "", cover: str = "", prefix: str = ""
    ) -> QueueRow:
        """The case with one of its clocks, whichever is next."""
        words = due_words(due_at, self.at, self.calendar)
        flow = PROCEDURES[case.procedure, case.procedure_version]
        return QueueRow(
            case.reference,
            url_for("referrals.show", reference=case.reference),
            initials(case.subject),
            shortened(case.setting) or "Setting not known",
            flow.state_by_key[case.state].label,
            prefix + clock_label(flow, clock),
            words.text,
            due_at,
            words.status,
            words.tone,
            owner,
            cover,
        )

    def correction(self, case: Listed, date_name: str, asked_at: datetime, href: str) -> QueueRow:
        """The case with a correction that waits for a second person, since when it was asked for."""
        return QueueRow(
            case.reference,
            href,
            initials(case.subject),
            shortened(case.setting) or "Setting not known",
            PROCEDURES[case.procedure, case.procedure_version].state_by_key[case.state].label,
            f"A correction: {date_name[:1].lower()}{date_name[1:]}",
            f"asked at {point(asked_at, self.at)}",
            asked_at,
            "To decide",
            "soon",
            "For a manager who had no part in it",
        )

    def _ended(self, case: Listed) -> QueueRow:
        flow = PROCEDURES[case.procedure, case.procedure_version]
        state = flow.state_by_key[case.state].label
        outcome = f"Outcome: {OUTCOMES[case.outcome].lower()}" if case.outcome else "No clock is running"
        return QueueRow(
            case.reference,
            url_for("referrals.show", reference=case.reference),
            initials(case.subject),
            shortened(case.setting) or "Setting not known",
            state,
            outcome,
            "",
            None,
            "Ended",
            "quiet",
            "",
        )


def shortened(text: str) -> str:
    """The beginning of a long name of a setting; the page of the case has all of it."""
    return text if len(text) <= LONGEST_SETTING else f"{text[:LONGEST_SETTING].rsplit(' ', 1)[0]} …"


def initials(name: str) -> str:
    """R.S. for Robin Sample; at most four letters, and words where nobody is named."""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return "".join(f"{letter}." for letter in letters[:MOST_INITIALS]) or NOT_NAMED


def clock_label(flow: Workflow, key: str) -> str:
    """What a clock is called: an action by its number, any other as the procedure calls it."""
    if key == NEXT_UPDATE:
        return NEXT_UPDATE_LABEL
    name, _, number = key.partition(":")
    return f"Action {number}" if name == ACTION else flow.timescale_by_key[key].label

"""The form of each move, filled in as an officer would: what leads to it, and what stands in its boxes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from werkzeug.test import TestResponse

from lado.models import Referral
from lado.queries import practices
from lado.security.identity import Role
from lado.services import changes
from tests.support.browser import Browser, hidden
from tests.support.builders import Caseload
from workflows.registry import PROCEDURES

EVALUATING = ("meet_threshold",)
HELD = (*EVALUATING, "hold_meeting")
DECIDED = (*HELD, "decide_outcome")


class Filled(NamedTuple):
    """The moves that lead to a form, and what is typed into it. Days are counted from today, `+28` or `0`."""

    path: tuple[str, ...]
    data: Mapping[str, str]


WHY = {"rationale": "Two people saw it.", "told": "The head teacher."}
FILLED: Mapping[str, Filled] = {
    "ask_information": Filled(
        (), {"missing_information": "The dates", "information_from": "The school", "information_on": "+2"}
    ),
    "information_arrived": Filled(("ask_information",), {"note": "The dates came by e-mail."}),
    "advise": Filled((), WHY),
    "return_to_employer": Filled((), WHY),
    "no_further_action": Filled((), WHY),
    "meet_threshold": Filled(
        (), {"limbs": "1", "rationale": "A child was hurt.", "children_safe": "They are at home."}
    ),
    "arrange_meeting": Filled(EVALUATING, {"planned_at": "+3 10:00", "note": "By telephone."}),
    "oversee": Filled(EVALUATING, {"plan": "The school reports.", "review_on": "+28"}),
    "hold_meeting": Filled(
        EVALUATING,
        {"held_at": "0 09:00", "attendance": "The head teacher", "decisions": "Enquiries", "review_on": "+28"},
    ),
    "investigate": Filled(HELD, {"note": "The school looks into it.", "review_on": ""}),
    "pause_for_police": Filled(HELD, {"police_lead": "DC Example", "note": "Support goes on.", "review_on": "+14"}),
    "resume": Filled((*HELD, "pause_for_police"), {"note": "No charge.", "review_on": ""}),
    "hold_review": Filled(
        HELD,
        {"held_at": "0 09:15", "progress_police": "Interviews done.", "delay_reason": "police", "review_on": "+28"},
    ),
    "propose_outcome": Filled(HELD, {"outcome_1": "unfounded", "rationale": "Nobody saw it."}),
    "decide_outcome": Filled(HELD, {"outcome_1": "substantiated", "rationale": "Two people saw it."}),
    "follow_up": Filled(DECIDED, {"note": "The letter."}),
    "close": Filled((*DECIDED, "complete_closing"), {"closing_note": "All is done."}),
    "reopen": Filled((*DECIDED, "close"), {"new_information": "Another witness."}),
    "reconsider": Filled(("advise",), {"new_information": "Another witness."}),
    "offer_transfer": Filled((), {"authority": "Southmere Council", "rationale": "The employer is there."}),
    "accept_transfer": Filled(("offer_transfer",), WHY),
    "refuse_transfer": Filled(("offer_transfer",), {"rationale": "Not theirs."}),
    "merge": Filled((), {"merged_into": "", **WHY}),
    "add_note": Filled((), {"note": "The head teacher rang back."}),
    "record_fact": Filled((), {"fact": "children_safe", "note": "They are at home."}),
    "add_person": Filled((), {"role": "witness", "name": "Will Witness", "about": "Saw it."}),
    "add_allegation": Filled((), {"category": "conduct", "summary": "Shouted.", "children": "3"}),
    "change_strand": Filled((), {"strand": "police", "status": "ended", "police_ended_at": "0 09:00", "note": "None."}),
    "set_action": Filled((), {"action": "Send the log", "holder": "officer", "officer": "", "due_on": "+5"}),
    "complete_action": Filled(("set_action",), {"number": "1", "note": "It came."}),
    "assign": Filled((), {"owner": "", "note": "She knows the school."}),
    "tell": Filled((), {"audience": "employer", "decision": "told", "told_on": "0", "note": "By telephone."}),
    "decide_onward": Filled((), {"body": "dbs", "decision": "not_needed", "note": "No ground."}),
    "send_minutes": Filled(HELD, {"note": "To all who came."}),
    "send_receipt": Filled((), {"note": "By e-mail to the head teacher."}),
    "explain_delay": Filled((), {"delay_reason": "court", "note": "The trial is in May."}),
    "record_event": Filled((), {"event": "suspended", "happened_at": "0 08:00", "note": "On full pay."}),
    "release_outcome": Filled(DECIDED, {"note": "Agreed."}),
}
"""One form for each move but the first."""


def address(referral: Referral, move: str) -> str:
    """Where the form of a move stands."""
    return f"/referrals/{referral.reference}/moves/{move}"


def send(browser: Browser, referral: Referral, move: str, page: TestResponse, typed: Mapping[str, Any]) -> TestResponse:
    """Send the form with the tokens of a page as a browser does, without following where it leads."""
    tokens = {name: hidden(page, name) for name in ("csrf_token", "form_token", "seen")}
    return browser.client.post(address(referral, move), data={**tokens, **typed})


class Desk:
    """Brings cases to a form, and turns what is filled in into what a browser sends."""

    def __init__(self, caseload: Caseload) -> None:
        """Work with these builders."""
        self.caseload = caseload
        self.today: date = caseload.clock.now().date()

    def case_at(self, move: str) -> Referral:
        """A case at which the form of the move is open."""
        self._take_up(next(flow.name for flow in PROCEDURES.values() if move in flow.move_by_key))
        referral = self.caseload.referral()
        for step in FILLED[move].path:
            self._lead(referral, step)
        return referral

    def typed(self, move: str) -> dict[str, Any]:
        """What a browser sends for the filled form."""
        others = {"officer": self.caseload.officer.id, "owner": self._other(), "merged_into": None}
        data: dict[str, Any] = {}
        for name, value in FILLED[move].data.items():
            if name.endswith(("_on", "_at")):
                data.update(self.boxes(name, value))
            elif name == "merged_into":
                data[name] = self.caseload.referral().reference
            else:
                data[name] = value or str(others[name])
        return data

    def boxes(self, name: str, value: str) -> dict[str, str]:
        """The boxes of a day or a moment: `+28`, `0 09:00`, or nothing typed."""
        days, _, time = value.partition(" ")
        day = self.today + timedelta(days=int(days)) if days else None
        boxes = {
            f"{name}-day": str(day.day) if day else "",
            f"{name}-month": str(day.month) if day else "",
            f"{name}-year": str(day.year) if day else "",
        }
        return {**boxes, f"{name}-time": time} if name.endswith("_at") else boxes

    def _take_up(self, procedure: str) -> None:
        """Let new cases begin with a version of the procedure that knows the move."""
        manager = replace(self.caseload.officer, role=Role.SERVICE_MANAGER)
        with self.caseload.database.work(manager) as act:
            authority = manager.authority or 0
            present = practices.in_force(act.session, authority, act.at).flow.name
            if present != procedure:
                changes.begin(act, authority, "procedure", present, procedure)

    def _lead(self, referral: Referral, step: str) -> None:
        if step == "complete_closing":
            self.caseload.complete_closing(referral)
        elif step == "set_action":
            due_on = self.today + timedelta(days=5)
            answers = {"holder": "officer", "user": self.caseload.officer.id, "due_on": due_on}
            self.caseload.make(referral, step, answers, {"action": "Send the log"})
        else:
            self.caseload.make(referral, step)

    def _other(self) -> int:
        """Another officer: the next account after the officer's own is that of the cover officer."""
        return int(self.caseload.officer.id or 0) + 1

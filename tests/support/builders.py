"""Builders: cases made as the application makes them, so that no test starts from a state that it could not reach."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from lado.clock import FixedClock
from lado.db import Database
from lado.models import Referral
from lado.security.identity import Identity
from lado.services import moves, referrals
from lado.services.referrals import NewReferral
from tests.support.cases import EVERYBODY

REVIEW = timedelta(days=14)


def new_referral(clock: FixedClock, **changes: Any) -> NewReferral:
    """A plain telephone referral from a school, received at this very moment."""
    plain = NewReferral(
        received_at=clock.now(),
        channel="call",
        evidence="call_note",
        source="education",
        category="physical",
        summary="Is said to have pulled a child by the arm in the corridor.",
        subject={"name": "Robin Sample", "role": "Teacher", "born_on": "1980-05-17"},
        setting="Willow Lane Primary School",
        referrer={"name": "Pat Partner", "agency": "Willow Lane Primary School", "phone": "01632 960 100"},
        sector="primary",
        incident_from_on=None,
        incident_precision="unknown",
        children=({"name": "Kim Example"},),
        children_safe="yes",
    )
    return replace(plain, **changes)


STEPS: Mapping[str, Mapping[str, Any]] = {
    "meet_threshold": {"answers": {"limbs": (1,)}, "words": {"rationale": "A child may have been harmed."}},
    "advise": {"words": {"rationale": "Conduct only.", "told": "The head teacher."}},
    "return_to_employer": {"words": {"rationale": "Below the threshold.", "told": "The head teacher."}},
    "no_further_action": {"words": {"rationale": "It cannot have happened.", "told": "The head teacher."}},
    "ask_information": {
        "words": {"missing_information": "Dates", "information_from": "School"},
        "date": "information_on",
    },
    "arrange_meeting": {"instant": "planned_at"},
    "hold_meeting": {"now": "held_at", "date": "review_on"},
    "oversee": {"words": {"plan": "The school looks into it and reports."}, "date": "review_on"},
    "investigate": {},
    "pause_for_police": {"words": {"police_lead": "DC Example"}, "date": "review_on"},
    "hold_review": {"now": "held_at", "date": "review_on"},
    "propose_outcome": {"answers": {"outcomes": {"1": "substantiated"}}},
    "decide_outcome": {"answers": {"outcomes": {"1": "substantiated"}}, "words": {"rationale": "Two witnesses."}},
    "close": {"words": {"closing_note": "Done."}},
    "reopen": {"words": {"new_information": "Another witness."}},
    "reconsider": {"words": {"new_information": "Another witness."}},
    "offer_transfer": {"answers": {"authority": "Southmere"}, "words": {"rationale": "The employer is there."}},
    "accept_transfer": {"words": {"rationale": "Accepted.", "told": "The head teacher."}},
    "refuse_transfer": {"words": {"rationale": "Refused."}},
}
"""What each step is given when a test does not care."""


def given(move: str, clock: FixedClock) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers and words of a step that a test does not care about."""
    plain = STEPS.get(move, {})
    answers: dict[str, Any] = dict(plain.get("answers", {}))
    today: date = clock.now().date()
    if "date" in plain:
        answers[plain["date"]] = today + REVIEW
    if "now" in plain:
        answers[plain["now"]] = clock.now()
    if "instant" in plain:
        answers[plain["instant"]] = clock.now() + timedelta(days=2)
    return answers, dict(plain.get("words", {}))


class Caseload:
    """Makes referrals and moves them on, one transaction each."""

    def __init__(self, database: Database, clock: FixedClock, officer: Identity) -> None:
        """Work in this database as this officer."""
        self.database = database
        self.clock = clock
        self.officer = officer

    def referral(self, moves: tuple[str, ...] = (), who: Identity | None = None, **changes: Any) -> Referral:
        """Log a referral and make the named moves on it."""
        with self.database.work(who or self.officer) as act:
            referral = referrals.log(act, new_referral(self.clock, **changes))
        for move in moves:
            self.make(referral, move, who=who)
        return referral

    def make(
        self, referral: Referral, move: str, answers: Any = None, words: Any = None, who: Identity | None = None
    ) -> None:
        """Make one move, with its plain answers where none are given."""
        if move == "close":
            self.complete_closing(referral, who)
        plain_answers, plain_words = given(move, self.clock)
        with self.database.work(who or self.officer) as act:
            moves.make(
                act,
                referral.id,
                move,
                plain_answers if answers is None else answers,
                plain_words if words is None else words,
            )

    def complete_closing(self, referral: Referral, who: Identity | None = None) -> None:
        """Record who was told and the decisions to refer on, so that the case may close."""
        with self.database.work(who or self.officer) as act:
            for audience in EVERYBODY:
                moves.make(act, referral.id, "tell", {"audience": audience, "decision": "told"})
            for body in ("dbs", "regulator", "social_care"):
                moves.make(act, referral.id, "decide_onward", {"body": body, "decision": "not_needed"})

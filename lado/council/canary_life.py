"""What happens to the cases of the canary world: moves with words in every field, files, letters, messages, access."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lado.act import Act
from lado.clock import FixedClock
from lado.db import Database
from lado.domain.letters import Kind, Text
from lado.models import Grant, Referral
from lado.queries.grants import may_follow
from lado.security.identity import Identity
from lado.services import access, attachments, corrections, letters, moves, partner_messages, partners, referrals
from lado.services.access import NewAccess
from lado.services.corrections import NewCorrection
from lado.services.letters import NewLetter
from lado.services.referrals import NewReferral

REVIEW = timedelta(days=14)
A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

DECIDED = ("meet_threshold", "hold_meeting", "propose_outcome", "decide_outcome")
LIVES: tuple[tuple[str, ...], ...] = (
    DECIDED,
    (),
    ("meet_threshold", "arrange_meeting", "hold_meeting", "pause_for_police"),
    ("advise",),
    ("ask_information",),
    (*DECIDED, "release_outcome"),
    ("meet_threshold", "hold_meeting", "hold_review"),
    ("return_to_employer",),
    ("meet_threshold", "oversee"),
)
"""The moves of one case after another."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "meet_threshold": {"rationale": "A child may have been harmed."},
    "advise": {"rationale": "Conduct only.", "told": "The head teacher."},
    "return_to_employer": {"rationale": "Below the threshold.", "told": "The head teacher."},
    "ask_information": {"missing_information": "Which days", "information_from": "The school"},
    "arrange_meeting": {"note": "In the small room."},
    "hold_meeting": {"note": "Everybody came."},
    "oversee": {"plan": "The school looks into it and reports."},
    "pause_for_police": {"police_lead": "DC Example", "delay_reason": "They have to speak to two people."},
    "hold_review": {"note": "Nothing new."},
    "propose_outcome": {"note": "As discussed."},
    "decide_outcome": {"rationale": "Two witnesses."},
    "release_outcome": {"note": "They may know."},
}
"""What is written down with each move."""


def log_of(act: Act, at: datetime, number: int, *, partner: int | None, name: str = "") -> Referral:
    """Log a referral with words in every field; `name` is the adult's where it is about somebody in particular."""
    return referrals.log(
        act,
        NewReferral(
            received_at=at,
            channel="call",
            evidence="call_note",
            source="education",
            category="physical",
            summary="Is said to have pulled a child by the arm.",
            subject=_person("subject", name or f"Robin Sampleton{_letters(number)}") | {"born_on": "1980-05-17"},
            setting="Willow Lane Primary School",
            referrer=_person("referrer", "Rowan Referrer"),
            sector="primary",
            children=(_person("child", "Kim Example"),),
            children_safe="yes",
            safety_steps="Moved to another class.",
            notes="They rang twice.",
            partner=partner,
            more_allegations=({"category": "conduct", "summary": "The same again.", "children": ()},),
        ),
    )


def _person(kind: str, name: str) -> dict[str, str]:
    fields = ("known_as", "role", "contact", "address", "phone", "email", "agency")
    return {"name": name, **{field: f"The {kind}’s {field}" for field in fields}}


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def live(
    database: Database,
    clock: FixedClock,
    case: Referral,
    life: tuple[str, ...],
    officer: Identity,
    partner: Identity | None,
) -> None:
    """Let a case live through its moves, with what else is written down about it on the way."""
    with database.work(officer) as act:
        for move in life:
            moves.make(act, case.id, move, _answers(move, act), WORDS.get(move, {}))
        moves.make(act, case.id, "add_note", {}, {"note": "The head teacher rang."})
        attachments.put_to_case(act, case.id, [attachments.check("Note of the call.pdf", A_PDF, None)])
        letter = Text("What was concluded", "It is concluded.")
        letters.make(act, case.id, NewLetter(Kind("parents", "outcome"), "Alex Adult", letter))
        wanted = NewCorrection(1, "received_at", clock.now() - timedelta(minutes=20), "The note of the call says so.")
        corrections.ask(act, case.id, wanted)
    if partner is not None:
        _with_partner(database, case, officer, partner)


def _answers(move: str, act: Act) -> dict[str, Any]:
    outcomes = {"outcomes": {"1": "substantiated", "2": "unfounded"}}
    review = {"review_on": act.today + REVIEW}
    known: dict[str, dict[str, Any]] = {
        "meet_threshold": {"limbs": (1,)},
        "ask_information": {"information_on": act.today + REVIEW},
        "arrange_meeting": {"planned_at": act.at + timedelta(days=2)},
        "hold_meeting": {"held_at": act.at, **review},
        "hold_review": {"held_at": act.at, **review},
        "oversee": review,
        "pause_for_police": review,
        "propose_outcome": outcomes,
        "decide_outcome": outcomes,
    }
    return known.get(move, {})


def _with_partner(database: Database, case: Referral, officer: Identity, partner: Identity) -> None:
    """What passes between the officer and a partner who follows the case, and one whose access has ended."""
    account = partner.id or 0
    with database.work(officer) as act:
        is_open = act.session.get_one(Referral, case.id).is_open
        if not is_open or not may_follow(act.session, account, case.id, act.at):
            return
        answers = {"due_on": act.today + timedelta(days=4), "holder": "partner", "user": account}
        for what in ("Send the rota of that week.", "Keep the camera pictures."):
            moves.make(act, case.id, "set_action", answers, {"action": what})
        partner_messages.answer(act, case.id, account, "Please ring us before you speak to anybody.")
    with database.work(partner) as act:
        partners.complete(act, case.reference, 1, "The rota went by secure mail.")
        partner_messages.write(act, case.reference, "Nobody but the head knows of it.")
    if case.id % 5 == 0:
        with database.work(officer) as act:
            mine = select(Grant.id).where(Grant.referral_id == case.id, Grant.account_id == account)
            access.end(act, case.id, act.session.scalars(mine).one(), "They have left the school.")
            access.give(act, case.id, NewAccess(account, "They have come back."))

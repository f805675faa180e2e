"""One case with words that stand nowhere else in every sensitive field, through the moves of a whole life."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from lado.clock import FixedClock
from lado.domain.letters import Kind, Text
from lado.jobs import escalation
from lado.models import Grant, Referral
from lado.security.identity import Identity
from lado.services import access, drafts, letters, partners
from lado.services.access import NewAccess
from lado.services.letters import NewLetter
from tests.support.builders import Caseload, given
from tests.support.people import People
from tests.support.routes import World, settle_world

CANARY = re.compile(r"zqcanary[a-z_0-9]+qz", re.I)
MOVES = (
    "meet_threshold",
    "arrange_meeting",
    "hold_meeting",
    "pause_for_police",
    "hold_review",
    "add_note",
    "propose_outcome",
    "decide_outcome",
    "release_outcome",
)


def canary(name: str) -> str:
    """A word that stands nowhere else."""
    return f"zqcanary{name}qz"


def found(text: str) -> set[str]:
    """The canaries in a text."""
    return {word.lower() for word in CANARY.findall(text)}


def person(name: str) -> dict[str, str]:
    """Somebody with a canary in every field."""
    fields = ("known_as", "role", "contact", "address", "phone", "email", "agency")
    return {"name": f"{canary(name)} {canary(name)}", **{field: canary(f"{name}_{field}") for field in fields}}


def settle_canaries(caseload: Caseload, people: People, clock: FixedClock) -> World:
    """The case, which Pat follows (`pats`) and Pol once did, with an action for each, beside the plain ones."""
    made = settle_world(caseload, people, clock)
    referral = caseload.referral(
        partner=people.pat.id,
        summary=canary("summary"),
        subject=person("subject"),
        setting=canary("setting"),
        referrer=person("referrer"),
        children=(person("child"),),
        notes=canary("notes"),
        more_allegations=({"category": "conduct", "summary": canary("summary2")},),
    )
    caseload.referral(("advise",), children_safe=canary("safe"))  # no page of an open case can say what is no answer
    with caseload.database.work(people.olive) as act:
        access.give(act, referral.id, NewAccess(people.pol.id or 0, canary("why")))
    for holder in (people.pat, people.pol):
        due_on = (clock.now() + timedelta(days=3)).date()
        words = {"action": canary("patsaction" if holder is people.pat else "polsaction")}
        caseload.make(referral, "set_action", {"due_on": due_on, "holder": "partner", "user": holder.id}, words)
    _end_access_of(caseload, people.pol, referral)
    for move in MOVES:
        answers, words = given(move, clock)
        if "outcomes" in answers:
            answers = {"outcomes": {"1": "substantiated", "2": "unfounded"}}
        words = {name: canary(f"{move}_{name}") for name in words or {"note": ""}}
        caseload.make(referral, move, answers, words)
    with caseload.database.work(people.pat) as act:
        partners.complete(act, referral.reference, 1, canary("patsreply"))
    said = Text(canary("letterheading"), canary("letterbody"))
    with caseload.database.work(people.olive) as act:
        letters.make(act, referral.id, NewLetter(Kind("parents", "outcome"), canary("letterto"), said))
        letters.send(act, referral.id, Kind("referrer", "email"), people.pat.id or 0)
    with caseload.database.work(people.mina) as act:
        drafts.keep(act, "referral", {"subject-name": [canary("draft")], "summary": [canary("draft2")]})
    clock.advance(days=9)
    escalation.run_pass(caseload.database)
    return replace(made, pats=referral)


def _end_access_of(caseload: Caseload, who: Identity, referral: Referral) -> None:
    """Let somebody follow the case no longer; what they were asked to do stays on it."""
    with caseload.database.work(caseload.officer) as act:
        standing = Grant.referral_id == referral.id, Grant.account_id == who.id
        access.end(act, referral.id, act.session.scalars(select(Grant.id).where(*standing)).one(), canary("ended"))

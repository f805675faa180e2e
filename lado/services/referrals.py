"""Logging a referral: one allegation or request for advice, from what the caller says to a case with running clocks."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from lado.act import Act
from lado.domain import access, dates
from lado.domain.references import new_reference
from lado.errors import BadInput, Refused
from lado.models import Authority, Referral, SealingKey, SearchToken
from lado.queries import name_tokens, practices
from lado.queries.conflicts import PART
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import barring, grants, notices, restricting, sealing
from lado.services.record import project, record
from lado.vault import folded
from workflows.attempt import Attempt, Refusal
from workflows.case import Case
from workflows.engine import decide
from workflows.events import AccessGiven


@dataclass(frozen=True, slots=True)
class NewReferral:
    """What the caller said. Codes are those of `lado.domain.codes`; instants are aware; None means not known.

    `subject`, `referrer` and each child are words: name, known_as, born_on, role, contact ... `owner` is the
    accountable officer, by default the one who logs it. `partner` is the referrer's account where they have one.
    """

    received_at: datetime
    channel: str
    evidence: str
    source: str
    category: str
    summary: str
    subject: Mapping[str, Any]
    setting: str
    referrer: Mapping[str, Any]
    received_precision: str = "exact"
    sector: str = ""
    incident_from_on: date | None = None
    incident_to_on: date | None = None
    incident_precision: str = "unknown"
    employer_aware_at: datetime | None = None
    employer_aware_precision: str = "unknown"
    late_reason: str = ""
    children_safe: str = ""
    safety_steps: str = ""
    children: tuple[Mapping[str, Any], ...] = ()
    notes: str = ""
    is_advice_call: bool = False
    owner: int | None = None
    partner: int | None = None
    more_allegations: tuple[Mapping[str, Any], ...] = field(default=())


def log(act: Act, new: NewReferral) -> Referral:
    """Open a case: check its dates, give it a reference and a key, start its clocks, and make it findable.

    Raises BadInput with a message a field, Refused, or NotAllowed. Nothing is half written.
    """
    ensure(act.who, Permission.REFERRAL_CREATE)
    return open_case(act, new, sealing.new_key(act))


def open_case(act: Act, new: NewReferral, key: SealingKey) -> Referral:
    """Open the case under a key of its own. Whoever calls has asked the policy: an officer logs, a referrer sends."""
    is_late = check_dates(act, new)
    owner = new.owner if new.owner is not None else act.who.id
    if act.who.authority is None or owner is None:
        raise Refused("A referral is logged for one authority and has an accountable officer.")
    practice = practices.in_force(act.session, act.who.authority, act.at)
    case = Case()
    tokens = search_tokens(act, _names(new), new.setting)
    kept = barring.pairs(act, act.who.authority, tokens, ({**new.subject, PART: "subject"}, *new.children), new.setting)
    owner = barring.owner_of_new(act, act.who.authority, owner, kept)
    decided = decide(case, _attempt(act, new, owner, is_late), practice)
    if isinstance(decided, Refusal):
        raise Refused(decided.reason, decided.missing)
    referral = _begin(act, new, act.who.authority, key)
    follower = new.partner if new.partner not in kept.values() else None
    followed = () if follower is None else (AccessGiven(follower, None),)
    record(act, referral, case, (*decided, *followed), practice, _words(new))
    _make_findable(act, referral.id, tokens | name_tokens.alike(act, _names(new)))
    barring.bar(act, referral.id, kept)
    if owner in kept.values():
        barring.say_nobody_is_left(act, referral, frozenset(kept.values()))
    else:
        notices.after_move(act, referral, case, "refer", {}, None)
    if kept and restricting.match(act, referral, case):
        project(act, referral, case, practice, events=referral.events)
    if follower is not None:
        grants.begin(act, referral, follower, access.MADE_THE_REFERRAL)
    return referral


def _make_findable(act: Act, referral_id: int, tokens: set[bytes]) -> None:
    if tokens:
        act.session.execute(insert(SearchToken), [{"token": token, "referral_id": referral_id} for token in tokens])


def check_dates(act: Act, new: NewReferral) -> bool:
    """Refuse dates that cannot be, and say whether this is a late entry, of which the reason is asked."""
    found = dates.problems(
        dates.ReferralDates(
            new.received_at,
            act.at,
            new.incident_from_on,
            new.incident_to_on,
            new.employer_aware_at,
            new.source == "employer",
        )
    )
    is_late = dates.is_late_entry(new.received_at, act.at)
    if is_late and not new.late_reason.strip():
        found["late_reason"] = "This was received more than two hours ago. Say why it is entered now."
    if found:
        raise BadInput(found)
    return is_late


def _attempt(act: Act, new: NewReferral, owner: int, is_late: bool) -> Attempt:
    children = tuple(range(3, 3 + len(new.children)))
    allegations = ({"category": new.category, "children": children}, *new.more_allegations)
    answers = {
        "received_at": new.received_at,
        "received_precision": new.received_precision,
        "channel": new.channel,
        "evidence": new.evidence,
        "source": new.source,
        "sector": new.sector,
        "incident_from_on": new.incident_from_on,
        "incident_to_on": new.incident_to_on,
        "incident_precision": new.incident_precision,
        "employer_aware_at": new.employer_aware_at,
        "employer_aware_precision": new.employer_aware_precision,
        "late_entry": is_late,
        "advice_call": new.is_advice_call,
        "owner": owner,
        "people": ("subject", "referrer", *("child" for _ in new.children)),
        "allegations": tuple(
            {"category": item["category"], "children": tuple(item.get("children", ()))} for item in allegations
        ),
    }
    return Attempt("refer", act.at, answers, {"summary": new.summary})


def _words(new: NewReferral) -> dict[str, Any]:
    return {
        "setting": new.setting,
        "late_reason": new.late_reason,
        "children_safe": new.children_safe,
        "safety_steps": new.safety_steps,
        "notes": new.notes,
        "people": [dict(new.subject), dict(new.referrer), *(dict(child) for child in new.children)],
        "allegations": [{"summary": new.summary}, *({"summary": item["summary"]} for item in new.more_allegations)],
    }


def _begin(act: Act, new: NewReferral, authority_id: int, key: SealingKey) -> Referral:
    authority = act.session.get_one(Authority, authority_id)
    reference = _free_reference(act, authority.prefix)
    headline = {"subject": new.subject.get("name", ""), "setting": new.setting}
    referral = Referral(
        authority_id=authority_id,
        reference=reference,
        sealing_key=key,
        procedure="",
        procedure_version=0,
        rules="",
        calendar="",
        state="",
        is_open=False,
        is_advice_call=new.is_advice_call,
        threshold="",
        outcome=None,
        owner_id=None,
        received_at=new.received_at,
        recorded_at=act.at,
        corrected_received_at=None,
        next_clock=None,
        next_due_at=None,
        sealed=act.vault.seal(key.wrapped, f"referral/{reference}", headline),
        events=0,
    )
    act.session.add(referral)
    act.session.flush()
    return referral


def _free_reference(act: Act, prefix: str) -> str:
    while True:
        reference = new_reference(prefix, secrets.randbelow)
        if act.session.scalar(select(Referral.id).where(Referral.reference == reference)) is None:
            return reference


def _names(new: NewReferral) -> list[str]:
    """The names under which the case is found."""
    subject = new.subject.get("name", ""), new.subject.get("known_as", "")
    return [*subject, *(child.get("name", "") for child in new.children)]


def search_tokens(act: Act, names: list[str], setting: str) -> set[bytes]:
    """The blind index of a case: each whole name, each word of a name, and the setting."""
    found = set()
    for name in names:
        for word in (name, *name.split()):
            if len(folded(word)) > 1:
                found.add(act.vault.token("name", word))
    if folded(setting):
        found.add(act.vault.token("setting", setting))
    return found

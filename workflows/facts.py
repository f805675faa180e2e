"""Which facts are true of a case. A guard is the name of a fact, so that a refusal can say what is missing."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from workflows.attempt import Attempt
from workflows.case import Case, Telling

AUDIENCES = ("referrer", "employer", "subject", "parents", "child", "regulator", "placing_authority")
"""Those who are told, or of whom it is recorded why not, before a case that met the threshold closes."""

ONWARD_BODIES = ("dbs", "regulator", "social_care")
"""Those to whom a referral onwards is decided, one way or the other, before such a case closes."""


ALL_AUDIENCES, ALL_BODIES = frozenset(AUDIENCES), frozenset(ONWARD_BODIES)

ANSWERED_BY: Mapping[str, str] = {"parents": "family", "child": "family"}
"""Audiences that older records answered as one, under the name that they used then."""


Holds = Callable[[Case, Attempt | None], bool]
"""How to tell whether a fact is true of a case, with what an attempt brings."""


class Fact(NamedTuple):
    """A thing that can be true of a case: what to say while it is not, and how to tell."""

    missing: str
    holds: Holds


def _outcome_for_each(case: Case, attempt: Attempt | None) -> bool:
    given = attempt.answers.get("outcomes", {}) if attempt else {}
    return bool(case.allegations) and all(
        allegation.outcome or given.get(str(number)) for number, allegation in case.allegations.items()
    )


def _proposed_for_each(case: Case, attempt: Attempt | None) -> bool:
    given = attempt.answers.get("outcomes", {}) if attempt else {}
    return bool(case.allegations) and all(
        allegation.proposed or given.get(str(number)) for number, allegation in case.allegations.items()
    )


def telling_of(case: Case, audience: str) -> Telling | None:
    """Whether this audience was told, also where an older record says it of parents and child as one; None: not yet."""
    return case.told.get(audience) or case.told.get(ANSWERED_BY.get(audience, ""))


def unanswered(case: Case) -> tuple[str, ...]:
    """The audiences of which it is not recorded yet whether they were told, in the order in which they are asked."""
    return tuple(audience for audience in AUDIENCES if telling_of(case, audience) is None)


def _told_all(case: Case, attempt: Attempt | None) -> bool:
    return case.told.keys() >= ALL_AUDIENCES or not unanswered(case)


def _onward_all(case: Case, attempt: Attempt | None) -> bool:
    return case.onward.keys() >= ALL_BODIES


def _police_involved(case: Case, attempt: Attempt | None) -> bool:
    return case.strands.get("police") == "open" or (
        attempt is not None and bool(attempt.answers.get("police_informed"))
    )


def _review_is_set(case: Case, attempt: Attempt | None) -> bool:
    return "review" in case.running or (attempt is not None and attempt.answers.get("review_on") is not None)


def _action_is_open(case: Case, attempt: Attempt | None) -> bool:
    if attempt is None:
        return any(not action.is_done for action in case.actions.values())
    action = case.actions.get(attempt.answers.get("number", 0))
    is_review = any(clock.review == attempt.answers.get("number") for clock in case.running.values())
    return action is not None and not action.is_done and not is_review


def _childcare_provider(case: Case, attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.answers.get("sector") == "early_years"


def _recorded(name: str) -> Holds:
    return lambda case, attempt: name in case.recorded


FACTS: Mapping[str, Fact] = {
    "outcome_for_each_allegation": Fact("an outcome for each allegation", _outcome_for_each),
    "outcome_proposed_for_each": Fact("a proposed outcome for each allegation", _proposed_for_each),
    "everyone_told": Fact(
        "who was told: referrer, employer, subject, parents, child, regulator and placing authority, each told or with "
        "the reason why not",
        _told_all,
    ),
    "onward_referrals_decided": Fact(
        "the decision whether to refer on to the DBS, the regulator and children's social care", _onward_all
    ),
    "transfer_offered": Fact("an offer to another authority", lambda case, attempt: case.transfer == "offered"),
    "no_transfer_open": Fact(
        "an answer to the transfer already offered", lambda case, attempt: case.transfer != "offered"
    ),
    "police_involved": Fact("the police strand", _police_involved),
    "threshold_was_met": Fact("a threshold decision: met", lambda case, attempt: case.threshold == "met"),
    "review_is_set": Fact("the date of the next review", _review_is_set),
    "action_is_open": Fact(
        "an action that is still open; the review of a pause is done on the page of its clock", _action_is_open
    ),
    "childcare_provider": Fact("that the employer is a childcare provider", _childcare_provider),
    "receipt_sent": Fact("the receipt, sent to the referrer", _recorded("receipt_sent")),
    "children_safe": Fact("whether the children are safe now", _recorded("children_safe")),
    "history_searched": Fact("the search of earlier records about this adult", _recorded("history_searched")),
    "police_consulted": Fact("whether the police were consulted", _recorded("police_consulted")),
    "social_care_consulted": Fact("whether children's social care was consulted", _recorded("social_care_consulted")),
    "subject_informed": Fact("who tells the subject, and when", _recorded("subject_informed")),
    "family_informed": Fact("who tells the parents, and when", _recorded("family_informed")),
    "suspension_considered": Fact(
        "the view on suspension and what else was weighed", _recorded("suspension_considered")
    ),
    "plan_sent": Fact("the written plan, sent to those concerned", _recorded("plan_sent")),
    "minutes_sent": Fact("the minutes, sent", _recorded("minutes_sent")),
    "attendance_recorded": Fact("who attended", _recorded("attendance_recorded")),
    "rereferral_criteria": Fact("when the case should be referred again", _recorded("rereferral_criteria")),
    "subject_responded": Fact("the subject's response, or why there is none", _recorded("subject_responded")),
    "recommendations_answered": Fact("an answer to each earlier recommendation", _recorded("recommendations_answered")),
    "lessons_reviewed": Fact("the review of lessons with the employer", _recorded("lessons_reviewed")),
    "an_action_is_set": Fact("an action with an owner and a date", lambda case, attempt: bool(case.actions)),
}
"""Every fact by name."""

RECORDABLE: tuple[str, ...] = (
    "children_safe",
    "history_searched",
    "police_consulted",
    "social_care_consulted",
    "subject_informed",
    "family_informed",
    "suspension_considered",
    "plan_sent",
    "attendance_recorded",
    "rereferral_criteria",
    "subject_responded",
    "recommendations_answered",
    "lessons_reviewed",
)
"""The facts that an officer ticks off in their own time and order, with a note."""

ANSWERS: Mapping[str, str] = {
    "received_at": "when the referral was received",
    "channel": "how it arrived",
    "evidence": "what shows when it was received",
    "late_reason": "why it was entered later",
    "rationale": "the reasons for the decision",
    "limbs": "at least one limb of the harm threshold",
    "told": "who was told",
    "planned_at": "when the meeting will be",
    "held_at": "when it was held",
    "review_on": "the date of the next review",
    "missing_information": "what is missing",
    "information_from": "from whom",
    "information_on": "by when",
    "police_lead": "the police lead",
    "plan": "the plan",
    "closing_note": "the closing note",
    "new_information": "the new information",
    "authority": "the other authority",
    "merged_into": "the reference of the case that goes on",
    "owner": "the officer",
    "action": "what has to be done",
    "due_on": "by when",
    "holder": "who has to do it",
    "number": "which one",
    "note": "the note",
    "allegation": "what is alleged",
    "category": "the category of harm",
    "role": "the role",
    "name": "the name",
    "audience": "who",
    "body": "which body",
    "decision": "the decision",
    "strand": "which strand",
    "status": "its status",
    "fact": "what was recorded",
    "delay_reason": "the reason for the delay",
    "people": "the person",
    "allegations": "what is alleged",
    "outcomes": "the outcome of each allegation",
    "event": "what happened",
    "happened_at": "when it happened",
    "employer_aware_at": "when the employer learnt of it",
    "police_ended_at": "when the police ended their part",
    "suspended_at": "when the person was suspended",
    "suspension_confirmed_at": "when the suspension was confirmed in writing",
    "no_crime_no_discipline_at": "when it was clear that neither a crime nor formal discipline is in question",
    "employer_acted_at": "when the employer acted",
    "no_further_investigation_at": "when it was clear that a hearing needs no further investigation",
    "hearing_held_at": "when the hearing was held",
    "ofsted_informed_at": "when Ofsted was told",
    "clearly_unsubstantiated_at": "when it was clear that the allegation is unsubstantiated or malicious",
}
"""Each answer that a move may ask for, in words."""


def in_words(name: str) -> str:
    """Say what a missing fact or answer is called on a page."""
    return FACTS[name].missing if name in FACTS else ANSWERS[name]

"""The national standards as Rules, each limit with its source; a council starts from these and sets its own.

A limit that nobody publishes says so in its source. Limits that sources could not confirm are left out.
"""

from workflows.rules.terms import Ladder, Rules, Rung, TimeRule, Wait, WaitUnit
from workflows.spans import Span, Unit

HOUSE = "default of this product, no published limit"
OFFICER = "date given by the officer; no published limit"


def working_days(count: int) -> Span:
    """A limit in working days."""
    return Span(count, Unit.WORKING_DAY)


NATIONAL = Rules(
    name="National standards",
    timescales=(
        TimeRule(
            "employer_informs_lado",
            "Employer tells the LADO",
            "employer_aware",
            working_days(1),
            "employer",
            "LADO Minimum Standards, standard 2",
        ),
        TimeRule(
            "evaluation_decision",
            "Evaluation and threshold decision",
            "received",
            working_days(1),
            "lado",
            "LADO Minimum Standards, standard 2",
        ),
        TimeRule(
            "meeting",
            "First meeting",
            "received",
            working_days(5),
            "lado",
            "LADO Minimum Standards, standard 2: 5 days, unit not stated; working days chosen here",
        ),
        TimeRule(
            "review",
            "Review after the meeting",
            "meeting_held",
            Span(28, Unit.CALENDAR_DAY),
            "lado",
            "local procedure (Sefton 15.10, 2021): 28 days where possible",
        ),
        TimeRule(
            "minutes_sent",
            "Minutes sent",
            "meeting_held",
            Span(28, Unit.CALENDAR_DAY),
            "lado",
            "local audit standard (Warwickshire, to February 2025): 28 days",
        ),
        TimeRule(
            "first_police_review",
            "First review with the police",
            "initial_evaluation",
            Span(4, Unit.WEEK),
            "police_and_lado",
            "KCSIE part four, paragraph 178 (edition read)",
        ),
        TimeRule(
            "further_police_review",
            "Next review with the police",
            "police_review",
            Span(2, Unit.WEEK),
            "police_and_lado",
            "KCSIE part four, paragraph 178 (edition read)",
        ),
        TimeRule(
            "delay_reason_review",
            "Monthly reason for delay",
            "received",
            Span(1, Unit.CALENDAR_MONTH),
            "lado",
            "LADO Minimum Standards, standard 4: open past 3 months, monitored monthly",
            starts_after=Span(3, Unit.CALENDAR_MONTH),
            repeats=True,
        ),
        TimeRule(
            "conclusion",
            "Conclusion",
            "received",
            Span(3, Unit.CALENDAR_MONTH),
            "lado",
            "LADO Minimum Standards, standard 4: 3 months where possible",
            pauses=True,
        ),
        TimeRule(
            "clear_case_resolved",
            "Clearly unsubstantiated or malicious: resolved",
            "clearly_unsubstantiated",
            Span(1, Unit.WEEK),
            "lado",
            "KCSIE part four, paragraph 175 (edition read)",
        ),
        TimeRule(
            "employer_acts_no_hearing",
            "Employer acts without a hearing",
            "no_crime_no_discipline",
            working_days(3),
            "employer",
            "KCSIE part four, paragraph 175 (edition read)",
        ),
        TimeRule(
            "hearing",
            "Disciplinary hearing",
            "no_further_investigation",
            working_days(15),
            "employer",
            "KCSIE part four, paragraph 175 (edition read)",
        ),
        TimeRule(
            "suspension_confirmed",
            "Suspension confirmed in writing",
            "suspended",
            working_days(1),
            "employer",
            "KCSIE part four, paragraph 184 (edition read)",
        ),
        TimeRule(
            "provider_informs_ofsted",
            "Childcare provider tells Ofsted",
            "allegation",
            Span(14, Unit.CALENDAR_DAY),
            "provider",
            "EYFS statutory framework 3.8: as soon as reasonably practicable, at most 14 days",
        ),
        TimeRule("transfer_answer", "Answer to a transfer", "transfer_offered", working_days(5), "lado", HOUSE),
        TimeRule("closure_checks", "Follow-up and closing checks", "outcome_decided", working_days(20), "lado", HOUSE),
        TimeRule("reopened_decision", "Decision on a re-opened case", "reopened", working_days(1), "lado", HOUSE),
        TimeRule("information", "Information asked for", "information_awaited", None, "lado", OFFICER),
        TimeRule(
            "meeting_planned",
            "Planned meeting",
            "meeting_arranged",
            None,
            "lado",
            OFFICER,
            warns_at=(),
            ladder="after_meeting",
        ),
        TimeRule("action", "Action", "action_set", None, "lado", OFFICER),
        TimeRule(
            "next_update",
            "Next update to the referrer",
            "update_given",
            working_days(10),
            "lado",
            "default of this product: referrers are told at changes, and no published limit says how soon",
        ),
    ),
    # A meeting is not late because it has begun: its owner has a day to write it up before anybody is told.
    ladders=(
        Ladder(
            "after_meeting",
            (
                Rung("owner", Wait(1, WaitUnit.WORKING_DAY)),
                Rung("cover", Wait(2, WaitUnit.WORKING_DAY)),
                Rung("service_manager", Wait(3, WaitUnit.WORKING_DAY)),
                Rung("head_of_service", Wait(5, WaitUnit.WORKING_DAY)),
            ),
        ),
    ),
)

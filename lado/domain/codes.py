"""The code lists of the field, each code with its words, and how the outcomes of several allegations become one."""

from collections.abc import Iterable, Mapping

OUTCOMES: Mapping[str, str] = {
    "substantiated": "Substantiated",
    "unsubstantiated": "Unsubstantiated",
    "unfounded": "Unfounded",
    "false": "False",
    "malicious": "Malicious",
}
"""One canonical list in order of weight (Keeping Children Safe in Education); a council's own list maps onto it."""

OUTCOME_MEANINGS: Mapping[str, str] = {
    "substantiated": "There is enough evidence to prove the allegation.",
    "unsubstantiated": "It is neither proved nor disproved. The word implies neither guilt nor innocence.",
    "unfounded": "There is no evidence or proper basis for it, or what was seen was misread.",
    "false": "There is enough evidence to disprove it.",
    "malicious": "There is enough evidence to disprove it, and it was made to deceive.",
}

LIMBS: Mapping[int, str] = {
    1: "Behaved in a way that has harmed, or may have harmed, a child",
    2: "Possibly committed a criminal offence against, or related to, a child",
    3: "Behaved towards a child or children in a way that suggests a risk of harm",
    4: "Behaved in a way that suggests they may not be suitable to work with children",
}

CATEGORIES: Mapping[str, str] = {
    "physical": "Physical",
    "emotional": "Emotional",
    "sexual": "Sexual",
    "neglect": "Neglect",
    "conduct": "Conduct or suitability",
}

CHANNELS: Mapping[str, str] = {
    "call": "Telephone call",
    "email": "E-mail",
    "form": "Form",
    "letter": "Letter",
    "in_person": "In person",
    "police_notice": "Police notice",
    "ofsted_notice": "Ofsted notice",
    "online": "On line",
}

EVIDENCE: Mapping[str, str] = {
    "call_note": "My note of the call",
    "email": "The e-mail as it arrived",
    "form": "The form as it arrived",
    "letter": "The letter, date-stamped",
    "system": "This system recorded it",
}

SOURCES: Mapping[str, str] = {
    "employer": "The employer",
    "education": "Education",
    "early_years": "Early years provider",
    "social_care": "Children’s social care",
    "health": "Health",
    "police": "Police",
    "probation": "Probation or youth justice",
    "ofsted": "Ofsted",
    "voluntary": "Voluntary organisation",
    "faith": "Faith group",
    "parent": "Parent or carer",
    "child": "Child or young person",
    "public": "Member of the public",
    "self": "The person themselves",
    "another_lado": "Another designated officer",
    "whistleblower": "Whistle-blower",
    "regulator": "DBS or another regulator",
    "other": "Someone else",
}

SECTORS: Mapping[str, str] = {
    "early_years": "Nursery or childminder",
    "primary": "Primary school",
    "secondary": "Secondary school",
    "special": "Special school",
    "alternative": "Alternative provision",
    "independent": "Independent school",
    "further_education": "Further education",
    "childrens_home": "Children’s home",
    "fostering": "Fostering",
    "adoption": "Adoption",
    "social_care": "Social care",
    "health": "Health",
    "police": "Police",
    "transport": "Transport or taxi",
    "sport": "Sport and leisure",
    "faith": "Faith",
    "voluntary": "Voluntary or uniformed",
    "secure": "Secure estate or justice",
    "agency": "Supply or recruitment agency",
    "tutoring": "Tutoring or out-of-school",
    "other": "Other",
}

STRANDS: Mapping[str, str] = {
    "police": "Police",
    "social_care": "Children’s social care",
    "employer": "Employer and discipline",
    "regulator": "Regulator",
}

STRAND_STATUSES: Mapping[str, str] = {"open": "Open", "ended": "Ended", "not_needed": "Not needed"}

AUDIENCES: Mapping[str, str] = {
    "referrer": "Referrer",
    "employer": "Employer",
    "subject": "Subject, by the employer",
    "parents": "Parents or carers",
    "child": "Child",
    "regulator": "Regulator",
    "placing_authority": "Placing authority",
}
"""Those who are told, or of whom it is recorded why not. The subject is told by the employer, never by the officer."""

FORMER_AUDIENCES: Mapping[str, str] = {"family": "Parents or child"}
"""What older records say instead; it stays on the record in these words."""

EXTENTS: Mapping[str, str] = {
    "outcome": "The outcome",
    "progress": "What is happening, not the outcome",
    "nothing_yet": "Nothing yet",
    "nothing": "Nothing",
}
"""How much an audience may be told, the most first (a list of this product)."""

TELLINGS: Mapping[str, str] = {
    "told": "Told",
    "not_told": "Not told, for a reason",
    "not_concerned": "Does not concern this case",
}
"""What is recorded of an audience: that it was told, why not, or that it has no part in this case."""

BODIES: Mapping[str, str] = {
    "dbs": "Disclosure and Barring Service",
    "regulator": "Regulator (TRA, Ofsted, Social Work England, NMC, GMC ...)",
    "social_care": "Children’s social care",
}

ONWARD_DECISIONS: Mapping[str, str] = {
    "referred": "Referred",
    "employer_refers": "The employer refers",
    "not_needed": "Not needed",
}

EVENTS: Mapping[str, str] = {
    "suspended": "The person was suspended",
    "suspension_confirmed": "The suspension was confirmed in writing",
    "no_crime_no_discipline": "Found: no crime, and no formal discipline needed",
    "employer_acted": "The employer acted without a hearing",
    "no_further_investigation": "Found: no more investigation needed before a hearing",
    "hearing_held": "The hearing was held",
    "ofsted_informed": "The provider told Ofsted",
    "clearly_unsubstantiated": "Found: clearly unsubstantiated or malicious",
}

PERSON_ROLES: Mapping[str, str] = {
    "child": "A child concerned",
    "witness": "A witness",
    "family": "A parent or carer",
    "employer": "A contact at the employer",
    "professional": "Someone from another agency",
}
"""The part that someone can be given on a case. Its one subject and the referrer come with the referral."""

DELAY_REASONS: Mapping[str, str] = {
    "police": "Police",
    "court": "Court",
    "cps": "Crown Prosecution Service",
    "employer": "Employer",
    "sickness": "Sickness of the subject",
    "capacity": "Our own capacity",
    "information": "Information awaited",
    "other_authority": "Another authority",
}

BALL: Mapping[str, str] = {
    "police": "The police",
    "employer": "The employer",
    "social_care": "Children’s social care",
    "court": "The court",
    "regulator": "A regulator",
}
"""Who can have the ball while one clock stands still."""

STOP_REASONS: Mapping[str, str] = {
    "not_needed": "What it waits for is no longer needed",
    "by_mistake": "It was started by mistake",
    "otherwise": "It was dealt with in another way",
    "not_owed": "It is not owed in this case",
}
"""Why a clock does not apply (defaults of this product)."""

PRECISIONS: Mapping[str, str] = {
    "exact": "Exact",
    "approximate": "Approximate",
    "range": "Between two dates",
    "unknown": "Not known",
}

SAFE_NOW: Mapping[str, str] = {"yes": "Yes", "no": "No", "not_known": "Not known"}
"""Whether the children are safe at the time of the call."""

CHILD_FLAGS: Mapping[str, str] = {
    "looked_after": "Looked after",
    "disabled": "Disabled",
    "placed": "Placed here by another authority",
    "home_educated": "Home educated",
}

WORK_BASES: Mapping[str, str] = {
    "permanent": "Permanent",
    "temporary": "Temporary or fixed term",
    "agency": "Agency or supply",
    "casual": "Casual",
    "self_employed": "Self-employed",
    "volunteer": "Volunteer",
    "foster_carer": "Foster carer",
    "student": "Student or trainee",
    "governor": "Governor or trustee",
    "other": "Other",
}
"""On what footing someone works with children (Trafford's form, with later additions)."""

ABSENCES: Mapping[str, str] = {
    "leave": "Leave",
    "sickness": "Sickness",
    "training": "Training",
    "vacancy": "Vacancy",
}


def rolled_up(outcomes: Iterable[str]) -> str | None:
    """The outcome of a case: the weightiest of its allegations' outcomes, or None while one has none.

    The canonical order is that of OUTCOMES. A design of this product: no published rule rolls outcomes up.
    """
    given = list(outcomes)
    if not given or "" in given:
        return None
    return min(given, key=list(OUTCOMES).index)


DATES: Mapping[str, str] = {
    "received_at": "Received",
    "recorded_at": "Recorded",
    "incident_from_on": "Incident, first day",
    "incident_to_on": "Incident, last day",
    "employer_aware_at": "Employer aware",
    "held_at": "Held",
    "happened_at": "Happened",
    "police_ended_at": "Police ended",
    "planned_at": "Planned for",
    "review_on": "Next review",
    "information_on": "Information asked for by",
    "told_on": "Told",
    "due_on": "Due",
}
"""The dates that a record can hold, by the name of the answer."""

"""Which dates cannot be: the safe ordering rules for the four dates of a referral, and nothing stricter.

Employer-aware is not always before received: parents, police and regulators may tell the LADO first, so that rule holds
only where the employer is the source. A date that is not exact is compared by its earliest possible day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.london import london_day

LATE_AFTER = timedelta(hours=2)
"""Recorded this long after received counts as a late entry, and the reason is asked (a default of this product)."""

OLDEST = 110
"""Years of age above which a date of birth is doubted (a default of this product)."""

PLACEHOLDER_YEARS = frozenset({1900, 1901, 1970, 1980, 1990, 1999, 2000})
"""Years whose 1 January is what forms and programs put where a date of birth is not known."""


@dataclass(frozen=True, slots=True)
class ReferralDates:
    """The four dates of a referral. Instants are aware; days are London days; None: not known or not given."""

    received_at: datetime | None
    recorded_at: datetime
    incident_from_on: date | None = None
    incident_to_on: date | None = None
    employer_aware_at: datetime | None = None
    is_from_employer: bool = False


def is_late_entry(received_at: datetime, recorded_at: datetime) -> bool:
    """Whether the referral was typed in so long after it arrived that the reason is asked."""
    return recorded_at - received_at > LATE_AFTER


def problems(dates: ReferralDates) -> dict[str, str]:
    """Say what cannot be, field by field, and how to mend it. Empty when the dates can stand."""
    found: dict[str, str] = {}
    today = london_day(dates.recorded_at)
    if dates.received_at is None:
        found["received"] = "Enter when the referral was received, for example 23 11 2026 at 15:40."
    elif dates.received_at > dates.recorded_at:
        found["received"] = "The referral cannot have been received in the future. Check the date and the time."
    if dates.incident_from_on and dates.incident_from_on > today:
        found["incident"] = "The incident cannot be in the future. Check the date."
    elif dates.incident_from_on and dates.received_at and dates.incident_from_on > london_day(dates.received_at):
        found["incident"] = "The incident cannot have begun after the referral was received. Check both dates."
    if dates.incident_to_on and dates.incident_from_on and dates.incident_to_on < dates.incident_from_on:
        found["incident"] = "The last day of the incident is before its first. Check the two dates."
    elif dates.incident_to_on and dates.incident_to_on > today:
        found["incident"] = "The incident cannot end in the future. Leave the last day out if it goes on."
    if dates.employer_aware_at and dates.employer_aware_at > dates.recorded_at:
        found["employer_aware"] = "The employer cannot have learned of it in the future. Check the date and the time."
    elif _told_before_knowing(dates):
        found["employer_aware"] = (
            "The employer is the source, so it cannot have learned of it after the referral was received. Check both."
        )
    return found


def birth_doubt(born_on: date, today: date) -> str:
    """Say why a date of birth looks made up; empty when it does not. A warning, never a reason to refuse.

    A false date of birth stops checks of history and misleads the police (Kent's advice to referrers).
    """
    if born_on > today:
        return "lies in the future"
    if (born_on.day, born_on.month) == (1, 1) and born_on.year in PLACEHOLDER_YEARS:
        return "looks like a placeholder"
    if today.year - born_on.year > OLDEST:
        return f"would make them more than {OLDEST} years old"
    return ""


def _told_before_knowing(dates: ReferralDates) -> bool:
    aware, received = dates.employer_aware_at, dates.received_at
    return dates.is_from_employer and aware is not None and received is not None and aware > received

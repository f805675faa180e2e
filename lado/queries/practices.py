"""The practice that a case is decided under: procedure, council's rules and calendar, built once and kept."""

from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.models import HolidayList, Referral, RuleSet
from workflows.calendar import Calendar
from workflows.practice import Practice
from workflows.registry import CURRENT, PROCEDURES
from workflows.rules import Rules, from_json


def in_force(session: Session, authority_id: int, at: object) -> Practice:
    """The practice for a new case: the current procedure under the rules in force at the instant."""
    query = (
        select(RuleSet.body)
        .where(RuleSet.authority_id == authority_id, RuleSet.effective_from_at <= at)
        .order_by(RuleSet.effective_from_at.desc(), RuleSet.id.desc())
        .limit(1)
    )
    return practice(CURRENT.key, CURRENT.version, session.scalars(query).one(), england(session))


def of_case(session: Session, referral: Referral) -> Practice:
    """The practice that this case runs under: the procedure and the rules that it began with, today's calendar."""
    return of(session, referral.authority_id, referral.procedure, referral.procedure_version, referral.rules)


def of(session: Session, authority_id: int, procedure: str, version: int, rules: str) -> Practice:
    """The practice under one version of a procedure and one version of a council's rules."""
    query = select(RuleSet.body).where(RuleSet.authority_id == authority_id, RuleSet.version == rules).limit(1)
    return practice(procedure, version, session.scalars(query).one(), england(session))


def england(session: Session) -> Calendar:
    """England's working days as the newest stored snapshot of the bank holidays has them."""
    version, body = session.execute(
        select(HolidayList.version, HolidayList.body).order_by(HolidayList.first_used_at.desc()).limit(1)
    ).one()
    return _calendar(version, tuple(body["holidays"].items()), body["name"], body["known_from"], body["known_to"])


def known_calendars(session: Session, rules: Rules) -> dict[str, Calendar]:
    """Every stored snapshot less the council's closure days, by version, to work out an old date again."""
    rows = session.execute(select(HolidayList.version, HolidayList.body).order_by(HolidayList.first_used_at))
    found = [
        rules.calendar(
            _calendar(version, tuple(body["holidays"].items()), body["name"], body["known_from"], body["known_to"])
        )
        for version, body in rows
    ]
    return {calendar.version: calendar for calendar in found}


@lru_cache(maxsize=64)
def practice(procedure: str, version: int, rules_body: str, calendar: Calendar) -> Practice:
    """Index a procedure, rules and a calendar; the same ones give the same object."""
    rules: Rules = from_json(rules_body)
    return Practice(PROCEDURES[procedure, version], rules, rules.calendar(calendar))


@lru_cache(maxsize=8)
def _calendar(
    version: str, holidays: tuple[tuple[str, str], ...], name: str, known_from: str, known_to: str
) -> Calendar:
    days = {date.fromisoformat(day): label for day, label in holidays}
    return Calendar.of(name, days, date.fromisoformat(known_from), date.fromisoformat(known_to))

"""The practice that a case is decided under: procedure, council's rules and calendar, built once and kept."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lado.models import HolidayList, Referral, RuleSet
from workflows.calendar import Calendar
from workflows.practice import Practice
from workflows.registry import CURRENT, PROCEDURES
from workflows.rules import Rules, from_json

RULES, HOLIDAYS = RuleSet.__table__.c, HolidayList.__table__.c
BODY_OF_RULES = (
    select(RULES.body)
    .where(RULES.authority_id == bindparam("authority"), RULES.version == bindparam("rules"))
    .order_by(RULES.id)
    .limit(1)
)
NEWEST_HOLIDAYS = select(HOLIDAYS.version).order_by(HOLIDAYS.first_used_at.desc()).limit(1)
BODY_OF_HOLIDAYS = select(HOLIDAYS.body).where(HOLIDAYS.version == bindparam("holidays"))

CALENDARS: dict[str, Calendar] = {}
"""The snapshots that this process has read, by version."""


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
    body = session.execute(BODY_OF_RULES, {"authority": authority_id, "rules": rules}).scalar_one()
    return practice(procedure, version, body, england(session))


def england(session: Session) -> Calendar:
    """England's working days as the newest stored snapshot of the bank holidays has them."""
    version: str = session.execute(NEWEST_HOLIDAYS).scalar_one()
    if version not in CALENDARS:  # a snapshot is named by its content, so one that was read need not be read again
        body = session.execute(BODY_OF_HOLIDAYS, {"holidays": version}).scalar_one()
        CALENDARS[version] = _calendar(version, tuple(body["holidays"].items()), body["name"], *_known(body))
    return CALENDARS[version]


def known_calendars(session: Session, rules: Rules) -> dict[str, Calendar]:
    """Every stored snapshot less the council's closure days, by version, to work out an old date again."""
    rows = session.execute(select(HolidayList.version, HolidayList.body).order_by(HolidayList.first_used_at))
    found = [
        rules.calendar(_calendar(version, tuple(body["holidays"].items()), body["name"], *_known(body)))
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


def _known(body: Mapping[str, Any]) -> tuple[str, str]:
    return body["known_from"], body["known_to"]

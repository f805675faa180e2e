"""The practice that a case is decided under: procedure, council's rules and calendar, built once and kept."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from lado.models import Change, HolidayList, Referral, RuleSet
from lado.queries.kept import once
from workflows.calendar import Calendar
from workflows.office import OfficeHours
from workflows.practice import Practice
from workflows.registry import CURRENT, NAMED, PROCEDURES
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
ADOPTED = (
    select(Change.after)
    .where(Change.authority_id == bindparam("authority"), Change.kind == "procedure")
    .order_by(Change.id.desc())
    .limit(1)
    .scalar_subquery()
)
IN_FORCE = (
    select(
        RuleSet.body,
        RuleSet.effective_from_at,
        ADOPTED.label("procedure"),
        NEWEST_HOLIDAYS.scalar_subquery().label("holidays"),
    )
    .where(RuleSet.authority_id == bindparam("authority"))
    .order_by(
        (RuleSet.effective_from_at <= bindparam("at")).desc(), RuleSet.effective_from_at.desc(), RuleSet.id.desc()
    )
    .limit(1)
)
"""The rules in force at an instant, before the first the newest there are; the procedure, the newest bank holidays."""

CALENDARS: dict[str, Calendar] = {}
"""The snapshots that this process has read, by version."""

SNAPSHOTS: dict[tuple[str, str], Calendar] = {}
"""The snapshot behind a calendar that a council counts with, by the version of its rules and of that calendar."""


class Terms(NamedTuple):
    """What a case runs under: procedure and version, the text of the council's rules, a snapshot of bank holidays."""

    procedure: str
    version: int
    rules: str
    snapshot: Calendar

    @property
    def practice(self) -> Practice:
        """The practice that these make; the same ones give the same object."""
        return practice(*self)


def in_force(session: Session, authority_id: int, at: datetime) -> Practice:
    """The practice for a new case: the procedure that the council uses, under the rules in force at the instant.

    Raises NoResultFound for an instant before the council's first rules.
    """
    row = _row_in_force(session, authority_id, at)
    if row.effective_from_at > at:
        raise NoResultFound(f"no rules were in force at {at}")
    flow = CURRENT if row.procedure is None else NAMED[row.procedure]
    return practice(flow.key, flow.version, row.body, snapshot(session, row.holidays))


def opening(session: Session, authority_id: int, at: datetime) -> tuple[OfficeHours, Calendar]:
    """A council's office hours and closed days at an instant; before its first rules, those of the newest."""
    row = _row_in_force(session, authority_id, at)
    return _opening(row.body, snapshot(session, row.holidays))


def _row_in_force(session: Session, authority_id: int, at: datetime) -> Row[Any]:
    asked = {"authority": authority_id, "at": at}
    return once(session, ("in force", authority_id, at), lambda: session.execute(IN_FORCE, asked).one())


def of_case(session: Session, referral: Referral) -> Practice:
    """The practice that this case runs under: the procedure, the rules and the calendar that its record names."""
    return of(
        session,
        referral.authority_id,
        referral.procedure,
        referral.procedure_version,
        referral.rules,
        referral.calendar,
    )


def of(session: Session, authority_id: int, procedure: str, version: int, rules: str, calendar: str) -> Practice:
    """The practice under one version each of a procedure, a council's rules and the calendar that it counts with."""
    return terms(session, authority_id, procedure, version, rules, calendar).practice


def terms(session: Session, authority_id: int, procedure: str, version: int, rules: str, calendar: str) -> Terms:
    """The parts of that practice. Raises NoResultFound for unknown rules, KeyError for a calendar nobody kept."""
    body = body_of(session, authority_id, rules)
    place = rules, calendar
    if place not in SNAPSHOTS:
        SNAPSHOTS[place] = _snapshot_behind(session, from_json(body), calendar)
    return Terms(procedure, version, body, SNAPSHOTS[place])


def body_of(session: Session, authority_id: int, rules: str) -> str:
    """The canonical text of one version of a council's rules. Raises NoResultFound."""
    found: str = session.execute(BODY_OF_RULES, {"authority": authority_id, "rules": rules}).scalar_one()
    return found


def england(session: Session) -> Calendar:
    """England's working days as the newest stored snapshot of the bank holidays has them."""
    version: str = session.execute(NEWEST_HOLIDAYS).scalar_one()
    return snapshot(session, version)


def snapshot(session: Session, version: str) -> Calendar:
    """England's working days as one stored snapshot of the bank holidays has them. Raises NoResultFound."""
    if version not in CALENDARS:  # a snapshot is named by its content, so one that was read need not be read again
        body = session.execute(BODY_OF_HOLIDAYS, {"holidays": version}).scalar_one()
        CALENDARS[version] = _calendar(version, tuple(body["holidays"].items()), body["name"], *_known(body))
    return CALENDARS[version]


def known_calendars(session: Session, rules: Rules) -> dict[str, Calendar]:
    """Every stored snapshot less the council's closure days, by version, to work out an old date again."""
    found = [rules.calendar(calendar) for calendar in _snapshots(session)]
    return {calendar.version: calendar for calendar in found}


def _snapshots(session: Session) -> list[Calendar]:
    """Every stored snapshot, the oldest first."""
    versions = session.scalars(select(HolidayList.version).order_by(HolidayList.first_used_at)).all()
    return [snapshot(session, version) for version in versions]


def _snapshot_behind(session: Session, rules: Rules, calendar: str) -> Calendar:
    for found in reversed(_snapshots(session)):
        if rules.calendar(found).version == calendar:
            return found
    raise KeyError(calendar)


@lru_cache(maxsize=64)
def practice(procedure: str, version: int, rules_body: str, calendar: Calendar) -> Practice:
    """Index a procedure, rules and a calendar; the same ones give the same object."""
    rules: Rules = from_json(rules_body)
    return Practice(PROCEDURES[procedure, version], rules, rules.calendar(calendar))


@lru_cache(maxsize=16)
def _opening(body: str, calendar: Calendar) -> tuple[OfficeHours, Calendar]:
    """Office hours and closed days under one text of rules; the same ones give the same objects."""
    rules = from_json(body)
    return rules.office, rules.calendar(calendar)


@lru_cache(maxsize=8)
def _calendar(
    version: str, holidays: tuple[tuple[str, str], ...], name: str, known_from: str, known_to: str
) -> Calendar:
    days = {date.fromisoformat(day): label for day, label in holidays}
    return Calendar.of(name, days, date.fromisoformat(known_from), date.fromisoformat(known_to))


def _known(body: Mapping[str, Any]) -> tuple[str, str]:
    return body["known_from"], body["known_to"]

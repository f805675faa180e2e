"""Demand in plain values: open cases by officer against the limit, and the decisions to bring in second cover."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from lado.models import DemandAlarm
from lado.web.due import counted, point, point_for_good
from lado.web.who_has import name_of


def officer_rows(opened: Mapping[int, int], names: Mapping[int, str], most: int) -> list[tuple[str, ...]]:
    """Each officer, how many open cases they have, and how that stands against the limit; the most first."""
    ordered = sorted(names, key=lambda person: (-opened.get(person, 0), names[person]))
    return [
        (names[person], str(opened.get(person, 0)), "Above the limit" if opened.get(person, 0) > most else "Within it")
        for person in ordered
    ]


def people_of(alarm: DemandAlarm) -> set[int]:
    """Whom a decision names: the officer it is about, and who was brought in."""
    return {person for person in (alarm.account_id, alarm.second_id) if person is not None}


def alarm_words(alarm: DemandAlarm, names: Mapping[int, str], at: datetime) -> str:
    """A decision that holds: who was brought in, until when, why, and what may go to them."""
    who = "Nobody was there to be brought in as second cover"
    if alarm.second_id is not None:
        who = f"{name_of(alarm.second_id, names)} is second cover until {point(alarm.until_at, at)}"
    ending = ". New referrals may go to them." if alarm.second_id is not None else ". Name somebody under Cover."
    return f"{who}: {_why(alarm, names)}{ending}"


def alarm_rows(alarms: Iterable[DemandAlarm], names: Mapping[int, str]) -> list[tuple[str, ...]]:
    """The decisions as rows: when, why, who was brought in, until when."""
    return [
        (
            point_for_good(alarm.raised_at),
            _why(alarm, names)[:1].upper() + _why(alarm, names)[1:],
            name_of(alarm.second_id, names) if alarm.second_id is not None else "Nobody was there",
            point_for_good(alarm.until_at),
        )
        for alarm in alarms
    ]


def _why(alarm: DemandAlarm, names: Mapping[int, str]) -> str:
    if alarm.account_id is not None:
        whose = name_of(alarm.account_id, names)
        return f"{whose} had {counted(alarm.counted, 'open case')}, where up to {alarm.most} are within the limit"
    week = f"{alarm.week_on.day} {alarm.week_on:%B}"
    referrals = counted(alarm.counted, "referral")
    return f"{referrals} in the week of {week}, where up to {alarm.most} are within the limit"

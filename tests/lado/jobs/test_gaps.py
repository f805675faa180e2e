"""Looking ahead: managers hear weekly of gaps that stand, and demand above its level brings in second cover by rule."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.domain.demand import FEWEST_WEEKS
from lado.jobs import digest, gaps
from lado.models import DemandAlarm, Notice
from lado.services import cover, demand, restrictions
from lado.services.cover import NewAbsence
from lado.services.restrictions import NewList


@pytest.fixture
def tick(database):
    return lambda: gaps.tick(database)


@pytest.fixture
def away(database, people, clock):
    def book(person, days=3, covering=None):
        begin = clock.now() + timedelta(days=7)
        new = NewAbsence(person.id, "leave", begin, begin + timedelta(days=days), covering.id if covering else None)
        with database.work(people.mina) as act:
            return cover.book_leave(act, new).absence.id

    return book


@pytest.fixture
def written(database, people):
    def read(to, key):
        with database.reading(people.system) as act:
            query = select(Notice).where(Notice.account_id == to.id, Notice.message_id.startswith(key))
            return list(act.session.scalars(query.order_by(Notice.id)))

    return read


@pytest.fixture
def alarms(database, people):
    def read():
        with database.reading(people.system) as act:
            return list(act.session.scalars(select(DemandAlarm).order_by(DemandAlarm.id)))

    return read


@pytest.fixture
def a_quiet_quarter(caseload, clock):
    """Two referrals a week for as many weeks as are needed to expect anything; then a Monday morning."""
    for _ in range(FEWEST_WEEKS + 2):
        for _ in range(2):
            caseload.referral()
        clock.advance(days=7)


def test_where_nothing_is_wrong_nobody_hears_of_it(tick, written, people):
    assert tick() == {"told": 0, "brought_in": 0, "failed": 0}
    assert written(people.mina, "gaps.") == []


def test_managers_hear_once_a_week_for_as_long_as_a_gap_stands(tick, away, written, people, clock, database):
    absence_id = away(people.olive, days=30)

    assert tick()["told"] == 2
    assert tick()["told"] == 0
    clock.advance(days=1)
    assert tick()["told"] == 0
    clock.advance(days=6)
    assert tick()["told"] == 2
    found = written(people.mina, "gaps.")
    assert [notice.subject for notice in found] == ["Gaps in the cover ahead"] * 2
    assert "1 gap stands in the cover of the next 12 weeks" in found[0].body
    assert "Olive" not in found[0].body
    with database.work(people.mina) as act:
        cover.cancel(act, absence_id)
    clock.advance(days=7)
    assert tick()["told"] == 0


def test_a_manager_is_told_of_no_gap_in_a_case_that_they_are_kept_from(
    tick, caseload, written, people, clock, database
):
    referral = caseload.referral()
    with database.work(people.mina) as act:
        restrictions.restrict(act, referral.id, NewList([people.olive.id], "A cousin of a colleague."))
    clock.advance(days=1)
    digest.tick(database)
    tick()

    assert len(written(people.mina, "gaps.")) == 1
    assert written(people.hal, "gaps.") == []
    assert ["gap" in notice.body for notice in written(people.mina, "digest.")] == [True]
    assert not [notice for notice in written(people.hal, "digest.") if "gap" in notice.body]


def test_nobody_is_told_before_the_office_opens_and_a_missed_monday_is_made_up_for(tick, away, clock, people):
    away(people.olive)
    clock.advance(hours=-2)
    assert tick()["told"] == 0
    clock.advance(days=1, hours=2)

    assert tick()["told"] == 2


def test_a_council_without_any_officer_is_told_so(tick, database, people, written):
    with database.work(people.system) as act:
        act.session.connection().exec_driver_sql(
            "UPDATE account SET disabled_at = created_at WHERE role IN ('designated_officer', 'cover_officer')"
        )

    assert tick()["told"] == 2
    assert "1 gap stands" in written(people.hal, "gaps.")[0].body


def test_arrivals_above_their_level_bring_in_second_cover_once_a_week(
    tick, caseload, clock, alarms, written, people, a_quiet_quarter
):
    for _ in range(6):
        caseload.referral()
    assert tick()["brought_in"] == 0, "6 is the most that chance explains of 2 a week"
    caseload.referral()

    assert tick()["brought_in"] == 1
    assert tick()["brought_in"] == 0
    (alarm,) = alarms()
    assert (alarm.kind, alarm.account_id, alarm.counted, alarm.most) == ("arrivals", None, 7, 6)
    assert alarm.second_id == people.carl.id, "he has the fewest cases of those who are there"
    assert alarm.week_on == clock.now().date()
    assert (alarm.until_at.date() - alarm.week_on).days == 11
    (notice,) = written(people.carl, "demand.")
    assert "You are second cover until the end of Friday" in notice.body
    assert written(people.mina, "demand.")[0].subject == "Demand is above its level"


def test_without_weeks_enough_nothing_is_expected_and_nothing_is_raised(tick, caseload, alarms):
    for _ in range(12):
        caseload.referral()

    assert tick()["brought_in"] == 0
    assert alarms() == []


def test_an_officer_above_the_councils_limit_brings_in_somebody_else(tick, database, caseload, alarms, people):
    with database.work(people.mina) as act:
        demand.set_limit(act, 2)
    for _ in range(3):
        caseload.referral()

    assert tick()["brought_in"] == 1
    assert tick()["brought_in"] == 0
    (alarm,) = alarms()
    assert (alarm.kind, alarm.account_id, alarm.counted, alarm.most) == ("open_cases", people.olive.id, 3, 2)
    assert alarm.second_id == people.carl.id


def test_trouble_with_one_council_stops_no_other(tick, away, people, database, monkeypatch):
    away(people.olive)
    tell = gaps.gaps.tell

    def refuse(act, authority_id):
        if authority_id != people.olive.authority:
            raise ValueError
        return tell(act, authority_id)

    monkeypatch.setattr(gaps.gaps, "tell", refuse)

    assert tick() == {"told": 2, "brought_in": 0, "failed": 1}

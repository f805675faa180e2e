"""The auditor: a due rung without a record is found however old its clock is, and stands until it is settled."""

import json

import pytest
from sqlalchemy import delete, event, select, text

from lado.jobs import audit
from lado.jobs.escalation import run_pass
from lado.models import CaseClock, DueMoment, Escalation, Notice, Unrecorded
from lado.queries import front
from lado.queries.audit import NEVER_LOOKED_AT, NOBODY_TOLD, NOT_CLIMBED, missing
from lado.security.identity import SYSTEM
from tests.support.commands import runner
from tests.support.passes import at
from tests.support.tampering import every_right


@pytest.fixture
def lapsed(database, caseload, clock):
    """A case whose decision has lapsed and whose ladder was climbed as far as it is due."""
    referral = caseload.referral()
    clock.move_to(at("2026-03-04T14:00"))
    run_pass(database)
    return referral


def strike(database, statement):
    with every_right(database) as connection:
        connection.execute(statement)


def warnings(database):
    with database.reading(SYSTEM) as act:
        return [alarm for alarm in front.alarms(act) if "not recorded" in alarm]


def told(database):
    with database.reading(SYSTEM) as act:
        query = select(Notice.account_id).where(Notice.message_id.like("audit.%"))
        return set(act.session.scalars(query))


def clock_of(database, key="evaluation_decision"):
    with database.reading(SYSTEM) as act:
        return act.session.scalars(select(CaseClock.id).where(CaseClock.key == key)).one()


def test_nothing_is_missing_after_a_pass(database, lapsed):
    assert audit.tick(database) == []
    assert warnings(database) == []


def test_a_clock_that_nobody_looked_at_in_time_is_found_and_settled_by_a_pass(database, caseload, clock, people):
    caseload.referral()
    clock.move_to(at("2026-03-04T14:00"))

    found = audit.tick(database)

    assert {(one.rung, one.why) for one in found} == {("warning 80", NOT_CLIMBED)}
    assert len(warnings(database)) == 1
    assert told(database) == {people.mina.id, people.hal.id, people.dee.id}
    run_pass(database)
    assert audit.tick(database) == []
    assert warnings(database) == []


def test_a_tick_or_two_are_no_silence(database, caseload, clock):
    caseload.referral()
    clock.move_to(at("2026-03-03T16:25"))

    assert audit.tick(database) == []


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda clock: delete(DueMoment).where(DueMoment.clock_id == clock), NEVER_LOOKED_AT),
        (lambda clock: delete(Escalation).where(Escalation.clock_id == clock, Escalation.rung == "cover"), NOT_CLIMBED),
        (lambda clock: delete(Notice).where(Notice.message_id.like(f"rung.{clock}.%")), NOBODY_TOLD),
    ],
)
def test_what_has_no_record_is_found_years_later(database, lapsed, clock, spoil, why):
    strike(database, spoil(clock_of(database)))
    clock.advance(days=1100)
    run_pass(database)

    found = audit.tick(database)

    assert (lapsed.reference, why) in {(one.reference, one.why) for one in found}
    assert len(warnings(database)) == 1


def test_managers_are_told_once_of_what_stands(database, lapsed, clock):
    strike(database, delete(DueMoment).where(DueMoment.clock_id == clock_of(database)))
    for _ in range(3):
        clock.advance(minutes=15)
        run_pass(database)
        audit.tick(database)

    with database.reading(SYSTEM) as act:
        assert len(act.session.scalars(select(Unrecorded)).all()) == 1
        assert len(act.session.scalars(select(Notice).where(Notice.message_id.like("audit.%"))).all()) == 3


def test_a_clock_that_stands_or_has_ended_needs_no_record(database, lapsed):
    clock = clock_of(database)
    strike(database, delete(Escalation).where(Escalation.clock_id == clock))
    strike(database, text("UPDATE case_clock SET paused_at = '2026-03-04 10:00:00+00:00'"))

    assert audit.tick(database) == []


def test_the_audit_reads_as_often_for_many_clocks_as_for_one(database, caseload, clock):
    counted = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))

    def reads():
        with database.reading(SYSTEM) as act:
            counted.clear()
            list(missing(act.session, act.at))
            return len(counted)

    caseload.referral()
    clock.move_to(at("2026-03-04T14:00"))
    run_pass(database)
    reads()
    few = reads()
    for _ in range(6):
        caseload.referral()
    clock.move_to(at("2026-03-10T18:00"))
    run_pass(database)

    assert reads() == few


def test_the_command_prints_what_is_missing_and_fails(database, lapsed):
    done = runner(database)("escalations", "audit")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    strike(database, delete(DueMoment).where(DueMoment.clock_id == clock_of(database)))

    done = runner(database)("escalations", "audit")

    assert done.exit_code == 1
    assert json.loads(done.stdout)[0]["why"] == NEVER_LOOKED_AT

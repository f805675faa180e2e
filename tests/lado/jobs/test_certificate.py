"""The certificate: made each night and whenever what differs has changed, told to managers, and never a repair."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from lado.jobs import certificate
from lado.models import Certificate, Notice
from lado.queries import certificates as kept
from lado.queries import front
from lado.security.identity import SYSTEM
from lado.services import certificates
from tests.support.commands import runner


def made(database, council):
    with database.reading(SYSTEM) as act:
        query = select(Certificate).where(Certificate.authority_id == council).order_by(Certificate.id)
        return list(act.session.scalars(query))


def notices(database):
    with database.reading(SYSTEM) as act:
        query = select(Notice).where(Notice.message_id.like("certificate.%")).order_by(Notice.id)
        return list(act.session.scalars(query))


def spoil(database, state="closed"):
    with database.work(SYSTEM) as act:
        act.session.execute(text(f"UPDATE referral SET state = '{state}'"))


def alarms(database, who):
    with database.reading(SYSTEM) as act:
        found = front.frame(act, who.authority, reads_record=True).alarms
    return [alarm for alarm in found if alarm.startswith("The record")]


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-03-02T09:30", "2026-03-02T02:00"),
        ("2026-03-02T01:59", "2026-03-01T02:00"),
        ("2026-07-02T00:59", "2026-07-01T01:00"),
        ("2026-07-02T01:00", "2026-07-02T01:00"),
        ("2026-03-29T01:00", "2026-03-29T01:00"),
        ("2026-10-25T01:30", "2026-10-24T01:00"),
        ("2026-10-25T02:00", "2026-10-25T02:00"),
    ],
)
def test_the_night_begins_at_two_in_london(now, night):
    assert certificates.last_night(_utc(now)) == _utc(night)


def _utc(text_):
    return datetime.fromisoformat(text_).replace(tzinfo=UTC)


def test_a_council_has_a_certificate_at_once_and_one_a_night(database, clock, caseload, people):
    caseload.referral(("meet_threshold",))
    certificate.tick(database)
    for _ in range(6 * 24):
        clock.advance(minutes=10)
        certificate.tick(database)

    found = made(database, people.mina.authority)

    assert [each.at for each in found] == [_utc("2026-03-02T09:30"), _utc("2026-03-03T02:00")]
    assert [(each.cases, each.differences) for each in found] == [(1, 0), (1, 0)]
    assert [each.cases for each in made(database, people.sam.authority)] == [0, 0]
    assert notices(database) == []


def test_a_difference_is_an_incident_until_it_is_gone(database, clock, caseload, people):
    was = caseload.referral().state
    certificate.tick(database)
    spoil(database)
    clock.advance(minutes=10)
    certificate.tick(database)
    broken, told = alarms(database, people.mina), notices(database)
    clock.advance(minutes=10)
    certificate.tick(database)
    spoil(database, was)
    clock.advance(minutes=10)
    certificate.tick(database)

    found = made(database, people.mina.authority)
    assert [each.differences > 0 for each in found] == [False, True, False]
    assert {each["field"] for each in json.loads(found[1].body)} >= {"state"}
    assert len(broken) == 1
    assert alarms(database, people.mina) == []
    assert {each.account_id for each in told} == {people.mina.id, people.hal.id}
    assert len(notices(database)) == 2
    with database.reading(SYSTEM) as act:
        assert kept.clean_since(act.session, people.mina.authority) == clock.now()


def test_another_councils_difference_is_not_shown_here(database, caseload, people):
    caseload.referral(who=people.sam)
    spoil(database)

    certificate.make(database)

    assert [each.differences for each in made(database, people.mina.authority)] == [0]
    assert [each.differences > 0 for each in made(database, people.sam.authority)] == [True]


def test_what_was_done_to_the_record_itself_concerns_everybody(database, caseload, people):
    caseload.referral()
    with database.work(SYSTEM) as act:
        act.session.execute(text("UPDATE ledger_head SET entries = entries + 1"))

    certificate.make(database)

    for who in (people.mina, people.sam):
        (found,) = made(database, who.authority)
        assert [each["kind"] for each in json.loads(found.body)] == ["cut tail"]


def test_intake_goes_on_and_nothing_is_mended(database, caseload, people):
    caseload.referral()
    spoil(database)
    certificate.make(database)

    caseload.referral()
    certificate.make(database)

    found = made(database, people.mina.authority)
    assert [each.cases for each in found] == [1, 2]
    assert found[0].differences == found[1].differences > 0


def test_of_two_nodes_one_proves(database, clock):
    certificate.tick(database)
    certificate.tick(database)
    clock.advance(minutes=9)
    certificate.tick(database)

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(Certificate.at).distinct()).all() == [_utc("2026-03-02T09:30")]


def test_the_letter_leads_to_the_record(database, caseload):
    caseload.referral()
    spoil(database)
    certificate.make(database)
    (notice, _) = notices(database)

    with database.reading(SYSTEM) as act:
        letter = certificates.notices.letter(act, notice.id, "https://lado.example")

    assert "https://lado.example/record" in letter.text


def test_the_command_exits_with_the_verdict(database, caseload):
    caseload.referral()
    run = runner(database)
    clean = run("certificate")
    spoil(database)

    broken = run("certificate")

    assert (clean.exit_code, broken.exit_code) == (0, 1)
    assert [each["cases"] for each in json.loads(clean.stdout)] == [1, 0]
    assert json.loads(broken.stdout)[0]["differences"] > 0

"""How cases stood is written with them, in few statements, filled in once for older ones, and any change is found."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select, text

from lado.errors import NotAllowed
from lado.models import Standing
from lado.security.identity import SYSTEM
from lado.services import standings
from lado.services.verification import verify
from tests.support.commands import runner, said

FAR = ("meet_threshold", "arrange_meeting", "hold_meeting", "investigate", "pause_for_police")


def rows_of(database, referral):
    with database.reading(SYSTEM) as act:
        query = select(Standing).where(Standing.referral_id == referral.id).order_by(Standing.from_at)
        return [
            (row.from_at, row.until_at, row.node, row.state, row.owner_id, row.next_clock, row.next_due_at)
            for row in act.session.scalars(query)
        ]


def differences(database):
    with database.reading(SYSTEM) as act:
        return verify(act).differences


@pytest.fixture
def a_case(caseload, clock):
    """A case with a history of some days."""
    referral = caseload.referral()
    for move in FAR:
        clock.advance(days=1)
        caseload.make(referral, move)
    return referral


def test_each_change_begins_a_span_where_the_last_one_ends(database, a_case):
    rows = rows_of(database, a_case)

    assert [row[3] for row in rows][-1] == "paused_for_police"
    assert [row[1] for row in rows] == [*(row[0] for row in rows[1:]), None]
    assert len(rows) == 1 + len(FAR)


def test_moves_at_one_instant_make_one_span(database, caseload):
    referral = caseload.referral(FAR)

    assert len(rows_of(database, referral)) == 1
    assert differences(database) == ()


def test_what_changes_nothing_that_a_queue_shows_writes_nothing(database, caseload, clock, a_case):
    clock.advance(hours=1)
    written = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda *told: written.append(told[2]) if "standing" in told[2] else None,
    )

    caseload.make(a_case, "add_note", {}, {"note": "Nothing has changed."})
    assert written == []

    caseload.make(a_case, "assign", {"owner": caseload.officer.id})
    caseload.make(a_case, "resume")
    assert len(written) == 3


def test_cases_that_were_recorded_before_are_filled_in_once(database, caseload, clock, a_case):
    other = caseload.referral()
    before = rows_of(database, a_case), rows_of(database, other)
    with database.work(SYSTEM) as act:
        act.session.execute(delete(Standing))

    with database.work(SYSTEM) as act:
        assert standings.fill(act) == 2
    assert (rows_of(database, a_case), rows_of(database, other)) == before
    with database.work(SYSTEM) as act:
        assert standings.fill(act) == 0
    assert differences(database) == ()


def test_a_case_that_goes_on_before_it_was_filled_in_gets_its_whole_history(database, caseload, clock, a_case):
    before = rows_of(database, a_case)
    with database.work(SYSTEM) as act:
        act.session.execute(delete(Standing))
    clock.advance(days=1)
    caseload.make(a_case, "resume")

    assert rows_of(database, a_case)[: len(before) - 1] == before[:-1]
    assert differences(database) == ()


def test_bringing_the_database_up_to_date_fills_them_in(database, a_case):
    with database.work(SYSTEM) as act:
        act.session.execute(delete(Standing))

    assert said(runner(database)("db", "upgrade"))["up_to_date"]

    assert differences(database) == ()


def test_only_who_may_prove_the_record_fills_it_in(database, people):
    with database.work(people.olive) as act, pytest.raises(NotAllowed):
        standings.fill(act)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE standing SET state = 'closed' WHERE until_at IS NULL", "state"),
        ("UPDATE standing SET node = node + 1 WHERE until_at IS NOT NULL", "node"),
        ("DELETE FROM standing WHERE until_at IS NULL", "since"),
        ("UPDATE standing SET owner_id = NULL", "owner_id"),
    ],
)
def test_a_past_that_was_changed_is_named(database, a_case, statement, found):
    with database.work(SYSTEM) as act:
        act.session.execute(text(statement))

    named = {(each.table, each.reference) for each in differences(database) if found in each.field}

    assert named == {("standing", a_case.reference)}


def test_a_recording_that_waited_and_carries_an_earlier_time_is_still_as_the_record_says(database, caseload, clock):
    referral = caseload.referral()
    clock.advance(hours=2)
    caseload.make(referral, "meet_threshold")
    clock.move_to(clock.now() - timedelta(minutes=1))
    caseload.make(referral, "hold_meeting")

    assert [row[3] for row in rows_of(database, referral)] == ["received", "meeting_held"]
    assert differences(database) == ()

"""The proof that the screen is the record: clean after real work, and every kind of tampering is named."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event

from lado.errors import NotAllowed
from lado.queries import conflicts as declared
from lado.security.identity import SYSTEM
from lado.services import conflicts, verification
from lado.services.conflicts import NewConflict
from tests.support.commands import runner, said
from tests.support.tampering import tamper

FAR = (
    "meet_threshold",
    "arrange_meeting",
    "hold_meeting",
    "investigate",
    "pause_for_police",
)


@pytest.fixture
def a_case(caseload, clock):
    """A case that is paused for the police, with an action."""
    referral = caseload.referral(FAR, employer_aware_at=clock.now() - timedelta(days=3))
    caseload.make(
        referral,
        "set_action",
        {"holder": "officer", "due_on": clock.now().date() + timedelta(days=7)},
        {"action": "Ring"},
    )
    return referral


def verdict_of(database):
    with database.reading(SYSTEM) as act:
        return verification.verify(act)


def test_real_work_verifies_clean(database, a_case, caseload):
    caseload.referral(("advise",), is_advice_call=True)

    found = verdict_of(database)

    assert (found.cases, found.differences) == (2, ())
    assert found.entries > 20


def test_an_empty_database_is_clean(database):
    assert verdict_of(database) == (0, 0, ())


@pytest.mark.parametrize(
    ("statement", "table", "field"),
    [
        ("UPDATE referral SET state = 'closed', is_open = {no}", "referral", "state"),
        ("UPDATE referral SET next_due_at = '2030-01-01 00:00:00+00:00'", "referral", "next_due_at"),
        ("UPDATE referral SET owner_id = owner_id + 1", "referral", "owner_id"),
        ("UPDATE referral SET events = events + 1", "referral", "events"),
        (
            "UPDATE case_clock SET due_at = '2030-01-01 00:00:00+00:00' WHERE key = 'review'",
            "case_clock",
            "review 1: due_at",
        ),
        (
            "DELETE FROM due_moment WHERE clock_id IN (SELECT id FROM case_clock WHERE key = 'review')",
            "due_moment",
            "review 2",
        ),
        ("UPDATE due_moment SET next_at = '2030-01-01 00:00:00+00:00'", "due_moment", "review 2: next_at"),
        ("UPDATE case_action SET is_done = {yes}", "case_action", "action 1: is_done"),
        ("DELETE FROM case_action", "case_action", "action 1"),
        ("UPDATE case_clock SET occurrence = 3 WHERE key = 'review' AND occurrence = 2", "case_clock", "review 3"),
    ],
)
def test_a_table_that_says_something_else_is_named(database, a_case, statement, table, field):
    tamper(database, statement.format(yes="TRUE", no="FALSE"))

    found = verdict_of(database).differences

    assert (a_case.reference, table, field) in {(each.reference, each.table, each.field) for each in found}


@pytest.fixture
def declarations(database, a_case, people):
    """Carl's link to the school, one of his that ended, Dana's to a person, and Hal's to this one case: their ids.

    Hal's comes first: a link to its adult restricts the case to a list that he is not on.
    """
    with database.work(people.hal) as act:
        conflicts.declare_case(act, a_case.id, "I know them.")
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "school", "Willow Lane Primary School"))
        conflicts.declare(act, NewConflict(people.carl.id, "person", "Robin Sample"))
        ended, school = declared.own(act)
        conflicts.end(act, ended, "A mistake.")
    with database.work(people.dana) as act:
        conflicts.declare(act, NewConflict(people.dana.id, "person", "Robin Sample"))
    return {"school": school.id, "ended": ended.id, "person": ended.id + 1, "case": school.id - 1}


def test_whom_a_case_is_kept_from_verifies_clean(database, a_case, declarations, caseload):
    caseload.referral(setting="Elm Park Nursery")

    assert verdict_of(database).differences == ()


@pytest.mark.parametrize(
    ("statement", "field", "record", "screen"),
    [
        ("DELETE FROM barred WHERE conflict_id = {school}", "school", "carl", None),
        ("UPDATE barred SET ended_at = since_at WHERE conflict_id = {case}", "case", "hal", None),
        ("UPDATE barred SET account_id = {olive} WHERE conflict_id = {person}", "person: account_id", "dana", "olive"),
        ("UPDATE barred SET ended_at = NULL WHERE conflict_id = {ended}", "ended", None, "carl"),
        ("DELETE FROM conflict_token WHERE conflict_id = {person}", "person", None, "dana"),
    ],
)
def test_somebody_who_is_kept_from_a_case_or_let_to_it_by_hand_is_named(
    database, a_case, declarations, people, statement, field, record, screen
):
    tamper(database, statement.format(olive=people.olive.id, **declarations))

    (found,) = verdict_of(database).differences
    names = {person.id: name for name, person in people.everyone.items()}
    whose = [value["account_id"] if isinstance(value, dict) else value for value in (found.record, found.screen)]

    name, *column = field.split(":")
    assert (found.reference, found.table) == (a_case.reference, "barred")
    assert found.field == ":".join([f"conflict {declarations[name]}", *column])
    assert [None if account is None else names[account] for account in whose] == [record, screen]


@pytest.mark.parametrize(
    ("data", "kind"),
    [("not json", "Noted"), ("{}", "ClockMet"), ('{"clock":"no such"}', "Nothing")],
)
def test_a_ledger_that_cannot_be_read_is_a_difference_and_not_a_crash(database, a_case, data, kind):
    tamper(
        database,
        "INSERT INTO ledger_entry (sequence, referral_id, number, kind, data, role, login, recorded_at, link) "
        f"VALUES (900, {a_case.id}, 900, '{kind}', '{data}', 'system', '', '2026-03-02 09:30:00+00:00', '')",
    )

    found = {(each.table, each.field): each.record for each in verdict_of(database).differences}

    assert found["ledger_entry", "number"] is not None
    assert "entry 900" in found["ledger_entry", "data"]


def test_the_command_exits_with_the_verdict(database, a_case):
    run = runner(database)
    clean = said(run("ledger", "verify"))
    tamper(database, "UPDATE referral SET state = 'evaluating'")

    result = run("ledger", "verify")

    assert (clean["cases"], clean["differences"]) == (1, [])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["differences"] == [
        {
            "reference": a_case.reference,
            "table": "referral",
            "field": "state",
            "record": "paused_for_police",
            "screen": "evaluating",
        }
    ]


def test_the_number_of_queries_does_not_grow_with_the_cases(database, caseload):
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    caseload.referral()
    counted.clear()
    verdict_of(database)
    for_one = len(counted)
    for _ in range(4):
        caseload.referral()
    counted.clear()
    verdict_of(database)

    assert len(counted) == for_one


def test_who_may_not_verify_is_refused(database, people):
    with database.reading(people.pat) as act, pytest.raises(NotAllowed):
        verification.verify(act)


def test_a_value_that_is_no_instant_at_all_is_a_difference_and_not_a_silence(database, a_case):
    value = "whenever" if database.engine.dialect.name == "sqlite" else "infinity"
    tamper(database, f"UPDATE referral SET next_due_at = '{value}'")

    assert [(each.reference, each.field) for each in verdict_of(database).differences] == [
        ("", "unreadable after case 0")
    ]

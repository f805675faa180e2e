"""The chain as it is written and proved: numbers without a gap, a proof that writes nothing and blocks nobody."""

import hashlib
import hmac
import threading
from contextlib import suppress

import pytest
from sqlalchemy import event

from lado.domain.chain import GENESIS
from lado.domain.tampering import Entry, Finding, Kind, bytes_of
from lado.domain.walking import Walk
from lado.errors import NotAllowed
from lado.queries import chain as rows
from lado.security.identity import SYSTEM
from lado.services import chain, moves
from tests.faults.tampering import Undone
from tests.support.tampering import tamper


def prove(database, away=()):
    with database.reading(SYSTEM) as act:
        return chain.prove(act, away)


def numbers(database):
    with database.reading(SYSTEM) as act:
        return [row[0] for row in rows.entries(act.session)]


def test_real_work_proves_clean(database, caseload):
    caseload.referral(("meet_threshold", "hold_meeting"))
    caseload.referral(("advise",), is_advice_call=True)

    proof = prove(database)

    assert proof.findings == ()
    assert numbers(database) == list(range(1, proof.entries + 1))


def test_an_empty_record_proves_clean(database):
    assert prove(database) == (0, GENESIS, 0, 0, ())


def test_the_links_are_the_ones_that_anybody_with_the_key_computes(database, caseload, vault_keys):
    caseload.referral(("meet_threshold",))
    link = GENESIS
    with database.reading(SYSTEM) as act:
        for row in rows.entries(act.session):
            link = hmac.new(vault_keys[2], link + bytes_of(row), hashlib.sha256).digest()
            assert row.link == link
        assert rows.head(act.session).link == link


def test_forced_rollbacks_leave_no_gap(database, caseload):
    referral = caseload.referral(("meet_threshold",))
    for count in range(30):
        with suppress(Undone), database.work(caseload.officer) as act:
            moves.make(act, referral.id, "add_note", {}, {"note": "Not kept."})
            raise Undone
        if count % 10 == 0:
            caseload.make(referral, "add_note", {}, {"note": "Kept."})

    proof = prove(database)

    assert proof.findings == ()
    assert numbers(database) == list(range(1, proof.entries + 1))


def test_proving_writes_nothing(database, caseload):
    caseload.referral()
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    prove(database)

    assert {statement.split()[0] for statement in statements} <= {"SELECT", "BEGIN", "SHOW"}


def test_a_writer_does_not_wait_for_a_proof(database, caseload):
    """Half way through the walk somebody else logs a referral; the walk still sees what was there when it began."""
    caseload.referral()
    with database.reading(SYSTEM) as act:
        head = rows.head(act.session)
        walking = rows.entries(act.session)
        first = next(walking)
        writer = threading.Thread(target=caseload.referral)
        writer.start()
        writer.join(timeout=10)
        assert not writer.is_alive()
        walk = Walk(act.vault.link).over([first, *walking])

    assert (walk.entries, walk.previous) == (head.entries, head.link)
    assert len(numbers(database)) > head.entries


def test_the_reading_takes_as_many_queries_for_many_entries(database, caseload):
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    caseload.referral()
    counted.clear()
    prove(database)
    for_one = len(counted)
    for _ in range(4):
        caseload.referral(("meet_threshold",))
    counted.clear()
    prove(database)

    assert len(counted) == for_one


def test_who_may_not_prove_is_refused(database, people):
    with database.reading(people.olive) as act, pytest.raises(NotAllowed):
        chain.prove(act)


def test_what_was_found_names_the_case(database, caseload):
    referral = caseload.referral()
    with database.work(SYSTEM) as act:
        found = chain.plain(act, [Finding(Kind.EDITED, "ledger_entry", 3, 3, referral.id, 3)])

    assert found == [
        {
            "kind": "edited entry",
            "table": "ledger_entry",
            "first": 3,
            "last": 3,
            "reference": referral.reference,
            "number": 3,
            "words": "Entry 3 is not what was recorded: it was changed afterwards.",
        }
    ]


def test_a_spoilt_record_is_walked_in_bounded_time():
    """Every link is wrong: the walk gives up explaining, and still ends with a finding."""
    spoilt = [Entry(at, 1, at, "Noted", "{}", None, None, "", "", "", bytes(32)) for at in range(1, 3001)]

    walk = Walk(lambda before, entry: hashlib.sha256(before + entry).digest()).over(spoilt)

    assert walk.entries == 3000
    assert walk.runs[0].last == 3000


OFF = {
    "sqlite": "DROP TRIGGER ledger_entry_is_never_changed",
    "postgresql": "SET LOCAL session_replication_role = replica",
}
"""What somebody with every right does first."""


@pytest.mark.parametrize("value", ["not an instant", "", "infinity", "-infinity", "0044-03-15 12:00:00+00 BC"])
def test_a_value_of_no_kind_at_all_does_not_stop_the_proof(database, caseload, value):
    """SQLite holds any text for an instant; PostgreSQL holds instants that no calendar of ours has."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    caseload.referral()
    held = value if is_sqlite or value.endswith(("infinity", "BC")) else "infinity"
    tamper(
        database,
        OFF[database.engine.dialect.name],
        f"UPDATE ledger_entry SET recorded_at = '{held}', sealed = 'x' WHERE sequence = 2",
    )

    assert [(each.kind, each.first, each.last) for each in prove(database).findings] == [(Kind.EDITED, 2, 2)]


@pytest.mark.parametrize(("name", "on_sqlite", "on_postgresql"), [("sequence", "none", "-1"), ("link", "none", "")])
def test_an_entry_without_a_number_or_a_link_does_not_stop_the_proof(
    database, caseload, name, on_sqlite, on_postgresql
):
    value = on_sqlite if database.engine.dialect.name == "sqlite" else on_postgresql
    caseload.referral()
    tamper(
        database, OFF[database.engine.dialect.name], f"UPDATE ledger_entry SET {name} = '{value}' WHERE sequence = 4"
    )

    assert prove(database).findings != ()

"""The database itself refuses to change the record: raw SQL, as the application's role and with its way in."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine

from lado.models import Base, Certificate, Checkpoint, ReadEntry
from tests.support import intruder
from tests.support.intruder import EVERYWHERE, HELD_BY_TRIGGERS, ON_POSTGRESQL, ON_SQLITE, Rows, kept, try_it
from tests.support.migrating import as_role
from tests.support.postgres import OWNER


@pytest.fixture
def attacked(caseload, database, people) -> str:
    """The address of a record of a few cases, with something in each table that is written once."""
    for moves in (("meet_threshold",), ("advise",), ()):
        caseload.referral(moves)
    with database.work(people.olive) as act:
        at = act.at
        act.session.add(Checkpoint(at=at, entries=1, link=b"1", reads=0, reads_digest=b"2", signature=b"3"))
        act.session.add(Certificate(authority_id=1, at=at, cases=3, entries=9, link=b"1", differences=0, body="[]"))
        look = {"role": "designated_officer", "what": "view", "page": "referrals.show", "right": "referral.read"}
        act.session.add(ReadEntry(at=at, account_id=people.olive.id, referral_id=1, **look))
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def way_in(attacked: str) -> Iterator[Engine]:
    """The application's own way into that record, without the application."""
    engine = intruder.intruder(attacked)
    yield engine
    engine.dispose()


def all_refused(engine: Engine, attempts: Sequence[str], before: Rows) -> None:
    """Hold that each attempt is refused, and that every protected row still says what it said."""
    for attempt in attempts:
        refusal = try_it(engine, attempt)
        assert refusal is not None, f"accepted: {attempt}"
        assert "syntax error" not in refusal, f"not understood: {attempt}: {refusal}"
        assert "no such" not in refusal, f"not understood: {attempt}: {refusal}"
        assert kept(engine) == before, f"refused, and yet changed: {attempt}"


def on_this(engine: Engine) -> tuple[str, ...]:
    """What is tried on this kind of database alone."""
    if engine.dialect.name == "postgresql":
        return ON_POSTGRESQL
    return tuple(attempt.format(file=engine.url.database) if "ATTACH" in attempt else attempt for attempt in ON_SQLITE)


def test_there_is_something_to_change_in_every_protected_table(way_in):
    assert all(rows for rows in kept(way_in).values())


def test_no_protected_column_can_be_overwritten(way_in):
    attempts = list(intruder.columns(Base.metadata))

    assert len(attempts) > 35
    all_refused(way_in, attempts, kept(way_in))


def test_no_way_of_writing_sql_gets_round_it(way_in):
    all_refused(way_in, EVERYWHERE, kept(way_in))


def test_no_way_that_this_database_alone_knows_gets_round_it(way_in):
    all_refused(way_in, on_this(way_in), kept(way_in))


def test_what_reaches_the_application_s_own_connection_is_refused_as_well(database, attacked):
    way_in = intruder.intruder(attacked)
    before = kept(way_in)
    with_every_row = "" if way_in.dialect.name == "sqlite" else "SELECT set_config('lado.everything', 'on', true);;"

    for attempt in (*intruder.columns(Base.metadata), *EVERYWHERE):
        assert try_it(database.engine, with_every_row + attempt) is not None, f"accepted: {attempt}"
        assert kept(way_in) == before, attempt


def test_the_triggers_hold_back_even_the_owner_of_the_tables(attacked):
    owner = intruder.intruder(as_role(attacked, OWNER))
    before = kept(owner)
    is_postgresql = owner.dialect.name == "postgresql"

    all_refused(owner, [*intruder.columns(Base.metadata), *EVERYWHERE], before)
    all_refused(owner, HELD_BY_TRIGGERS if is_postgresql else (), before)


ILLEGAL = {
    "received after it was recorded": "received_at = '2026-03-02 10:00:00', recorded_at = '2026-03-02 09:00:00'",
    "corrected to after it was recorded": "corrected_received_at = '2999-01-01 00:00:00'",
    "open without an officer": "is_open = true, owner_id = NULL",
    "open without anything due": "is_open = true, next_due_at = NULL",
    "an outcome without a threshold": "outcome = 'substantiated', threshold = ''",
    "without a received date": "received_at = NULL",
    "without a recorded date": "recorded_at = NULL",
}


@pytest.mark.parametrize("illegal", ILLEGAL)
def test_dates_that_cannot_both_be_true_are_refused(way_in, illegal):
    before = kept(way_in)
    changed = dict(change.split(" = ") for change in ILLEGAL[illegal].split(", "))
    changed |= {"id": "1000", "reference": "'NB-NEW'"}
    columns = Base.metadata.tables["referral"].columns.keys()
    said = ", ".join(changed.get(column, column) for column in columns)

    refusal = try_it(way_in, f"INSERT INTO referral ({', '.join(columns)}) SELECT {said} FROM referral WHERE id = 1")

    assert refusal is not None
    assert "constraint" in refusal
    assert kept(way_in) == before


CORRECTION = "INSERT INTO correction (referral_id, authority_id, number, entry, name, state, asked_by_id, asked_at, decided_by_id, decided_at) VALUES (1, 1, 1, 1, 'received_at', {said})"  # noqa: E501
STANDING = "INSERT INTO standing (referral_id, authority_id, node, from_at, until_at, state, is_open, procedure, procedure_version) VALUES (1, 1, 1000, '2026-03-02 10:00:00', '2026-03-02 09:00:00', 'x', true, 'x', 1)"  # noqa: E501


@pytest.mark.parametrize(
    "statement",
    [
        CORRECTION.format(said="'approved', 1, '2026-03-02 10:00:00', 1, '2026-03-02 11:00:00'"),
        CORRECTION.format(said="'approved', 1, '2026-03-02 10:00:00', 2, '2026-03-02 09:00:00'"),
        CORRECTION.format(said="'approved', 1, '2026-03-02 10:00:00', NULL, NULL"),
        STANDING,
    ],
    ids=["asked and decided by one person", "decided before asked", "approved by nobody", "ended before it began"],
)
def test_corrections_and_standings_that_cannot_be_true_are_refused(way_in, statement):
    refusal = try_it(way_in, statement)

    assert refusal is not None
    assert "constraint" in refusal

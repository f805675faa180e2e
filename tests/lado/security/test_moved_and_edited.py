"""What is sealed opens only where it stood and as it was: moved or edited by SQL it is refused and not shown."""

import pytest
from sqlalchemy import LargeBinary, select, text

from lado.models import Base, Notice
from lado.security.identity import SYSTEM
from lado.services import alarms
from lado.vault import CannotOpen, Vault
from tests.architecture.test_what_is_sealed import SEALED
from tests.support.routes import settle_world
from tests.support.signing import sign_in
from tests.support.tampering import every_right, tamper

pytestmark = pytest.mark.database

SECRETS = ("Zebedee", "Quillfeather", "Yarrowby")


@pytest.fixture
def cases(caseload):
    """Two cases whose people are called what nobody else is."""
    return [caseload.referral(subject={"name": f"Zebedee {name}"}) for name in SECRETS[1:]]


def swap(table, one, other):
    """Put the sealed part of each of two rows in the other one's place."""
    return (
        f"CREATE TEMPORARY TABLE moved AS SELECT id, sealed FROM {table} WHERE id IN ({one}, {other})",
        f"UPDATE {table} SET sealed = (SELECT sealed FROM moved WHERE moved.id <> {table}.id) "
        f"WHERE id IN ({one}, {other})",
    )


def unprotected(database, table, statements):
    """Run the statements with the table's triggers out of the way, as whoever owns the database can."""
    if database.engine.dialect.name == "postgresql":
        tamper(database, "SET LOCAL session_replication_role = replica", *statements)
        return
    with every_right(database) as connection:
        found = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
        ).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(text(statement))
        for _, sql in found:
            connection.exec_driver_sql(sql)


def alarmed(database):
    """Who was told."""
    with database.reading(SYSTEM) as act:
        return set(act.session.scalars(select(Notice.account_id).where(Notice.subject == alarms.SUBJECT)))


def attacks(cases, people):
    """By name: the table, the statements, and the page that has to refuse what it then reads."""
    one, other = cases
    page, record = f"/referrals/{one.reference}", f"/referrals/{one.reference}/record"
    return {
        "headlines of two cases": ("referral", swap("referral", one.id, other.id), page),
        "an entry in a headline's place": (
            "referral",
            [
                "UPDATE referral SET sealed = (SELECT sealed FROM ledger_entry WHERE referral_id = "
                f"{one.id} AND sealed IS NOT NULL ORDER BY id LIMIT 1) WHERE id = {one.id}"
            ],
            page,
        ),
        "the key of another case": (
            "referral",
            [f"UPDATE referral SET key_id = {other.key_id} WHERE id = {one.id}"],
            page,
        ),
        "names of two people who sign in": ("account", swap("account", people.olive.id, people.dana.id), page),
        "two entries of a record": ("ledger_entry", (), record),
    }


@pytest.mark.parametrize(
    "name",
    [
        "headlines of two cases",
        "an entry in a headline's place",
        "the key of another case",
        "names of two people who sign in",
        "two entries of a record",
    ],
)
def test_a_page_refuses_it_shows_nothing_and_tells_the_manager(app, database, cases, people, name, capsys):
    client = sign_in(app, "olive")
    table, statements, page = attacks(cases, people)[name]
    assert client.get(page).status_code == 200
    if table == "ledger_entry":
        with database.reading(SYSTEM) as act:
            query = "SELECT id FROM ledger_entry WHERE referral_id = :case AND sealed IS NOT NULL ORDER BY id LIMIT 2"
            statements = swap(table, *act.session.scalars(text(query), {"case": cases[0].id}).all())
    unprotected(database, table, statements)
    capsys.readouterr()

    answer = client.get(page)
    again = client.get(page)

    assert (answer.status_code, again.status_code) == (500, 500)
    assert not any(word in answer.text for word in SECRETS)
    assert "code" in answer.text
    said = capsys.readouterr().err
    assert said.count("sealed part refused") == 2
    assert not any(word in said for word in SECRETS)
    assert people.mina.id in alarmed(database)
    assert people.olive.id not in alarmed(database)


def test_managers_are_told_once_in_an_hour(app, database, cases, people, clock):
    client = sign_in(app, "olive")
    unprotected(database, "referral", swap("referral", cases[0].id, cases[1].id))
    for minutes in (1, 1, 120):
        client.get(f"/referrals/{cases[0].reference}")
        clock.advance(minutes=minutes)

    with database.reading(SYSTEM) as act:
        query = select(Notice.id).where(Notice.subject == alarms.SUBJECT, Notice.account_id == people.mina.id)
        assert len(act.session.scalars(query).all()) == 1
    client = sign_in(app, "olive")
    client.get(f"/referrals/{cases[0].reference}")
    with database.reading(SYSTEM) as act:
        assert len(act.session.scalars(query).all()) == 2


def test_no_two_sealed_parts_of_any_column_would_open_in_each_others_place(caseload, people, clock, monkeypatch, vault):
    sealed_as: dict[bytes, tuple[bytes, str]] = {}
    seal = Vault.seal_bytes

    def remembering(self: Vault, wrapped: bytes, where: str, plain: bytes) -> bytes:
        made = seal(self, wrapped, where, plain)
        sealed_as[made] = wrapped, where
        return made

    monkeypatch.setattr(Vault, "seal_bytes", remembering)
    settle_world(caseload, people, clock)
    stored = {
        name: [value for value in values if value in sealed_as] for name, values in stored_in(caseload.database).items()
    }
    found = [(name, value) for name, values in stored.items() for value in values[:2]]
    places = [sealed_as[value] for values in stored.values() for value in values]

    assert len({name for name, _ in found}) >= 12
    assert len(places) == len(set(places)), "two stored parts share a key and a place"
    for name, value in found:
        wrapped, place = sealed_as[value]
        assert vault.open_bytes(wrapped, place, value)
        for other, another in found:
            if another != value:
                with pytest.raises(CannotOpen):
                    vault.open_bytes(wrapped, sealed_as[another][1], value)
                assert (name, place) != (other, sealed_as[another][1])
        for at in (0, 5, 20, len(value) - 1):
            with pytest.raises(CannotOpen):
                vault.open_bytes(wrapped, place, value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :])
        for cut in (b"", value[:10], value[:-1], value + b"\0"):
            with pytest.raises(CannotOpen):
                vault.open_bytes(wrapped, place, cut)


def stored_in(database):
    """The values of every column that is sealed."""
    with database.reading(SYSTEM) as act:
        return {
            f"{table.name}.{column.name}": [value for (value,) in act.session.execute(select(column)) if value]
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, LargeBinary) and f"{table.name}.{column.name}" in SEALED
        }

"""Master keys one after another: nothing becomes unreadable, nothing of the record changes, and the old key can go."""

import os
from collections.abc import Iterator
from copy import copy

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from lado.db import Database
from lado.errors import Refused
from lado.models import LedgerEntry, MasterKey, Referral, SealingKey
from lado.queries import sealing as reading
from lado.security.identity import SYSTEM
from lado.services import installation, sealing
from lado.services.chain import prove
from lado.vault import CannotOpen, Vault, name_of, wrapper_of
from tests.support.builders import Caseload
from tests.support.migrating import as_role
from tests.support.postgres import OWNER


@pytest.fixture
def new_master() -> bytes:
    """The master key that is to take the other one's place."""
    return os.urandom(32)


@pytest.fixture
def both(vault_keys, new_master) -> Vault:
    """What a machine has at hand while one key takes the other's place."""
    return Vault(*vault_keys, others=[new_master])


@pytest.fixture
def later(vault_keys, new_master) -> Vault:
    """What it has at hand afterwards: the former master key is not among it."""
    return Vault(new_master, *vault_keys[1:])


@pytest.fixture
def owned(database, both) -> Iterator[Database]:
    """The database as its owner reaches it, who alone may change a wrapped key."""
    url = as_role(database.engine.url.render_as_string(hide_password=False), OWNER)
    opened = Database(url, both, database.clock)
    yield opened
    opened.engine.dispose()


def rotated(owned: Database, new_master: bytes, batch: int = 3) -> int:
    """Put the new key in the old one's place, some keys at a time; how many were wrapped anew."""
    with owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new_master))
    done = 0
    while batch_done := rewrap(owned, batch):
        done += batch_done
    return done


def rewrap(owned: Database, batch: int) -> int:
    with owned.work(SYSTEM) as act:
        return sealing.rewrap(act, batch)


def opened_with(database: Database, vault: Vault) -> Database:
    """The same database for a process that has other keys at hand."""
    other = copy(database)
    other.vault = vault
    return other


def headlines(database: Database, vault: Vault) -> list[str]:
    """The subject of every case, opened with this vault."""
    with database.reading(SYSTEM) as act:
        query = select(Referral.reference, Referral.sealed, SealingKey.wrapped).join(Referral.sealing_key)
        return [
            vault.open(row.wrapped, f"referral/{row.reference}", row.sealed)["subject"]
            for row in act.session.execute(query)
        ]


def ledger(database: Database) -> list[tuple[object, ...]]:
    with database.reading(SYSTEM) as act:
        table = LedgerEntry.__table__
        return [tuple(row) for row in act.session.execute(select(table).order_by(table.c.id))]


def test_every_key_is_wrapped_anew_and_opens_what_it_sealed(database, owned, caseload, new_master, later):
    for number in range(4):
        caseload.referral(subject={"name": f"Person {number}"})
    before = ledger(database)

    done = rotated(owned, new_master)

    with database.reading(SYSTEM) as act:
        assert done == act.session.scalar(select(func.count(SealingKey.id)))
        assert {wrapper_of(wrapped) for wrapped in act.session.scalars(select(SealingKey.wrapped))} == {
            name_of(new_master)
        }
    assert ledger(database) == before
    assert sorted(headlines(database, later)) == [f"Person {number}" for number in range(4)]


def test_the_former_key_opens_nothing_any_more(database, owned, caseload, new_master, vault_keys):
    caseload.referral()
    rotated(owned, new_master)

    with pytest.raises(CannotOpen):
        headlines(database, Vault(*vault_keys))


def test_a_case_that_is_logged_half_way_is_sealed_by_the_new_key(
    database, owned, both, clock, people, new_master, later
):
    with owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new_master))
    rewrap(owned, 1)
    working = opened_with(database, both)
    Caseload(working, clock, people.olive).referral(subject={"name": "Half Way"})

    while rewrap(owned, 2):
        pass

    assert headlines(database, later) == ["Half Way"]


def test_a_process_that_has_not_got_the_new_key_writes_nothing(database, owned, caseload, new_master):
    with owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new_master))

    with pytest.raises(Refused, match="not at hand"):
        caseload.referral()

    assert ledger(database) == []


def test_a_key_on_file_is_found_without_a_new_start(database, owned, vault_keys, new_master, clock, people):
    on_file: list[bytes] = []
    working = opened_with(database, Vault(*vault_keys, read_again=lambda: on_file))
    with owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new_master))

    on_file.append(new_master)

    assert Caseload(working, clock, people.olive).referral().reference


def test_a_key_that_still_wraps_something_cannot_be_forgotten(database, owned, caseload, new_master):
    caseload.referral()
    with owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new_master))
    rewrap(owned, 1)

    with pytest.raises(Refused, match="still wraps"), owned.work(SYSTEM) as act:
        sealing.retire(act)


def test_once_forgotten_the_database_refuses_a_key_wrapped_by_the_former_one(
    database, owned, caseload, new_master, both
):
    caseload.referral()
    with database.reading(SYSTEM) as act:
        former = reading.in_use(act.session)[0]
    rotated(owned, new_master)
    with owned.work(SYSTEM) as act:
        gone = sealing.retire(act)

    assert gone == (former.name,)
    with pytest.raises(IntegrityError), database.work(SYSTEM) as act:
        act.session.add(SealingKey(wrapped=both.new_key(former.name), master_key_id=former.id))


def test_keys_from_before_master_keys_had_names_are_wrapped_anew_too(
    database, owned, caseload, new_master, vault, vault_keys, later
):
    caseload.referral(subject={"name": "From Before"})
    with owned.work(SYSTEM) as act:
        for key in act.session.scalars(select(SealingKey)).all():
            older = vault._encrypt(AESGCM(vault_keys[0]), vault._unwrapped(key.wrapped), b"case key")
            here = SealingKey.id == key.id
            act.session.execute(update(SealingKey).where(here).values(wrapped=older, master_key_id=None))
        act.session.execute(delete(MasterKey))
    assert headlines(database, vault) == ["From Before"]

    rotated(owned, new_master)

    assert headlines(database, later) == ["From Before"]
    with owned.work(SYSTEM) as act:
        assert len(sealing.retire(act)) == 1


def test_two_changes_at_once_are_refused(owned, new_master):
    with owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new_master))
    third = os.urandom(32)
    owned.vault._masters = {**owned.vault._masters, name_of(third): third}

    with pytest.raises(Refused, match="not finished"), owned.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(third))


@pytest.mark.parametrize("other", [0, 1], ids=["another master key", "another key of the blind index"])
def test_other_keys_are_refused_and_nothing_is_written(database, caseload, vault_keys, other):
    caseload.referral()
    keys = list(vault_keys)
    keys[other] = os.urandom(32)
    wrong = opened_with(database, Vault(*keys))

    with pytest.raises(Refused, match="do not belong"), wrong.reading(SYSTEM) as act:
        installation.ensure_keys(act)
    with pytest.raises(Refused, match="do not belong"), wrong.work(SYSTEM) as act:
        act.session.add(sealing.new_key(act))


def test_deleting_what_wraps_a_case_disposes_of_its_words_and_the_record_still_verifies(
    database, owned, caseload, both
):
    case, other = caseload.referral(subject={"name": "To Go"}), caseload.referral(subject={"name": "To Stay"})
    with owned.work(SYSTEM) as act:
        act.session.execute(update(SealingKey).where(SealingKey.id == case.key_id).values(wrapped=b""))

    with database.reading(SYSTEM) as act:
        rows = act.session.execute(
            select(LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.sealed, SealingKey.wrapped)
            .join(Referral, Referral.id == LedgerEntry.referral_id)
            .join(Referral.sealing_key)
            .where(LedgerEntry.sealed.is_not(None))
        ).all()
        assert {row.referral_id for row in rows} == {case.id, other.id}
        for row in rows:
            place = f"ledger/{row.referral_id}/{row.number}"
            if row.referral_id == other.id:
                assert both.open(row.wrapped, place, row.sealed)
            else:
                with pytest.raises(CannotOpen):
                    both.open(row.wrapped, place, row.sealed)
        assert prove(act).findings == ()

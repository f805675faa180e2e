"""What a superuser does to the record with all protections off is found and rightly named, whatever it is."""

from contextlib import suppress
from random import Random

import pytest

from lado.db import Database
from lado.domain.tampering import Kind
from lado.security.identity import SYSTEM
from lado.services import chain
from tests.faults.tampering import ATTACKS, Attacker, Undone, attack, fill
from tests.support.migrating import as_role
from tests.support.postgres import SUPERUSER


@pytest.fixture
def superuser(database, clock):
    """The same database as its superuser reaches it."""
    url = database.engine.url.render_as_string(hide_password=False)
    opened = Database(as_role(url, SUPERUSER), database.vault, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def away(database, clock, people):
    """The checkpoints of a record that has cases, reads and checkpoints in it."""
    return fill(database, clock, people)


def test_every_kind_of_tampering_is_found_and_rightly_named(superuser, away):
    """Three of each; `python -m tests.faults.tampering` makes as many as one likes."""
    for how in ATTACKS:
        for seed in range(3):
            assert attack(superuser, away, how, Random(f"{how.__name__} {seed}")) == "", how.__name__


def test_what_was_undone_leaves_a_clean_record(superuser, database, away):
    attack(superuser, away, ATTACKS[0], Random(1))

    with database.reading(SYSTEM) as act:
        proof = chain.prove(act, away)

    assert proof.findings == ()
    assert (proof.entries, proof.checkpoints) == (away[-1].stated.entries, len(away))


def test_every_kind_is_attacked(superuser, away):
    """A kind that nothing attacks would be one that nobody has seen found."""
    named = frozenset[Kind]()
    for how in ATTACKS:
        with suppress(Undone), superuser.work(SYSTEM) as act:
            named |= how(Attacker(act, Random(2), away)).kinds
            raise Undone

    assert named == set(Kind)

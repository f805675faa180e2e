"""Many rows with one statement: what comes back is what was given, whatever it holds."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from lado.models import Heartbeat, LedgerEntry, Node
from lado.security.identity import SYSTEM
from lado.services import bulk

AT = datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC)
AWKWARD = ["", "NULL", "{a,b}", 'said "no"', "back\\slash", "two\nlines", "O’Brien, 50 %s ?", "\x1f\t'; --"]


def beats(session):
    return {row.name: row.beat_at for row in session.execute(select(Heartbeat.name, Heartbeat.beat_at))}


def test_what_was_given_comes_back(database):
    times = [AT + timedelta(minutes=n) for n in range(len(AWKWARD))]
    with database.work(SYSTEM) as act:
        before = beats(act.session)
        assert bulk.insert(act.session, Heartbeat, {"name": AWKWARD, "beat_at": times}) == len(AWKWARD)

        assert beats(act.session) == before | dict(zip(AWKWARD, times, strict=True))


def test_of_rows_that_are_there_only_the_new_ones_count(database):
    with database.work(SYSTEM) as act:
        assert bulk.insert(act.session, Heartbeat, {"name": ["a"]}, {"beat_at": AT}) == 1
        again = {"name": ["a", "b", "c"]}
        assert bulk.insert(act.session, Heartbeat, again, {"beat_at": AT}, unless_there=True) == 2
        assert bulk.insert(act.session, Heartbeat, {"name": []}, {"beat_at": AT}) == 0


def test_bytes_and_nothing_come_back(database, caseload, people):
    caseload.referral()
    with database.work(SYSTEM) as act:
        last = act.session.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence.desc()).limit(1)).one()
        links, sealed = [bytes(range(32)), b'\\\x00",' * 8], [None, b"\xff{}\x00"]
        columns = {"sequence": [10_001, 10_002], "number": [901, 902], "link": links, "sealed": sealed}
        names = "referral_id", "kind", "data", "actor_id", "role", "login", "recorded_at"
        same = {name: getattr(last, name) for name in names}
        bulk.insert(act.session, LedgerEntry, columns, same)

        query = (
            select(LedgerEntry.link, LedgerEntry.sealed).where(LedgerEntry.number > 900).order_by(LedgerEntry.number)
        )
        assert [tuple(row) for row in act.session.execute(query)] == list(zip(links, sealed, strict=True))


def test_a_text_that_holds_a_nul_is_never_taken_for_two(database):
    """PostgreSQL keeps no such text and refuses it; SQLite keeps it as it is."""
    names = ["a", "b\0c"]
    try:
        with database.work(SYSTEM) as act:
            bulk.insert(act.session, Heartbeat, {"name": names, "beat_at": [AT, AT]})
    except DBAPIError:
        names = []
    with database.reading(SYSTEM) as act:
        assert [name for name in sorted(beats(act.session)) if name[0] in "abc"] == names


def test_what_is_sent_together_is_all_there_afterwards(database):
    with database.work(SYSTEM) as act:
        with bulk.together(act.session):
            new = {"name": ["a", "b"]}
            bulk.insert(act.session, Node, new, {"token": 1, "lease_until_at": AT, "off_by_ms": 0})
            bulk.drop(act.session, Node, {"name": ["a"]})
        assert list(act.session.scalars(select(Node.name))) == ["b"]


def send_together(database, *batches):
    with database.work(SYSTEM) as act, bulk.together(act.session):
        for names in batches:
            bulk.insert(act.session, Heartbeat, {"name": names}, {"beat_at": AT})


def test_what_is_refused_of_what_is_sent_together_is_said_at_the_end_and_nothing_is_kept(database):
    with pytest.raises(IntegrityError):
        send_together(database, ["a", "a"], ["b"])
    with database.reading(SYSTEM) as act:
        assert not beats(act.session).keys() & {"a", "b"}


def test_rows_are_changed_and_dropped_by_their_place_even_where_that_is_what_changes(database):
    later = AT + timedelta(days=1)
    with database.work(SYSTEM) as act:
        bulk.insert(act.session, Node, {"name": ["a", "b", "c"]}, {"token": 1, "lease_until_at": AT, "off_by_ms": 0})
        place = {"name": ["a", "c", "nobody"], "lease_until_at": [AT] * 3}

        assert bulk.change(act.session, Node, place, {"name": ["x", "y", "z"], "lease_until_at": [later] * 3}) == 2
        assert bulk.drop(act.session, Node, {"name": ["b", "x", "a"]}) == 2
        rows = act.session.execute(select(Node.name, Node.lease_until_at))
        assert [tuple(row) for row in rows] == [("y", later)]


def test_a_time_without_a_zone_is_refused(database):
    with database.work(SYSTEM) as act, pytest.raises(ValueError, match="time zone"):
        bulk.insert(act.session, Heartbeat, {"name": ["a"], "beat_at": [AT.replace(tzinfo=None)]})

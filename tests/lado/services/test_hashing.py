"""Hashing passwords: few at a time, with what is asked at least, and anew when more is asked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

from argon2 import PasswordHasher, extract_parameters

from lado.models import Account
from lado.security.identity import SYSTEM
from lado.services import accounts, sessions
from lado.services.hashing import AT_ONCE, BoundedHasher
from tests.support.people import PASSWORD


def test_no_more_than_so_many_are_worked_out_at_once():
    now, most, lock, threads = 0, 0, threading.Lock(), set()
    entered = threading.Semaphore(0)

    class Slow:
        def hash(self, password):
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
                threads.add(threading.get_ident())
            entered.release()
            entered.acquire(timeout=0.01)
            with lock:
                now -= 1
            return password

    hasher = BoundedHasher(Slow())
    with ThreadPoolExecutor(40) as people:
        assert sorted(people.map(hasher.hash, map(str, range(200)))) == sorted(map(str, range(200)))

    assert most <= AT_ONCE
    assert len(threads) <= AT_ONCE, "each thread that ever took memory for a hash may keep it"


def test_a_process_that_was_forked_hashes_too():
    hasher = BoundedHasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    kept = hasher.hash(PASSWORD)
    child = get_context("fork").Process(target=hasher.verify, args=(kept, PASSWORD))
    child.start()
    child.join(20)

    assert child.exitcode == 0


def test_what_is_kept_was_made_with_at_least_what_is_asked(database, people):
    with database.reading(SYSTEM) as act:
        found = extract_parameters(act.session.get_one(Account, people.olive.id).password_hash)

    assert found.type.name == "ID"
    assert found.memory_cost >= 19 * 1024
    assert (found.time_cost, found.parallelism) >= (2, 1)


def test_signing_in_hashes_an_older_one_anew(database, people):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.olive.id).password_hash = weak
    with database.work(SYSTEM) as act:
        sessions.strengthen(act, people.olive.id, PASSWORD)

    with database.reading(SYSTEM) as act:
        kept = act.session.get_one(Account, people.olive.id)
        assert not accounts.HASHER.is_weaker(kept.password_hash)
        assert accounts.password_is_right(kept, PASSWORD)

"""Many people who sign in at once, each with a password and a code, through the web server that the product runs with.

Everybody begins at the same moment and goes the whole way: the page, the password, the second step, the code, and the
first page behind them. Beside it stands what Argon2id alone takes for as many passwords on as many threads.
"""

import os
import re
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import quantiles
from threading import Barrier
from time import perf_counter
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pyotp

from benchmarks.goals import Goal
from config import Settings
from lado import migrations
from lado.adapters.bank_holidays import england
from lado.clock import SystemClock
from lado.db import Database
from lado.models import Account
from lado.security.identity import SYSTEM, Role
from lado.services import accounts, factors, installation
from lado.services.accounts import HASHER
from lado.vault import vault_of
from setup.serving import HOST, household, web_server
from tests.support.people import PASSWORD, settle

CORES = 2
LONGEST = 5.0
"""Seconds within which nineteen of twenty have to be in: the project's own goal for its smallest machine."""
GROWN = 200.0
"""Megabytes by which the web server may have grown at most."""

EARLY = 6
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM = re.compile(r'name="form_token" value="([^"]+)"')


def at_once(folder: Path, people: int) -> list[Goal]:
    """Let so many people sign in at once and say how it went."""
    settings = Settings.from_environment({"LADO_DATA": str(folder)})
    seeds = enrolled(settings, people + EARLY)
    port = free_port()
    environ = {**os.environ, "LADO_DATA": str(folder), "DATABASE_URL": settings.database_url}
    with household(folder / "logs", environ) as home:
        server = home.start("web", *web_server(port))
        home.wait_until_ready(f"http://{HOST}:{port}/health/live")
        for _ in range(EARLY):  # the first visitors of a new process wait for its pages to be made ready
            address, seed = seeds.popitem()
            sign_in(port, address, seed, Barrier(1))
        before = memory(server.process.pid)
        together = Barrier(people)
        with ThreadPoolExecutor(people) as pool:
            took = list(pool.map(lambda address: sign_in(port, address, seeds[address], together), seeds))
        after = memory(server.process.pid)
    inside = [seconds for seconds in took if seconds is not None]
    p95 = quantiles(inside, n=20)[-1] if len(inside) > 1 else float("inf")
    floor = hashing(people)
    print(
        f"{len(inside)} of {people} in; the slowest twentieth took {p95:.2f} s or longer, the last {max(inside):.2f};\n"
        f"Argon2id alone: {floor:.2f} s; memory of the web server {before:.0f} MB before, {after:.0f} MB at most"
    )
    return [
        Goal("share of people who got in", len(inside) / people, 1, at_most=False),
        Goal("seconds, slowest twentieth", p95, LONGEST),
        Goal("megabytes more than before", after - before, GROWN),
    ]


def enrolled(settings: Settings, people: int) -> dict[str, str]:
    """A council with so many people who have an authenticator app each: address and seed."""
    database = Database(settings.database_url, vault_of(settings), SystemClock())
    migrations.upgrade(database.engine)
    found: dict[str, str] = {}
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=False)
        installation.keep_holidays(act, england())
        settle(act)
        first = accounts.of_email(act, "olive@example.test")
        assert first is not None
        for number in range(people):
            address = f"person{number}@example.test"
            found[address] = _add(act, first, address)
    database.engine.dispose()
    return found


def _add(act: Any, like: Account, address: str) -> str:
    """Somebody with the password of another, which is hashed once: filling in is not what is measured."""
    new = Account(
        authority_id=like.authority_id,
        agency_id=None,
        role=Role.DESIGNATED_OFFICER.value,
        email_token=act.vault.token("email", address),
        sealed=b"",
        password_hash=like.password_hash,
        created_at=act.at,
    )
    person = {"name": "Benchmark Person", "email": address, "phone": ""}
    new.sealed = act.vault.seal(
        accounts.directory_key(act, like.authority_id), accounts.place_of(new.email_token), person
    )
    act.session.add(new)
    act.session.flush()
    seed = factors.new_seed()
    factors.keep_codes(act, new, seed)
    return seed


def sign_in(port: int, address: str, seed: str, together: Barrier) -> float | None:
    """The seconds from the first page to the first page behind the sign-in; None where it was not reached."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    site = f"http://{HOST}:{port}"
    together.wait()
    began = perf_counter()
    try:
        page = read(browser, f"{site}/sign-in")
        page = read(browser, f"{site}/sign-in", tokens(page) | {"email": address, "password": PASSWORD})
        code = pyotp.TOTP(seed).now()
        page = read(browser, f"{site}/sign-in/code", tokens(page) | {"code": code})
    except (HTTPError, OSError, LookupError):
        return None
    return perf_counter() - began if "/sign-out" in page else None


def read(browser: OpenerDirector, address: str, form: Mapping[str, str] | None = None) -> str:
    """A page, and whatever it leads to."""
    sent = urlencode(form).encode() if form else None
    with browser.open(address, sent, timeout=120) as answer:
        return str(answer.read().decode())


def tokens(page: str) -> dict[str, str]:
    """What a form has to carry."""
    found = {"csrf_token": CSRF.search(page), "form_token": FORM.search(page)}
    if found["csrf_token"] is None:
        raise LookupError("a page without a form")
    return {name: match[1] for name, match in found.items() if match}


def hashing(people: int) -> float:
    """The floor: as many passwords verified by Argon2id on as many threads as there are cores."""
    kept = HASHER.hash(PASSWORD)
    began = perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(lambda _: HASHER.verify(kept, PASSWORD), range(people)))
    return perf_counter() - began


def memory(pid: int) -> float:
    """The most that the process and its children have held at a time so far, in megabytes; shared pages count twice."""
    every = [pid, *(int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return sum(_peak(one) for one in every) / 1024


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])

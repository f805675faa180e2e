"""How long a partner's pages take with few and with many cases, and 10,000 partners, beside a bare page of one row.

Run it with `python -m benchmarks.portal`: 10,000 partners with 20,000 and with 1,000,000 cases, in one run, since only
ratios within one run mean anything on a shared machine. The partner who is measured follows sixty referrals in both;
on the one that is opened they owe something, were written to and are told the outcome. A second floor also writes that
it was looked at, durably, as every page of a case does. `--small` is for CI; its ratios are rough. The status is 0 when
a page makes the same number of statements at both sizes and its median grows no more than the limit.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Connection, text

from benchmarks.copies import multiply
from benchmarks.pages import FLOOR, NOW, ROW_PAGE, Begun, Site, Size, bare, begun, compare, signed_in
from lado.domain.pace import PARTNER_PAGES
from lado.models import CaseAction, CaseClock, DueMoment, PartnerMessage, Standing
from lado.services import partner_messages, partners
from tests.support.builders import Caseload

FLOOR_THAT_WRITES = "floor: one row, and one written"
ORIGINALS = 20
OWN = 60
"""How many referrals the partner follows who is measured."""

SCHOOLS = 50
COPIED = (CaseClock, CaseAction, DueMoment, Standing, PartnerMessage)
"""What is copied with each case: all but the names for searching, which no partner searches."""

STORY = ("meet_threshold", "hold_meeting", "decide_outcome", "release_outcome")
IN_HAND = ((), (), ("meet_threshold",))


class Council(NamedTuple):
    """How many cases and partners there are."""

    cases: int
    partners: int


FULL = Size(20_000, 1_000_000, 12, 15, 1.2), 10_000
SMALL = Size(400, 2_000, 4, 4, 2.0), 100


class Portal(Site):
    """The partner's pages."""

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is asked for, by name. Each answers 200."""
        client = self.browser.client
        return {
            FLOOR: lambda: self.floor.get(f"/{self.reference}"),
            FLOOR_THAT_WRITES: lambda: self.floor.get(f"/{self.reference}/looked"),
            "status of a referral": lambda: client.get(f"/portal/{self.reference}"),
            "my referrals": lambda: client.get("/portal"),
        }

    def ask(self, name: str) -> None:
        """Ask once, no sooner than somebody may who reads: partners who are quicker are braked."""
        self.clock.advance(minutes=1 / PARTNER_PAGES)
        super().ask(name)


def site(folder: Path, size: Council) -> Portal:
    """Make a database of so many cases and partners and serve it in this process."""
    name = f"portal-{size.cases}.sqlite3"
    made = begun(folder, name)
    caseload = Caseload(made.database, made.clock, made.people.olive)
    for number in range(ORIGINALS - 1):
        caseload.referral(IN_HAND[number % len(IN_HAND)])
    reference = _told(made, caseload)
    multiply(made.database, size.cases // ORIGINALS - 1, COPIED, is_linked=False)
    with made.database.engine.execution_options(write=True).begin() as connection:
        _partners(connection, made.people.pat.id or 0, size.partners)
        _grants(connection, made.people.pat.id or 0, size)
    with made.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    floor = _with_a_look(bare(folder / name), folder / name)
    return Portal(size.cases, signed_in(made.settings, made.clock, "pat"), floor.test_client(), reference, made.clock)


def _told(made: Begun, caseload: Caseload) -> str:
    """A referral with all that a partner's page can show."""
    pat = made.people.pat
    referral = caseload.referral(STORY, partner=pat.id)
    for what in ("Send the training record.", "Keep the rota of that week."):
        answers = {"due_on": (NOW + timedelta(days=7)).date(), "holder": "partner", "user": pat.id}
        caseload.make(referral, "set_action", answers, {"action": what})
    with made.database.work(made.people.olive) as act:
        partner_messages.answer(act, referral.id, pat.id or 0, "Please ring us before you speak to anybody.")
    with made.database.work(pat) as act:
        partners.complete(act, referral.reference, 1, "It went by secure mail.")
        partner_messages.write(act, referral.reference, "Nobody but the head knows of it.")
    return referral.reference


def _partners(connection: Connection, pat: int, count: int) -> None:
    """Partners like Pat, of fifty schools. Their words are Pat's, sealed in another place: nobody opens them."""
    numbers = "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < :count) "
    schools = (
        "INSERT INTO agency (id, authority_id, name, kind) SELECT 1000 + n, authority_id, 'School ' || n, 'school' "
    )
    columns = "id, authority_id, agency_id, role, email_token, sealed, password_hash, created_at, version"
    values = f"1000 + n, authority_id, 1001 + n % {SCHOOLS}, role, randomblob(16), sealed, password_hash, created_at, 1"
    people = f"INSERT INTO account ({columns}) SELECT {values} "
    theirs = "FROM account, more WHERE account.id = :pat"
    connection.execute(text(numbers + schools + theirs), {"count": SCHOOLS, "pat": pat})
    connection.execute(text(numbers + people + theirs), {"count": count, "pat": pat})


def _grants(connection: Connection, pat: int, size: Council) -> None:
    """Let each case be followed by one partner, who holds its actions and wrote its messages; and some by Pat too."""
    follower = f"1001 + referral_id % {size.partners}"
    for table, column in (("case_action", "holder_id"), ("partner_message", "account_id")):
        connection.execute(
            text(f"UPDATE {table} SET {column} = {follower} WHERE referral_id > :own AND {column} = :pat"),  # noqa: S608
            {"own": ORIGINALS, "pat": pat},
        )
    columns = "(referral_id, account_id, agency_id, granted_at)"
    give = f"INSERT INTO grant_of_access {columns} SELECT id, %s, recorded_at FROM referral WHERE id > :own"  # noqa: S608
    person = f"1001 + id % {size.partners}"
    everybody = f"{person}, 1001 + ({person} - 1000) % {SCHOOLS}"
    connection.execute(text(give % everybody), {"own": ORIGINALS})
    every = size.cases // (OWN - 1)
    his = f"{pat}, (SELECT agency_id FROM account WHERE id = {pat})"  # noqa: S608
    connection.execute(text(f"{give % his} AND id % {every} = 0"), {"own": ORIGINALS})


def _with_a_look(app: Flask, place: Path) -> Flask:
    """The bare page once more, which also writes that it was looked at, as durably as we do."""
    reading, writing = sqlite3.connect(place), sqlite3.connect(place.with_suffix(".looks"))
    writing.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE look (id INTEGER PRIMARY KEY, at TEXT, reference TEXT);"
    )

    @app.get("/<reference>/looked")
    def looked(reference: str) -> str:
        query = "SELECT reference, state FROM referral WHERE reference = ?"
        found = reading.execute(query, (reference,)).fetchone()
        with writing:
            writing.execute("INSERT INTO look (at, reference) VALUES (?, ?)", (NOW.isoformat(), reference))
        return app.jinja_env.from_string(ROW_PAGE).render(row=found)

    return app


def main() -> int:
    """Make both databases, compare, and say what misses the goal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--small", action="store_true", help="few cases, partners and requests, for CI")
    size, count = SMALL if asked.parse_args().small else FULL
    folder = Path(tempfile.mkdtemp(prefix="lado-portal-"))
    try:
        few, many = (site(folder, Council(cases, count)) for cases in (size.few, size.many))
        print(f"{count:,} partners; the one who is measured follows {OWN} referrals")
        misses = compare(few, many, size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for miss in misses:
        print(f"MISSED  {miss}")
    return int(bool(misses))


if __name__ == "__main__":
    sys.exit(main())

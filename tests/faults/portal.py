"""Read all that partners can reach for what is not theirs, and swap ids: at full size over a whole synthetic council.

`python -m tests.faults.portal` lives through a council's year in which every sealed word carries a string of its own.
Each partner opens every address about every case; pages, headers, error pages and mail are read for strings, names and
references that are not theirs; then 5,000 ids are swapped. `--days` and `--swaps` make it smaller. `--control` lets the
portal find every case for everybody, which both have to see: what finds nothing then is no proof.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import structlog
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.council import cast
from lado.council.canary_facts import Reader, facts_of
from lado.council.canary_rules import PARTNERS
from lado.council.canary_scan import Scan
from lado.models import Account, Invitation, Referral
from lado.queries import portal
from lado.queries.invitations import secret_of
from lado.security.identity import SYSTEM
from tests.faults.portal_council import ADDRESSES, NOW, Council, about, council, follower, signed_in, world_of
from tests.faults.portal_scan import read_mail, walk, walk_besides
from tests.faults.portal_swaps import Asker, Ids, Report, swap
from tests.support.contents import digests
from tests.support.routes import World

SHOWN = 20
"""How many findings are printed."""


@contextmanager
def every_case_found() -> Iterator[None]:
    """Spoil the portal: it finds every case for everybody."""
    with patch.object(portal, "granted", lambda account_id, at: select(Referral.id)):
        yield


def ids_of(act: Act, largest: int = 60) -> Ids:
    """What there is to be swapped in."""
    session: Session = act.session
    invitations = session.execute(
        select(Invitation.nonce, Invitation.accepted_at, Invitation.withdrawn_at, Invitation.ends_at)
    ).all()
    alive = [row for row in invitations if not row.accepted_at and not row.withdrawn_at and row.ends_at > act.at]
    dead = [row for row in invitations if row not in alive]
    return Ids(
        references=list(session.scalars(select(Referral.reference).order_by(Referral.id))),
        largest=max(largest, session.scalar(select(func.max(Account.id))) or 0),
        secrets=[secret_of(act.vault, row.nonce) for row in alive],
        dead_secrets=[secret_of(act.vault, row.nonce) for row in dead],
    )


def scan_council(made: Council, partners: dict[str, Reader]) -> Scan:
    """Let each partner open every address about every case, and read their mail."""
    with made.database.reading(SYSTEM) as act:
        scan = Scan(made.vault.spots, facts_of(act))
        cases = list(act.session.scalars(select(Referral).order_by(Referral.id)))
        read_mail(scan, act, partners.values())
        act.session.expunge_all()
    for name, who in partners.items():
        client = _client(made, name)
        world = world_of(cases[0], who.id)
        of_both = {case.reference in who.own: case for case in cases}.values()
        for case in cases:
            walk(scan, made.app, client, who, about(world, case), whole=case in of_both)
        walk_besides(scan, made.app, client, who, world, whole=True)
    return scan


def swap_council(made: Council, partners: dict[str, Reader], times: int) -> tuple[Report, list[str]]:
    """Swap so many ids; what answered otherwise, and the tables that are not as before."""
    with made.database.reading(SYSTEM) as act:
        ids = ids_of(act)
        case = act.session.scalars(select(Referral).limit(1)).one()
        act.session.expunge_all()
    askers = [Asker("nobody", made.app.test_client(), is_in=False)]
    for name, who in partners.items():
        with made.database.reading(made.partners[name]) as act:
            own = {reference: len(found.actions) for reference in who.own if (found := portal.case(act, reference))}
        askers.append(Asker(name, _client(made, name), own))
    world: World = world_of(case, 1)
    before = digests(made.database)
    report = swap(made.app, askers, ids, world.values, times, Random(1))
    after = digests(made.database)
    return report, [table for table in before if before[table] != after[table] and table != "form_token"]


def _client(made: Council, name: str) -> FlaskClient:
    return signed_in(made.app, ADDRESSES[name], cast.PASSWORD)


def trial(days: int, swaps: int) -> dict[str, Any]:
    """Make the council, scan it, swap ids; the figures."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        made = council(Path(folder), NOW.date() - timedelta(days=days), NOW.date())
        with made.database.reading(SYSTEM) as act:
            partners = {name: follower(act, name, who) for name, who in made.partners.items()}
        lived = time.monotonic()
        report, changed = swap_council(made, partners, swaps)
        swapped = time.monotonic()
        scan = scan_council(made, partners)
        with made.database.reading(SYSTEM) as act:
            cases = act.session.scalar(select(func.count()).select_from(Referral))
        made.database.engine.dispose()
    return {
        "cases": cases,
        "partners": {name: len(who.own) for name, who in partners.items()},
        "strings planted": len(made.vault.spots),
        "pages read": scan.read_from["pages"],
        "messages read": scan.read_from["messages"],
        "fields seen": dict(sorted(scan.seen.items())),
        "allowed and never seen": sorted(set(PARTNERS) - set(scan.seen)),
        "found by reading": scan.findings[:SHOWN],
        "findings of reading": len(scan.findings),
        "ids swapped": report.tried,
        "kinds": dict(report.kinds),
        "places": len(report.places),
        "statuses": {str(status): times for status, times in sorted(report.statuses.items())},
        "found by swapping": report.findings[:SHOWN],
        "findings of swapping": len(report.findings),
        "tables changed by swapping": changed,
        "seconds": [round(lived - began), round(swapped - lived), round(time.monotonic() - swapped)],
    }


def main() -> int:
    """Print the figures as JSON; 1 when anything was found (or, spoilt on purpose, when nothing was).

    A field that may be seen and never was is one that the list allows without need, or that nothing tried.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.faults.portal", description=__doc__)
    parser.add_argument("--days", type=int, default=365, help="how many days of the council")
    parser.add_argument("--swaps", type=int, default=5_000, help="how many ids are swapped")
    parser.add_argument("--control", action="store_true", help="spoil the portal on purpose")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    if asked.control:
        with every_case_found():
            report = trial(asked.days, asked.swaps)
    else:
        report = trial(asked.days, asked.swaps)
    json.dump(report, sys.stdout, indent=2)
    print()
    found = bool(report["findings of reading"]), bool(report["findings of swapping"])
    if asked.control:
        return int(not all(found))
    return int(any(found) or bool(report["tables changed by swapping"] or report["allowed and never seen"]))


if __name__ == "__main__":
    sys.exit(main())

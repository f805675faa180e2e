"""What the second lock costs on PostgreSQL: a transaction that is told what it may have, and rows that it is asked of.

Run it with `python -m benchmarks.lock`; `--small` takes fewer rows, for CI. Each figure stands beside the same work in
the same database with every lock taken off.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, func, select

from benchmarks.goals import Goal, print_goals
from benchmarks.sweep import MEMORY, Place, filled, folder_for, place
from lado.migrations import row_security
from lado.models import CaseClock, LedgerEntry, Referral, Standing
from lado.queries import escalation
from lado.security.identity import SYSTEM, Identity, Role
from tests.support.postgres import throwaway_cluster

CLOCKS, FEW = 100_000, 5_000
TIMES = 60


@contextmanager
def unlocked(owner: Engine) -> Iterator[None]:
    """Every table without its lock, in a database that is thrown away."""
    for verb in ("DISABLE", "ENABLE"):
        with owner.begin() as connection:
            for table in row_security.LOCKS:
                connection.exec_driver_sql(f'ALTER TABLE "{table}" {verb} ROW LEVEL SECURITY')
        if verb == "DISABLE":
            yield


def works(where: Place) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    with where.database.reading(SYSTEM) as act:
        referral = act.session.scalars(select(Referral).order_by(Referral.id).limit(1)).one()
        at = act.at + timedelta(days=30)
    olive = Identity(referral.owner_id, Role.DESIGNATED_OFFICER, referral.authority_id)
    partner = Identity(referral.owner_id, Role.PARTNER, referral.authority_id)

    def read(who: Identity, *queries: object) -> Callable[[], None]:
        def go() -> None:
            with where.database.reading(who) as act:
                for query in queries:
                    act.session.execute(query).all()  # type: ignore[call-overload]

        return go

    own = CaseClock.referral_id == referral.id, LedgerEntry.referral_id == referral.id
    return {
        "a transaction of an officer": read(olive, select(1)),
        "a transaction of a partner": read(partner, select(1)),
        "a case with clocks and record": read(
            olive,
            select(Referral.state).where(Referral.id == referral.id),
            select(CaseClock.key).where(own[0]),
            select(LedgerEntry.kind).where(own[1]),
        ),
        "counting a council’s spans": read(olive, select(func.count()).select_from(Standing)),
        "1,000 clocks of many cases": read(olive, select(CaseClock.key).order_by(CaseClock.id).limit(1_000)),
        "the look of an idle tick": lambda: where.database.look(escalation.FIRST_DUE, {"at": at - timedelta(days=90)}),
    }


def spent(work: Callable[[], object]) -> float:
    """Seconds of one call, in the median of many."""
    found = []
    for _ in range(TIMES):
        began = perf_counter()
        work()
        found.append(perf_counter() - began)
    return median(found)


def report(clocks: int) -> list[Goal]:
    """Measure each with and without, and print."""
    with throwaway_cluster(MEMORY) as cluster, folder_for() as folder, place(folder, cluster) as where:
        filled(where, clocks, 10)
        with where.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        measured = works(where)
        with unlocked(where.owner):
            open_ones = {name: spent(work) for name, work in measured.items()}
        locked = {name: spent(work) for name, work in measured.items()}
    print(f"{'milliseconds':<34}{'without':>10}{'with':>10}")
    for name, took in locked.items():
        print(f"{name:<34}{open_ones[name] * 1e3:>10.3f}{took * 1e3:>10.3f}")
    look = "the look of an idle tick"
    return [
        Goal("the look of a tick, ms", locked[look] * 1e3, 1),
        Goal("the look, x without", locked[look] / open_ones[look], 2),
    ]


def main() -> None:
    """Print the table and what it means for the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="fewer rows, for CI")
    print_goals(report(FEW if parser.parse_args().small else CLOCKS))


if __name__ == "__main__":
    main()

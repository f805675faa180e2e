"""Clocks that lapsed for nobody: they are kept apart, looked at in each pass for next to nothing, and told at last."""

import pytest
from sqlalchemy import event, select

from lado import migrations
from lado.db import make_engine
from lado.models import LapsedForNobody
from lado.queries import escalation as queries
from lado.security.identity import SYSTEM
from tests.support.migrating import as_role
from tests.support.passes import at
from tests.support.postgres import OWNER

GONE, LAPSED, LATER, BACK = "2026-03-02T12:00", "2026-03-06T09:00", "2026-03-06T09:01", "2026-03-10T09:00"
EVERYBODY = ("olive", "mina", "hal", "dee")


@pytest.fixture
def empty(go_away):
    """Lets everybody of a ladder go away, and nobody cover for them."""

    def leave(names=EVERYBODY):
        for name in names:
            go_away(name, None, at(GONE), at("2026-03-10T00:00"))

    return leave


@pytest.fixture
def kept(database):
    """The clocks that are kept as lapsed for nobody."""

    def read():
        with database.reading(SYSTEM) as act:
            return act.session.scalars(select(LapsedForNobody.clock_id).order_by(LapsedForNobody.clock_id)).all()

    return read


@pytest.fixture
def statements(database):
    """The statements that something sends."""

    def listen(work):
        sent = []
        event.listen(database.engine, "before_cursor_execute", note := lambda *given: sent.append(given[2]))
        work()
        event.remove(database.engine, "before_cursor_execute", note)
        return sent

    return listen


def unreached(database):
    with database.reading(SYSTEM) as act:
        return queries.unreached(act.session, at(LATER))


def test_rungs_that_found_nobody_cost_nothing_once_somebody_was_told(
    run, database, caseload, empty, rungs, kept, statements
):
    caseload.referral()
    empty(["olive"])

    run("2026-03-04T00:00")

    assert [told for *_, told in rungs()][1:] == ["nobody", "nobody", "mina"]
    assert kept() == []
    assert len([said for said in statements(lambda: unreached(database)) if said.startswith("SELECT")]) == 1


def test_while_nobody_is_there_a_pass_replays_no_case(run, caseload, empty, kept, statements):
    caseload.referral(("meet_threshold", "arrange_meeting"))
    empty()
    run(LAPSED)
    waiting = kept()

    assert not [said for said in statements(lambda: run(LATER)) if "FROM ledger_entry" in said]
    assert kept() == waiting != []
    assert [said for said in statements(lambda: run(BACK)) if "FROM ledger_entry" in said], "now somebody is there"


def test_they_are_told_at_last_and_kept_no_longer(run, database, caseload, empty, kept, rungs):
    caseload.referral(("meet_threshold", "arrange_meeting"))
    empty()
    run(LAPSED)
    waiting = kept()
    assert unreached(database) == waiting != []

    run(BACK)

    assert [told for rung, _, told in rungs() if rung == "owner at last"] == ["olive"] * len(waiting)
    assert kept() == []


@pytest.mark.database
def test_those_from_before_they_were_kept_apart_are_told_too(run, database, caseload, empty, kept):
    caseload.referral(("meet_threshold", "arrange_meeting"))
    empty()
    run(LAPSED)
    waiting = kept()
    url = database.engine.url.render_as_string(hide_password=False)
    owner = make_engine(as_role(url, OWNER) if url.startswith("postgresql") else url)

    migrations.downgrade(owner, "0008")
    migrations.upgrade(owner, link=database.vault.link, role=database.engine.url.username)
    owner.dispose()

    assert kept() == waiting != []

"""What the tests of the ticks look at: rungs as they were reached, and letters as they were written."""

import pytest
from sqlalchemy import select

from lado.jobs.escalation import run_pass
from lado.models import Account, Escalation, Notice
from lado.security.identity import SYSTEM
from lado.services import accounts, cover
from lado.services.cover import NewAbsence
from tests.support.passes import at


@pytest.fixture
def name_of(people):
    """The first name of an account of the cast, or nobody."""
    names = {person.id: name for name, person in people.everyone.items() if person.id is not None}
    return lambda account: names.get(account, "nobody")


@pytest.fixture
def rungs(database, name_of):
    """What was reached so far, in the order of recording: rung, when it was due, who was found."""

    def read():
        with database.reading(SYSTEM) as act:
            rows = act.session.scalars(select(Escalation).order_by(Escalation.id))
            return [(row.rung, f"{row.due_at:%m-%d %H:%M}", name_of(row.told_id)) for row in rows]

    return read


@pytest.fixture
def letters(database, name_of):
    """Who a notice was written to, its subject and its body, oldest first."""

    def read():
        with database.reading(SYSTEM) as act:
            rows = act.session.execute(select(Notice).order_by(Notice.id)).scalars()
            return [(name_of(row.account_id), row.subject, row.body) for row in rows]

    return read


@pytest.fixture
def go_away(database, people):
    """Books an absence by name, as the service manager."""

    def book(name, covered_by, from_at, until_at):
        covering = getattr(people, covered_by).id if covered_by else None
        with database.work(people.mina) as act:
            new = NewAbsence(getattr(people, name).id, "leave", from_at, until_at, covering)
            return cover.book_leave(act, new)

    return book


@pytest.fixture
def run(database, clock):
    """Runs one pass as at an instant."""

    def one_pass(when):
        clock.move_to(at(when))
        return run_pass(database)

    return one_pass


@pytest.fixture
def deputy(database, people):
    """Makes somebody the standing deputy of another."""

    def name(of, who):
        with database.work(people.ada) as act:
            act.session.get_one(Account, getattr(people, of).id).deputy_id = getattr(people, who).id

    return name


@pytest.fixture
def shut(database, people):
    """Shuts an account."""

    def disable(name):
        with database.work(people.ada) as act:
            accounts.disable(act, act.session.get_one(Account, getattr(people, name).id))

    return disable

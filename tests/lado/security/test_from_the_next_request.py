"""What somebody may do changes from their next request on, at every node that serves the same database."""

import pytest
from sqlalchemy import select, update

from lado import create_app
from lado.models import Account, Grant
from lado.security.identity import SYSTEM, Role
from lado.services import access
from tests.support.signing import sign_in

POLLS = 3


@pytest.fixture
def nodes(app, settings, clock, compiled, engines):
    """Two nodes over one database."""
    other = create_app(settings, clock)
    other.jinja_env.bytecode_cache = compiled
    yield app, other
    engines.close(other.extensions["lado"].database.engine)


def polled(clients, clock, path) -> set[int]:
    """What is answered to somebody who asks at every node again and again, no quicker than partners may."""
    found = set()
    for _ in range(POLLS):
        for client in clients:
            clock.advance(seconds=2.1)
            found.add(client.get(path).status_code)
    return found


def test_a_partner_s_access_ends_at_every_node_at_once(nodes, database, caseload, people, clock):
    case = caseload.referral(partner=people.pat.id)
    clients, path = [sign_in(node, "pat") for node in nodes], f"/portal/{case.reference}"
    assert polled(clients, clock, path) == {200}

    with database.work(people.olive) as act:
        mine = act.session.scalars(select(Grant.id).where(Grant.referral_id == case.id)).one()
        access.end(act, case.id, mine, "She moved on.")

    assert polled(clients, clock, path) == {404}
    assert polled(clients, clock, "/portal") == {200}


@pytest.mark.parametrize(("role", "answered"), [(Role.ADMINISTRATOR, 404), (Role.AUDITOR, 200)])
def test_another_role_holds_at_every_node_at_once(nodes, database, caseload, people, clock, role, answered):
    case = caseload.referral()
    clients, path = [sign_in(node, "dana") for node in nodes], f"/referrals/{case.reference}"
    assert polled(clients, clock, path) == {200}

    with database.work(SYSTEM) as act:
        act.session.execute(update(Account).where(Account.id == people.dana.id).values(role=role.value))

    assert polled(clients, clock, path) == {answered}
    assert polled(clients, clock, f"{path}/moves/add_note") == {404}

"""A database that has partners goes up: they are e-mailed as before, and nobody else is taken for one."""

import pytest
from sqlalchemy import select

from lado import migrations
from lado.db import make_engine
from lado.models import Account
from lado.security.identity import SYSTEM
from tests.support.migrating import as_role
from tests.support.postgres import OWNER


@pytest.mark.database
def test_partners_of_a_running_system_go_on_being_told(database, people):
    url = database.engine.url.render_as_string(hide_password=False)
    owner = make_engine(as_role(url, OWNER) if url.startswith("postgresql") else url)
    migrations.downgrade(owner, "0014")
    migrations.upgrade(owner, link=database.vault.link, role=database.engine.url.username)
    owner.dispose()

    query = select(Account.id, Account.wants_news)
    with database.reading(SYSTEM) as act:
        chosen = {row.id: row.wants_news for row in act.session.execute(query)}

    assert {person for person, wants in chosen.items() if wants} == {people.pat.id, people.pol.id}
    assert set(chosen.values()) == {True, None}

"""A database that holds cases goes down a step and up again: each case counts with the calendar that it began with."""

import pytest
from sqlalchemy import select

from lado import migrations
from lado.adapters.bank_holidays import england
from lado.db import make_engine
from lado.models import Referral
from lado.security.identity import SYSTEM
from lado.services import standings, verification
from tests.support.migrating import as_role
from tests.support.postgres import OWNER


@pytest.mark.database
def test_cases_from_before_know_their_calendar_and_are_proven(database, caseload):
    caseload.referral(("meet_threshold", "hold_meeting"))
    caseload.referral(("advise",))
    url = database.engine.url.render_as_string(hide_password=False)
    owner = make_engine(as_role(url, OWNER) if url.startswith("postgresql") else url)

    migrations.downgrade(owner, "0001")
    migrations.upgrade(owner, link=database.vault.link, role=database.engine.url.username)
    owner.dispose()

    with database.work(SYSTEM) as act:
        standings.fill(act)
    with database.reading(SYSTEM) as act:
        assert set(act.session.scalars(select(Referral.calendar))) == {england().version}
        assert verification.verify(act).differences == ()

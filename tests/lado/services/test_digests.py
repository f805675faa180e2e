"""A manager's digest: counts and a link, once a working day, when the office is open, to those who are there."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lado.adapters.mail import MailRefused
from lado.jobs import digest, escalation
from lado.jobs import notices as sending
from lado.models import Notice
from lado.security.identity import SYSTEM
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.mail import Pigeon

URL = "https://lado.council.example"
WEDNESDAY = datetime(2026, 3, 4, 9, 5, tzinfo=UTC)


@pytest.fixture
def digests(database, people):
    """Who was sent a digest, and its body, oldest first."""
    names = {person.id: name for name, person in people.everyone.items()}

    def read():
        with database.reading(SYSTEM) as act:
            found = select(Notice).where(Notice.message_id.like("digest.%")).order_by(Notice.id)
            return [(names[row.account_id], row.body) for row in act.session.scalars(found)]

    return read


@pytest.fixture
def lapsed(caseload, clock, database):
    """Two cases logged on Monday, found lapsed on Wednesday morning."""

    def let():
        caseload.referral()
        caseload.referral()
        clock.move_to(WEDNESDAY)
        escalation.run_pass(database)

    return let


def test_each_manager_hears_once_a_day_in_counts(database, lapsed, digests, clock):
    lapsed()

    assert digest.tick(database) == 2
    clock.advance(hours=3)
    assert digest.tick(database) == 0

    assert [name for name, _ in digests()] == ["mina", "hal"]
    body = digests()[0][1]
    assert "- 2 open cases have lapsed\n" in body
    assert "- 2 lapses have reached somebody, not answered" in body
    assert "Sample" not in body
    assert "NB-" not in body


def test_the_next_working_day_has_one_of_its_own(database, lapsed, digests, clock):
    lapsed()
    digest.tick(database)
    clock.advance(days=1)

    assert digest.tick(database) == 2


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 3, 4, 8, 59, tzinfo=UTC),
        datetime(2026, 3, 4, 17, 0, tzinfo=UTC),
        datetime(2026, 3, 7, 11, 0, tzinfo=UTC),
        datetime(2026, 4, 3, 11, 0, tzinfo=UTC),
    ],
)
def test_nobody_is_written_to_while_the_office_is_shut(database, lapsed, digests, clock, when):
    lapsed()
    clock.move_to(when)

    assert digest.tick(database) == 0


def test_whoever_is_away_has_none(database, lapsed, digests, people):
    lapsed()
    with database.work(people.hal) as act:
        cover.book_leave(act, NewAbsence(people.mina.id, "leave", act.at, act.at + timedelta(days=2), people.hal.id))

    digest.tick(database)

    assert [name for name, _ in digests()] == ["hal"]


def test_what_failed_is_counted_and_the_link_leads_home(database, lapsed, digests, people):
    lapsed()
    sending.tick(database, Pigeon(MailRefused("the mail server said 550")), URL)
    digest.tick(database)
    mail = Pigeon()

    sending.tick(database, mail, URL)

    assert "- 1 message could not be delivered" in mail.letters[0].text
    assert f"\n{URL}/\n" in mail.letters[0].text

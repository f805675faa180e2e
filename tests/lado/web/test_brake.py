"""Reading in bulk meets a brake within one page of the limit, and whoever asks about it hears of it once."""

import pytest
from sqlalchemy import func, select, update

from lado.db import Database
from lado.domain import pace
from lado.domain.reads import Look
from lado.models import LoginSession, Notice, ReadEntry, UnusualLook
from lado.services import reads
from tests.support.browser import words_of

FEW = 3


@pytest.fixture
def low(monkeypatch):
    """The same brake at three cases in ten minutes and five a day, so that it is met with few pages."""
    monkeypatch.setattr(pace, "MOST_IN_SHORT", FEW)
    monkeypatch.setattr(pace, "MOST_IN_LONG", 5)


@pytest.fixture
def cases(caseload):
    return [caseload.referral() for _ in range(7)]


@pytest.fixture
def olive(browser, clock):
    signed_in = browser.sign_in("olive")
    clock.advance(seconds=1)
    return signed_in


def path_of(case):
    return f"/referrals/{case.reference}"


def count(database: Database, model: type, *where: object) -> int:
    with database.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(model.__table__).where(*where)).scalar_one()


def test_one_case_more_than_the_limit_is_not_shown_and_not_logged_as_seen(low, olive, cases, database):
    for case in cases[:FEW]:
        olive.get(path_of(case))
    seen = count(database, ReadEntry)

    stopped = olive.get(path_of(cases[FEW]), status=429)

    assert "Many cases in a short time" in stopped.text
    assert "Robin Sample" not in stopped.text
    assert count(database, ReadEntry) == seen
    olive.get(path_of(cases[0]))
    olive.get("/", status=200)


def test_a_case_that_was_open_before_counts_once(low, olive, cases):
    for _ in range(4):
        for case in cases[:FEW]:
            olive.get(path_of(case))


def test_ten_minutes_later_it_goes_on_and_a_day_has_a_limit_of_its_own(low, olive, cases, clock):
    for case in cases[:FEW]:
        olive.get(path_of(case))
    clock.advance(minutes=10)
    for case in cases[FEW:5]:
        olive.get(path_of(case))
    clock.advance(minutes=10)

    olive.get(path_of(cases[5]), status=429)


def test_whoever_proves_who_they_are_goes_on(low, olive, cases, clock, database, people):
    for case in cases[:FEW]:
        olive.get(path_of(case))
    stopped = olive.get(path_of(cases[FEW]), status=429)
    assert f'href="/confirm-it-is-you?next={path_of(cases[FEW])}"' in stopped.text.replace("%2F", "/")

    clock.advance(seconds=1)
    with database.work(people.system) as act:
        act.session.execute(update(LoginSession).values(proved_at=clock.now()))
    clock.advance(seconds=1)

    olive.get(path_of(cases[FEW]))


def test_the_manager_hears_of_it_once_a_day(low, olive, cases, database, people):
    for case in cases[:FEW]:
        olive.get(path_of(case))
    for case in cases[FEW:]:
        olive.get(path_of(case), status=429)

    with database.reading(people.system) as act:
        (finding,) = act.session.scalars(select(UnusualLook)).all()
        told = act.session.scalars(select(Notice).where(Notice.message_id.startswith("looks."))).all()
    assert (finding.kind, finding.account_id, finding.referral_id) == ("bulk", people.olive.id, None)
    assert [notice.account_id for notice in told] == [people.mina.id]
    assert not any(case.reference in told[0].body + told[0].subject for case in cases)


def test_what_a_manager_reads_in_bulk_is_told_to_the_head(low, browser, cases, clock, database, people):
    mina = browser.sign_in("mina")
    clock.advance(seconds=1)
    for case in cases[:FEW]:
        mina.get(path_of(case))
    mina.get(path_of(cases[FEW]), status=429)

    with database.reading(people.system) as act:
        told = act.session.scalars(select(Notice.account_id).where(Notice.message_id.startswith("looks."))).all()
    assert told == [people.hal.id]


def test_the_real_limits_are_met_to_the_page(olive, people, database, caseload):
    """Sixty cases in ten minutes, by the service that writes each look."""
    cases = [caseload.referral() for _ in range(61)]

    def read(case):
        with database.work(people.olive) as act:
            reads.record(act, Look.VIEW, "referrals.show", "referral:read", case.reference)

    for case in cases[:60]:
        read(case)
    olive.get(path_of(cases[60]), status=429)
    read(cases[59])


def test_the_count_is_one_statement_with_the_look_and_follows_an_index(olive, cases, database):
    olive.get(path_of(cases[0]))
    alone = olive.queries
    for case in cases[1:]:
        olive.get(path_of(case))
    assert olive.queries == alone


def test_a_partner_asks_for_thirty_pages_a_minute_and_goes_on_in_the_next(browser, clock):
    pat = browser.sign_in("pat")
    for _ in range(pace.PARTNER_PAGES):
        pat.client.get("/portal/NB-222222-2")  # what is not there counts as well: guessing is what is braked

    stopped = pat.get("/portal", status=429)

    assert "Too many pages in a minute" in words_of(stopped)
    clock.advance(minutes=1)
    pat.get("/portal")


def test_one_partners_pace_is_not_anothers(app, database, browser):
    pat, pol = browser.sign_in("pat"), type(browser)(app, database).sign_in("pol")
    for _ in range(pace.PARTNER_PAGES):
        pat.client.get("/portal")

    pol.get("/portal")

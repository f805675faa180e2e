"""A council that lives through a span by the real services: exact counts, a true record, and nobody ever left alone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from lado.council import cast, simulation
from lado.errors import Refused
from lado.models import (
    Absence,
    Authority,
    CaseClock,
    Escalation,
    Grant,
    Installation,
    LedgerEntry,
    Notice,
    Referral,
)
from lado.security.identity import SYSTEM
from lado.services import verification
from tests.lado.council.conftest import NOW

pytestmark = pytest.mark.database

BROMLEY = "bromley-2021-22"


def verified(database):
    with database.reading(SYSTEM) as act:
        return verification.verify(act)


def test_the_published_year_comes_out_exactly_with_the_record_true_and_every_day_covered(empty, live):
    database = empty()

    report = live(database, BROMLEY, 20220331, "2021-04-01", "2022-03-31")

    assert report.referrals == 204
    assert report.outcomes == {"substantiated": 72, "unsubstantiated": 30, "unfounded": 69, "false": 1, "malicious": 0}
    assert report.open == 32
    assert report.uncovered_days == 0
    verdict = verified(database)
    assert verdict.differences == ()
    assert verdict.cases == 204 + report.advice_calls
    with database.reading(SYSTEM) as act:
        assert act.session.scalar(select(func.min(Referral.received_at))) >= datetime(2021, 3, 31, 23, tzinfo=UTC)
        assert act.session.scalar(select(func.max(LedgerEntry.recorded_at))) <= datetime(2022, 3, 31, 23, tzinfo=UTC)
        assert act.session.scalar(select(func.count(Escalation.id))) == report.escalations > 100
        assert act.session.scalar(select(func.count(Absence.id))) > 5


@pytest.mark.parametrize("seed", [1, 2])
def test_six_weeks_are_the_year_in_proportion_whatever_the_seed(empty, live, seed):
    database = empty()

    report = live(database, BROMLEY, seed, "2021-06-01", "2021-07-12")

    assert (report.referrals, report.open) == (23, 4)
    assert report.outcomes == {"substantiated": 8, "unsubstantiated": 3, "unfounded": 8, "false": 0, "malicious": 0}
    assert report.uncovered_days == 0
    assert verified(database).differences == ()


def test_one_day_is_enough_to_conclude_a_case(empty, live):
    database = empty()

    report = live(database, BROMLEY, 5, "2021-08-30", "2021-08-30")  # a bank holiday

    assert (report.referrals, report.outcomes["substantiated"], report.open) == (1, 1, 0)
    assert verified(database).differences == ()


def test_the_same_seed_gives_the_same_weeks(empty, live):
    told = []
    for _ in range(2):
        database = empty()
        live(database, BROMLEY, 7, "2021-06-01", "2021-06-20")
        with database.reading(SYSTEM) as act:
            columns = (LedgerEntry.referral_id, LedgerEntry.kind, LedgerEntry.data, LedgerEntry.recorded_at)
            told.append(act.session.execute(select(*columns).order_by(LedgerEntry.id)).all())

    assert told[0] == told[1]


def test_the_demonstration_ends_now_and_has_something_of_everything(empty, live):
    database = empty()

    report = live(database, "demonstration", 1, "2026-09-01", "2026-11-23")

    assert report.uncovered_days == 0
    assert verified(database).differences == ()
    with database.reading(SYSTEM) as act:
        session = act.session
        assert session.scalar(select(func.max(LedgerEntry.recorded_at))) <= NOW
        assert session.get_one(Installation, 1).is_demonstration
        states = set(session.scalars(select(Referral.state).where(Referral.is_open)))
        assert len(states) >= 4
        away = select(Absence.id).where(Absence.from_at <= NOW, Absence.until_at > NOW)
        assert session.scalars(away).first() is not None
        lapsed = select(CaseClock.id).where(CaseClock.ended_at.is_(None), CaseClock.due_at < NOW)
        assert session.scalars(lapsed).first() is not None
        assert session.scalars(select(Grant.id)).first() is not None
        assert session.scalars(select(Escalation.id).where(Escalation.acknowledged_at.is_(None))).first() is not None
        assert set(session.scalars(select(Notice.state))) == {"sent", "waiting"}
        words = cast.sign_ins(act)
    assert "olive@northbrook.example" in words
    assert cast.PASSWORD in words


def test_a_database_in_use_is_refused_and_nothing_is_changed(empty, live):
    database = empty()
    live(database, BROMLEY, 1, "2021-06-01", "2021-06-03")
    before = verified(database)

    with pytest.raises(Refused, match="in use already"):
        live(database, BROMLEY, 1, "2021-06-01", "2021-06-03")

    assert verified(database) == before


def test_a_year_that_is_interrupted_leaves_nothing_behind(empty, live, monkeypatch):
    database = empty()

    def interrupted(council):
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation.Council, "report", interrupted)
    with pytest.raises(KeyboardInterrupt):
        live(database, BROMLEY, 1, "2021-06-01", "2021-06-03")

    with database.reading(SYSTEM) as act:
        assert act.session.get(Installation, 1) is None
        assert act.session.scalars(select(Authority.id)).all() == []

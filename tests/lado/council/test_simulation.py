"""A council that lives through a span by the real services: exact counts, a true record, and nobody ever left alone."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import median

import pytest
from sqlalchemy import func, select

from lado.adapters.bank_holidays import england
from lado.council import cast, simulation
from lado.council.profiles import PROFILES
from lado.domain.feedback import GROUPS
from lado.domain.periods import Period
from lado.domain.quality import doubtful_births
from lado.errors import Refused
from lado.models import (
    Absence,
    Account,
    AgencyContact,
    Authority,
    BrokenGlass,
    CaseClock,
    Certificate,
    Checkpoint,
    Correction,
    Escalation,
    Grant,
    HandOver,
    Installation,
    Invitation,
    LedgerEntry,
    Letter,
    LetterWording,
    Notice,
    Referral,
    Restriction,
)
from lado.queries import feedback, handovers, ledger, quality
from lado.queries.restrictions import on_list as on_list_of
from lado.security.identity import SYSTEM, Identity, Role
from lado.services import verification
from tests.lado.council.conftest import NOW
from tests.support.told_model import EVERYBODY, Entry, told
from workflows.facts import unanswered

pytestmark = pytest.mark.database

BROMLEY = "bromley-2021-22"


def verified(database):
    with database.reading(SYSTEM) as act:
        return verification.verify(act)


def closed_without_an_answer(database):
    """The closed cases that met the threshold, and those of them of which somebody has no answer, agreed or told."""
    with database.reading(SYSTEM) as act:
        found = list(act.session.scalars(select(Referral.id).where(Referral.state == "closed")))
        cases = {referral_id: ledger.case_of(act.session, referral_id) for referral_id in found}
    return len(cases), {
        referral_id: (unanswered(case), {who for who, telling in case.told.items() if telling.told} - set(case.agreed))
        for referral_id, case in cases.items()
        if unanswered(case) or not {who for who, telling in case.told.items() if telling.told} <= set(case.agreed)
    }


def assert_the_figure_is_the_ledger(database, first_on, last_on, closed):
    """What the managers' page counts of who was told is what the model counts over the rows of the ledger."""
    with database.reading(SYSTEM) as act:
        columns = (LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.kind, LedgerEntry.data)
        rows = act.session.execute(
            select(*columns, LedgerEntry.recorded_at).order_by(LedgerEntry.referral_id, LedgerEntry.number)
        )
        expected = told([Entry(*row) for row in rows], set(england().holidays), first_on, last_on)
        authority = act.session.scalars(select(Authority.id)).one()
        found = feedback.figures(act.session, authority, Period("", first_on, last_on))
    assert len(expected) == closed * len(EVERYBODY)
    for audience in EVERYBODY:
        of_them, figure = [one for one in expected if one.audience == audience], found[audience]
        assert figure.cases == closed
        assert {group: figure.of(group) for group in GROUPS} == {
            group: sum(one.group == group for one in of_them) for group in GROUPS
        }
        assert figure.took == Counter(one.took for one in of_them if one.took is not None)
        took = [one.took for one in of_them if one.took is not None]
        assert (figure.median, figure.longest) == ((median(took), max(took)) if took else (None, None))
    assert found["referrer"].of("told") > 0


@pytest.mark.once
def test_the_published_year_comes_out_exactly_with_the_record_true_and_every_day_covered(empty, live):
    database = empty()

    report = live(database, BROMLEY, 20220331, "2021-04-01", "2022-03-31")

    assert report.referrals == 204
    assert report.outcomes == {"substantiated": 72, "unsubstantiated": 30, "unfounded": 69, "false": 1, "malicious": 0}
    assert report.open == 32
    assert report.uncovered_days == 0
    assert closed_without_an_answer(database) == (172, {})
    assert_the_figure_is_the_ledger(database, date(2021, 4, 1), date(2022, 3, 31), 172)
    verdict = verified(database)
    assert verdict.differences == ()
    assert verdict.cases == 204 + report.advice_calls
    with database.reading(SYSTEM) as act:
        assert act.session.scalar(select(func.min(Referral.received_at))) >= datetime(2021, 3, 31, 23, tzinfo=UTC)
        assert act.session.scalar(select(func.max(LedgerEntry.recorded_at))) <= datetime(2022, 3, 31, 23, tzinfo=UTC)
        assert act.session.scalar(select(func.count(Escalation.id))) == report.escalations > 100
        assert act.session.scalar(select(func.count(Absence.id))) > 5
        taken_up = select(func.count(HandOver.id)).where(HandOver.accepted_at.is_not(None))
        assert act.session.scalar(taken_up) > 20
        assert handovers.out_of_line(act.session, datetime(2022, 3, 31, 22, 59, 59, tzinfo=UTC)) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_six_weeks_are_the_year_in_proportion_whatever_the_seed(empty, live, seed):
    database = empty()

    report = live(database, BROMLEY, seed, "2021-06-01", "2021-07-12")

    assert (report.referrals, report.open) == (23, 4)
    assert report.outcomes == {"substantiated": 8, "unsubstantiated": 3, "unfounded": 8, "false": 0, "malicious": 0}
    assert report.uncovered_days == 0
    closed, lacking = closed_without_an_answer(database)
    assert closed > 0
    assert lacking == {}
    assert_the_figure_is_the_ledger(database, date(2021, 6, 1), date(2021, 7, 12), closed)
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
        assert session.scalars(select(AgencyContact.id)).first() is not None
        assert session.scalars(select(Escalation.id).where(Escalation.acknowledged_at.is_(None))).first() is not None
        assert set(session.scalars(select(Notice.state))) == {"sent", "waiting"}
        assert handovers.out_of_line(session, NOW) == []
        olive = select(Account.id).where(Account.id == HandOver.to_id, Account.role == "designated_officer").exists()
        for_olive = select(HandOver).where(HandOver.ended_at.is_(None), HandOver.accepted_at.is_(None), olive)
        assert session.scalars(for_olive).first() is not None, "a covering officer has cases to accept"
        assert set(session.scalars(select(LetterWording.stage))) == {"approved", "asked"}
        assert set(session.scalars(select(Letter.occasion))) == {"outcome", "email"}
        assert [one.accepted_at for one in session.scalars(select(Invitation))] == [None], "an open invitation"
        assert [kind for kind in session.scalars(select(LedgerEntry.kind)) if kind == "AccessEnded"] == ["AccessEnded"]
        ends_soon = select(Grant.id).where(Grant.ends_at > NOW, Grant.ended_at.is_(None))
        assert session.scalars(ends_soon).first() is not None
        on_line = [one for one in session.scalars(select(Referral)) if one.recorded_at == one.received_at == NOW]
        assert [(one.state, one.is_open) for one in on_line] == [("received", True)], "one was just sent on line"
        restricted = session.scalars(select(Restriction)).one()
        on_list = {session.get_one(Account, person).role for person in session.scalars(on_list_of(restricted.id))}
        assert on_list == {"designated_officer", "cover_officer", "service_manager"}
        assert [one.answered_at for one in session.scalars(select(BrokenGlass))] == [None], "somebody asks to be let in"
        words = cast.sign_ins(act)
    assert "olive@northbrook.example" in words
    assert cast.PASSWORD in words


def test_the_demonstration_shows_what_can_be_done_about_dates(empty, live, monkeypatch):
    shown = PROFILES["demonstration"]
    twisted = tuple(one for one in shown.opens if one.twist)
    counts = {"open": 4 * len(twisted), "unfounded": 80}
    monkeypatch.setitem(PROFILES, "demonstration", replace(shown, endings=counts, opens=twisted, advice_calls=0))
    database = empty()

    live(database, "demonstration", 1, "2026-08-25", "2026-11-23")

    assert verified(database).differences == ()
    with database.reading(SYSTEM) as act:
        session = act.session
        corrections = session.scalars(select(Correction).order_by(Correction.asked_at)).all()
        assert [one.state for one in corrections] == ["agreed", "asked"]
        assert corrections[0].decided_by_id not in (None, corrections[0].asked_by_id)
        corrected = session.get_one(Referral, corrections[0].referral_id)
        assert (corrected.received_at - corrected.corrected_received_at).days == 1
        kinds = set(session.scalars(select(LedgerEntry.kind)))
        assert {"ClockExtended", "ClockPaused", "ClockRederived"} <= kinds
        still = select(CaseClock.id).where(CaseClock.key == "conclusion", CaseClock.paused_at.is_not(None))
        assert session.scalars(still).one()
        received = session.execute(select(Referral.received_at, Referral.recorded_at)).all()
        assert [(one.weekday(), other.weekday()) for one, other in received].count((5, 0)) == 1
        assert session.scalars(select(Certificate.differences)).all() == [0, 0]
        assert session.scalars(select(Checkpoint.id)).all() == [1]
        manager = next(one for one in act.session.scalars(select(Account)) if one.role == "service_manager")
    with database.reading(Identity(manager.id, Role.SERVICE_MANAGER, manager.authority_id)) as act:
        found = quality.recent(act)
        assert len(list(doubtful_births(found.born, act.today))) == 1


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

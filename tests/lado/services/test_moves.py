"""Making moves: one allegation from the first call to closure, and what is refused on the way."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lado.errors import Refused, Stale
from lado.models import CaseClock, DueMoment, LedgerEntry, Referral
from lado.services import moves
from tests.support.tampering import refusal

MAIN_PATH = (
    "meet_threshold",
    "arrange_meeting",
    "hold_meeting",
    "investigate",
    "pause_for_police",
    "hold_review",
    "investigate",
    "propose_outcome",
    "decide_outcome",
    "follow_up",
    "close",
)


def test_one_allegation_from_the_first_call_to_closure(database, caseload, people):
    referral = caseload.referral(MAIN_PATH)

    with database.reading(people.olive) as act:
        found = act.session.get_one(Referral, referral.id)
        assert (found.state, found.is_open, found.outcome) == ("closed", False, "substantiated")
        assert act.session.scalars(select(DueMoment)).all() == []
        numbers = act.session.scalars(select(LedgerEntry.number).order_by(LedgerEntry.number)).all()
        assert numbers == list(range(1, len(numbers) + 1))


def test_words_are_sealed_and_never_in_the_plain_part(database, caseload, people):
    caseload.referral(("meet_threshold",))

    with database.reading(people.olive) as act:
        for entry in act.session.scalars(select(LedgerEntry)):
            assert "Sample" not in entry.data
            assert "harmed" not in entry.data


def test_the_threshold_decision_needs_its_reasons(caseload):
    referral = caseload.referral()

    with pytest.raises(Refused) as refusal:
        caseload.make(referral, "meet_threshold", answers={"limbs": (1,)}, words={})

    assert refusal.value.missing == ("rationale",)


def test_a_refusal_writes_nothing(database, caseload, people):
    referral = caseload.referral()
    with database.reading(people.olive) as act:
        before = act.session.scalars(select(LedgerEntry.id)).all()

    with pytest.raises(Refused):
        caseload.make(referral, "meet_threshold", answers={}, words={})

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(LedgerEntry.id)).all() == before


def test_a_form_made_before_a_colleague_wrote_is_stale(database, caseload, people):
    referral = caseload.referral()
    seen = referral.events
    caseload.make(referral, "add_note", {}, {"note": "Rang back."}, who=people.dana)

    with database.work(people.olive) as act, pytest.raises(Stale):
        moves.make(act, referral.id, "meet_threshold", {"limbs": (1,)}, {"rationale": "x"}, seen=seen)


def test_an_officer_of_another_council_may_not(database, caseload, people):
    referral = caseload.referral()

    with pytest.raises(refusal(database, people.sam)):
        caseload.make(referral, "meet_threshold", who=people.sam)


def test_every_open_case_has_a_clock_in_its_row(database, caseload, people):
    referral = caseload.referral()

    with database.reading(people.olive) as act:
        found = act.session.get_one(Referral, referral.id)
        due = act.session.scalars(select(CaseClock.due_at).where(CaseClock.ended_at.is_(None))).all()
        assert found.next_due_at == min(due)
        assert found.next_clock == "evaluation_decision"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET data = '{}'",
        "DELETE FROM ledger_entry",
        "UPDATE referral SET received_at = '2020-01-01 00:00:00'",
        "DELETE FROM referral",
    ],
)
def test_the_database_itself_refuses_to_change_the_record(database, caseload, people, statement):
    caseload.referral()

    with pytest.raises(DatabaseError), database.work(people.olive) as act:
        act.session.execute(text(statement))

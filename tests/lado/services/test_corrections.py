"""Correcting a date: two people, the original kept, the clocks derived or kept, and nobody judges themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lado.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from lado.jobs.escalation import run_pass
from lado.models import CaseClock, Notice, Referral
from lado.queries import ledger
from lado.security.identity import SYSTEM
from lado.services import corrections, verification
from lado.services import cover as arranging
from lado.services.corrections import NewCorrection
from lado.services.cover import NewAbsence
from tests.support.tampering import refusal, tamper

WHY = "The call note says Sunday evening."
DAY = timedelta(days=1)


@pytest.fixture
def asks(database, people):
    """Ask for a correction of the received date of a case, as Olive unless somebody else is named."""

    def ask(referral, value, who=None, **changes):
        new = {"entry": 1, "name": "received_at", "value": value, "reason": WHY} | changes
        with database.work(who or people.olive) as act:
            return corrections.ask(act, referral.id, NewCorrection(**new), seen=None)

    return ask


@pytest.fixture
def decides(database, people):
    """Decide it, as Mina unless somebody else is named."""

    def decide(referral, number=1, who=None, **how):
        with database.work(who or people.mina) as act:
            corrections.decide(act, referral.id, number, **{"agreed": True, **how})

    return decide


def case_of(database, referral):
    with database.reading(SYSTEM) as act:
        return ledger.case_of(act.session, referral.id)


def row_of(database, referral):
    with database.reading(SYSTEM) as act:
        return act.session.get_one(Referral, referral.id)


def is_clean(database):
    with database.reading(SYSTEM) as act:
        return verification.verify(act).differences == ()


def told(database):
    with database.reading(SYSTEM) as act:
        return {
            (notice.account_id, notice.subject.partition(": ")[2]) for notice in act.session.scalars(select(Notice))
        }


def test_asking_changes_no_date_and_tells_those_who_can_decide(database, caseload, people, clock, asks):
    referral = caseload.referral()

    assert asks(referral, clock.now() - DAY) == 1

    row = row_of(database, referral)
    assert (row.received_at, row.corrected_received_at) == (clock.now(), None)
    assert case_of(database, referral).corrections[1].state == "asked"
    words = "a correction waits for a second person"
    assert told(database) == {(people.mina.id, words), (people.hal.id, words)}
    assert is_clean(database)


def test_a_second_person_agrees_and_the_clocks_are_worked_out_anew(database, caseload, clock, people, asks, decides):
    referral = caseload.referral()
    before = case_of(database, referral).running["conclusion"]
    asks(referral, clock.now() - timedelta(hours=2))
    asks_day = clock.now() - timedelta(hours=2)

    decides(referral)

    row, case = row_of(database, referral), case_of(database, referral)
    assert (row.received_at, row.corrected_received_at) == (clock.now(), asks_day)
    assert case.running["conclusion"].started_at == asks_day
    assert case.running["conclusion"].first_due_at == before.first_due_at
    assert (people.olive.id, "your correction was agreed") in told(database)
    assert is_clean(database)


def test_the_clocks_may_be_kept_by_a_recorded_choice(database, caseload, clock, asks, decides):
    referral = caseload.referral()
    before = case_of(database, referral).running
    asks(referral, clock.now() - DAY)

    decides(referral, clocks="keep")

    case = case_of(database, referral)
    assert case.running == before
    assert (case.corrections[1].state, case.corrections[1].clocks) == ("agreed", "keep")
    assert row_of(database, referral).corrected_received_at == clock.now() - DAY


def test_a_refusal_needs_its_reason_and_leaves_everything(database, caseload, clock, people, asks, decides):
    referral = caseload.referral()
    asks(referral, clock.now() - DAY)

    with pytest.raises(BadInput) as bad:
        decides(referral, agreed=False)
    assert set(bad.value.problems) == {"reason"}
    decides(referral, agreed=False, reason="The note is dated Monday.")

    assert row_of(database, referral).corrected_received_at is None
    assert case_of(database, referral).corrections[1].state == "refused"
    assert (people.olive.id, "your correction was refused") in told(database)
    assert is_clean(database)


def test_nobody_decides_what_they_asked_for(caseload, clock, people, asks, decides):
    referral = caseload.referral()
    asks(referral, clock.now() - timedelta(hours=1), who=people.mina)

    with pytest.raises(Refused, match="you asked for it"):
        decides(referral, who=people.mina)
    decides(referral, who=people.hal)


def test_an_officer_asks_and_does_not_decide(database, caseload, clock, people, asks, decides):
    referral = caseload.referral()
    asks(referral, clock.now() - timedelta(hours=1))

    with pytest.raises(NotAllowed):
        decides(referral, who=people.dana)
    for who in (people.bea, people.abe, people.sam):
        with pytest.raises(refusal(database, who)):
            asks(referral, clock.now() - timedelta(hours=3), who=who)


@pytest.mark.parametrize("part", ["owner", "recorder", "cover"])
def test_nobody_decides_about_their_own_lateness(database, caseload, clock, people, asks, decides, part):
    referral = caseload.referral(who=people.mina if part == "recorder" else None, owner=people.olive.id)
    if part == "owner":
        caseload.make(referral, "assign", {"owner": people.mina.id, "why": "assigned"}, {})
        caseload.make(referral, "assign", {"owner": people.olive.id, "why": "assigned"}, {})
    if part == "cover":
        covers(database, people.olive, people.mina, clock)
    clock.advance(days=2)
    run_pass(database)
    asks(referral, clock.now() - 6 * DAY, clocks="keep")

    with pytest.raises(Refused, match="whether a clock was kept in time"):
        decides(referral, clocks="keep")
    assert (people.mina.id, "a correction waits for a second person") not in told(database)
    decides(referral, who=people.hal)


def covers(database, away, cover, clock):
    """Book the leave of one person with the other as cover, from now on."""
    leave = NewAbsence(away.id, "leave", clock.now(), clock.now() + 5 * DAY, cover.id)
    with database.work(away) as act:
        arranging.book_leave(act, leave)


def test_in_time_before_and_after_is_nobodys_lateness(caseload, clock, people, asks, decides):
    referral = caseload.referral(who=people.mina)
    asks(referral, clock.now() - timedelta(minutes=20))

    decides(referral, who=people.mina)


def test_one_open_correction_a_date(caseload, clock, asks, decides):
    referral = caseload.referral()
    asks(referral, clock.now() - timedelta(hours=1))

    with pytest.raises(Refused, match="waits for a second person already"):
        asks(referral, clock.now() - timedelta(hours=2))
    decides(referral)
    assert asks(referral, clock.now() - timedelta(hours=2)) == 2
    with pytest.raises(Refused, match="decided already"):
        decides(referral)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": timedelta(hours=1)}, "value"),  # after it was recorded
        ({"value": timedelta()}, "value"),  # what is recorded already
        ({"reason": " "}, "reason"),
        ({"clocks": "burn"}, "clocks"),
        ({"precision": "vague"}, "precision"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(caseload, clock, asks, changes, field):
    referral = caseload.referral()
    value = clock.now() + changes.pop("value", -DAY)
    clock.advance(hours=2)

    with pytest.raises(BadInput) as bad:
        asks(referral, value, **changes)

    assert set(bad.value.problems) == {field}


def test_the_dates_of_a_case_stay_in_their_order(caseload, clock, asks):
    referral = caseload.referral(
        received_at=clock.now() - 5 * DAY,
        incident_from_on=(clock.now() - 6 * DAY).date(),
        incident_precision="exact",
        late_reason="On leave",
    )
    with pytest.raises(BadInput, match="cannot have begun after the referral was received"):
        asks(referral, clock.now() - 8 * DAY)
    with pytest.raises(BadInput, match="cannot have begun after the referral was received"):
        asks(referral, (clock.now() - 4 * DAY).date(), name="incident_from_on")
    caseload.make(referral, "meet_threshold")
    held = {"held_at": clock.now() - 3 * DAY, "review_on": (clock.now() + DAY).date()}
    caseload.make(referral, "hold_meeting", held)
    with pytest.raises(BadInput, match="before the referral was received"):
        asks(referral, clock.now() - DAY)


def test_a_plan_and_a_date_that_is_not_there_cannot_be_corrected(caseload, clock, asks):
    referral = caseload.referral(("meet_threshold", "arrange_meeting"))

    for entry, name in ((1, "employer_aware_at"), (1, "recorded_at"), (99, "held_at"), (12, "planned_at")):
        with pytest.raises(NotFound):
            asks(referral, clock.now() - DAY, entry=entry, name=name)


def test_a_form_made_before_a_colleague_wrote_is_stale(database, caseload, clock, people, asks):
    referral = caseload.referral()
    asks(referral, clock.now() - timedelta(hours=1))
    seen = case_events(database, referral)
    caseload.make(referral, "add_note", {}, {"note": "Rang back."}, who=people.dana)

    with database.work(people.mina) as act, pytest.raises(Stale):
        corrections.decide(act, referral.id, 1, agreed=True, seen=seen)


def case_events(database, referral):
    return row_of(database, referral).events


def test_words_are_sealed_and_notices_hold_nothing_of_the_case(database, caseload, clock, asks, decides):
    referral = caseload.referral()
    asks(referral, clock.now() - DAY)
    decides(referral, reason="I saw the note.")

    with database.reading(SYSTEM) as act:
        data = "".join(act.session.execute(text("SELECT data FROM ledger_entry")).scalars())
        mail = "".join(f"{notice.subject} {notice.body}" for notice in act.session.scalars(select(Notice)))
    assert "call note" not in data
    assert "saw the note" not in data
    assert not any(word in mail for word in ("Sunday", "Sample", "received", "note", "2 March"))


def test_a_re_derived_clock_is_looked_at_when_it_is_due(database, caseload, clock, asks, decides, people):
    referral = caseload.referral()
    asks(referral, clock.now() - 4 * DAY)
    decides(referral, who=people.hal)

    with database.reading(SYSTEM) as act:
        due_at = act.session.scalars(
            select(CaseClock.due_at).where(CaseClock.referral_id == referral.id, CaseClock.key == "evaluation_decision")
        ).one()
    assert due_at < clock.now()
    assert row_of(database, referral).next_due_at == due_at
    run_pass(database)
    assert case_of(database, referral).escalated
    assert is_clean(database)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE correction SET state = 'refused'", "1: state"),
        ("UPDATE correction SET decided_by_id = NULL", "1: decided_by_id"),
        ("DELETE FROM correction", "1"),
        ("UPDATE correction SET name = 'held_at'", "1: name"),
    ],
)
def test_the_proof_of_the_record_covers_corrections(database, caseload, clock, asks, decides, statement, place):
    referral = caseload.referral()
    asks(referral, clock.now() - timedelta(hours=1))
    decides(referral)
    tamper(database, statement)

    with database.reading(SYSTEM) as act:
        found = verification.verify(act).differences
    assert [(one.table, one.field) for one in found] == [("correction", place)]


def test_the_database_itself_refuses_one_person_as_two(database, caseload, clock, asks):
    referral = caseload.referral()
    asks(referral, clock.now() - DAY)

    same = "UPDATE correction SET state = 'agreed', decided_by_id = asked_by_id, decided_at = asked_at"
    with pytest.raises(DatabaseError), database.work(SYSTEM) as act:
        act.session.execute(text(same))

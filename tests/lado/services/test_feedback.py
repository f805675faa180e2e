"""Whether the audiences of a closed case were told is written with it, filled in for older ones, and proven."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text

from lado.errors import NotAllowed
from lado.models import Feedback
from lado.security.identity import SYSTEM
from lado.services import corrections, feedback, moves
from lado.services.corrections import NewCorrection
from lado.services.verification import verify
from workflows.facts import AUDIENCES

OUTCOME = ("meet_threshold", "hold_meeting", "decide_outcome")


def rows_of(database, referral):
    with database.reading(SYSTEM) as act:
        query = select(Feedback).where(Feedback.referral_id == referral.id)
        return {row.audience: (row.answer, row.took) for row in act.session.scalars(query)}


def differences(database):
    with database.reading(SYSTEM) as act:
        return verify(act).differences


@pytest.fixture
def decided(caseload):
    """A case whose outcome was decided now, on Monday 2 March."""
    return caseload.referral(OUTCOME)


@pytest.fixture
def tell(caseload, clock):
    """Record that an audience was told, or why not."""

    def do(referral, audience="referrer", decision="told", **answers):
        on = {"told_on": clock.now().date()} if decision == "told" else {}
        caseload.make(referral, "tell", {"audience": audience, "decision": decision, **on, **answers}, {"note": "So."})

    return do


@pytest.fixture
def close(caseload, tell, database):
    """Close a case with a reason for all but these, of whom it is recorded already."""

    def do(referral, *besides):
        for audience in AUDIENCES:
            if audience not in besides:
                tell(referral, audience, "not_told")
        for body in ("dbs", "regulator", "social_care"):
            caseload.make(referral, "decide_onward", {"body": body, "decision": "not_needed"}, {"note": "So."})
        shut(referral)

    def shut(referral):
        with database.work(caseload.officer) as act:
            moves.make(act, referral.id, "close", {}, {"closing_note": "Done."})

    do.again = shut

    return do


def test_an_open_case_has_no_rows_and_a_closed_one_a_row_for_each_audience(database, decided, tell, close, clock):
    clock.advance(days=2)
    tell(decided)
    tell(decided, "regulator", "not_concerned")
    assert rows_of(database, decided) == {}
    close(decided, "referrer", "regulator")
    found = rows_of(database, decided)
    assert found["referrer"] == ("told", 2)
    assert found["regulator"] == ("not_concerned", None)
    assert found["child"] == ("not_told", None)
    assert set(found) == set(AUDIENCES)
    assert differences(database) == ()


def test_working_days_are_counted_and_on_the_day_itself_it_is_none(database, caseload, tell, close, clock):
    same_day, after_weekend = caseload.referral(OUTCOME), caseload.referral(OUTCOME)
    tell(same_day)
    clock.advance(days=7)
    tell(after_weekend)
    close(same_day, "referrer")
    close(after_weekend, "referrer")
    assert rows_of(database, same_day)["referrer"] == ("told", 0)
    assert rows_of(database, after_weekend)["referrer"] == ("told", 5)


def test_of_several_tellings_the_first_of_the_outcome_counts_and_the_last_word_stands(
    database, caseload, tell, close, clock
):
    twice, taken_back = caseload.referral(OUTCOME), caseload.referral(OUTCOME)
    clock.advance(days=1)
    tell(twice)
    tell(taken_back)
    clock.advance(days=3)
    tell(twice)
    tell(taken_back, decision="not_told")
    close(twice, "referrer")
    close(taken_back, "referrer")
    assert rows_of(database, twice)["referrer"] == ("told", 1)
    assert rows_of(database, taken_back)["referrer"] == ("not_told", None)


def test_told_before_the_outcome_or_only_how_it_goes_on_is_something_else(database, caseload, tell, close, clock):
    early = caseload.referral(OUTCOME[:-1])
    tell(early)
    clock.advance(days=3)
    caseload.make(early, "decide_outcome")
    progress = caseload.referral(OUTCOME)
    tell(progress, extent="progress")
    close(early, "referrer")
    close(progress, "referrer")
    assert rows_of(database, early)["referrer"] == ("otherwise", None)
    assert rows_of(database, progress)["referrer"] == ("otherwise", None)


def test_a_reopened_case_is_none_of_the_closed_until_it_is_closed_again_with_an_outcome_to_tell_anew(
    database, caseload, decided, tell, close, clock
):
    tell(decided)
    close(decided, "referrer")
    caseload.make(decided, "reopen")
    assert rows_of(database, decided) == {}
    clock.advance(days=7)
    caseload.make(decided, "hold_meeting")
    caseload.make(decided, "decide_outcome")
    close.again(decided)
    assert rows_of(database, decided)["referrer"] == ("otherwise", None)
    clock.advance(days=1)
    tell(decided)
    assert rows_of(database, decided)["referrer"] == ("told", 1), "what is recorded after closing counts too"
    assert differences(database) == ()


def test_a_corrected_day_is_the_day_that_counts(database, decided, tell, close, clock, caseload, people):
    clock.advance(days=4)
    tell(decided)
    close(decided, "referrer")
    with database.reading(SYSTEM) as act:
        number = act.session.execute(
            text("SELECT number FROM ledger_entry WHERE referral_id = :r AND kind = 'Told' ORDER BY number"),
            {"r": decided.id},
        ).scalar()
    with database.work(caseload.officer) as act:
        new = NewCorrection(number - 1, "told_on", (clock.now() - timedelta(days=2)).date(), "The letter says so.")
        asked = corrections.ask(act, decided.id, new)
    assert rows_of(database, decided)["referrer"] == ("told", 4)
    with database.work(people.mina) as act:
        corrections.decide(act, decided.id, asked, agreed=True, clocks="keep")
    assert rows_of(database, decided)["referrer"] == ("told", 2)
    assert differences(database) == ()


def test_what_ends_below_the_threshold_or_elsewhere_is_not_counted(database, caseload):
    advice, merged = caseload.referral(("advise",)), caseload.referral(("meet_threshold",))
    words = {"merged_into": "NB-1", "rationale": "The same.", "told": "The school."}
    caseload.make(merged, "merge", {}, words)
    assert rows_of(database, advice) == rows_of(database, merged) == {}
    assert differences(database) == ()


@pytest.mark.database
def test_cases_from_before_are_filled_in_once(database, decided, tell, close, caseload):
    tell(decided)
    close(decided, "referrer")
    caseload.referral(("advise",))
    before = rows_of(database, decided)
    with database.work(SYSTEM) as act:
        act.session.execute(delete(Feedback))
        assert feedback.fill(act) == 1
    assert rows_of(database, decided) == before
    with database.work(SYSTEM) as act:
        assert feedback.fill(act) == 0


def test_only_who_may_prove_the_record_fills_it_in(database, people):
    with pytest.raises(NotAllowed), database.work(people.olive) as act:
        feedback.fill(act)


@pytest.mark.database
def test_a_row_that_says_something_else_is_found(database, decided, tell, close):
    tell(decided)
    close(decided, "referrer")
    with database.work(SYSTEM) as act:
        act.session.execute(delete(Feedback).where(Feedback.audience == "child"))
        referrer = Feedback.audience == "referrer"
        act.session.execute(delete(Feedback).where(referrer))
        row = {"referral_id": decided.id, "authority_id": decided.authority_id, "audience": "referrer"}
        act.session.add(Feedback(**row, closed_at=act.at, answer="told", took=9))
    found = {(one.table, one.field): (one.record, one.screen) for one in differences(database)}
    assert found["feedback", "referrer: took"] == (0, 9)
    assert ("feedback", "child") in found

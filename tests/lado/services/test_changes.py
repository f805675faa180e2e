"""Changes brought to running cases: rehearsed without a trace, applied case by case, never twice, never backwards."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lado.adapters.bank_holidays import england
from lado.errors import NotAllowed, Refused
from lado.jobs import changes as job
from lado.models import Change, ChangedCase, HolidayList, HolidayReview, LedgerEntry, Notice
from lado.queries import changes as reading
from lado.queries import ledger, practices
from lado.security.identity import SYSTEM
from lado.services import changes, conflicts, cover, installation, verification
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence
from workflows.calendar import Calendar
from workflows.rules import NATIONAL
from workflows.spans import Span, Unit


def with_limit(key, span):
    """The national rules with one limit changed."""
    rows = tuple(replace(rule, limit=span) if rule.key == key else rule for rule in NATIONAL.timescales)
    return replace(NATIONAL, timescales=rows)


SLOWER = with_limit("meeting", Span(10, Unit.WORKING_DAY))
BY_THE_HOUR = with_limit("evaluation_decision", Span(48, Unit.HOUR))
FUTURE_DAY = date(2026, 3, 5)


def with_holiday(day, name="A day of mourning"):
    """England's bank holidays and one more."""
    known = england()
    return Calendar.of(known.name, {**known.holidays, day: name}, known.known_from, known.known_to)


@pytest.fixture
def publish(database, people):
    """Publish rules as the service manager, and begin to bring the running cases under them."""

    def do(rules, before=NATIONAL):
        with database.work(people.mina) as act:
            authority = act.who.authority
            installation.publish_rules(act, authority, rules)
            return changes.begin(act, authority, "rules", before.version, rules.version).id

    return do


def case_of(database, referral):
    with database.reading(SYSTEM) as act:
        return ledger.case_of(act.session, referral.id)


def due(database, referral, key):
    return case_of(database, referral).running[key].due_at


def is_proven(database):
    with database.reading(SYSTEM) as act:
        return verification.verify(act).differences == ()


def entries(database):
    with database.reading(SYSTEM) as act:
        return act.session.scalar(select(func.count(LedgerEntry.id)))


def test_a_rehearsal_says_what_would_move_and_leaves_no_trace(database, caseload, people):
    referral = caseload.referral()
    before, number = due(database, referral, "meeting"), entries(database)

    with database.reading(people.mina) as act:
        (found,) = changes.rehearse(act, act.who.authority, "rules", SLOWER.to_json())

    assert found.reference == referral.reference
    (moved,) = found.clocks
    assert (moved.key, moved.was_due_at) == ("meeting", before)
    assert moved.now_due_at == before + timedelta(days=7)
    assert moved.was_next_rung == moved.now_next_rung == "warning 80"
    assert moved.was_next_told == moved.now_next_told == people.olive.id
    assert entries(database) == number


def test_a_rehearsal_names_nobody_who_is_kept_from_the_case(database, caseload, people):
    plain, walled = caseload.referral(), caseload.referral(setting="Elm Park Nursery")
    until_at = caseload.clock.now() + timedelta(days=30)
    with database.work(people.mina) as act:
        covers = people.carl.id, people.dana.id
        cover.book_leave(act, NewAbsence(people.olive.id, "leave", act.at, until_at, *covers))
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "setting", "Elm Park Nursery"))

    with database.reading(people.mina) as act:
        found = {one.reference: one for one in changes.rehearse(act, act.who.authority, "rules", SLOWER.to_json())}

    told = {reference: {clock.now_next_told for clock in one.clocks} for reference, one in found.items()}
    assert told == {plain.reference: {people.carl.id}, walled.reference: {people.dana.id}}


def test_changed_rules_move_open_dates_once_and_the_record_proves_it(database, caseload, publish):
    referral, other = caseload.referral(), caseload.referral(("meet_threshold",))
    before = due(database, referral, "meeting")
    change = publish(SLOWER)

    assert job.tick(database) == {"changed": 2}
    assert job.tick(database) == {}

    assert due(database, referral, "meeting") == before + timedelta(days=7)
    assert case_of(database, other).rules == SLOWER.version
    assert is_proven(database)
    with database.reading(SYSTEM) as act:
        assert reading.progress(act.session, change) == (2, 0, 0, 0)
        (listed,) = reading.listing(act.session, referral.authority_id, "rules")
        assert listed.done_at is not None


def test_what_is_rehearsed_is_what_happens(database, caseload, people, publish):
    referrals = [
        caseload.referral(),
        caseload.referral(("meet_threshold", "hold_meeting")),
        caseload.referral(("advise",)),
    ]
    with database.reading(people.mina) as act:
        rehearsed = {
            (found.referral_id, moved.key): moved.now_due_at
            for found in changes.rehearse(act, act.who.authority, "rules", BY_THE_HOUR.to_json())
            for moved in found.clocks
        }
    publish(BY_THE_HOUR, NATIONAL)
    job.tick(database)

    happened = {
        (referral.id, key): clock.due_at
        for referral in referrals
        for key, clock in case_of(database, referral).running.items()
        if clock.due_at != clock.first_due_at
    }
    assert happened == rehearsed != {}


def test_a_lapsed_clock_keeps_its_date_and_its_rungs(database, caseload, clock, publish):
    referral = caseload.referral()
    before = due(database, referral, "evaluation_decision")
    clock.advance(days=2)
    publish(BY_THE_HOUR)
    job.tick(database)

    assert due(database, referral, "evaluation_decision") == before


def test_a_change_back_gives_every_date_back(database, caseload, publish):
    referral = caseload.referral(("meet_threshold",))
    before = {key: clock.due_at for key, clock in case_of(database, referral).running.items()}
    publish(SLOWER)
    job.tick(database)
    publish(NATIONAL, SLOWER)
    job.tick(database)

    assert {key: clock.due_at for key, clock in case_of(database, referral).running.items()} == before


def test_closure_days_of_new_rules_are_part_of_the_calendar_of_the_case(database, caseload, publish):
    referral = caseload.referral()
    before = due(database, referral, "meeting")
    closed = replace(NATIONAL, closure_days=((FUTURE_DAY, "Offices closed"),))
    publish(closed)
    job.tick(database)

    assert due(database, referral, "meeting") == before + timedelta(days=1)
    assert case_of(database, referral).calendar == closed.calendar(england()).version
    assert is_proven(database)


def test_a_new_holiday_to_come_moves_open_dates_and_writes_events(database, caseload):
    referral, closed = caseload.referral(), caseload.referral(("advise",))
    before = due(database, referral, "meeting")
    with database.work(SYSTEM) as act:
        installation.keep_holidays(act, with_holiday(FUTURE_DAY))

    assert due(database, referral, "meeting") == before, "nothing moves silently"
    assert is_proven(database), "not even the next due moment"
    job.tick(database)

    assert due(database, referral, "meeting") == before + timedelta(days=1)
    assert case_of(database, closed).calendar == with_holiday(FUTURE_DAY).version
    assert is_proven(database)
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(HolidayReview)).all() == []


def test_a_day_announced_late_changes_nothing_that_ended_and_is_listed_for_review(database, caseload, clock, people):
    late, in_time, lapsed = caseload.referral(), caseload.referral(), caseload.referral()
    clock.advance(hours=2)
    caseload.make(in_time, "meet_threshold")
    clock.advance(days=2)
    caseload.make(late, "meet_threshold")
    clock.advance(days=9)
    ended = {referral.id: case_of(database, referral).ended for referral in (late, in_time, lapsed)}
    overdue = due(database, lapsed, "evaluation_decision")
    with database.work(SYSTEM) as act:
        installation.keep_holidays(act, with_holiday(date(2026, 3, 3)))
    job.tick(database)

    with database.reading(SYSTEM) as act:
        listed = act.session.scalars(select(HolidayReview).order_by(HolidayReview.id)).all()
        found = {(row.referral_id, row.clock) for row in listed}
    assert {place for place in found if place[1] == "evaluation_decision"} == {
        (late.id, "evaluation_decision"),
        (lapsed.id, "evaluation_decision"),
    }
    assert all(row.would_be_due_at == row.due_at + timedelta(days=1) for row in listed if "evaluation" in row.clock)
    assert ended == {referral.id: case_of(database, referral).ended for referral in (late, in_time, lapsed)}
    assert due(database, lapsed, "evaluation_decision") == overdue

    assert notices_of(database, people.mina) == ["A bank holiday was announced late"]
    with database.work(people.mina) as act:
        changes.review(act, listed[0].id, "It was in time, with the day counted as closed.")
    with pytest.raises(Refused), database.work(people.mina) as act:
        changes.review(act, listed[1].id, " ")
    with pytest.raises(NotAllowed), database.work(people.olive) as act:
        changes.review(act, listed[1].id, "Seen.")
    with database.reading(SYSTEM) as act:
        assert act.session.get_one(HolidayReview, listed[0].id).reviewed_by_id == people.mina.id


def notices_of(database, who):
    with database.reading(SYSTEM) as act:
        query = select(Notice.subject).where(Notice.account_id == who.id).order_by(Notice.id)
        return act.session.scalars(query).all()


def test_a_leader_is_told_once_that_the_known_holidays_end(database, clock, people):
    job.tick(database)
    assert notices_of(database, people.mina) == []
    clock.advance(days=(england().known_to - clock.now().date()).days - 30)
    job.tick(database)
    job.tick(database)

    assert notices_of(database, people.mina) == ["Bank holidays end soon"]


def test_a_case_logged_while_a_change_runs_has_the_new_calendar_and_is_kept(database, caseload):
    caseload.referral()
    with database.work(SYSTEM) as act:
        installation.keep_holidays(act, with_holiday(FUTURE_DAY))
    late = caseload.referral()
    job.tick(database)

    assert case_of(database, late).calendar == with_holiday(FUTURE_DAY).version
    with database.reading(SYSTEM) as act:
        results = {row.referral_id: (row.result, row.said) for row in act.session.scalars(select(ChangedCase))}
    assert results[late.id] == ("kept", "already")
    assert is_proven(database)


def test_a_bad_case_is_recorded_and_tried_again_and_the_rest_go_on(database, caseload, clock, publish, monkeypatch):
    bad, good = caseload.referral(), caseload.referral()
    change = publish(SLOWER)
    apply = changes.apply

    def failing(act, change_id, referral_id):
        if referral_id == bad.id:
            raise ValueError("spoilt")
        return apply(act, change_id, referral_id)

    monkeypatch.setattr(changes, "apply", failing)
    assert job.tick(database) == {"failed": 1, "changed": 1}
    assert job.tick(database) == {}, "not again at once"
    with database.reading(SYSTEM) as act:
        assert reading.progress(act.session, change) == (1, 0, 1, 0)
        assert act.session.get_one(Change, change).done_at is None
        assert act.session.get_one(ChangedCase, (change, bad.id)).said == "ValueError"

    monkeypatch.undo()
    clock.advance(minutes=6)
    assert job.tick(database) == {"changed": 1}
    assert case_of(database, bad).rules == case_of(database, good).rules == SLOWER.version


def test_killed_between_two_cases_it_goes_on_where_it_was(database, caseload, publish, monkeypatch):
    first, second = caseload.referral(), caseload.referral()
    publish(SLOWER)
    apply = changes.apply

    def killed(act, change_id, referral_id):
        if referral_id == second.id:
            raise KeyboardInterrupt
        return apply(act, change_id, referral_id)

    monkeypatch.setattr(changes, "apply", killed)
    with pytest.raises(KeyboardInterrupt):
        job.tick(database)
    monkeypatch.undo()
    assert case_of(database, first).rules == SLOWER.version
    assert case_of(database, second).rules == NATIONAL.version
    assert is_proven(database)

    assert job.tick(database) == {"changed": 1}
    assert case_of(database, second).rules == SLOWER.version


def test_a_second_worker_does_no_harm(database, caseload, publish):
    referral = caseload.referral()
    change = publish(SLOWER)
    with database.work(SYSTEM) as act:
        changes.apply(act, change, referral.id)
    number = entries(database)
    with database.work(SYSTEM) as act:
        changes.apply(act, change, referral.id)

    assert entries(database) == number


def test_a_later_change_takes_the_place_of_one_under_way(database, caseload, publish):
    referral = caseload.referral()
    first = publish(SLOWER)
    publish(BY_THE_HOUR, SLOWER)
    job.tick(database)

    assert case_of(database, referral).rules == BY_THE_HOUR.version
    with database.reading(SYSTEM) as act:
        assert reading.progress(act.session, first).total == 0


def test_a_council_takes_up_another_version_of_the_procedure(database, caseload, people):
    early, late = (
        caseload.referral(),
        caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome", "follow_up")),
    )
    with database.work(people.mina) as act:
        changes.begin(act, act.who.authority, "procedure", "allegation_v1", "allegation_v2")
    new = caseload.referral()
    job.tick(database)

    assert [case_of(database, referral).version for referral in (early, late, new)] == [2, 2, 2]
    assert case_of(database, late).state == "outcome_decided"
    assert is_proven(database)
    caseload.make(early, "send_receipt", {}, {"note": "By e-mail."})
    with database.work(people.mina) as act:
        back = changes.begin(act, act.who.authority, "procedure", "allegation_v2", "allegation_v1").id
    job.tick(database)

    assert [case_of(database, referral).version for referral in (early, late, new)] == [2, 1, 1]
    with database.reading(SYSTEM) as act:
        (kept,) = reading.results(act.session, back, only=("kept",))
        assert (kept.reference, kept.said) == (early.reference, "used:receipt_sent")
        assert practices.in_force(act.session, early.authority_id, act.at).flow.version == 1


def test_who_may_not_begin_or_apply(database, caseload, people):
    referral = caseload.referral()
    for kind in ("rules", "calendar", "procedure"):
        with pytest.raises(NotAllowed), database.work(people.olive) as act:
            changes.begin(act, act.who.authority, kind, "", "")
        with pytest.raises(NotAllowed), database.work(people.mina) as act:
            changes.begin(act, act.who.authority + 1, kind, "", "")
        with pytest.raises(Refused), database.work(people.mina) as act:
            changes.begin(act, act.who.authority, kind, "", "nothing known")
    with pytest.raises(NotAllowed), database.work(people.mina) as act:
        changes.apply(act, 1, referral.id)


def test_the_first_snapshot_of_an_installation_changes_no_case(database):
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(HolidayList)).one().version == england().version
        assert act.session.scalars(select(Change)).all() == []


def test_two_schedulers_at_once_change_each_case_once(database, caseload, publish):
    referrals = [caseload.referral() for _ in range(6)]
    publish(SLOWER)

    with ThreadPoolExecutor(2) as two:
        counts = list(two.map(lambda _: job.tick(database), range(2)))

    assert all(set(count) <= {"changed"} for count in counts)
    with database.reading(SYSTEM) as act:
        kinds = act.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.kind == "RulesChanged")).all()
    assert len(kinds) == len(referrals)
    assert is_proven(database)

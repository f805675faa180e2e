"""The hand-over tick: each case of whoever is away is offered once to whom the resolver names, and then climbs."""

import threading

import pytest
from sqlalchemy import select

from lado.db import Database
from lado.errors import BadInput, Refused
from lado.jobs.handovers import Handed, run_pass
from lado.models import HandBack, HandOver, HandOverRung, LedgerEntry
from lado.security.identity import SYSTEM
from lado.services import cover, handovers
from lado.services.cover import NewAbsence
from lado.services.verification import verify
from tests.support.passes import at

TUESDAY, SATURDAY = at("2026-03-03T00:00"), at("2026-03-07T00:00")
QUIET = Handed()


@pytest.fixture
def tick(database, clock):
    """Runs one pass as at an instant."""

    def one_pass(when):
        clock.move_to(at(when))
        return run_pass(database)

    return one_pass


@pytest.fixture
def rows(database, name_of):
    """Every hand-over so far: from whom, to whom, and what became of it."""

    def read():
        with database.reading(SYSTEM) as act:
            found = act.session.scalars(select(HandOver).order_by(HandOver.id))
            return [(name_of(row.from_id), name_of(row.to_id), fate(row)) for row in found]

    return read


def fate(row):
    if row.ended_at is not None:
        return "refused" if row.refused_at else "ended"
    return "accepted" if row.accepted_at else "waits"


@pytest.fixture
def kinds(database):
    """The kinds of the entries about hand-overs, in order."""

    def read():
        with database.reading(SYSTEM) as act:
            found = act.session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.sequence))
            return [kind for kind in found if kind.startswith("Hand")]

    return read


@pytest.fixture
def cases(caseload):
    """Three open cases of Olive's and one that ended."""
    caseload.referral(("advise",))
    return [caseload.referral() for _ in range(3)]


@pytest.fixture
def olive_away(cases, go_away):
    """Olive is away from Tuesday to Friday, and Carl covers."""
    return go_away("olive", "carl", TUESDAY, SATURDAY).absence.id


def test_each_open_case_is_offered_once_when_the_leave_begins(tick, olive_away, rows, kinds, letters):
    assert tick("2026-03-02T23:59") == QUIET
    assert tick("2026-03-03T00:00") == Handed(offered=3, notices=1)
    assert tick("2026-03-03T00:00") == QUIET
    assert tick("2026-03-03T09:00") == QUIET

    assert rows() == [("olive", "carl", "waits")] * 3
    assert kinds() == ["HandedOver"] * 3
    name, subject, body = letters()[-1]
    assert (name, subject) == ("carl", "Cases are handed over to you")
    assert body.count("- NB-") == 3
    assert "Robin" not in body


def test_leave_that_was_booked_late_is_handed_over_at_the_next_pass(tick, cases, go_away, rows, clock):
    clock.move_to(at("2026-03-04T10:00"))
    go_away("olive", "carl", TUESDAY, SATURDAY)

    assert tick("2026-03-04T10:01").offered == 3
    assert rows() == [("olive", "carl", "waits")] * 3


def test_when_the_cover_changes_it_is_offered_to_the_new_one(tick, olive_away, rows, database, people):
    tick("2026-03-03T00:00")
    with database.work(people.mina) as act:
        new = NewAbsence(people.olive.id, "leave", TUESDAY, SATURDAY, people.dana.id)
        cover.change(act, olive_away, new)

    assert tick("2026-03-03T10:00") == Handed(offered=3, ended=3, notices=1)
    assert rows() == [("olive", "carl", "ended")] * 3 + [("olive", "dana", "waits")] * 3


def test_back_with_the_first_one_again_it_is_offered_again(tick, olive_away, rows, go_away, database, people):
    tick("2026-03-03T00:00")
    go_away("carl", "dana", at("2026-03-04T00:00"), at("2026-03-05T00:00"))
    tick("2026-03-04T09:00")
    tick("2026-03-05T09:00")

    assert [to for _, to, fate in rows() if fate == "waits"] == ["carl"] * 3
    assert [to for _, to, fate in rows() if fate == "ended"] == ["carl"] * 3 + ["dana"] * 3


def test_a_case_that_arrives_or_ends_in_between_is_brought_into_line(tick, olive_away, cases, caseload, rows, people):
    tick("2026-03-03T00:00")
    caseload.make(cases[0], "advise", who=people.carl)
    caseload.referral()

    assert tick("2026-03-03T10:00") == Handed(offered=1, ended=1, notices=1)
    assert [fate for *_, fate in rows()] == ["ended", "waits", "waits", "waits"]


def test_with_nobody_on_cover_the_hand_over_says_so_and_writes_no_second_notice(
    tick, run, cases, go_away, rows, letters, kinds
):
    go_away("olive", "", TUESDAY, SATURDAY)
    run("2026-03-03T00:00")
    before = letters()

    assert tick("2026-03-03T00:01") == Handed(offered=3)
    assert rows() == [("olive", "nobody", "waits")] * 3
    assert letters() == before
    assert [name for name, subject, _ in before if subject == "Nobody is on cover"] == ["mina"]
    assert tick("2026-03-06T10:00") == QUIET  # nobody was asked, so nothing climbs; the gap was raised


def test_accepting_stops_the_ladder_and_is_on_the_record(tick, olive_away, cases, rows, kinds, database, people):
    tick("2026-03-03T00:00")
    with database.work(people.carl) as act:
        handovers.accept(act, cases[0].id)
        handovers.accept(act, cases[0].id)
        assert handovers.accept_all(act) == 2

    assert rows() == [("olive", "carl", "accepted")] * 3
    assert kinds() == ["HandedOver"] * 3 + ["HandOverAccepted"] * 3
    assert tick("2026-03-05T10:00") == QUIET


def test_whoever_refuses_says_why_and_the_next_one_has_it(tick, olive_away, cases, rows, deputy, database, people):
    deputy("carl", "dana")
    tick("2026-03-03T00:00")
    with database.work(people.carl) as act:
        with pytest.raises(BadInput):
            handovers.refuse(act, cases[0].id, " ")
        assert handovers.refuse(act, cases[0].id, "I know the family.") == people.dana.id
        with pytest.raises(Refused):
            handovers.accept(act, cases[0].id)

    assert rows()[0] == ("olive", "carl", "refused")
    assert rows()[-1] == ("olive", "dana", "waits")
    assert tick("2026-03-03T09:00") == QUIET
    with database.work(people.dana) as act:
        assert handovers.refuse(act, cases[0].id, "Me too.") == people.mina.id  # nobody else: the nearest leader
    with database.reading(SYSTEM) as act:
        refused = act.session.scalars(select(HandOver).where(HandOver.refused_at.is_not(None))).all()
        assert [b"family" in row.sealed for row in refused] == [False, False]
        assert verify(act).differences == ()


def test_what_lapses_after_a_refusal_reaches_the_next_person(
    tick, run, olive_away, cases, deputy, rungs, people, database
):
    deputy("carl", "dana")
    tick("2026-03-03T00:00")
    with database.work(people.carl) as act:
        handovers.refuse(act, cases[0].id, "I cannot.")
    run("2026-03-04T00:00")

    told = [name for rung, due, name in rungs() if (rung, due) == ("owner", "03-03 23:59")]
    assert sorted(told) == ["carl", "carl", "dana"]


def test_a_new_absence_is_a_new_hand_over_and_forgets_a_refusal(
    tick, olive_away, cases, go_away, rows, database, people
):
    go_away("olive", "carl", SATURDAY, at("2026-03-10T00:00"))
    tick("2026-03-03T00:00")
    with database.work(people.carl) as act:
        handovers.refuse(act, cases[0].id, "I cannot.")
    tick("2026-03-06T10:00")

    assert tick("2026-03-07T00:00") == Handed(offered=3, ended=3, notices=1)
    assert [row for row in rows() if row[2] == "waits"] == [("olive", "carl", "waits")] * 3


def test_what_nobody_accepts_climbs_once_in_office_hours(
    tick, olive_away, cases, kinds, letters, deputy, database, people
):
    deputy("carl", "dana")
    tick("2026-03-03T00:00")
    with database.work(people.carl) as act:
        handovers.accept(act, cases[0].id)

    assert tick("2026-03-03T12:59") == QUIET  # four office hours from the opening at nine
    assert tick("2026-03-03T13:00") == Handed(raised=2, notices=1)
    assert tick("2026-03-03T13:00") == QUIET
    assert tick("2026-03-04T17:00") == Handed(raised=2, notices=1)
    assert tick("2026-03-06T17:00") == QUIET
    assert [(name, subject) for name, subject, _ in letters()[-2:]] == [
        ("dana", "A hand-over is not accepted yet"),
        ("mina", "A hand-over is not accepted yet"),
    ]
    assert kinds().count("HandOverRaised") == 4
    with database.work(people.dana) as act:
        handovers.accept(act, cases[1].id)  # told, so she may take it up in Carl's place


def test_after_silent_days_one_pass_raises_every_rung_with_its_due_time_and_tells_the_highest(
    tick, olive_away, letters, deputy, database, name_of
):
    deputy("carl", "dana")
    tick("2026-03-03T00:00")
    before = len(letters())

    assert tick("2026-03-05T10:00") == Handed(raised=6, notices=1)
    assert [name for name, *_ in letters()[before:]] == ["mina"]
    with database.reading(SYSTEM) as act:
        found = act.session.scalars(select(HandOverRung).order_by(HandOverRung.hand_over_id, HandOverRung.due_at))
        assert [(row.rung, f"{row.due_at:%m-%d %H:%M}", name_of(row.told_id)) for row in found][:2] == [
            ("cover", "03-03 13:00", "dana"),
            ("service_manager", "03-04 17:00", "mina"),
        ]


def test_a_rung_that_finds_nobody_hands_up_at_once(tick, olive_away, database, name_of):
    tick("2026-03-03T00:00")

    assert tick("2026-03-03T13:00") == Handed(raised=6, notices=1)
    with database.reading(SYSTEM) as act:
        found = act.session.scalars(select(HandOverRung).order_by(HandOverRung.rung))
        assert {(row.rung, name_of(row.told_id)) for row in found} == {("cover", "nobody"), ("service_manager", "mina")}


def test_on_return_everything_is_handed_back_once(tick, olive_away, rows, kinds, database, people):
    tick("2026-03-03T00:00")

    assert tick("2026-03-07T00:00") == Handed(ended=3, returned=1)
    assert tick("2026-03-07T00:00") == QUIET
    assert rows() == [("olive", "carl", "ended")] * 3
    assert kinds()[-3:] == ["HandedBack"] * 3
    with database.work(people.olive) as act:
        handovers.read_what_happened(act)
        back = act.session.scalars(select(HandBack)).one()
        assert (back.account_id, back.from_at, back.returned_at) == (people.olive.id, TUESDAY, SATURDAY)
        assert back.read_at is not None


def test_whoever_leaves_again_unread_reads_about_both(tick, olive_away, go_away, database):
    tick("2026-03-03T00:00")
    tick("2026-03-07T00:00")
    go_away("olive", "dana", at("2026-03-09T00:00"), at("2026-03-10T00:00"))
    tick("2026-03-09T09:00")
    tick("2026-03-10T09:00")

    with database.reading(SYSTEM) as act:
        back = act.session.scalars(select(HandBack)).one()
        assert (back.from_at, back.returned_at) == (TUESDAY, at("2026-03-10T09:00"))


def test_a_cancelled_absence_hands_back(tick, olive_away, rows, database, people):
    tick("2026-03-03T00:00")
    with database.work(people.olive) as act:
        cover.cancel(act, olive_away)

    assert tick("2026-03-03T10:00") == Handed(ended=3, returned=1)
    assert {fate for *_, fate in rows()} == {"ended"}


def test_one_bad_case_does_not_stop_the_rest(tick, olive_away, cases, rows, monkeypatch):
    good = handovers.record

    def broken(act, referral, *rest):
        if referral.id == cases[1].id:
            raise ValueError("unreadable")
        good(act, referral, *rest)

    monkeypatch.setattr(handovers, "record", broken)
    assert tick("2026-03-03T00:00") == Handed(offered=2, notices=2, set_aside=1)
    monkeypatch.undo()
    assert tick("2026-03-03T00:01") == Handed(offered=1, notices=1)
    assert len(rows()) == 3


def test_three_nodes_at_the_same_moment_hand_over_once(cases, olive_away, clock, database_url, vault, rows, kinds):
    clock.move_to(at("2026-03-03T09:00"))
    done = []

    def node():
        own = Database(database_url, vault, clock)
        done.append(run_pass(own))
        own.engine.dispose()

    nodes = [threading.Thread(target=node) for _ in range(3)]
    for one in nodes:
        one.start()
    for one in nodes:
        one.join()
    node()  # what one left to another that had it in hand

    assert sum(one.offered for one in done) == 3
    assert rows() == [("olive", "carl", "waits")] * 3
    assert kinds() == ["HandedOver"] * 3

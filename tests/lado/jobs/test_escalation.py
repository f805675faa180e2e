"""The escalation tick: every rung once, at its own time, to somebody who is there."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from lado.domain.projection import due_moments
from lado.models import CaseClock, DueMoment, Escalation, LedgerEntry, Referral
from lado.queries import ledger, practices
from lado.security.identity import SYSTEM
from tests.support.passes import QUIET, at, counts
from tests.support.tampering import every_right

NEXT_WEEK = at("2026-03-09T00:00")


def test_a_late_decision_climbs_one_rung_at_a_time(run, caseload, deputy, rungs):
    deputy("olive", "carl")
    caseload.referral()

    assert run("2026-03-03T16:17") == QUIET
    steps = [run(when) for when in ("2026-03-03T16:18", "2026-03-04T00:00", "2026-03-04T13:00", "2026-03-04T17:00")]

    assert steps == [counts(escalated=1, notices=1)] * 4
    assert rungs() == [
        ("warning 80", "03-03 16:17", "olive"),
        ("owner", "03-03 23:59", "olive"),
        ("cover", "03-04 13:00", "carl"),
        ("service_manager", "03-04 17:00", "mina"),
    ]


def test_repeated_it_does_nothing(run, caseload, rungs, letters):
    caseload.referral()
    run("2026-03-04T14:00")
    before = (rungs(), letters())

    assert run("2026-03-04T14:00") == QUIET
    assert (rungs(), letters()) == before


def test_over_easter_nobody_is_told_before_the_office_opens_again(run, caseload, clock, deputy, rungs):
    deputy("olive", "carl")
    clock.move_to(at("2026-04-01T09:30"))
    caseload.referral()
    run("2026-04-03T00:00")
    run("2026-04-07T11:59")
    assert [rung for rung, *_ in rungs()] == ["warning 80", "owner"]

    run("2026-04-07T12:00")

    assert rungs()[-1] == ("cover", "04-07 12:00", "carl")


def test_after_three_silent_days_one_pass_records_every_rung_and_tells_the_highest_of_the_rest(
    run, caseload, deputy, rungs, letters, clock
):
    deputy("olive", "carl")
    caseload.referral(moves=("meet_threshold",))
    clock.advance(days=1)
    caseload.make(late := caseload.referral(), "add_note", {}, {"note": "Rang."})

    assert run("2026-03-06T09:00") == counts(escalated=4, notices=1)

    assert rungs() == [
        ("warning 80", "03-04 16:17", "olive"),
        ("owner", "03-04 23:59", "olive"),
        ("cover", "03-05 13:00", "carl"),
        ("service_manager", "03-05 17:00", "mina"),
    ]
    ((name, subject, body),) = letters()
    assert (name, subject) == ("mina", f"{late.reference}: a timescale has lapsed")
    assert body == (
        f"Something on {late.reference} was due by the end of Wednesday 4 March 2026 and is not recorded yet.\n"
        "You are told as the service manager.\n"
        "\n"
        "Also reached:\n"
        "- the accountable officer, with 80% of the time used, at 16:17 on Wednesday 4 March 2026\n"
        "- the accountable officer, at 23:59 on Wednesday 4 March 2026\n"
        "- the cover, at 13:00 on Thursday 5 March 2026"
    )


def test_the_cover_of_the_cover_is_told(run, caseload, go_away, rungs, letters):
    caseload.referral()
    go_away("carl", "dana", at("2026-03-03T00:00"), at("2026-03-05T00:00"))
    go_away("olive", "carl", at("2026-03-03T00:00"), NEXT_WEEK)
    booked = len(letters())

    run("2026-03-04T00:00")

    assert [told for *_, told in rungs()] == ["dana", "dana"]
    ((name, _, body),) = letters()[booked:]
    assert name == "dana"
    assert "in the place of the accountable officer" in body


@pytest.mark.parametrize("reason", ["away without cover", "a circle", "a shut account"])
def test_nobody_on_cover_goes_up_at_once(run, caseload, go_away, shut, deputy, rungs, clock, reason):
    caseload.referral()
    run("2026-03-03T17:00")
    clock.move_to(at("2026-03-03T17:00"))
    if reason == "a shut account":
        shut("olive")
    elif reason == "a circle":
        deputy("olive", "carl")
        deputy("carl", "olive")
        go_away("carl", None, at("2026-03-03T18:00"), NEXT_WEEK)
        go_away("olive", None, at("2026-03-03T18:00"), NEXT_WEEK + timedelta(days=1))
    else:
        go_away("olive", None, at("2026-03-03T18:00"), NEXT_WEEK)

    done = run("2026-03-04T00:00")

    assert rungs()[1:] == [
        ("owner", "03-03 23:59", "nobody"),
        ("cover", "03-03 23:59", "nobody"),
        ("service_manager", "03-03 23:59", "mina"),
    ]
    assert done == counts(escalated=3, notices=2, nobody_on_cover=3), "two rungs and the officer's own absence"


def test_an_owner_without_cover_is_raised_at_once_and_once(run, caseload, go_away, letters, clock):
    caseload.referral()
    caseload.referral()
    go_away("olive", None, at("2026-03-02T12:00"), NEXT_WEEK)
    booked = len(letters())

    assert run("2026-03-02T11:00") == QUIET
    assert run("2026-03-02T12:00") == counts(notices=1, nobody_on_cover=1)
    assert run("2026-03-02T12:01") == QUIET

    ((name, subject, body),) = letters()[booked:]
    assert (name, subject) == ("mina", "Nobody is on cover")
    assert body == ("Nobody is there for a colleague who is accountable for 2 open cases. Please name who covers.")


def test_a_second_reason_is_raised_again(run, caseload, go_away):
    caseload.referral()
    go_away("olive", "carl", at("2026-03-02T12:00"), NEXT_WEEK)
    go_away("carl", None, at("2026-03-03T00:00"), at("2026-03-04T00:00"))
    go_away("carl", None, at("2026-03-05T00:00"), at("2026-03-06T00:00"))

    found = [run(when)["nobody_on_cover"] for when in ("2026-03-02T13:00", "2026-03-03T08:00", "2026-03-03T09:00")]

    assert found == [0, 1, 0]
    assert run("2026-03-05T08:00")["nobody_on_cover"] >= 1


def test_when_no_leader_is_there_either_it_is_recorded_and_told_as_soon_as_one_is(
    run, caseload, go_away, letters, rungs
):
    caseload.referral(moves=("meet_threshold", "arrange_meeting"))
    for name in ("olive", "mina", "hal", "dee"):
        go_away(name, None, at("2026-03-02T12:00"), at("2026-03-10T00:00"))
    booked = len(letters())

    assert run("2026-03-02T13:00") == counts(nobody_on_cover=1)
    assert run("2026-03-02T14:00") == QUIET
    lapsed = run("2026-03-06T09:00")
    assert lapsed["notices"] == 0
    assert {told for *_, told in rungs()} == {"nobody"}
    assert run("2026-03-06T09:01") == QUIET

    back = run("2026-03-10T09:00")

    assert rungs()[-1][0] == "owner at last"
    assert rungs()[-1][2] == "olive"
    assert back["escalated"] >= 1
    assert letters()[booked:][-1][0] == "olive"
    assert run("2026-03-10T09:00") == QUIET


def test_a_met_clock_leaves_the_ladder(run, caseload, rungs):
    referral = caseload.referral()
    run("2026-03-04T00:00")

    caseload.make(referral, "no_further_action")
    run("2026-03-10T00:00")

    assert {rung for rung, *_ in rungs()} == {"warning 80", "owner"}


def test_a_paused_clock_does_not_climb(run, database, caseload, clock, rungs):
    referral = caseload.referral(moves=("meet_threshold", "hold_meeting"))
    review = {"review_on": datetime(2027, 3, 1).date()}  # noqa: DTZ001 - a day
    caseload.make(referral, "pause_for_police", review, {"police_lead": "DC Example"})
    with database.reading(SYSTEM) as act:
        paused = act.session.scalars(select(CaseClock.id).where(CaseClock.paused_at.is_not(None))).all()
    assert paused

    run("2026-12-01T09:00")

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(Escalation.id).where(Escalation.clock_id.in_(paused))).all() == []
        assert act.session.scalars(select(DueMoment.clock_id).where(DueMoment.clock_id.in_(paused))).all() == []


def test_an_action_tells_its_holder_first_and_then_goes_on_as_usual(run, caseload, people, rungs, letters):
    referral = caseload.referral(moves=("meet_threshold", "hold_meeting"))
    action = {"due_on": datetime(2026, 3, 3).date(), "holder": "officer", "user": people.carl.id}  # noqa: DTZ001
    caseload.make(referral, "set_action", action, {"action": "Ring the school."})
    given = len(letters())

    run("2026-03-03T17:00")
    run("2026-03-04T00:00")
    run("2026-03-04T17:00")

    assert rungs() == [
        ("warning 80", "03-03 16:17", "carl"),
        ("owner", "03-03 23:59", "carl"),
        ("cover", "03-04 13:00", "nobody"),
        ("service_manager", "03-04 17:00", "mina"),
    ]
    assert [name for name, *_ in letters()[given:]] == ["carl", "olive", "carl", "mina"]


def test_a_partner_who_holds_an_action_gets_a_reference_and_the_officer_is_told(run, caseload, people, letters):
    referral = caseload.referral(moves=("meet_threshold", "hold_meeting"))
    action = {"due_on": datetime(2026, 3, 3).date(), "holder": "partner", "user": people.pat.id}  # noqa: DTZ001
    caseload.make(referral, "set_action", action, {"action": "Send the statement of Robin."})
    given = len(letters())

    run("2026-03-04T00:00")

    found = {name: body for name, _, body in letters()[given:]}
    assert found["pat"] == (
        f"There is something for you to do on {referral.reference}. It was due by the end of Tuesday 3 March 2026."
    )
    assert set(found) == {"pat", "olive"}


def test_an_action_outlives_its_case(run, caseload, people, rungs):
    referral = caseload.referral(moves=("meet_threshold", "hold_meeting", "decide_outcome"))
    action = {"due_on": datetime(2026, 3, 3).date(), "holder": "officer", "user": people.olive.id}  # noqa: DTZ001
    caseload.make(referral, "set_action", action, {"action": "Ring the school."})
    caseload.make(referral, "close")

    run("2026-03-04T00:00")

    assert [rung for rung, *_ in rungs()] == ["warning 80", "owner"]


def test_what_a_pass_records_is_what_a_replay_gives(run, database, caseload):
    referral = caseload.referral()
    run("2026-03-04T14:00")

    with database.reading(SYSTEM) as act:
        case = ledger.case_of(act.session, referral.id)
        row = act.session.get_one(Referral, referral.id)
        recorded = act.session.execute(select(Escalation.rung).order_by(Escalation.id)).scalars().all()
        assert [rung for _, _, rung in case.escalated] == recorded
        assert row.events == act.session.scalar(select(func.max(LedgerEntry.number)))
        wanted = {moment.next_at for moment in due_moments(case, practices.of_case(act.session, row)).values()}
        assert set(act.session.scalars(select(DueMoment.next_at))) == wanted


def test_a_due_moment_of_an_earlier_calendar_is_brought_into_line_and_told_to_nobody(run, database, caseload):
    caseload.referral()
    early = at("2026-03-02T10:00")
    with database.work(SYSTEM) as act:
        clock = act.session.scalars(select(DueMoment.clock_id).order_by(DueMoment.next_at).limit(1)).one()
    with every_right(database) as connection:
        connection.execute(update(DueMoment).where(DueMoment.clock_id == clock).values(next_at=early))

    assert run("2026-03-02T11:00") == QUIET

    with database.reading(SYSTEM) as act:
        moved = act.session.scalars(select(DueMoment.next_at).where(DueMoment.clock_id == clock)).one()
        assert moved == at("2026-03-03T16:17:59.200000")

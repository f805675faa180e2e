"""The ladder of a clock: when each step is due, what an instant reaches, and how a rung with nobody hands up."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lado.adapters.bank_holidays import england
from lado.domain.cover import Away, Cover, Rota
from lado.domain.escalation import (
    Team,
    at_last,
    coming,
    find_in,
    highest,
    ladder,
    leader,
    reach,
    read_steps,
    rung_in_words,
    write_steps,
)
from workflows.case import Clock
from workflows.clocks import day_end
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL, Ladder, Rung, Wait, WaitUnit

OLIVE, CARL, MINA, HAL = 1, 2, 3, 4
PRACTICE = Practice(CURRENT, NATIONAL, england())
TEAM = Team(Rota(deputies={OLIVE: CARL}), {"service_manager": (MINA,), "head_of_service": (HAL,)})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock(started, due, key="evaluation_decision", **changes):
    due_at = day_end(datetime.fromisoformat(due).date())
    return Clock(key, 1, at(started), due_at, due_at, False, "v1")._replace(**changes)


@pytest.mark.parametrize(
    ("started", "due", "owner", "cover", "manager", "head", "because"),
    [
        ("2026-03-02T09:30", "2026-03-03", "03-03 23:59", "03-04 13:00", "03-04 17:00", "03-06 16:30", "within a week"),
        ("2026-03-05T09:30", "2026-03-06", "03-06 23:59", "03-09 13:00", "03-09 17:00", "03-11 17:00", "a weekend"),
        ("2026-04-01T09:30", "2026-04-02", "04-02 22:59", "04-07 12:00", "04-07 16:00", "04-09 16:00", "Easter"),
        ("2026-12-23T09:30", "2026-12-24", "12-24 23:59", "12-29 13:00", "12-29 17:00", "12-31 17:00", "Christmas"),
    ],
)
def test_rungs_wait_in_office_time(started, due, owner, cover, manager, head, because):
    steps = {step.rung: f"{step.due_at:%m-%d %H:%M}" for step in ladder(clock(started, due), PRACTICE)}

    wanted = {"owner": owner, "cover": cover, "service_manager": manager, "head_of_service": head}
    assert {rung: when for rung, when in steps.items() if rung in wanted} == wanted, because


def test_a_warning_comes_in_office_hours_before_the_lapse():
    (warning, *_) = ladder(clock("2026-03-05T09:30", "2026-03-09"), PRACTICE)

    assert (warning.rung, warning.due_at) == ("warning 80", at("2026-03-06T16:30"))
    assert warning.is_warning


def test_an_action_climbs_the_ladder_that_the_council_set_for_actions():
    short = Ladder("actions", (Rung("owner", Wait(0, WaitUnit.OFFICE_HOUR)),))
    rules = tuple(
        replace(rule, ladder="actions", warns_at=(0.5,)) if rule.key == "action" else rule
        for rule in NATIONAL.timescales
    )
    practice = Practice(CURRENT, replace(NATIONAL, timescales=rules, ladders=(short,)), england())

    steps = ladder(clock("2026-03-02T09:30", "2026-03-09", key="action:2"), practice)

    assert [step.rung for step in steps] == ["warning 50", "owner"]


@pytest.mark.parametrize("standing", [{"paused_at": at("2026-03-02T10:00")}, {"ended_at": at("2026-03-02T10:00")}])
def test_a_clock_that_stands_is_not_climbed(standing):
    stands = clock("2026-03-02T09:30", "2026-03-03", **standing)

    assert coming(stands, (), PRACTICE) == ()


def told(reached):
    return [(step.step.rung, step.found.person) for step in reached]


def reached_at(when, team=TEAM, climbed=(), of=None):
    one = of or clock("2026-03-02T09:30", "2026-03-03")
    return reach(coming(one, climbed, PRACTICE), at(when), find_in(team, OLIVE, at(when)))


def test_steps_are_read_as_they_were_written():
    steps = ladder(clock("2026-03-02T09:30", "2026-03-03"), PRACTICE)

    assert read_steps(write_steps(steps)) == steps
    with pytest.raises(ValueError, match="unpack"):
        read_steps("")


def test_in_an_urgent_case_the_cover_and_the_service_manager_hear_of_the_lapse_itself():
    one = clock("2026-03-02T09:30", "2026-03-03")

    steps = {step.rung: step.due_at for step in ladder(one, PRACTICE, is_urgent=True)}

    assert steps["owner"] == steps["cover"] == steps["service_manager"] == one.due_at
    assert steps["head_of_service"] > one.due_at
    assert steps["warning 80"] < one.due_at


def test_nothing_is_reached_before_its_time():
    assert reached_at("2026-03-03T16:17") == ()


@pytest.mark.parametrize(
    ("when", "climbed", "expected"),
    [
        ("2026-03-03T17:00", (), [("warning 80", OLIVE)]),
        ("2026-03-04T00:00", ("warning 80",), [("owner", OLIVE)]),
        ("2026-03-04T13:00", ("warning 80", "owner"), [("cover", CARL)]),
        (
            "2026-03-05T09:00",
            (),
            [("warning 80", OLIVE), ("owner", OLIVE), ("cover", CARL), ("service_manager", MINA)],
        ),
    ],
)
def test_what_an_instant_reaches(when, climbed, expected):
    assert told(reached_at(when, climbed=climbed)) == expected


def test_a_rung_that_finds_nobody_hands_up_at_once_whatever_the_wait():
    nobody = Team(Rota(inactive=frozenset({OLIVE, MINA})), {"head_of_service": (HAL,)})

    reached = reached_at("2026-03-04T00:00", nobody, climbed=("warning 80",))

    assert told(reached) == [("owner", None), ("cover", None), ("service_manager", None), ("head_of_service", HAL)]
    assert {step.step.due_at for step in reached} == {at("2026-03-03T23:59:59")}, "due when the first found nobody"
    assert highest(reached).found.person == HAL


def test_a_warning_that_finds_nobody_goes_up_and_leaves_the_rungs_after_the_lapse_to_come():
    away = Away(OLIVE, at("2026-03-01T00:00"), at("2026-03-09T00:00"), None)
    team = Team(Rota((away,)), TEAM.in_role)

    before = reached_at("2026-03-03T17:00", team)
    names = tuple(step.step.rung for step in before)

    assert told(before) == [
        ("warning 80", None),
        ("warning 80 cover", None),
        ("warning 80 service_manager", MINA),
    ]
    assert told(reached_at("2026-03-04T00:00", team, climbed=names))[-1] == ("service_manager", MINA)


def test_the_ladder_ends_even_when_nobody_is_anywhere():
    reached = reached_at("2026-03-04T00:00", Team(Rota(inactive=frozenset({OLIVE}))))

    assert [person for _, person in told(reached)] == [None] * 5
    assert highest(reached) is None


def test_somebody_is_found_at_last_when_they_are_back():
    late = clock("2026-03-02T09:30", "2026-03-03")
    find = find_in(TEAM, OLIVE, at("2026-03-09T09:00"))

    found = at_last(late, at("2026-03-09T09:00"), PRACTICE, find)

    assert found is not None
    assert (found.step.rung, found.found.person) == ("owner at last", OLIVE)


def test_the_officer_who_holds_an_action_hears_first_and_the_owner_where_that_officer_is_gone():
    step = ladder(clock("2026-03-02T09:30", "2026-03-03", key="action:1"), PRACTICE)[1]

    assert find_in(TEAM, OLIVE, at("2026-03-04T00:00"), holder=CARL)(step).person == CARL
    gone = Team(Rota(inactive=frozenset({CARL})))
    assert find_in(gone, OLIVE, at("2026-03-04T00:00"), holder=CARL)(step).person == OLIVE


def test_a_gap_is_raised_to_the_nearest_leader_who_is_not_the_person_missed():
    when = at("2026-03-04T09:00")

    assert leader(TEAM, when, besides=OLIVE).person == MINA
    assert leader(TEAM, when, besides=MINA).person == HAL
    assert leader(Team(Rota()), when, besides=OLIVE) == Cover((), None, "no leader is there")


@pytest.mark.parametrize(
    ("rung", "words"),
    [
        ("owner", "the accountable officer"),
        ("warning 80", "the accountable officer, with 80% of the time used"),
        ("warning 80 service_manager", "the service manager, with 80% of the time used"),
        ("cover at last", "the cover, once somebody was there again"),
    ],
)
def test_rungs_are_said_in_words(rung, words):
    assert rung_in_words(rung) == words

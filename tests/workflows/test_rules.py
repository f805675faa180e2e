"""A council's rules: checked in words, the same after a round trip, and told in working time when they lapse."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from lado.adapters.bank_holidays import england
from workflows.clocks import LONDON, CutOff, Span, Unit, london_day
from workflows.rules import (
    LADDER,
    NATIONAL,
    USUAL_HOURS,
    Ladder,
    OfficeHours,
    Rules,
    RulesRefused,
    Rung,
    Wait,
    WaitUnit,
    begins_at,
    due_under,
    faults,
    from_json,
    published,
    rung_at,
)

ENGLAND = england()
OFFICE, DAY = WaitUnit.OFFICE_HOUR, WaitUnit.WORKING_DAY
MEETING = NATIONAL.by_key["meeting"]
DELAY = NATIONAL.by_key["delay_reason_review"]
HALTON = Rules(
    name="A council of its own",
    timescales=(
        replace(MEETING, cut_offs=(CutOff(4, time(16)), CutOff(None, time(17))), warns_at=(0.5, 0.9), ladder="quick"),
        DELAY,
        replace(MEETING, key="meeting_planned", limit=None),
    ),
    office=OfficeHours((*[(time(8, 30), time(17))] * 4, (time(8, 30), time(16)), None, None)),
    day_ends=time(17),
    closure_days=((date(2026, 12, 29), "Between Christmas and New Year"),),
    ladders=(Ladder("quick", LADDER[:2]),),
    warnings=(0.5, 0.8),
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def with_rule(**changed):
    return replace(NATIONAL, timescales=(replace(MEETING, **changed),))


@pytest.mark.parametrize("rules", [NATIONAL, HALTON])
def test_good_rules_have_no_faults_and_come_back_exactly(rules):
    assert faults(rules) == ()
    again = from_json(rules.to_json())
    assert again == rules
    assert again.version == rules.version


def test_every_national_limit_names_its_source():
    assert all(rule.source for rule in NATIONAL.timescales)
    assert "unit not stated" in MEETING.source
    assert [rule.key for rule in NATIONAL.timescales if rule.repeats] == ["delay_reason_review"]
    assert [rule.key for rule in NATIONAL.timescales if rule.pauses] == ["conclusion"]


def test_the_version_is_the_same_in_another_process():
    told = subprocess.run(
        [sys.executable, "-c", "from workflows.rules import NATIONAL; print(NATIONAL.version)"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.strip() == NATIONAL.version


def test_any_change_of_content_changes_the_version():
    changed = (
        replace(NATIONAL, name="Other"),
        replace(NATIONAL, day_ends=time(17)),
        with_rule(limit=Span(5, Unit.CALENDAR_DAY)),
        replace(NATIONAL, closure_days=((date(2026, 12, 29), "Closed"),)),
    )
    assert len({NATIONAL.version, *(rules.version for rules in changed)}) == 5


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (replace(NATIONAL, name=" "), "the rules have no name"),
        (replace(NATIONAL, timescales=()), "the rules hold no time limits"),
        (replace(NATIONAL, timescales=(MEETING, MEETING)), "time limit “meeting” stands there 2 times"),
        (with_rule(source=""), "meeting: has no source"),
        (with_rule(limit=Span(0, Unit.HOUR)), "meeting: the limit must be 1 hour or more, not 0"),
        (with_rule(limit=Span(-3, Unit.WEEK)), "meeting: the limit must be 1 week or more, not -3"),
        (with_rule(limit=Span(9999, Unit.WEEK)), "meeting: a limit of 9999 week is longer than can be meant"),
        (with_rule(starts_after=Span(0, Unit.WEEK)), "meeting: the lead-in must be 1 week or more, not 0"),
        (
            with_rule(owed_by="nobody"),
            "meeting: “nobody” cannot owe it; choose from lado, employer, provider, police_and_lado",
        ),
        (with_rule(ladder="steep"), "meeting: there is no ladder “steep”"),
        (
            with_rule(warns_at=(1.5,)),
            "meeting: a warning comes at a share between 0 and 1, such as 0.8, not 1.5",
        ),
        (
            replace(NATIONAL, warnings=(0.0,)),
            "warnings: a warning comes at a share between 0 and 1, such as 0.8, not 0",
        ),
        (
            with_rule(limit=None, pauses=True),
            "meeting: the officer gives its date, so it cannot repeat, pause, or have a lead-in or a cut-off",
        ),
        (
            with_rule(starts_after=Span(1, Unit.WEEK), cut_offs=(CutOff(4, time(16)),)),
            "meeting: a lead-in ends with a day, so a cut-off cannot apply after it",
        ),
        (
            with_rule(cut_offs=(CutOff(7, time(16)),)),
            "meeting: a cut-off is on a day of the week, Monday 0 to Sunday 6, not 7",
        ),
        (
            replace(NATIONAL, closure_days=((date(2026, 12, 29), "x"), (date(2026, 12, 29), "y"))),
            "closure day “2026-12-29” stands there 2 times",
        ),
        (replace(NATIONAL, closure_days=((date(2026, 12, 29), ""),)), "closure day 2026-12-29: say why"),
        (
            replace(NATIONAL, office=OfficeHours(((time(17), time(9)), *[None] * 6))),
            "office hours on monday: closes before it opens",
        ),
        (
            replace(NATIONAL, office=OfficeHours((None,) * 7)),
            "office hours: the office never opens on a working day, so nobody could be warned",
        ),
        (
            replace(NATIONAL, office=OfficeHours(USUAL_HOURS.week[:5])),
            "office hours: give a line for each of the seven days",
        ),
        (replace(NATIONAL, ladder=()), "ladder: has no rungs, so a lapse would reach nobody"),
        (
            replace(NATIONAL, ladder=(Rung("mayor", Wait(0, OFFICE)),)),
            "ladder: “mayor” is not a role; choose from owner, cover, service_manager, head_of_service",
        ),
        (
            replace(NATIONAL, ladder=(Rung("owner", Wait(-1, OFFICE)),)),
            "ladder: owner cannot wait -1 office_hour",
        ),
        (
            replace(NATIONAL, ladder=(Rung("owner", Wait(0, OFFICE)), Rung("owner", Wait(1, OFFICE)))),
            "ladder: role “owner” stands there 2 times",
        ),
        (
            replace(NATIONAL, ladder=(Rung("owner", Wait(2, DAY)), Rung("cover", Wait(1, DAY)))),
            "ladder: cover can be told before owner; no wait is shorter than the last",
        ),
        (
            replace(
                NATIONAL, ladders=(Ladder("mixed", (Rung("owner", Wait(9, OFFICE)), Rung("cover", Wait(1, DAY)))),)
            ),
            "ladder mixed: cover can be told before owner; no wait is shorter than the last",
        ),
    ],
)
def test_a_fault_is_said_in_words(rules, fault):
    assert fault in faults(rules)


def edited(**changed):
    return json.dumps(json.loads(HALTON.to_json()) | changed)


def edited_rule(**changed):
    return edited(timescales=[json.loads(HALTON.to_json())["timescales"][1] | changed])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("five days", "the rules are not written as JSON"),
        ("[" * 100_000, "the rules are not written as JSON"),
        ("[]", "rules: is missing or not a set of named values"),
        (edited(name=7), "name: is missing or not a line of text"),
        (edited(name="\ud800"), "name: is missing or not a line of text"),
        (edited(warnings=[10**400]), f"warnings: “{10**400}” is not a share such as 0.8"),
        (edited(colour="red"), "rules: “colour” is not something that rules know"),
        (edited(timescales={}), "timescales: is missing or not a list"),
        (
            edited_rule(limit={"count": 5}),
            "delay_reason_review: the published rule says 5 days without saying which: "
            "choose working days or calendar days",
        ),
        (
            edited_rule(limit={"count": 5, "unit": "day_unit_not_stated"}),
            "delay_reason_review: the published rule says 5 days without saying which: "
            "choose working days or calendar days",
        ),
        (
            edited_rule(limit={"count": 5, "unit": "fortnight"}),
            "delay_reason_review: “fortnight” is not a unit; "
            "choose from hour, working_day, calendar_day, week, calendar_month",
        ),
        (edited_rule(limit={"count": "5", "unit": "week"}), "delay_reason_review: “5” is not a whole number"),
        (edited_rule(limit={"count": True, "unit": "week"}), "delay_reason_review: “True” is not a whole number"),
        (
            edited_rule(limit={"count": 0, "unit": "week"}),
            "delay_reason_review: the limit must be 1 week or more, not 0",
        ),
        (
            edited_rule(cut_offs=[{"weekday": "friday", "at": "late"}]),
            "delay_reason_review: the cut-off “friday late” must name a time, such as 16:00",
        ),
        (
            edited_rule(cut_offs=[{"weekday": "freitag", "at": "16:00"}]),
            "delay_reason_review: “freitag” is not a day of the week",
        ),
        (
            edited_rule(cut_offs=[{"weekday": None, "at": "25:00"}]),
            "delay_reason_review, cut-off: “25:00” is not a time of day such as 16:00",
        ),
        (edited_rule(repeats="yes"), "delay_reason_review, repeats: must be true or false"),
        (edited_rule(warns_at=["soon"]), "delay_reason_review, warning: “soon” is not a share such as 0.8"),
        (edited(day_ends="17:00+01:00"), "end of the day: “17:00+01:00” is not a time of day such as 16:00"),
        (edited(closure_days=[["Christmas", "x"]]), "closure days: “['Christmas', 'x']” is not a day and a reason"),
        (edited(office={"monday": ["09:00"]}), "office hours on monday: give an opening and a closing time"),
        (
            edited(ladder=[{"role": "owner", "wait": {"count": 1, "unit": "hour"}}]),
            "ladder: “hour” is not a unit; choose from office_hour, working_day",
        ),
        (edited(warnings=[float("nan")]), "warnings: a warning comes at a share between 0 and 1, such as 0.8, not nan"),
    ],
)
def test_faulty_text_is_refused_in_words(text, fault):
    with pytest.raises(RulesRefused) as refused:
        from_json(text)
    assert fault in refused.value.faults


def test_a_limit_that_is_left_out_is_not_taken_for_one_that_the_officer_gives():
    data = json.loads(HALTON.to_json())
    del data["timescales"][1]["limit"]
    with pytest.raises(RulesRefused, match="delay_reason_review: has no limit"):
        from_json(json.dumps(data))


def test_what_a_council_leaves_out_is_the_usual():
    given = json.loads(NATIONAL.to_json())
    short = {"name": "Short", "timescales": given["timescales"], "ladders": given["ladders"]}
    assert from_json(json.dumps(short)) == replace(NATIONAL, name="Short")


def test_a_clock_takes_its_own_warnings_and_ladder_or_the_usual_ones():
    meeting, delay = HALTON.by_key["meeting"], HALTON.by_key["delay_reason_review"]
    assert (HALTON.warns_at(meeting), HALTON.warns_at(delay)) == ((0.5, 0.9), (0.5, 0.8))
    assert (HALTON.ladder_of(meeting), HALTON.ladder_of(delay)) == (LADDER[:2], LADDER)


def test_closure_days_are_taken_out_of_the_published_calendar():
    assert HALTON.calendar(ENGLAND).why_closed(date(2026, 12, 29)) == "Between Christmas and New Year"


@pytest.mark.parametrize(
    ("due_at", "wait", "expected", "because"),
    [
        ("2026-03-03 23:59:59", Wait(0, OFFICE), "2026-03-03 23:59:59", "at once"),
        ("2026-03-03 23:59:59", Wait(4, OFFICE), "2026-03-04 13:00:00", "four hours of the next morning"),
        ("2026-03-06 15:30:00", Wait(2, OFFICE), "2026-03-09 10:00:00", "an hour on Friday, an hour on Monday"),
        ("2026-12-24 16:00:00", Wait(2, OFFICE), "2026-12-29 10:00:00", "over Christmas"),
        ("2026-03-03 23:59:59", Wait(1, DAY), "2026-03-04 17:00:00", "when the office closes on Wednesday"),
        ("2026-03-05 23:59:59", Wait(1, DAY), "2026-03-06 16:30:00", "on a Friday it closes earlier"),
        ("2026-03-07 10:00:00", Wait(1, DAY), "2026-03-09 17:00:00", "a Saturday is no working day"),
        ("2026-03-03 11:00:00", Wait(3, DAY), "2026-03-06 16:30:00", "three whole days"),
    ],
)
def test_a_rung_is_told_after_working_time(due_at, wait, expected, because):
    assert rung_at(at(due_at), Rung("cover", wait), USUAL_HOURS, ENGLAND) == at(expected), because


def test_a_rung_beyond_the_known_years_is_still_told():
    assert rung_at(at("2029-01-05 23:59:59"), LADDER[2], USUAL_HOURS, ENGLAND) == at("2029-01-08 17:00")


def test_where_the_office_is_shut_on_a_working_day_the_day_itself_ends_the_wait():
    office = replace(USUAL_HOURS, week=(*USUAL_HOURS.week[:2], None, *USUAL_HOURS.week[3:]))
    assert rung_at(at("2026-03-03 10:00"), Rung("cover", Wait(1, DAY)), office, ENGLAND) == at("2026-03-04 23:59:59")


def test_an_office_that_never_opens_is_an_error_and_not_an_endless_search():
    never = OfficeHours((None,) * 7)
    with pytest.raises(ValueError, match="does not open"):
        never.after(at("2026-03-03 10:00"), 1, ENGLAND)
    with pytest.raises(ValueError, match="did not open"):
        never.latest(at("2026-03-03 10:00"), ENGLAND)


def test_the_default_ladder_climbs_forwards_from_every_hour_of_two_years():
    for hour in range(0, 24 * 730, 7):
        lapsed = datetime.fromtimestamp(1_767_225_600 + hour * 3600, UTC)
        told = [rung_at(lapsed, rung, USUAL_HOURS, ENGLAND) for rung in LADDER]
        assert told == sorted(told)
        assert told[0] == lapsed


def test_a_lead_in_ends_before_the_clock_begins():
    received = at("2026-01-31 10:00")
    assert begins_at(NATIONAL, DELAY, received, ENGLAND) == at("2026-04-30 23:59:59")
    assert due_under(NATIONAL, DELAY, received, ENGLAND).at == at("2026-05-30 23:59:59")


def test_only_a_rule_that_pauses_is_moved_on_by_a_pause():
    received, pause = at("2026-01-05 10:00"), (at("2026-02-02 10:00"), at("2026-03-02 10:00"))
    conclusion = NATIONAL.by_key["conclusion"]
    assert london_day(due_under(NATIONAL, conclusion, received, ENGLAND, (pause,)).at) == date(2026, 5, 3)
    assert london_day(due_under(NATIONAL, DELAY, received, ENGLAND, (pause,)).at) == date(2026, 5, 5)
    assert due_under(NATIONAL, NATIONAL.by_key["information"], received, ENGLAND) is None


KIRKLEES = {
    "council": "Kirklees",
    "rule": "evaluation_decision",
    "starts": "received",
    "limit": "1",
    "unit": "working_day",
    "owed_by": "lado",
    "cut_off": "Friday 16:00: Monday",
    "source": "council page",
}


def test_a_published_row_is_read_as_a_rule():
    rule = published(KIRKLEES)
    assert (rule.key, rule.label, rule.starts) == ("evaluation_decision", "Evaluation decision", "received")
    assert (rule.limit, rule.cut_offs) == (Span(1, Unit.WORKING_DAY), (CutOff(4, time(16)),))
    assert rule.source == "Kirklees: council page"


def test_a_lead_in_is_read_from_the_start():
    rule = published(KIRKLEES | {"starts": "received_plus_3_months", "cut_off": ""})
    assert (rule.starts, rule.starts_after, rule.repeats) == ("received", Span(3, Unit.CALENDAR_MONTH), True)


def test_24_hours_or_monday_if_known_late_on_friday():
    rule = published(KIRKLEES | {"limit": "24", "unit": "hour", "cut_off": "Friday late: Monday"}, cut_off_at=time(16))
    assert due_under(NATIONAL, rule, at("2026-03-06 16:01"), ENGLAND).at == at("2026-03-10 00:00"), (
        "Monday's last moment"
    )
    assert due_under(NATIONAL, rule, at("2026-03-06 15:59"), ENGLAND).at == at("2026-03-07 15:59")


@pytest.mark.parametrize("unit", [Unit.WORKING_DAY, Unit.CALENDAR_DAY])
def test_a_council_chooses_the_unit_that_the_source_leaves_out(unit):
    assert published(KIRKLEES | {"limit": "5", "unit": "day_unit_not_stated"}, unit=unit).limit == Span(5, unit)


@pytest.mark.parametrize(
    ("changed", "chosen", "fault"),
    [
        ({"limit": "5", "unit": "day_unit_not_stated"}, {}, "says 5 days without saying which: choose working days"),
        ({"limit": "5", "unit": "day_unit_not_stated"}, {"unit": Unit.HOUR}, "choose working days or calendar days"),
        ({"unit": "fortnight"}, {}, "“fortnight” is not a unit"),
        ({"limit": "0"}, {}, "whole number of 1 or more"),
        ({"limit": "soon"}, {}, "whole number of 1 or more"),
        ({"cut_off": "Friday late: Monday"}, {}, "“Friday late” must name a time"),
        ({"cut_off": "Friday 25:00: Monday"}, {}, "“25:00” is not a time of day"),
        ({"cut_off": "Friday 16:00: Wednesday"}, {}, "after Friday the next working day is Monday"),
        ({"cut_off": "before tea"}, {}, "is not a cut-off"),
    ],
)
def test_a_row_that_leaves_something_open_is_refused_until_the_council_chooses(changed, chosen, fault):
    with pytest.raises(RulesRefused, match=fault):
        published(KIRKLEES | changed, **chosen)

"""Changing the rules: one thing at a time, tried out, said against what is in force, and kept as a draft."""

import re

import pytest

from lado.queries import rules as published_rules
from lado.services import rules
from tests.support.browser import words_of
from workflows.rules import NATIONAL, ROLES

CHANGE = "/settings/rules/change"
LIMIT = f"{CHANGE}/limit/evaluation_decision"
DAY_AND_NIGHT = {
    "count": "24",
    "unit": "hour",
    "begins": "at_once",
    "pauses": "no",
    "warns": "usual",
    "source": "Our procedure 3.2",
}


@pytest.fixture
def mina(browser):
    return browser.sign_in("mina")


@pytest.fixture
def drafted(database, people):
    """The rules that Mina's draft says now."""

    def read():
        with database.reading(people.mina) as act:
            return rules.draft(act).rules

    return read


def test_a_manager_finds_the_way_from_our_rules(mina):
    page = mina.get("/settings")

    assert f'href="{CHANGE}"' in page.text
    assert "Change the rules" in words_of(page)
    assert f'href="{LIMIT}"' in mina.get(CHANGE).text


def test_others_are_not_offered_it(browser):
    assert CHANGE not in browser.sign_in("olive").get("/settings").text


def test_one_working_day_becomes_24_hours(mina, drafted):
    page = words_of(mina.post(LIMIT, DAY_AND_NIGHT))

    assert "Kept in your draft. Nothing holds until you publish it." in page
    assert "Evaluation and threshold decision: limit 1 working day 24 hours (changed)" in page
    assert str(drafted().by_key["evaluation_decision"].limit) == "Span(count=24, unit=<Unit.HOUR: 'hour'>)"
    assert "You have a draft that changes these rules" in words_of(mina.get("/settings"))


def test_the_form_shows_the_limit_as_it_is(mina):
    page = mina.get(LIMIT).text

    assert re.search(r'name="count"[^>]*value="1"', page) or re.search(r'value="1"[^>]*name="count"', page)
    assert 'value="working_day" checked' in page


def test_an_example_is_worked_out_before_it_is_kept(mina, drafted):
    page = words_of(mina.post(LIMIT, {**DAY_AND_NIGHT, "check": "yes"}))

    assert "If a referral reaches us today at 09:30 By 09:30 on Tuesday 3 March" in page
    assert "In force now: by the end of Tuesday 3 March" in page
    assert "If a referral reaches us on Friday 6 March at 16:30 By 16:30 on Saturday 7 March" in page
    assert "In force now: by the end of Monday 9 March" in page
    assert "before Good Friday" in page
    assert drafted().version == NATIONAL.version


def test_the_example_is_a_piece_of_a_page_for_whoever_types(mina):
    page = mina.get(LIMIT)
    answer = mina.post(f"{LIMIT}/example", {**DAY_AND_NIGHT, "friday": "16:00"}, page=page)

    assert not answer.text.lstrip().startswith("<!DOCTYPE")
    assert "By the end of Monday 9 March" in words_of(answer)  # 24 hours from the first moment of Monday
    assert "the service manager" in words_of(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"count": ""}, "Enter the number, for example 24."),
        ({"count": "0"}, "Enter a whole number from 1 to 4,000, in figures."),
        ({"count": "one"}, "Enter a whole number from 1 to 4,000, in figures."),
        ({"unit": "days"}, "Choose what it is counted in."),
        ({"friday": "late"}, "Enter a time like 16:00, or leave it empty."),
        ({"begins": "later"}, "Enter after how many it begins, or choose that it begins at once."),
        (
            {"begins": "later", "lead_count": "3", "lead_unit": "calendar_month", "friday": "16:00"},
            "A limit that begins only after a time cannot have a cut-off.",
        ),
        ({"warns": "own", "shares": "half"}, "Enter whole percentages from 1 to 99"),
        ({"source": ""}, "Enter where the rule is written."),
    ],
)
def test_what_is_wrong_is_said_beside_the_box(mina, drafted, typed, said):
    page = mina.post(LIMIT, {**DAY_AND_NIGHT, **typed}, status=400)

    assert words_of(page).count(said) == 2  # beside the box, and in the summary
    assert drafted().version == NATIONAL.version


def test_cut_offs_lead_in_pause_warnings_and_ladder_are_kept(mina, drafted):
    mina.post(
        LIMIT,
        {
            **DAY_AND_NIGHT,
            "monday": "16:00",
            "friday": "15.30",
            "pauses": "yes",
            "warns": "own",
            "shares": "90, 50",
            "ladder": "after_meeting",
        },
    )
    rule = drafted().by_key["evaluation_decision"]

    assert [(cut_off.weekday, f"{cut_off.at:%H:%M}") for cut_off in rule.cut_offs] == [(0, "16:00"), (4, "15:30")]
    assert (rule.pauses, rule.warns_at, rule.ladder) == (True, (0.5, 0.9), "after_meeting")


def test_the_same_cut_off_every_day_is_one_rule(mina, drafted):
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "16:00")
    mina.post(LIMIT, {**DAY_AND_NIGHT, **days})

    assert "After 16:00 on any day" in words_of(mina.get(CHANGE))
    assert len(drafted().by_key["evaluation_decision"].cut_offs) == 1


def test_a_date_that_an_officer_gives_has_no_number(mina, drafted):
    path = f"{CHANGE}/limit/information"
    page = mina.get(path)
    mina.post(path, {"warns": "own", "shares": "50", "source": "Our procedure 4"})

    assert 'name="count"' not in page.text
    assert "The officer gives this date each time" in words_of(page)
    assert drafted().by_key["information"].warns_at == (0.5,)


def test_saving_a_limit_as_it_stands_changes_nothing(mina, drafted):
    """Every limit's own form, sent back as it was shown, means what it meant."""
    for rule in NATIONAL.timescales:
        path = f"{CHANGE}/limit/{rule.key}"
        mina.post(path, as_shown(mina.get(path).text))

    assert drafted() == NATIONAL


def as_shown(page):
    """What a browser would send of a page's forms without a touch."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_sent = "radio" not in tag or " checked" in tag
        if name and is_sent and name[1] not in ("csrf_token", "form_token"):
            sent[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        sent[name] = chosen[1]
    return sent


def test_a_changed_limit_asks_where_it_is_written(mina):
    page = words_of(mina.post(LIMIT, {**DAY_AND_NIGHT, "source": NATIONAL.by_key["evaluation_decision"].source}))

    assert "Is it still written there?" in page


def test_office_hours_and_the_end_of_the_day(mina, drafted):
    path = f"{CHANGE}/office"
    shown = as_shown(mina.get(path).text)
    mina.post(path, {**shown, "friday_closes": "15:00", "saturday_opens": "", "ends": "time", "ends_at": "17:00"})

    assert f"{drafted().office.week[4][1]:%H:%M} {drafted().day_ends:%H:%M}" == "15:00 17:00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"monday_opens": ""}, "Enter when Monday opens and closes, or empty both if it is closed."),
        ({"monday_opens": "18:00"}, "Monday closes before it opens. Check both times."),
        ({"monday_opens": "nine"}, "Enter a time like 16:00, or leave it empty."),
        ({"ends": "time"}, "Enter the time at which a due day ends, for example 17:00."),
    ],
)
def test_office_hours_that_cannot_be(mina, typed, said):
    path = f"{CHANGE}/office"
    page = mina.post(path, {**as_shown(mina.get(path).text), **typed}, status=400)

    assert words_of(page).count(said) == 2


def test_an_office_that_never_opens_is_refused_in_words(mina):
    path = f"{CHANGE}/office"
    closed = {name: "" for name in as_shown(mina.get(path).text) if name.endswith(("opens", "closes"))}
    page = mina.post(path, {**closed, "ends": "midnight"}, status=400)

    assert "the office never opens on a working day, so nobody could be warned" in words_of(page)


def test_closure_days_come_and_go(mina, drafted):
    path = f"{CHANGE}/closures"
    day = {"closed_on-day": "29", "closed_on-month": "12", "closed_on-year": "2026", "why": "Moving house"}
    assert "Tuesday 29 December 2026 : Moving house" in words_of(mina.post(path, day))
    assert "is on the list already" in words_of(mina.post(path, day, status=400))
    mina.post(path, {"remove": "2026-12-29"})
    mina.post(path, {"remove": "2026-12-30"})  # gone already: nothing happens

    assert drafted().closure_days == ()
    assert "Enter the day on which the council is closed." in words_of(mina.post(path, {"why": "x"}, status=400))


def test_the_usual_warnings(mina, drafted):
    path = f"{CHANGE}/warnings"
    mina.post(path, {"shares": "50 and 75%"})
    assert drafted().warnings == (0.5, 0.75)
    mina.post(path, {"shares": ""})
    assert drafted().warnings == ()


def test_rules_of_ones_own_get_a_name_of_their_own(mina, drafted):
    path = f"{CHANGE}/name"
    mina.post(path, {"name": ""}, status=400)
    page = words_of(mina.post(path, {"name": "Rules of Northbrook"}))

    assert "The name of the rules National standards Rules of Northbrook (changed)" in page
    assert drafted().name == "Rules of Northbrook"


def test_a_ladder_is_changed_by_role(mina, drafted):
    path = f"{CHANGE}/ladder/usual"
    shown = as_shown(mina.get(path).text)
    mina.post(
        path, {**shown, "cover_when": "never", "service_manager_when": "office_hour", "service_manager_count": "2"}
    )

    assert [(rung.role, rung.wait.count, rung.wait.unit.value) for rung in drafted().ladder] == [
        ("owner", 0, "office_hour"),
        ("service_manager", 2, "office_hour"),
        ("head_of_service", 3, "working_day"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"cover_count": ""}, "Enter how many, in figures."),
        ({f"{role}_when": "never" for role in ROLES}, "at least one"),
        ({"head_of_service_when": "at_once"}, "can be told before"),
    ],
)
def test_a_ladder_that_cannot_be(mina, typed, said):
    path = f"{CHANGE}/ladder/usual"
    page = mina.post(path, {**as_shown(mina.get(path).text), **typed}, status=400)

    assert said in words_of(page)


def test_a_ladder_of_its_own_is_added_used_and_kept_while_it_is(mina, drafted):
    page = mina.post(f"{CHANGE}/ladders/new", {"name": "Urgent"})
    assert "The ladder “Urgent”" in words_of(page)
    mina.post(LIMIT, {**DAY_AND_NIGHT, "ladder": "urgent"})
    page = mina.get(f"{CHANGE}/ladder/urgent")
    refused = mina.post(f"{CHANGE}/ladder/urgent/remove", {}, page=page, status=409)
    assert "“Urgent” is still used by: Evaluation and threshold decision." in words_of(refused)
    mina.post(LIMIT, {**DAY_AND_NIGHT, "ladder": ""})
    mina.post(f"{CHANGE}/ladder/urgent/remove", {}, page=mina.get(CHANGE))

    assert [ladder.key for ladder in drafted().ladders] == ["after_meeting"]


def test_the_draft_is_thrown_away(mina, drafted):
    page = mina.post(LIMIT, DAY_AND_NIGHT)
    mina.post(f"{CHANGE}/throw-away", {}, page=page)

    assert drafted().version == NATIONAL.version
    assert "Nothing is changed yet" in words_of(mina.get(CHANGE))


def test_what_does_not_exist_is_not_found(mina):
    mina.get(f"{CHANGE}/limit/tea_break", status=404)
    mina.get(f"{CHANGE}/ladder/tea_break", status=404)


def test_a_draft_that_others_overtook_says_so(mina, database, people, drafted):
    mina.post(LIMIT, DAY_AND_NIGHT)
    with database.work(people.hal) as act:
        rules.set_warnings(act, (0.5,))
    with database.work(people.hal) as act:
        in_force = published_rules.in_force(act.session, people.hal.authority, act.at).version
        rules.publish(act, rules.Publication("Earlier.", False, in_force, rules.draft(act).rules.version))

    page = words_of(mina.get(CHANGE))

    assert "Other rules were published after you began this draft." in page
    assert "The usual warnings When 50% of the time is used, in office hours When 80%" in page

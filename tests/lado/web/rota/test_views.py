"""Changing the rota: each form says what it would change, says what happened, and can be taken back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from lado.domain.cover import on_duty
from lado.domain.rota import PRIMARY
from lado.models import Absence, DutyChange, DutyRule, DutySwap, WorkingPattern
from lado.queries import cover as covers
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.browser import Browser, words_of
from workflows.london import LONDON

HERE = "/cover/duty"


def at(day, hour=0):
    return datetime(2026, 3, day, hour, tzinfo=LONDON)


def span(first, last, **changes):
    return {
        "from_at-day": str(first),
        "from_at-month": "3",
        "from_at-year": "2026",
        "until_at-day": str(last),
        "until_at-month": "3",
        "until_at-year": "2026",
    } | changes


def from_on(day):
    return {"from_on-day": str(day), "from_on-month": "3", "from_on-year": "2026"}


def pattern_without_monday(person, people, recorded_at):
    day = "09:00-17:00"
    return WorkingPattern(
        authority_id=person.authority,
        account_id=person.id,
        from_on=recorded_at.date(),
        week=f",{day},{day},{day},{day},,",
        recorded_by_id=people.mina.id,
        recorded_at=recorded_at,
    )


@pytest.fixture
def officer(browser):
    return browser.sign_in("olive")


@pytest.fixture
def count(database, people):
    def rows(model):
        with database.reading(people.olive) as act:
            return act.session.scalar(select(func.count()).select_from(model))

    return rows


@pytest.fixture
def weekly(officer, people):
    """Olive has Tuesday, Carl Wednesday; Dana is second on both."""
    days = {"rank": "1", "day_1": str(people.olive.id), "day_2": str(people.carl.id)}
    officer.post(f"{HERE}/days", from_on(2) | days)
    second = {"rank": "2", "day_1": str(people.dana.id), "day_2": str(people.dana.id)}
    officer.post(f"{HERE}/days", from_on(2) | second)


@pytest.fixture
def duty_of(database, people):
    def who(day, hour=10):
        with database.reading(people.olive) as act:
            rota = covers.rota(act.session, people.olive.authority, act.at)
            return on_duty(PRIMARY, at(day, hour), rota).person

    return who


def test_with_nothing_arranged_the_page_says_how_to_begin(officer):
    page = words_of(officer.get(HERE))

    assert "Nobody asks for a swap at the moment." in page
    assert "The weekly days hold as they are." in page
    assert "Olive Officer All office hours" in page


def test_duty_days_are_checked_saved_and_shown(officer, people, count, duty_of):
    new = from_on(2) | {"rank": "1", "day_1": str(people.olive.id)}

    checked = officer.post(f"{HERE}/days", new | {"check": "yes"})
    assert "Olive Officer is first on duty on Tuesday 3 March instead of nobody." in words_of(checked)
    assert count(DutyRule) == 0
    saved = officer.post(f"{HERE}/days", new)

    assert "Saved. Olive Officer is first on duty on Tuesday 3 March" in words_of(saved)
    assert "Tuesday Olive Officer Nobody" in words_of(saved)
    assert duty_of(3) == people.olive.id
    assert "On duty" in officer.get("/cover?view=week&week=2026-03-03").text


def test_days_that_are_so_already_change_nothing_and_say_why(officer, people, weekly):
    page = officer.get(f"{HERE}/days?rank=1")

    same = {"rank": "1", "day_1": str(people.olive.id), "day_2": str(people.carl.id), "check": "yes"}
    checked = officer.post(f"{HERE}/days", from_on(2) | same, page=page)

    assert "This changes nothing, because the same people have the duty on these days already." in words_of(checked)


def test_a_change_is_said_live_and_on_a_button_the_same(officer, people, weekly):
    new = span(3, 3) | {"kind": "replace", "rank": "1", "person": str(people.olive.id), "by": str(people.carl.id)}

    before = officer.post(f"{HERE}/change", new | {"check": "yes"})
    live = officer.post(f"{HERE}/change/preview", new, page=before)

    for answer in (before, live):
        assert "Carl Cover is first on duty on Tuesday 3 March instead of Olive Officer." in words_of(answer)


def test_a_change_is_saved_shown_and_cancelled(officer, people, weekly, duty_of, database):
    new = span(3, 3) | {"kind": "replace", "rank": "1", "person": str(people.olive.id), "by": str(people.carl.id)}
    saved = officer.post(f"{HERE}/change", new)
    assert "Saved. Carl Cover is first on duty" in words_of(saved)
    assert duty_of(3) == people.carl.id
    with database.reading(people.olive) as act:
        number = act.session.scalars(select(DutyChange.id)).one()

    cancelled = officer.post(f"{HERE}/change/{number}/cancel", {}, page=saved)

    assert "Cancelled. Carl Cover is first on duty instead of Olive Officer on Tuesday 3 March holds" in words_of(
        cancelled
    )
    assert duty_of(3) == people.olive.id
    officer.post(f"{HERE}/change/{number}/cancel", {"form_token": "y" * 20}, page=cancelled, status=404)


def test_taking_somebody_off_who_is_not_on_duty_changes_nothing(officer, people, weekly):
    new = span(3, 3) | {"kind": "remove", "rank": "1", "person": str(people.carl.id), "check": "yes"}

    checked = words_of(officer.post(f"{HERE}/change", new))

    assert "This changes nothing, because Carl Cover is not first on duty then." in checked


def test_hours_are_checked_saved_and_drawn(officer, people, count):
    hours = {"account": str(people.olive.id), "hours": "these", "begin_1": "9:00", "end_1": "13:00"}
    checked = officer.post(f"{HERE}/hours", from_on(2) | hours | {"check": "yes"})
    assert "Nobody is there for Olive Officer" in words_of(checked)
    assert count(WorkingPattern) == 0

    saved = officer.post(f"{HERE}/hours", from_on(2) | hours)

    assert "Olive Officer Tuesday 09:00 to 13:00" in words_of(saved)
    week = officer.get("/cover?view=week&week=2026-03-03").text
    assert "Does not work" in week or "Nobody covers" in week
    again = officer.get(f"{HERE}/hours?account={people.olive.id}")
    assert 'value="13:00"' in again.text


WRONG_HOURS = (
    {"begin_1": "9:00", "end_1": ""},
    {"begin_1": "13:00", "end_1": "9:00"},
    {"begin_1": "noon"},
    {"hours": ""},
    {"hours": "none"},
    {"account": ""},
    {"account": "999999"},
    {"from_on-day": ""},
    {"from_on-day": "1"},
    {"form_token": "stale"},
)


def test_hours_that_cannot_be_are_said_and_not_written(officer, people, count):
    hours = from_on(2) | {"account": str(people.olive.id), "hours": "these", "begin_1": "9:00", "end_1": "13:00"}
    page = officer.get(f"{HERE}/hours")

    for changes in WRONG_HOURS:
        answer = officer.post(f"{HERE}/hours", hours | changes, page=page, status=400)
        assert "There is a problem" in answer.text, changes
    assert count(WorkingPattern) == 0


WRONG_CHANGES = (
    {"kind": ""},
    {"rank": "3"},
    {"person": ""},
    {"person": "999999"},
    {"kind": "replace", "by": ""},
    {"until_at-day": "1"},
    {"from_at-day": "1", "until_at-day": "1"},
    {"from_at-year": "x" * 1000},
)


def test_a_change_that_cannot_be_is_said_and_not_written(officer, people, count):
    new = span(3, 3) | {"kind": "remove", "rank": "1", "person": str(people.olive.id)}
    page = officer.get(f"{HERE}/change")

    for changes in WRONG_CHANGES:
        answer = officer.post(f"{HERE}/change", new | changes, page=page, status=400)
        assert "There is a problem" in answer.text, changes
    assert count(DutyChange) == 0


def test_a_swap_is_asked_for_taken_and_settled(officer, people, weekly, duty_of, database, app, browser):
    asked = officer.post("/cover/swaps/new", span(3, 3) | {"account": str(people.olive.id), "rank": "1"})
    assert "Asked. Your colleagues are told." in words_of(asked)
    assert "Olive Officer asks somebody to be first on duty on Tuesday 3 March" in words_of(asked)
    with database.reading(people.olive) as act:
        swap = act.session.scalars(select(DutySwap.id)).one()
    assert "Until somebody takes it, the duty stays where it is." in words_of(officer.get(f"/cover/swaps/{swap}"))

    browser.client = app.test_client()
    carl = browser.sign_in("carl")
    page = carl.get(f"/cover/swaps/{swap}")
    assert "Carl Cover is first on duty on Tuesday 3 March instead of Olive Officer." in words_of(page)
    taken = carl.post(f"/cover/swaps/{swap}", {}, page=page)

    assert "Taken. Carl Cover is first on duty" in words_of(taken)
    assert duty_of(3) == people.carl.id
    settled = carl.get(f"/cover/swaps/{swap}")
    assert "somebody has taken it" in words_of(settled)
    late = carl.post(f"/cover/swaps/{swap}", {"form_token": "z" * 20}, page=page, status=409)
    assert "Somebody has taken this duty already." in words_of(late)


def test_a_swap_is_withdrawn(officer, people, weekly, database):
    officer.post("/cover/swaps/new", span(3, 3) | {"account": str(people.olive.id), "rank": "1"})
    with database.reading(people.olive) as act:
        swap = act.session.scalars(select(DutySwap.id)).one()
    page = officer.get(f"/cover/swaps/{swap}")

    assert "Withdrawn." in words_of(officer.post(f"/cover/swaps/{swap}/withdraw", {}, page=page))
    again = officer.post(f"/cover/swaps/{swap}/withdraw", {"form_token": "z" * 20}, page=page, status=409)
    assert "This swap is over or was withdrawn." in words_of(again)


def test_a_swap_is_withdrawn_by_whose_duty_it_is_or_by_a_manager_and_by_nobody_else(officer, people, weekly, database):
    officer.post("/cover/swaps/new", span(3, 3) | {"account": str(people.olive.id), "rank": "1"})
    with database.reading(people.olive) as act:
        swap = act.session.scalars(select(DutySwap.id)).one()

    dana = Browser(officer.app, database).sign_in("dana")
    page = dana.get(f"/cover/swaps/{swap}")
    assert "Take this duty" in words_of(page)
    assert "Withdraw this swap" not in words_of(page)
    dana.post(f"/cover/swaps/{swap}/withdraw", {}, page=page, status=404)

    mina = Browser(officer.app, database).sign_in("mina")
    page = mina.get(f"/cover/swaps/{swap}")
    assert "Withdrawn." in words_of(mina.post(f"/cover/swaps/{swap}/withdraw", {}, page=page))


def test_duty_that_one_does_not_have_cannot_be_swapped(officer, people, weekly, count):
    answer = officer.post("/cover/swaps/new", span(4, 4) | {"account": str(people.olive.id), "rank": "1"}, status=400)

    assert "There is no such duty to swap then. Check the dates." in words_of(answer)
    assert count(DutySwap) == 0


def test_hours_that_make_a_gap_week_after_week_warn_of_it_once_before_they_are_saved(officer, people, database):
    with database.work(people.mina) as act:
        for person in (people.carl, people.dana):
            act.session.add(pattern_without_monday(person, people, act.at))
    hours = {"account": str(people.olive.id), "hours": "these"}
    hours |= {f"begin_{day}": "9:00" for day in range(1, 5)} | {f"end_{day}": "17:00" for day in range(1, 5)}

    checked = officer.post(f"{HERE}/hours", from_on(9) | hours | {"check": "yes"})
    live = officer.post(f"{HERE}/hours/preview", from_on(9) | hours, page=checked)

    mondays = "on Monday 9 March; on Monday 16 March; on Monday 23 March; and 7 more times until"
    for words in (words_of(checked), words_of(live)):
        assert words.count("This leaves a gap") == words.count(f"This leaves a gap {mondays}") > 0
        assert "No officer is there to take a referral." in words
        assert "It can be saved all the same." in words
    assert "Saved." in words_of(officer.post(f"{HERE}/hours", from_on(9) | hours))


def test_taking_the_only_one_off_duty_warns_that_nobody_covers(officer, people, database):
    officer.post(f"{HERE}/days", from_on(2) | {"rank": "1", "day_1": str(people.olive.id)})
    leave = NewAbsence(people.carl.id, "leave", at(3), at(4), None)
    with database.work(people.mina) as act:
        cover.book_leave(act, leave)
    off = span(3, 3) | {"kind": "remove", "rank": "1", "person": str(people.olive.id), "check": "yes"}
    swap = span(3, 3) | {"account": str(people.olive.id), "rank": "1", "check": "yes"}

    for path, typed in ((f"{HERE}/change", off), ("/cover/swaps/new", swap)):
        words = words_of(officer.post(path, typed))
        assert "This leaves a gap on Tuesday 3 March: Nobody is there for Carl Cover." in words, path
    kept = words_of(officer.post(f"{HERE}/change", off | {"kind": "replace", "by": str(people.dana.id)}))
    assert "This leaves a gap" not in kept


def test_somebody_goes_sick_today_in_one_step(officer, people, count):
    page = officer.get("/cover/sick")
    new = span(2, 2) | {"account": str(people.olive.id), "cover": str(people.carl.id)}

    checked = officer.post("/cover/sick", new | {"check": "yes"}, page=page)
    saved = officer.post("/cover/sick", new, page=page)

    assert "Carl Cover is there for Olive Officer on Monday 2 March instead of Olive Officer." in words_of(checked)
    assert "Recorded. Carl Cover covers on Monday 2 March." in words_of(saved)
    assert count(Absence) == 1


def test_a_last_day_that_is_over_is_refused(officer, people, count):
    answer = officer.post("/cover/sick", span(1, 1) | {"account": str(people.olive.id), "cover": ""}, status=400)

    assert "This day is over already." in words_of(answer)
    assert count(Absence) == 0


def test_a_colleague_takes_cover_that_nobody_has(browser, people, database):
    with database.work(people.mina) as act:
        number = cover.book_leave(act, NewAbsence(people.olive.id, "leave", at(3), at(4))).absence.id
    carl = browser.sign_in("carl")
    page = carl.get(f"/cover/leave/{number}/take")
    assert "Carl Cover is there for Olive Officer on Tuesday 3 March instead of nobody." in words_of(page)

    taken = carl.post(f"/cover/leave/{number}/take", {}, page=page)

    assert "Taken. Carl Cover covers on Tuesday 3 March." in words_of(taken)
    again = carl.post(f"/cover/leave/{number}/take", {"form_token": "z" * 20}, page=page, status=409)
    assert "You cover for this colleague already." in words_of(again)


@pytest.mark.parametrize("who", ["bea", "abe", "ada", "dee"])
def test_those_who_only_read_see_the_duty_and_change_nothing(browser, who):
    page = browser.sign_in(who).get(HERE)

    assert "Who has the duty each week" in page.text
    assert "Change a duty" not in page.text
    for path in ("/cover/duty/days", "/cover/duty/change", "/cover/duty/hours", "/cover/swaps/new", "/cover/sick"):
        browser.get(path, status=403)


def test_the_page_costs_the_same_for_thirty_changes_as_for_three(officer, people, weekly, database):
    counts = []
    for number in (3, 27):
        with database.work(people.mina) as act:
            act.session.add_all(
                DutyChange(
                    authority_id=people.olive.authority,
                    kind="add",
                    rank=1,
                    account_id=people.carl.id,
                    from_at=at(3) + timedelta(days=day),
                    until_at=at(4) + timedelta(days=day),
                    recorded_by_id=people.mina.id,
                    recorded_at=act.at,
                )
                for day in range(number)
            )
        officer.get(HERE)
        counts.append(officer.queries)

    assert counts[0] == counts[1]

"""What the day takes over from the night, who is on call, and the form of the duty pack."""

import re

import pytest

from tests.support.browser import Browser, hidden, words_of
from tests.support.routes import a_night


@pytest.fixture
def night(caseload, people, clock):
    return a_night(caseload, people, clock)


@pytest.fixture
def as_one(app, database):
    return lambda name: Browser(app, database).sign_in(name)


def test_an_officer_takes_it_over_and_logs_a_referral_from_it(as_one, night):
    olive = as_one("olive")
    page = olive.get(f"/from-the-night/{night}")
    for words in ("PC Example", "The child stays with her aunt tonight.", "Edie Emergency", "A new matter"):
        assert words in words_of(page)
    page = olive.post(f"/from-the-night/{night}/take", {}, page=page)
    assert "You have taken this over from the night." in words_of(page)
    assert "From the night:" not in olive.get("/").text

    page = olive.post(f"/from-the-night/{night}/referral", {}, page=page)
    assert "A carer was arrested at home." in page.text
    assert hidden(page, "form_token")


def test_a_colleague_was_first(as_one, night):
    olive, dana = as_one("olive"), as_one("dana")
    page = dana.get(f"/from-the-night/{night}")
    olive.post(f"/from-the-night/{night}/take", {}, page=olive.get(f"/from-the-night/{night}"))

    page = dana.post(f"/from-the-night/{night}/take", {}, page=page, status=409)
    assert "A colleague has taken this over already." in words_of(page)
    assert "by Olive Officer" in words_of(page)


def test_only_the_day_service_of_the_council_sees_it(as_one, night):
    as_one("sam").get(f"/from-the-night/{night}", status=404)
    as_one("edie").get(f"/from-the-night/{night}", status=404)
    as_one("sam").get("/from-the-night/99999999999", status=404)


def on_call(**changes):
    shift = {"account": "", "phone": "01632 960 009"}
    for name, day, at in (("from_at", "2", "17:00"), ("until_at", "3", "09:00")):
        shift |= {f"{name}-day": day, f"{name}-month": "3", f"{name}-year": "2026", f"{name}-time": at}
    return {**shift, **changes}


def test_a_manager_puts_a_senior_on_call_and_the_night_sees_whom_to_ring(as_one, people, clock):
    mina = as_one("mina")
    empty = mina.get("/on-call")
    assert "from Monday 2 March at 17:00 to Tuesday 3 March at 09:00" in words_of(empty)
    page = mina.post("/on-call", on_call(account=str(people.hal.id)))
    assert "Hal Head is on call from Monday 2 March" in words_of(page)
    assert page.text.count("from Monday 2 March at 17:00") == 1  # in what was said after saving
    clock.advance(hours=8)

    night = words_of(as_one("edie").get("/out-of-hours"))
    assert "Hal Head, 01632 960 009, until 09:00 on Tuesday 3 March" in night
    mina = as_one("mina")
    address = re.search(r'action="(/on-call/\d+/cancel)"', mina.get("/on-call").text)[1]
    assert "is no longer on call" in words_of(mina.post(address, {}, page=mina.get("/on-call")))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Choose who is on call."),
        ({"account": "1"}, "Choose one from the list."),
        ({"phone": ""}, "Enter the telephone to ring"),
        ({"until_at-day": "1"}, "This ends before it begins."),
    ],
)
def test_what_is_wrong_with_a_time_on_call_is_said(as_one, people, changes, said):
    data = on_call(**{"account": str(people.hal.id), **changes} if changes else {})
    page = as_one("mina").post("/on-call", data, status=400)

    assert said in page.text

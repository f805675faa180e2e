"""`flask calendar` and `flask procedures rehearse`: a list is rehearsed, kept once, and refused in words."""

import json

import pytest
from sqlalchemy import select

from lado.adapters.bank_holidays import england
from lado.models import Change, HolidayList
from lado.security.identity import SYSTEM
from tests.support.commands import refused, said


@pytest.fixture
def published(tmp_path):
    """A file as GOV.UK publishes it, with one more holiday."""

    def write(day="2026-03-05", title="A day of mourning"):
        events = [{"title": name, "date": on.isoformat(), "notes": ""} for on, name in england().holidays.items()]
        file = tmp_path / "bank-holidays.json"
        file.write_text(json.dumps({"england-and-wales": {"events": [*events, {"title": title, "date": day}]}}))
        return file

    return write


def kept(database):
    with database.reading(SYSTEM) as act:
        return (
            len(act.session.scalars(select(HolidayList)).all()),
            len(act.session.scalars(select(Change)).all()),
        )


def test_a_list_is_rehearsed_without_a_trace_then_kept_once(run, database, caseload, published):
    referral = caseload.referral()
    file = published()

    found = said(run("calendar", "rehearse", file, "northbrook"))
    assert found["cases"][0]["reference"] == referral.reference
    assert [clock["clock"] for clock in found["cases"][0]["clocks"]] == ["meeting"]
    assert kept(database) == (1, 0)

    first = said(run("calendar", "keep", file))
    assert first["new"] is True
    assert first["calendar"] == found["calendar"]
    assert said(run("calendar", "keep", file))["new"] is False
    assert kept(database) == (2, 2), "one change for each of two councils"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"england-and-wales": {"events": []}}', '{"scotland": {}}', "\x00"])
def test_a_damaged_list_is_refused_in_words(run, database, tmp_path, text):
    file = tmp_path / "list.json"
    file.write_text(text)

    refused(run("calendar", "keep", file), "not a whole list of bank holidays")
    assert kept(database) == (1, 0)


def test_a_list_of_bytes_is_refused_in_words(run, tmp_path):
    file = tmp_path / "list.json"
    file.write_bytes(b"\xff\xfe\x00")

    refused(run("calendar", "keep", file), "cannot be read")


def test_a_move_to_another_version_is_rehearsed_case_by_case(run, caseload):
    referral = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome", "follow_up"))
    caseload.referral()

    found = said(run("procedures", "rehearse", "northbrook", "--to", "allegation_v2"))

    assert found == {
        "cases": [
            {
                "reference": referral.reference,
                "state": ["post_outcome", "outcome_decided"],
                "clocks": [],
                "kept": "",
            }
        ],
        "the_same": 1,
    }


def test_a_council_that_is_not_there_is_said_in_words(run):
    refused(run("procedures", "rehearse", "nowhere", "--to", "allegation_v2"), "no council called nowhere")

"""What was taken from somebody is not done by them any more. `python -m tests.faults.races` runs 1,000 races."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from unittest.mock import patch

import pytest

from lado.queries import portal
from lado.security.identity import SYSTEM
from lado.web import guards
from tests.faults.races import TAKE, Course, ready, recorded, run

RACES = 3


@pytest.fixture
def course(app, database, clock, people) -> Course:
    return Course(app, database, clock, people)


@pytest.mark.parametrize("kind", ["account", "session"])
def test_what_is_taken_before_the_form_is_saved_is_taken(course, caseload, people, kind):
    case = caseload.referral()
    send = ready(course, people.dana, case.reference)
    stop_reading = guards.stop_reading

    def taken_meanwhile(*problem):
        stop_reading(*problem)
        with course.database.work(SYSTEM) as act:
            TAKE[kind](act, people.dana, case.id)

    with patch.object(guards, "stop_reading", taken_meanwhile):
        answer = send()

    assert (answer.status_code, recorded(course.database, people.dana, case.id)) == (403, 0)


def test_an_access_that_ends_between_asking_and_writing_has_ended(course, caseload, people):
    case = caseload.referral(partner=people.pat.id)
    send, before = ready(course, people.pat, case.reference), recorded(course.database, people.pat, case.id)
    find_held = portal.find_held

    def end() -> None:
        with course.database.work(people.olive) as act:
            TAKE["access"](act, people.pat, case.id)

    def ended_meanwhile(act, reference):
        found = find_held(act, reference)
        if act.session.get_bind().dialect.name == "postgresql":  # on SQLite nobody else writes while somebody does
            with ThreadPoolExecutor(1) as other:
                other.submit(end).result()
        return found

    if course.database.engine.dialect.name == "sqlite":
        end()
    with patch.object(portal, "find_held", ended_meanwhile):
        answer = send()

    assert (answer.status_code, recorded(course.database, people.pat, case.id)) == (404, before)


def test_no_act_is_saved_after_what_it_needs_was_taken(course):
    assert run(course, RACES, Random(3))["acts after"] == 0

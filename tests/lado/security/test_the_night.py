"""The emergency duty team at every address: of a case they see what keeps people safe, of another council nothing."""

from dataclasses import replace

import pytest

from tests.support.canaries import canary, found, person
from tests.support.papers import words_in
from tests.support.routes import a_night, settle_world, visits
from tests.support.signing import sign_in

SAFE_TO_SEE = {canary(name) for name in ("subject", "subject_role", "setting", "child", "steps")}


@pytest.fixture
def world(caseload, people, clock):
    """One case of Northbrook with canaries in every field, noted in the night, and the plain ones."""
    made = settle_world(caseload, people, clock)
    case = caseload.referral(
        summary=canary("summary"),
        subject=person("subject"),
        setting=canary("setting"),
        referrer=person("referrer"),
        children=(person("child"),),
        notes=canary("notes"),
        safety_steps=canary("steps"),
    )
    caseload.make(case, "add_note", {}, {"note": canary("note")})
    words = {name: canary(name) for name in ("caller", "phone", "about", "done", "asks")}
    return replace(made, pats=case, contact_id=a_night(caseload, people, clock, reference=case.reference, **words))


def pages(app, name, world):
    """Every page as somebody of a team gets it, with its text and its headers."""
    client = sign_in(app, name)
    for visit in visits(app, world):
        if visit.page.method == "GET" and visit.endpoint != "static":
            answer = client.get(visit.path)
            yield visit, words_in(answer), str(answer.headers)


def test_the_team_that_serves_the_council_sees_safety_and_nothing_else(app, world):
    seen = set()
    for visit, text, headers in pages(app, "edie", world):
        assert found(text + headers) <= SAFE_TO_SEE, visit.name
        seen |= found(text)

    assert seen == SAFE_TO_SEE


def test_the_team_of_another_council_sees_no_word_and_no_reference(app, world):
    for visit, text, headers in pages(app, "noel", world):
        assert found(text + headers) == set(), visit.name
        assert f"/{world.pats.reference}" not in text.replace(visit.path, ""), visit.name

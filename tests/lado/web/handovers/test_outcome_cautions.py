"""Whoever inherits a case is told who must not hear the outcome: person by person, as it was released."""

from datetime import date

import pytest

from lado.domain.partner_outcomes import OPEN, RELEASED, WITHHELD
from lado.queries import briefings
from lado.queries.outcome_told import Unreleased, unreleased
from lado.services import access, partner_outcomes
from lado.web.handovers.cautions import NOT_RELEASED, NOT_TO_ALL, WITHHELD_FROM_THEM, not_to_do

ROUND = ("meet_threshold", "hold_meeting", "decide_outcome")
ABOUT_THE_OUTCOME = "the outcome"


@pytest.fixture
def cautions(database, people):
    """What the briefing of a case says about its outcome, in short or with all its words."""

    def read(referral, *, is_opened=False):
        with database.reading(people.olive) as act:
            said = not_to_do(briefings.read(act, [referral.id])[referral.id], act.at, is_opened=is_opened)
        return [words for words in said if ABOUT_THE_OUTCOME in words]

    return read


@pytest.fixture
def stands(database, people):
    def read(referral):
        with database.reading(people.olive) as act:
            return unreleased(briefings.read(act, [referral.id])[referral.id], act.at)

    return read


@pytest.fixture
def two(caseload, database, people):
    """A case with an outcome that Pat referred, and that Pol follows too."""
    made = caseload.referral(ROUND, partner=people.pat.id)
    with database.work(people.olive) as act:
        access.give(act, made.id, access.NewAccess(people.pol.id, "They look into it."))
    return made


def release(database, people, referral, partner):
    with database.work(people.olive) as act:
        partner_outcomes.release(act, referral.id, partner.id)


def test_nothing_is_said_before_there_is_an_outcome(caseload, people, cautions):
    assert cautions(caseload.referral(ROUND[:2], partner=people.pat.id)) == []


def test_what_is_released_to_the_referrer_alone_is_not_for_others(database, people, two, cautions):
    assert cautions(two) == [NOT_RELEASED, NOT_TO_ALL]

    release(database, people, two, people.pat)
    assert cautions(two) == [NOT_TO_ALL]
    assert cautions(two, is_opened=True) == ["Do not tell Pol Police the outcome: it has not been released to them."]

    release(database, people, two, people.pol)
    assert cautions(two) == []


def test_what_is_released_to_somebody_else_is_not_released_to_the_referrer(database, people, two, cautions):
    release(database, people, two, people.pol)

    assert cautions(two) == [NOT_RELEASED]


def test_what_is_kept_from_the_referrer_stays_so_when_it_is_released_to_all(caseload, database, people, two, cautions):
    with database.work(people.olive) as act:
        partner_outcomes.withhold(act, two.id, people.pat.id, "It would tell of another child.")
    caseload.make(two, "release_outcome")

    assert cautions(two) == [WITHHELD_FROM_THEM]


def test_another_outcome_is_not_released_by_what_was_released_before(caseload, people, cautions, two):
    caseload.make(two, "release_outcome")
    assert cautions(two) == []

    for move in ("close", "reopen", "hold_meeting", "decide_outcome"):
        caseload.clock.advance(minutes=1)
        caseload.make(two, move)
    assert cautions(two) == [NOT_RELEASED, NOT_TO_ALL]


def test_who_was_told_in_another_way_has_it(caseload, people, two, stands):
    progress = {"audience": "referrer", "decision": "told", "told_on": date(2026, 3, 2), "extent": "progress"}
    caseload.make(two, "tell", progress, {"note": "By telephone."})
    assert stands(two).referrer == OPEN

    caseload.make(two, "tell", {**progress, "extent": "outcome"}, {"note": "By telephone."})
    assert stands(two) == Unreleased(RELEASED, (people.pol.id,))


def test_whoever_does_not_follow_it_any_more_is_not_spoken_of(database, clock, caseload, people, stands):
    referral = caseload.referral(ROUND)
    clock.advance(minutes=1)
    with database.work(people.olive) as act:
        access.give(act, referral.id, access.NewAccess(people.pol.id, "Until Friday.", ends_on=date(2026, 3, 6)))
    assert stands(referral) == Unreleased(OPEN, (people.pol.id,))

    clock.advance(days=30)
    assert stands(referral) == Unreleased(OPEN, ())


def test_whoever_rang_has_it_once_it_is_released(caseload, stands):
    referral = caseload.referral(ROUND)
    caseload.make(referral, "release_outcome")

    assert stands(referral).referrer == RELEASED != WITHHELD

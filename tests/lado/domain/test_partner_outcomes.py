"""What the record says about one partner and the outcome: a table of what happened and how it then stands."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.domain.partner_outcomes import OPEN, RELEASED, WITHHELD, release_of
from workflows.events import (
    OutcomeAcknowledged,
    OutcomeDecided,
    OutcomeReleased,
    OutcomeReleasedTo,
    OutcomeWithheld,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ME, OTHER = 7, 8
DECIDED, AGAIN, ALL = OutcomeDecided(1, "substantiated"), OutcomeDecided(1, "unfounded"), OutcomeReleased()
TO_ME, FROM_ME, READ = OutcomeReleasedTo(ME), OutcomeWithheld(ME), OutcomeAcknowledged(ME)


def standing(*events):
    return release_of([(event, AT + timedelta(hours=hour)) for hour, event in enumerate(events)], ME)


@pytest.mark.parametrize(
    ("events", "stage", "because"),
    [
        ((), OPEN, "nothing happened"),
        ((DECIDED,), OPEN, "what is decided is not released by that"),
        ((DECIDED, ALL), RELEASED, "released to everybody"),
        ((DECIDED, TO_ME), RELEASED, "released to me"),
        ((DECIDED, OutcomeReleasedTo(OTHER)), OPEN, "released to somebody else"),
        ((DECIDED, ALL, AGAIN), OPEN, "what is decided later is not released"),
        ((DECIDED, TO_ME, AGAIN, TO_ME), RELEASED, "and then it was"),
        ((DECIDED, FROM_ME), WITHHELD, "kept from me"),
        ((DECIDED, FROM_ME, ALL), WITHHELD, "released to everybody but those it is kept from"),
        ((FROM_ME, DECIDED), WITHHELD, "kept from me before it was decided"),
        ((DECIDED, FROM_ME, AGAIN), WITHHELD, "still kept from me"),
        ((DECIDED, FROM_ME, TO_ME), RELEASED, "the reason has gone"),
        ((DECIDED, OutcomeWithheld(OTHER), ALL), RELEASED, "kept from somebody else"),
    ],
)
def test_how_it_stands(events, stage, because):
    assert standing(*events).stage == stage, because


def test_it_is_read_once_it_is_there_and_anew_once_it_changed():
    assert standing(DECIDED, READ).acknowledged_at is None
    assert standing(DECIDED, TO_ME, READ).acknowledged_at == AT + timedelta(hours=2)
    assert standing(DECIDED, TO_ME, OutcomeAcknowledged(OTHER)).acknowledged_at is None
    assert standing(DECIDED, TO_ME, READ, AGAIN).acknowledged_at is None


def test_the_latest_outcome_of_each_allegation_counts():
    found = standing(DECIDED, OutcomeDecided(2, "false"), AGAIN, TO_ME)

    assert found.outcomes == {1: "unfounded", 2: "false"}
    assert found.since_at == AT + timedelta(hours=3)
    assert found.is_decided

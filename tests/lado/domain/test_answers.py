"""Which dates given with a move are refused, and which are only pointed out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lado.domain.answers import Known, problems, unusual

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KNOWN = Known(MONDAY, received_at=datetime(2026, 2, 26, 14, tzinfo=UTC))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("name", "value", "is_refused", "because"),
    [
        ("held_at", MONDAY, False, "now is not the future"),
        ("held_at", MONDAY + MINUTE, True, "a meeting still to come was not held"),
        (
            "held_at",
            datetime(2026, 2, 26, 9, tzinfo=UTC),
            False,
            "earlier on the day of the referral may be a slip of the clock",
        ),
        ("held_at", datetime(2026, 2, 25, 23, tzinfo=UTC), True, "there was no referral yet"),
        ("happened_at", datetime(2020, 1, 1, tzinfo=UTC), False, "a suspension may come long before the referral"),
        ("happened_at", MONDAY + MINUTE, True, "it has not happened"),
        ("police_ended_at", MONDAY + DAY, True, "it has not happened"),
        ("planned_at", MONDAY, True, "now is no plan"),
        ("planned_at", MONDAY + MINUTE, False, "soon is"),
        ("planned_at", MONDAY + 731 * DAY, True, "a slip of the year"),
        ("review_on", TODAY, True, "a review today leaves nothing to come"),
        ("review_on", TODAY + DAY, False, "tomorrow"),
        ("review_on", TODAY + 730 * DAY, False, "two years, and not a day more"),
        ("review_on", TODAY + 731 * DAY, True, "a slip of the year"),
        ("due_on", TODAY, False, "today still has hours"),
        ("due_on", TODAY - DAY, True, "over"),
        ("information_on", date(9999, 12, 31), True, "a slip of the year"),
        ("told_on", TODAY, False, "today"),
        ("told_on", TODAY + DAY, True, "not yet"),
    ],
)
def test_a_date_is_refused(name, value, is_refused, because):
    assert bool(problems({name: value}, KNOWN)) is is_refused, because


def test_days_are_those_of_london():
    late_on_sunday = Known(datetime(2026, 6, 14, 23, 30, tzinfo=UTC), received_at=MONDAY)  # Monday in London

    assert problems({"review_on": date(2026, 6, 15)}, late_on_sunday)
    assert not problems({"told_on": date(2026, 6, 15)}, late_on_sunday)


def test_a_far_review_is_pointed_out_and_not_refused():
    far = {"review_on": TODAY + timedelta(weeks=6, days=1)}

    assert not problems(far, KNOWN)
    assert "more than six weeks away" in unusual(far, KNOWN)
    assert unusual({"review_on": TODAY + timedelta(weeks=6)}, KNOWN) == ""


def test_what_was_not_answered_is_not_judged():
    assert problems({"held_at": None, "rationale": "x"}, KNOWN) == {}
    assert unusual({}, KNOWN) == ""

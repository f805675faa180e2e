"""Rules in sentences, and what differs between two versions of them."""

from dataclasses import replace
from datetime import date, time

import pytest

from lado.domain.rule_words import Difference, differences, fault_words, limit_sentence, unsourced
from workflows.office import weekly
from workflows.rules import NATIONAL, Ladder, Rung, Wait, WaitUnit, faults
from workflows.spans import CutOff, Span, Unit


def with_limit(**changes):
    """The national rules with the decision changed."""
    rows = tuple(
        replace(rule, **changes) if rule.key == "evaluation_decision" else rule for rule in NATIONAL.timescales
    )
    return replace(NATIONAL, timescales=rows)


DECISION = "Evaluation and threshold decision"
URGENT = Ladder("urgent", (Rung("owner", Wait(0, WaitUnit.OFFICE_HOUR)),))
CLOSED = (date(2026, 12, 29), "Moving house")


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (NATIONAL, ()),
        (
            with_limit(limit=Span(24, Unit.HOUR)),
            (Difference("Changed", f"{DECISION}: limit", "1 working day", "24 hours"),),
        ),
        (
            with_limit(cut_offs=(CutOff(4, time(16)),)),
            (Difference("Changed", f"{DECISION}: cut-off", "None", "After 16:00 on a Friday"),),
        ),
        (
            with_limit(warns_at=(0.5, 0.9)),
            (
                Difference(
                    "Changed",
                    f"{DECISION}: warnings",
                    "The usual ones",
                    "When 50% and 90% of the time is used, in office hours",
                ),
            ),
        ),
        (
            replace(NATIONAL, closure_days=(CLOSED,)),
            (Difference("Added", "Closed on Tuesday 29 December 2026", "Nothing", "Moving house"),),
        ),
        (
            replace(NATIONAL, office=weekly((time(9), time(17)), (time(9), time(16)))),
            (Difference("Changed", "Office hours on Friday", "09:00 to 16:30", "09:00 to 16:00"),),
        ),
        (
            replace(NATIONAL, day_ends=time(17)),
            (Difference("Changed", "A due day ends", "At midnight", "At 17:00"),),
        ),
        (
            replace(
                NATIONAL, ladders=(*NATIONAL.ladders, Ladder("urgent", (Rung("owner", Wait(0, WaitUnit.OFFICE_HOUR)),)))
            ),
            (Difference("Added", "The ladder “Urgent”", "Nothing", "At once: the accountable officer."),),
        ),
    ],
)
def test_what_differs(after, found):
    assert differences(NATIONAL, after) == found


def test_what_was_added_is_removed_the_other_way_round():
    (found,) = differences(replace(NATIONAL, closure_days=(CLOSED,)), NATIONAL)

    assert (found.kind, found.before, found.after) == ("Removed", "Moving house", "Nothing")


def test_every_difference_of_content_is_said():
    """Two versions that are not the same say something differently, whatever was changed."""
    for rule in NATIONAL.timescales:
        for changed in (
            replace(rule, source="Elsewhere"),
            replace(rule, label="Another name"),
            replace(rule, ladder=None if rule.ladder else "after_meeting"),
            replace(rule, warns_at=(0.25,)),
        ):
            rows = tuple(changed if row.key == rule.key else row for row in NATIONAL.timescales)
            assert differences(NATIONAL, replace(NATIONAL, timescales=rows)), changed


def test_a_limit_that_changes_should_be_written_somewhere():
    assert [rule.label for rule in unsourced(NATIONAL, with_limit(limit=Span(24, Unit.HOUR)))] == [DECISION]
    assert unsourced(NATIONAL, with_limit(limit=Span(24, Unit.HOUR), source="Our procedure 3.2")) == ()
    assert unsourced(NATIONAL, with_limit(warns_at=(0.5,))) == ()


def test_a_fault_names_the_limit_as_people_know_it():
    rules = with_limit(limit=Span(0, Unit.HOUR))

    assert [fault_words(fault, rules) for fault in faults(rules)] == [
        f"{DECISION}: the limit must be 1 hour or more, not 0."
    ]
    assert fault_words("the rules have no name", rules) == "The rules have no name."


def test_a_limit_says_its_cut_off_and_its_ladder():
    rule = replace(NATIONAL.by_key["meeting"], cut_offs=(CutOff(4, time(16)),), ladder="after_meeting")

    assert limit_sentence(rule) == (
        "5 working days. It starts when a referral reaches us. After 16:00 on a Friday the next working day is day 0. "
        "It has a ladder of its own, “After meeting”."
    )

"""Every event of a ledger is said in words."""

import typing
from datetime import UTC, date, datetime
from types import NoneType, UnionType

import pytest

from lado.web.referrals.events import SAY, Teller, claimed_at
from lado.web.referrals.record import record_of
from lado.web.referrals.words import lines, texts
from tests.support.cases import PATHS, at_state
from workflows.events import KINDS, ClockMet, Noted, PersonAdded, TellingAgreed, Told
from workflows.registry import CURRENT

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TELLER = Teller(CURRENT, {7: "Olive Officer"}, {2: "Kim Example"}, AT)


def test_no_kind_of_event_is_without_words():
    assert set(SAY) == set(KINDS.values())


@pytest.mark.parametrize("state", [state for state in PATHS if state])
def test_every_event_on_the_way_to_every_state_can_be_said(state):
    for event in at_state(state).events:
        said = TELLER.tell(event)
        assert said.title
        assert "None" not in f"{said.title} {' '.join(said.lines)}"
        assert "_" not in said.title


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_kind_can_be_said_with_any_values(kind):
    assert TELLER.tell(kind(**{name: sample(kind, name) for name in kind._fields})).title


def sample(kind, name):
    """Some value of the field's type."""
    hint = typing.get_type_hints(kind)[name]
    kinds = [part for part in typing.get_args(hint) if part is not NoneType] if isinstance(hint, UnionType) else [hint]
    values = {datetime: AT, date: AT.date(), int: 7, bool: True, str: "police"}
    if name in ("leaves", "enters"):
        return "received"
    if name in ("clock", "rung", "because"):
        return {"clock": "evaluation_decision", "rung": "owner", "because": "match"}[name]
    if name in ("limbs", "children"):
        return (1,)
    return values.get(kinds[0], {})


def test_what_happened_and_when_it_was_recorded_are_kept_apart():
    assert claimed_at(ClockMet("meeting", 1, AT)) == AT
    assert claimed_at(PersonAdded(1, "subject")) is None


def test_answers_are_labelled_and_codes_are_in_words():
    answers = {"audience": "employer", "decision": "told", "told_on": AT.date(), "owner": 7, "note": ""}

    said = lines(answers, {7: "Olive"})

    assert said == ["Who: Employer", "Decision: Told", "Told on: Monday 2 March 2026", "Officer: Olive"]


def test_one_text_stands_without_its_label():
    assert texts({"note": "As it was."}) == ["As it was."]
    assert texts({"note": "A", "reason": "B"}) == ["Note: A", "Reason: B"]


def test_an_unknown_code_stands_as_it_was_written():
    assert lines({"strand": "coast_guard", "fact": "never_heard_of"}, {}) == [
        "Which strand: coast guard",
        "What was recorded: never heard of",
    ]


def test_a_move_unknown_to_the_procedure_is_still_said():
    assert TELLER.tell(Noted("old_move", {})).title == "Old move"


def test_who_was_told_and_what_was_agreed_is_said_also_as_older_records_have_it():
    assert TELLER.tell(TellingAgreed("parents", "nothing_yet")).title == "Agreed for parents or carers: nothing yet"
    assert TELLER.tell(Told("placing_authority", False, None)).title == "Placing authority: not told"
    assert TELLER.tell(Told("family", True, AT.date())).title == "Parents or child: told on Monday 2 March 2026"
    assert lines({"audience": "family", "decision": "not_concerned", "extent": "progress"}, {}) == [
        "Who: Parents or child",
        "Decision: Does not concern this case",
        "How much: What is happening, not the outcome",
    ]


def test_an_empty_record_is_an_empty_list():
    assert record_of((), TELLER) == ()

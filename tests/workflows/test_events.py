"""Events as the ledger keeps them: every kind is written as JSON, read back the same, and folded into the case."""

import json
from datetime import UTC, date, datetime

import pytest

from tests.support.cases import PATHS, at_state
from workflows import events as e
from workflows.case import Case
from workflows.engine import replay
from workflows.events import KINDS, from_plain, read_data, to_plain, write_data
from workflows.fold import FOLD, apply

AT = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 22, 59, 59, tzinfo=UTC)
DAY = date(2026, 3, 2)

LIFE = (
    e.Opened(
        *("allegation", 1, "0123456789ab", "ba9876543210", AT, LATER, "approximate", "call", "call_note", "employer"),
        *("early_years", DAY, None, "range", AT, "exact", True, False),
    ),
    e.Moved("refer", "", "received", {}),
    e.OwnerAssigned(7, "logged"),
    e.PersonAdded(1, "subject"),
    e.PersonAdded(2, "child"),
    e.AllegationAdded(1, "physical", (2,)),
    e.ClockStarted("meeting", 1, AT, LATER, False, "0123456789ab", "ba9876543210"),
    e.ClockStarted("conclusion", 1, AT, LATER, True, "0123456789ab", "ba9876543210"),
    e.Noted("record_event", {"event": "suspended", "suspended_at": AT, "review_on": DAY, "numbers": (1, 2)}),
    e.Moved("meet_threshold", "received", "evaluating", {"limbs": (1, 4), "people": ({"born_on": DAY},)}),
    e.ThresholdDecided(True, (1, 4)),
    e.MeetingArranged(1, AT),
    e.MeetingHeld(1, AT, "meeting"),
    e.ClockMet("meeting", 1, AT),
    e.StrandChanged("police", "open"),
    e.ClockPaused("conclusion", 1, AT, "police"),
    e.ClockResumed("conclusion", 1, LATER, LATER, False, "ba9876543210"),
    e.Escalated("conclusion", 1, "cover", LATER, None),
    e.ActionSet(1, "partner", None),
    e.ActionDone(1),
    e.OutcomeProposed(1, "unfounded"),
    e.OutcomeDecided(1, "unsubstantiated"),
    e.Told("family", False, None),
    e.Told("regulator", True, DAY),
    e.TellingAgreed("subject", "outcome"),
    e.TellingAgreed("subject", "nothing_yet"),
    e.UpdatePromised("referrer", DAY),
    e.UpdateGiven("referrer", DAY),
    e.OnwardDecided("dbs", "not referred"),
    e.TransferOffered("southmere"),
    e.TransferRefused(),
    e.OutcomeReleased(),
    e.ClockExtended("conclusion", 1, 2, LATER, False, "ba9876543210"),
    e.RulesChanged("abcdef012345", 1),
    e.CalendarChanged("abcdef987654", 2),
    e.ClockRederived("conclusion", 1, "rules", AT, AT, False, "abcdef012345", "abcdef987654", None),
    e.CorrectionAsked(1, 1, "received_at", AT, LATER, None, None, "exact", "derive"),
    e.CorrectionDecided(1, True, "derive"),
    e.ProcedureChanged("allegation", 2, "evaluating", "evaluating", 3),
    e.ClockStopped("conclusion", 1, LATER),
    e.UrgencyRaised(1),
    e.EscalationSnoozed("conclusion", 1, "cover", LATER),
    e.UrgencyLifted(1),
    e.HandedOver(7, None, LATER),
    e.HandedOver(7, 8, LATER),
    e.HandOverRaised("cover", LATER, 9),
    e.HandOverRefused(7, 8),
    e.HandOverAccepted(7, 9),
    e.HandedBack(7),
    e.MessageSent(10, True),
    e.MessageSent(10, False),
    e.MessageSettled(40),
    e.OutcomeWithheld(10),
    e.OutcomeReleasedTo(10),
    e.OutcomeAcknowledged(10),
    e.PartnerReminded(10),
    e.AccessGiven(10, None),
    e.AccessGiven(10, LATER),
    e.AccessEnded(10),
    e.Restricted((3, 7), 3, "chosen"),
    e.GlassAsked(9, 24),
    e.GlassAnswered(9, LATER),
    e.GlassAnswered(9, None),
    e.RestrictionEnded("chosen"),
    e.ClockRederived("meeting", 1, "correction", AT, AT, False, "0123456789ab", "ba9876543210", LATER),
)


def test_the_life_tells_of_every_kind():
    assert {type(event) for event in LIFE} == set(KINDS.values())


@pytest.mark.parametrize("event", LIFE, ids=lambda event: type(event).__name__)
def test_an_event_is_read_back_as_it_was_written(event):
    kind = type(event).__name__
    assert from_plain(kind, json.loads(json.dumps(to_plain(event)))) == event
    assert from_plain(kind, read_data(write_data(event))) == event


@pytest.mark.parametrize("event", LIFE, ids=lambda event: type(event).__name__)
def test_what_is_written_of_an_event_is_the_same_bytes_again(event):
    again = from_plain(type(event).__name__, read_data(write_data(event)))
    assert write_data(again) == write_data(event)


@pytest.mark.parametrize("state", PATHS)
def test_what_real_moves_write_is_read_back_the_same(state):
    for event in at_state(state).events:
        assert from_plain(type(event).__name__, read_data(write_data(event))) == event


def test_a_ledger_row_is_never_half_understood():
    with pytest.raises(KeyError):
        from_plain("Vanished", {})
    with pytest.raises(TypeError):
        from_plain("ClockMet", {"clock": "meeting", "occurrence": 1})
    with pytest.raises(TypeError):
        from_plain("ActionDone", {"number": 1, "mood": "good"})


def test_every_kind_is_folded():
    assert set(FOLD) == set(KINDS.values())


def test_an_unknown_event_is_not_folded():
    with pytest.raises(KeyError):
        apply(Case(), ("ClockMet",))


def test_a_clock_that_does_not_run_cannot_end_or_resume():
    case = replay(LIFE[:7])
    with pytest.raises(KeyError):
        apply(case, e.ClockMet("conclusion", 1, AT))
    with pytest.raises(ValueError, match="resumed but not paused"):
        apply(case, e.ClockResumed("meeting", 1, AT, LATER, False, ""))


def test_the_case_is_what_its_events_say():
    case = replay(LIFE)
    assert (case.procedure, case.version, case.rules, case.calendar) == (
        *("allegation", 2),
        *("abcdef012345", "abcdef987654"),
    )
    assert (case.state, case.owner, case.received_at, case.advice_call) == ("evaluating", 7, AT, False)
    assert case.people == {1: "subject", 2: "child"}
    assert (case.allegations[1].proposed, case.allegations[1].outcome) == ("unfounded", "unsubstantiated")
    assert case.threshold == "met"
    assert case.strands == {"police": "open"}
    assert case.escalated == (("conclusion", 1, "cover"),)
    assert case.actions[1].is_done
    assert not case.told["family"].told
    assert case.onward == {"dbs": "not referred"}
    assert (case.transfer, case.released) == ("refused", True)
    assert case.running == {}
    assert [clock.status(LATER) for clock in case.ended] == ["met late", "stopped"]
    assert (case.ended[1].due_at, case.ended[1].extra, case.ended[1].holders) == (AT, 2, ("police",))
    assert case.corrected == {(1, "received_at"): LATER}
    assert case.corrections[1].state == "agreed"


def test_folding_an_event_leaves_what_other_cases_share_untouched():
    first, second = Case(), Case()
    apply(first, e.PersonAdded(1, "subject"))
    assert second.people == {}

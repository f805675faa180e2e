"""Folding one event into a case: the only place where a case changes, and it only ever changes a replay's own copy."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows import events as e
from workflows.case import Action, Allegation, Case, Clock, Correction, Meeting, Telling


def apply(case: Case, event: e.Event) -> None:
    """Let the case be what the event makes of it. An event of an unknown type raises."""
    FOLD[type(event)](case, event)


def _opened(case: Case, event: e.Opened) -> None:
    case.procedure, case.version = event.procedure, event.version
    case.rules, case.calendar = event.rules, event.calendar
    case.received_at, case.advice_call = event.received_at, event.advice_call


def _moved(case: Case, event: e.Moved) -> None:
    case.state = event.enters


def _noted(case: Case, event: e.Noted) -> None:
    fact = event.answers.get("fact") or NOTED_FACTS.get(event.kind)
    if fact:
        case.recorded |= {fact}
    if event.kind in REVIEWED:
        key = event.answers["clock"]
        case.running = {**case.running, key: case.running[key]._replace(review=event.answers["number"])}


def _person_added(case: Case, event: e.PersonAdded) -> None:
    case.people = {**case.people, event.number: event.role}


def _allegation_added(case: Case, event: e.AllegationAdded) -> None:
    case.allegations = {**case.allegations, event.number: Allegation(event.category, event.children)}


def _threshold_decided(case: Case, event: e.ThresholdDecided) -> None:
    case.threshold = "met" if event.met else "not met"


def _meeting_arranged(case: Case, event: e.MeetingArranged) -> None:
    case.meetings = (*case.meetings, Meeting(event.planned_at, None, "meeting"))


def _meeting_held(case: Case, event: e.MeetingHeld) -> None:
    index = event.number - 1
    if index < len(case.meetings):
        planned = case.meetings[index].planned_at
        held = Meeting(planned, event.held_at, event.kind)
        case.meetings = (*case.meetings[:index], held, *case.meetings[index + 1 :])
    else:
        case.meetings = (*case.meetings, Meeting(None, event.held_at, event.kind))


def _strand_changed(case: Case, event: e.StrandChanged) -> None:
    case.strands = {**case.strands, event.strand: event.status}


def _outcome_proposed(case: Case, event: e.OutcomeProposed) -> None:
    known = case.allegations[event.allegation]
    case.allegations = {**case.allegations, event.allegation: known._replace(proposed=event.outcome)}


def _outcome_decided(case: Case, event: e.OutcomeDecided) -> None:
    known = case.allegations[event.allegation]
    case.allegations = {**case.allegations, event.allegation: known._replace(outcome=event.outcome)}


def _action_set(case: Case, event: e.ActionSet) -> None:
    case.actions = {**case.actions, event.number: Action(event.holder, event.user)}


def _action_done(case: Case, event: e.ActionDone) -> None:
    case.actions = {**case.actions, event.number: case.actions[event.number]._replace(is_done=True)}


def _told(case: Case, event: e.Told) -> None:
    case.told = {**case.told, event.audience: Telling(event.told, event.told_on)}


def _telling_agreed(case: Case, event: e.TellingAgreed) -> None:
    case.agreed = {**case.agreed, event.audience: event.extent}


def _onward_decided(case: Case, event: e.OnwardDecided) -> None:
    case.onward = {**case.onward, event.body: event.decision}


def _owner_assigned(case: Case, event: e.OwnerAssigned) -> None:
    case.owner = event.owner


def _transfer_offered(case: Case, event: e.TransferOffered) -> None:
    case.transfer = "offered"


def _transfer_refused(case: Case, event: e.TransferRefused) -> None:
    case.transfer = "refused"


def _outcome_released(case: Case, event: e.OutcomeReleased) -> None:
    case.released = True


def _clock_started(case: Case, event: e.ClockStarted) -> None:
    clock = Clock(
        event.clock,
        event.occurrence,
        event.started_at,
        event.due_at,
        event.due_at,
        event.provisional,
        event.rule,
    )
    case.running = {**case.running, event.clock: clock}
    case.started = {**case.started, event.clock: event.occurrence}


def _clock_met(case: Case, event: e.ClockMet) -> None:
    _end(case, event.clock, ended_at=event.met_at, met=True)


def _clock_stopped(case: Case, event: e.ClockStopped) -> None:
    _end(case, event.clock, ended_at=event.stopped_at, met=False)


def _clock_paused(case: Case, event: e.ClockPaused) -> None:
    clock = case.running[event.clock]
    case.running = {**case.running, event.clock: clock._replace(paused_at=event.paused_at, holder=event.holder)}


def _clock_resumed(case: Case, event: e.ClockResumed) -> None:
    clock = case.running[event.clock]
    if clock.paused_at is None:
        raise ValueError(f"clock {event.clock} resumed but not paused")
    resumed = clock._replace(
        paused_at=None,
        pauses=(*clock.pauses, (clock.paused_at, event.resumed_at)),
        holders=(*clock.holders, clock.holder),
        due_at=event.due_at,
        provisional=event.provisional,
        review=0,
    )
    case.running = {**case.running, event.clock: resumed}


def _clock_extended(case: Case, event: e.ClockExtended) -> None:
    clock = case.running[event.clock]
    longer = clock._replace(due_at=event.due_at, provisional=event.provisional, extra=clock.extra + event.by)
    case.running = {**case.running, event.clock: longer}


def _clock_rederived(case: Case, event: e.ClockRederived) -> None:
    changes: dict[str, Any] = {
        "started_at": event.started_at,
        "due_at": event.due_at,
        "provisional": event.provisional,
        "rule": event.rule,
        "ended_at": event.ended_at,
    }
    running = case.running.get(event.clock)
    if running is not None and running.occurrence == event.occurrence:
        case.running = {**case.running, event.clock: running._replace(**changes)}
        return
    place = event.clock, event.occurrence
    case.ended = tuple(
        clock._replace(**changes) if (clock.key, clock.occurrence) == place else clock for clock in case.ended
    )


def _end(case: Case, key: str, **ending: Any) -> None:
    running = dict(case.running)
    clock = running.pop(key)
    case.running = running
    case.ended = (*case.ended, clock._replace(**ending))


def _escalated(case: Case, event: e.Escalated) -> None:
    case.escalated = (*case.escalated, (event.clock, event.occurrence, event.rung))


def _correction_asked(case: Case, event: e.CorrectionAsked) -> None:
    was, value = event.from_at or event.from_on, event.to_at or event.to_on
    if was is None or value is None:
        raise ValueError(f"correction {event.number} does not say what it corrects, or to what")
    asked = Correction(event.entry, event.name, was, value, event.precision, event.clocks)
    case.corrections = {**case.corrections, event.number: asked}


def _correction_decided(case: Case, event: e.CorrectionDecided) -> None:
    state = "agreed" if event.agreed else "refused"
    decided = case.corrections[event.number]._replace(state=state, clocks=event.clocks)
    case.corrections = {**case.corrections, event.number: decided}
    if event.agreed:
        case.corrected = {**case.corrected, (decided.entry, decided.name): decided.value}


def _rules_changed(case: Case, event: e.RulesChanged) -> None:
    case.rules = event.rules


def _calendar_changed(case: Case, event: e.CalendarChanged) -> None:
    case.calendar = event.calendar


def _procedure_changed(case: Case, event: e.ProcedureChanged) -> None:
    case.procedure, case.version, case.state = event.procedure, event.version, event.enters


def _urgency_raised(case: Case, event: e.UrgencyRaised) -> None:
    case.urgent, case.urgencies = True, event.number


def _urgency_lifted(case: Case, event: e.UrgencyLifted) -> None:
    case.urgent = False


def _escalation_snoozed(case: Case, event: e.EscalationSnoozed) -> None:
    """It changes nothing of the case: the ladder goes on."""


def _who_covers(case: Case, event: e.Event) -> None:
    """Who covers changes nothing of the case: its owner stays accountable, and its clocks run."""


def _with_partners(case: Case, event: e.Event) -> None:
    """What passes between officers and a partner changes nothing of the case itself; a promise is on its clock."""


def _restricted(case: Case, event: e.Restricted) -> None:
    case.listed, case.keeper = frozenset(event.people), event.keeper


def _restriction_ended(case: Case, event: e.RestrictionEnded) -> None:
    case.listed, case.keeper = None, None


def _glass(case: Case, event: e.Event) -> None:
    """Who may read the case for some hours changes nothing of the case, and nothing of its list."""


NOTED_FACTS: Mapping[str, str] = {"send_minutes": "minutes_sent", "send_receipt": "receipt_sent"}
"""Moves that record a fact by being made."""

REVIEWED = ("pause_clock", "keep_clock_paused")
"""Notes on a pause of one clock: they name the action that reviews it."""

FOLD: Mapping[type, Callable[[Case, Any], None]] = {
    e.Opened: _opened,
    e.Moved: _moved,
    e.Noted: _noted,
    e.PersonAdded: _person_added,
    e.AllegationAdded: _allegation_added,
    e.ThresholdDecided: _threshold_decided,
    e.MeetingArranged: _meeting_arranged,
    e.MeetingHeld: _meeting_held,
    e.StrandChanged: _strand_changed,
    e.OutcomeProposed: _outcome_proposed,
    e.OutcomeDecided: _outcome_decided,
    e.ActionSet: _action_set,
    e.ActionDone: _action_done,
    e.Told: _told,
    e.TellingAgreed: _telling_agreed,
    e.OnwardDecided: _onward_decided,
    e.OwnerAssigned: _owner_assigned,
    e.TransferOffered: _transfer_offered,
    e.TransferRefused: _transfer_refused,
    e.OutcomeReleased: _outcome_released,
    e.ClockStarted: _clock_started,
    e.ClockMet: _clock_met,
    e.ClockStopped: _clock_stopped,
    e.ClockPaused: _clock_paused,
    e.ClockResumed: _clock_resumed,
    e.Escalated: _escalated,
    e.ClockExtended: _clock_extended,
    e.ClockRederived: _clock_rederived,
    e.CorrectionAsked: _correction_asked,
    e.CorrectionDecided: _correction_decided,
    e.RulesChanged: _rules_changed,
    e.CalendarChanged: _calendar_changed,
    e.ProcedureChanged: _procedure_changed,
    e.UrgencyRaised: _urgency_raised,
    e.UrgencyLifted: _urgency_lifted,
    e.EscalationSnoozed: _escalation_snoozed,
    e.HandedOver: _who_covers,
    e.HandOverAccepted: _who_covers,
    e.HandOverRefused: _who_covers,
    e.HandOverRaised: _who_covers,
    e.HandedBack: _who_covers,
    e.MessageSent: _with_partners,
    e.MessageSettled: _with_partners,
    e.OutcomeReleasedTo: _with_partners,
    e.OutcomeWithheld: _with_partners,
    e.OutcomeAcknowledged: _with_partners,
    e.PartnerReminded: _with_partners,
    e.UpdatePromised: _with_partners,
    e.UpdateGiven: _with_partners,
    e.AccessGiven: _with_partners,
    e.AccessEnded: _with_partners,
    e.Restricted: _restricted,
    e.RestrictionEnded: _restriction_ended,
    e.GlassAsked: _glass,
    e.GlassAnswered: _glass,
}
"""How each event changes a case; a test holds that no event is missing."""

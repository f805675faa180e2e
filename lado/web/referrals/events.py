"""Every event of a ledger in words, one function for each kind. Nobody is blamed, and nothing is left out."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from lado.domain.escalation import rung_in_words
from lado.web.case_rows import clock_label
from lado.web.due import point
from lado.web.referrals.words import NOTED, ROLES, code, lines
from lado.web.templating import day, moment_full
from workflows import events as e
from workflows.model import Workflow
from workflows.registry import PROCEDURES

HOLDERS: Mapping[str, str] = {
    "lado": "the designated officer",
    "employer": "the employer",
    "police": "the police",
    "social_care": "social care",
    "court": "the court",
    "regulator": "the regulator",
}
"""Who holds the ball, in words."""


class Said(NamedTuple):
    """An event in words: what happened, and what more there is to say, a line each."""

    title: str
    lines: tuple[str, ...] = ()


class Teller:
    """Tells events of one case: knows its procedure and the names of officers and of the people on the case."""

    def __init__(self, flow: Workflow, names: Mapping[int, str], people: Mapping[int, str], at: datetime) -> None:
        """Keep what all events of the case share; `people` are the names on the case by number."""
        self.flow = flow
        self.flows = (flow, *(other for other in PROCEDURES.values() if other.key == flow.key and other != flow))
        self.names = names
        self.people = people
        self.at = at

    def tell(self, event: e.Event) -> Said:
        """Say one event."""
        return SAY[type(event)](event, self)

    def clock(self, key: str) -> str:
        """The clock by its name, in quotation marks."""
        return f"“{clock_label(self.flow, key)}”"

    def officer(self, person: int | None) -> str:
        """The officer's name."""
        return self.names.get(person, "an officer") if person is not None else "nobody"

    def state(self, key: str) -> str:
        """The state by its label, in the version that knows it: a case may have come from another one."""
        return next(flow.state_by_key[key].label for flow in self.flows if key in flow.state_by_key)

    def move(self, key: str) -> str:
        """The move by its label, in the version that knows it."""
        move = next((flow.move_by_key[key] for flow in self.flows if key in flow.move_by_key), None)
        return move.label if move else NOTED.get(key, key.replace("_", " ").capitalize())


def holder_words(key: str) -> str:
    """Who holds the ball."""
    return HOLDERS.get(key, key)


def _opened(event: e.Opened, teller: Teller) -> Said:
    said = [
        f"Received on {moment_full(event.received_at)} ({how_exact(event.received_precision)})",
        f"Recorded on {moment_full(event.recorded_at)}" + (", as a late entry" if event.late_entry else ""),
        f"What shows the date: {code('evidence', event.evidence)}",
    ]
    said += [f"Source: {code('source', event.source)}"] if event.source else []
    said += [f"Sector: {code('sector', event.sector)}"] if event.sector else []
    said.append(f"Incident: {_incident(event)}")
    if event.employer_aware_at is not None:
        precision = how_exact(event.employer_aware_precision)
        said.append(f"The employer learnt of it on {moment_full(event.employer_aware_at)} ({precision})")
    what = "Request for advice" if event.advice_call else "Referral"
    return Said(f"{what} received: {code('channel', event.channel).lower()}", tuple(said))


def how_exact(precision: str) -> str:
    """How exact a date is, in a word."""
    return {"exact": "exact", "approximate": "about then", "range": "between two dates"}.get(precision, "not known")


def _incident(event: e.Opened) -> str:
    if event.incident_from_on is None:
        return "date not known"
    if event.incident_to_on is not None:
        return f"between {day(event.incident_from_on)} and {day(event.incident_to_on)}"
    return f"{day(event.incident_from_on)} ({how_exact(event.incident_precision)})"


def _moved(event: e.Moved, teller: Teller) -> Said:
    now = (f"The case is now: {teller.state(event.enters)}",) if event.enters != event.leaves else ()
    return Said(teller.move(event.move), (*lines(event.answers, teller.names), *now))


def _noted(event: e.Noted, teller: Teller) -> Said:
    return Said(teller.move(event.kind), tuple(lines(event.answers, teller.names)))


def _person_added(event: e.PersonAdded, teller: Teller) -> Said:
    return Said(f"{ROLES.get(event.role, event.role.capitalize())} named on the case (person {event.number})")


def _allegation_added(event: e.AllegationAdded, teller: Teller) -> Said:
    children = [teller.people.get(number) or f"child {number}" for number in event.children]
    about = (f"Children: {', '.join(children)}",) if children else ()
    return Said(f"Allegation {event.number} recorded: {code('category', event.category)}", about)


def _threshold(event: e.ThresholdDecided, teller: Teller) -> Said:
    if not event.met:
        return Said("Harm threshold: not met")
    return Said("Harm threshold: met", tuple(f"Limb {limb}: {code('limbs', limb)}" for limb in event.limbs))


def _meeting_arranged(event: e.MeetingArranged, teller: Teller) -> Said:
    return Said(f"Meeting {event.number} planned for {moment_full(event.planned_at)}")


def _meeting_held(event: e.MeetingHeld, teller: Teller) -> Said:
    return Said(f"{event.kind.capitalize()} {event.number} held on {moment_full(event.held_at)}")


def _strand(event: e.StrandChanged, teller: Teller) -> Said:
    return Said(f"{code('strand', event.strand)}: {code('status', event.status).lower()}")


def _proposed(event: e.OutcomeProposed, teller: Teller) -> Said:
    return Said(f"Outcome proposed for allegation {event.allegation}: {code('outcome', event.outcome)}")


def _decided(event: e.OutcomeDecided, teller: Teller) -> Said:
    return Said(f"Outcome of allegation {event.allegation}: {code('outcome', event.outcome)}")


def _action_set(event: e.ActionSet, teller: Teller) -> Said:
    holder = teller.officer(event.user) if event.user is not None else code("holder", event.holder).lower()
    return Said(f"Action {event.number} given to {holder}")


def _action_done(event: e.ActionDone, teller: Teller) -> Said:
    return Said(f"Action {event.number} done")


def _told(event: e.Told, teller: Teller) -> Said:
    when = f" on {day(event.told_on)}" if event.told_on else ""
    return Said(f"{code('audience', event.audience)}: {'told' if event.told else 'not told'}{when}")


def _agreed(event: e.TellingAgreed, teller: Teller) -> Said:
    return Said(f"Agreed for {code('audience', event.audience).lower()}: {code('extent', event.extent).lower()}")


def _promised(event: e.UpdatePromised, teller: Teller) -> Said:
    return Said(f"{code('audience', event.audience)}: an update promised by the end of {day(event.by_on)}")


def _update_given(event: e.UpdateGiven, teller: Teller) -> Said:
    return Said(f"{code('audience', event.audience)}: an update given on {day(event.given_on)}")


def _onward(event: e.OnwardDecided, teller: Teller) -> Said:
    return Said(f"{code('body', event.body)}: {code('decision', event.decision).lower()}")


def _owner(event: e.OwnerAssigned, teller: Teller) -> Said:
    return Said(f"Accountable officer: {teller.officer(event.owner)}")


def _transfer_offered(event: e.TransferOffered, teller: Teller) -> Said:
    return Said(f"Offered to another authority: {event.authority}")


def _transfer_refused(event: e.TransferRefused, teller: Teller) -> Said:
    return Said("The other authority refused the case")


def _released(event: e.OutcomeReleased, teller: Teller) -> Said:
    return Said("The outcome is shown to the referrer")


def _message(event: e.MessageSent, teller: Teller) -> Said:
    partner = teller.officer(event.partner)
    return Said(f"Message from {partner}" if event.is_from_partner else f"Message to {partner}")


def _message_settled(event: e.MessageSettled, teller: Teller) -> Said:
    return Said(f"The message in entry {event.entry} needs no written answer")


def _released_to(event: e.OutcomeReleasedTo, teller: Teller) -> Said:
    return Said(f"The outcome is shown to {teller.officer(event.partner)}")


def _withheld(event: e.OutcomeWithheld, teller: Teller) -> Said:
    return Said(f"The outcome is not shown to {teller.officer(event.partner)}")


def _acknowledged(event: e.OutcomeAcknowledged, teller: Teller) -> Said:
    return Said(f"{teller.officer(event.partner)} has read the outcome")


def _reminded(event: e.PartnerReminded, teller: Teller) -> Said:
    return Said(f"{teller.officer(event.partner)} was reminded of what waits for them")


def _access_given(event: e.AccessGiven, teller: Teller) -> Said:
    until = f" until {point(event.ends_at, teller.at)}" if event.ends_at else ""
    return Said(f"{teller.officer(event.partner)} can follow this case on line{until}")


def _access_ended(event: e.AccessEnded, teller: Teller) -> Said:
    return Said(f"{teller.officer(event.partner)} cannot follow this case any more")


LISTED_BECAUSE: Mapping[str, str] = {
    "chosen": "This case is restricted to",
    "match": "This case is restricted, because the adult may be somebody who signs in here. It is there for",
    "changed": "The list of this case was changed. It is restricted to",
    "reviewed": "The list of this case was reviewed. It is restricted to",
    "lapsed": "Nobody reviewed the list of this case in time, so it lapsed. It is restricted to",
}
"""How each way in which a case comes to its list is said."""


def _restricted(event: e.Restricted, teller: Teller) -> Said:
    people = ", ".join(sorted(teller.officer(person) for person in event.people))
    return Said(f"{LISTED_BECAUSE[event.because]} {people}", (f"{teller.officer(event.keeper)} keeps the list",))


def _restriction_ended(event: e.RestrictionEnded, teller: Teller) -> Said:
    why = ("What it was restricted for does not stand any more",) if event.because == "match" else ()
    return Said("This case is not restricted any more", why)


def _glass_asked(event: e.GlassAsked, teller: Teller) -> Said:
    return Said(f"{teller.officer(event.person)} asked to read this case for {hours(event.hours)}")


def _glass_answered(event: e.GlassAnswered, teller: Teller) -> Said:
    if event.until_at is None:
        return Said(f"{teller.officer(event.person)} was not let in")
    return Said(f"{teller.officer(event.person)} may read this case until {point(event.until_at, teller.at)}")


def hours(number: int) -> str:
    """One hour, or 24 hours."""
    return "1 hour" if number == 1 else f"{number} hours"


def _clock_started(event: e.ClockStarted, teller: Teller) -> Said:
    unsure = " (provisional)" if event.provisional else ""
    return Said(f"{teller.clock(event.clock)} started: due by {point(event.due_at, teller.at)}{unsure}")


def _clock_met(event: e.ClockMet, teller: Teller) -> Said:
    return Said(f"{teller.clock(event.clock)} met on {moment_full(event.met_at)}")


def _clock_stopped(event: e.ClockStopped, teller: Teller) -> Said:
    return Said(f"{teller.clock(event.clock)} no longer applies")


def _clock_paused(event: e.ClockPaused, teller: Teller) -> Said:
    return Said(f"{teller.clock(event.clock)} paused: the ball is with {holder_words(event.holder)}")


def _clock_resumed(event: e.ClockResumed, teller: Teller) -> Said:
    return Said(f"{teller.clock(event.clock)} runs again: now due by {point(event.due_at, teller.at)}")


def _escalated(event: e.Escalated, teller: Teller) -> Said:
    told = f"told {teller.officer(event.told)}" if event.told is not None else "nobody was on cover"
    is_warning = event.rung.startswith("warning")
    title = f"{'Reminder' if is_warning else 'Escalated'}: {teller.clock(event.clock)}, {told}"
    return Said(title, (f"{rung_in_words(event.rung).capitalize()}, due {moment_full(event.due_at)}",))


def _clock_extended(event: e.ClockExtended, teller: Teller) -> Said:
    return Said(f"{teller.clock(event.clock)} extended: now due by {point(event.due_at, teller.at)}")


def _clock_rederived(event: e.ClockRederived, teller: Teller) -> Said:
    why = BECAUSE.get(event.because, event.because)
    return Said(
        f"{teller.clock(event.clock)} worked out anew because of {why}: due by {point(event.due_at, teller.at)}"
    )


def _correction_asked(event: e.CorrectionAsked, teller: Teller) -> Said:
    return Said(
        f"Correction {event.number} asked for: {code('date', event.name).lower()}",
        (f"Recorded: {_date(event.from_at, event.from_on)}", f"Asked to be: {_date(event.to_at, event.to_on)}"),
    )


def _correction_decided(event: e.CorrectionDecided, teller: Teller) -> Said:
    if not event.agreed:
        return Said(f"Correction {event.number} refused: the date stands as it was recorded")
    clocks = "worked out anew" if event.clocks == "derive" else "kept as they were"
    return Said(f"Correction {event.number} agreed", (f"The clocks that hang on the date are {clocks}",))


def _rules_changed(event: e.RulesChanged, teller: Teller) -> Said:
    return Said(f"The council’s rules changed (version {event.rules})")


def _calendar_changed(event: e.CalendarChanged, teller: Teller) -> Said:
    return Said(f"The bank holidays or days of closure changed (version {event.calendar})")


def _procedure_changed(event: e.ProcedureChanged, teller: Teller) -> Said:
    stands = (f"It stood in “{teller.state(event.leaves)}”", f"It stands in “{teller.state(event.enters)}”")
    moved = stands if event.leaves != event.enters else ()
    return Said(f"The case goes on under version {event.version} of the procedure", moved)


def _handed_over(event: e.HandedOver, teller: Teller) -> Said:
    away = (f"{teller.officer(event.owner)} is away until {point(event.until_at, teller.at)}",)
    if event.user is None:
        return Said("Cover began: nobody is there to hand the case over to", away)
    return Said(f"Handed over to {teller.officer(event.user)}, who covers for {teller.officer(event.owner)}", away)


def _accepted(event: e.HandOverAccepted, teller: Teller) -> Said:
    return Said(f"The hand-over was accepted, in cover for {teller.officer(event.owner)}")


def _refused(event: e.HandOverRefused, teller: Teller) -> Said:
    return Said(f"{teller.officer(event.user)} could not take the hand-over")


def _raised(event: e.HandOverRaised, teller: Teller) -> Said:
    told = f"told {teller.officer(event.told)}" if event.told is not None else "nobody was there to be told"
    return Said(f"The hand-over was not accepted yet: {told}", (f"Due {moment_full(event.due_at)}",))


def _handed_back(event: e.HandedBack, teller: Teller) -> Said:
    return Said(f"{teller.officer(event.owner)} is back, and the case is with them again")


def _urgency_raised(event: e.UrgencyRaised, teller: Teller) -> Said:
    return Said(
        "Marked urgent: a child’s safety is at stake now", ("What lapses reaches the cover and the manager at once",)
    )


def _urgency_lifted(event: e.UrgencyLifted, teller: Teller) -> Said:
    return Said("No longer urgent: what lapses climbs the ladder as usual")


def _snoozed(event: e.EscalationSnoozed, teller: Teller) -> Said:
    until = (f"Until {moment_full(event.until_at)}; the ladder does not wait",)
    return Said(f"{teller.clock(event.clock)} is looked at again later by {rung_in_words(event.rung)}", until)


def _date(instant: datetime | None, on: date | None) -> str:
    return moment_full(instant) if instant is not None else day(on) if on is not None else "not known"


BECAUSE: Mapping[str, str] = {
    "correction": "a corrected date",
    "calendar": "a change of the bank holidays",
    "rules": "a change of the council’s rules",
    "procedure": "a change of the procedure",
}
"""Why the dates of a clock were worked out anew, in words."""

SAY: Mapping[type, Callable[[Any, Teller], Said]] = {
    e.Opened: _opened,
    e.Moved: _moved,
    e.Noted: _noted,
    e.PersonAdded: _person_added,
    e.AllegationAdded: _allegation_added,
    e.ThresholdDecided: _threshold,
    e.MeetingArranged: _meeting_arranged,
    e.MeetingHeld: _meeting_held,
    e.StrandChanged: _strand,
    e.OutcomeProposed: _proposed,
    e.OutcomeDecided: _decided,
    e.ActionSet: _action_set,
    e.ActionDone: _action_done,
    e.Told: _told,
    e.TellingAgreed: _agreed,
    e.UpdatePromised: _promised,
    e.UpdateGiven: _update_given,
    e.OnwardDecided: _onward,
    e.OwnerAssigned: _owner,
    e.TransferOffered: _transfer_offered,
    e.TransferRefused: _transfer_refused,
    e.OutcomeReleased: _released,
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
    e.HandedOver: _handed_over,
    e.HandOverAccepted: _accepted,
    e.HandOverRefused: _refused,
    e.HandOverRaised: _raised,
    e.HandedBack: _handed_back,
    e.MessageSent: _message,
    e.MessageSettled: _message_settled,
    e.OutcomeReleasedTo: _released_to,
    e.OutcomeWithheld: _withheld,
    e.OutcomeAcknowledged: _acknowledged,
    e.PartnerReminded: _reminded,
    e.AccessGiven: _access_given,
    e.AccessEnded: _access_ended,
    e.Restricted: _restricted,
    e.RestrictionEnded: _restriction_ended,
    e.GlassAsked: _glass_asked,
    e.GlassAnswered: _glass_answered,
    e.UrgencyRaised: _urgency_raised,
    e.UrgencyLifted: _urgency_lifted,
    e.EscalationSnoozed: _snoozed,
}
"""How each kind is said; a test holds that none is missing."""


def claimed_at(event: e.Event) -> datetime | None:
    """When the event says that it happened, where that is not when it was recorded."""
    for name in ("received_at", "held_at", "met_at", "happened_at"):
        if name in event._fields:
            return getattr(event, name, None)
    return None

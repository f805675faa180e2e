"""What a move writes down: one small builder a kind of record, named in the procedure's rows."""

from collections.abc import Callable, Iterable, Mapping

from workflows import events as e
from workflows.attempt import Attempt
from workflows.case import Case
from workflows.model import Move
from workflows.practice import Practice

Build = Callable[[Case, Attempt, Move, Practice], Iterable[e.Event]]


def _opening(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    answers = attempt.answers
    yield e.Opened(
        practice.flow.key,
        practice.flow.version,
        practice.rules.version,
        practice.calendar.version,
        answers["received_at"],
        attempt.at,
        answers.get("received_precision", "exact"),
        answers["channel"],
        answers["evidence"],
        answers.get("source", ""),
        answers.get("sector", ""),
        answers.get("incident_from_on"),
        answers.get("incident_to_on"),
        answers.get("incident_precision", "unknown"),
        answers.get("employer_aware_at"),
        answers.get("employer_aware_precision", "unknown"),
        bool(answers.get("late_entry")),
        bool(answers.get("advice_call")),
    )
    yield from _moving(case, Attempt(attempt.move, attempt.at), move, practice)
    yield e.OwnerAssigned(answers["owner"], "logged")
    yield from _people(case, attempt, move, practice)
    yield from _allegations(case, attempt, move, practice)


def _moving(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.Moved(move.key, case.state, move.enters or case.state, attempt.answers),)


def _noting(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.Noted(move.key, attempt.answers),)


def _people(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    first = len(case.people) + 1
    for number, role in enumerate(attempt.answers.get("people", ()), start=first):
        yield e.PersonAdded(number, role)


def _allegations(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    first = len(case.allegations) + 1
    for number, allegation in enumerate(attempt.answers.get("allegations", ()), start=first):
        yield e.AllegationAdded(number, allegation["category"], tuple(allegation.get("children", ())))


def _threshold_met(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.ThresholdDecided(True, tuple(attempt.answers["limbs"])),)


def _threshold_not_met(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.ThresholdDecided(False, ()),)


def _meeting_arranged(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.MeetingArranged(len(case.meetings) + 1, attempt.answers["planned_at"]),)


def _meeting_held(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    number = len(case.meetings) + 1
    for earlier in range(number - 1, 0, -1):
        if case.meetings[earlier - 1].held_at is None:
            number = earlier  # the last one that was arranged and not held yet
            break
    yield e.MeetingHeld(number, attempt.answers["held_at"], "meeting")


def _review_held(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.MeetingHeld(len(case.meetings) + 1, attempt.answers["held_at"], "review"),)


def _strand(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.StrandChanged(attempt.answers["strand"], attempt.answers["status"]),)


def _police_strand(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    if attempt.answers.get("police_informed") and case.strands.get("police") != "open":
        yield e.StrandChanged("police", "open")


def _police_opened(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    if case.strands.get("police") != "open":
        yield e.StrandChanged("police", "open")


def _proposed(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    for number, outcome in attempt.answers["outcomes"].items():
        yield e.OutcomeProposed(_known(case, number), outcome)


def _decided(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    for number, outcome in attempt.answers["outcomes"].items():
        yield e.OutcomeDecided(_known(case, number), outcome)


def _known(case: Case, number: str) -> int:
    """The number of an allegation on this case. Any other is a fault in the calling code and raises."""
    if int(number) not in case.allegations:
        raise LookupError(f"there is no allegation {number} on this case")
    return int(number)


def _action(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.ActionSet(len(case.actions) + 1, attempt.answers["holder"], attempt.answers.get("user")),)


def _action_done(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.ActionDone(attempt.answers["number"]),)


def _told(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    answers = attempt.answers
    return (e.Told(answers["audience"], bool(answers["decision"] == "told"), answers.get("told_on")),)


def _onward(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.OnwardDecided(attempt.answers["body"], attempt.answers["decision"]),)


def _owner(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.OwnerAssigned(attempt.answers["owner"], attempt.answers.get("why", "assigned")),)


def _transfer_offered(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.TransferOffered(attempt.answers["authority"]),)


def _transfer_refused(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    return (e.TransferRefused(),)


def _released(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterable[e.Event]:
    yield e.OutcomeReleased()


RECORDS: Mapping[str, Build] = {
    "opening": _opening,
    "moving": _moving,
    "noting": _noting,
    "people": _people,
    "allegations": _allegations,
    "threshold_met": _threshold_met,
    "threshold_not_met": _threshold_not_met,
    "meeting_arranged": _meeting_arranged,
    "meeting_held": _meeting_held,
    "review_held": _review_held,
    "strand": _strand,
    "police_strand": _police_strand,
    "police_opened": _police_opened,
    "proposed": _proposed,
    "decided": _decided,
    "action": _action,
    "action_done": _action_done,
    "told": _told,
    "onward": _onward,
    "owner": _owner,
    "transfer_offered": _transfer_offered,
    "transfer_refused": _transfer_refused,
    "released": _released,
}
"""Every kind of record by the name that a procedure uses."""

READS: Mapping[str, tuple[str, ...]] = {
    "opening": ("received_at", "channel", "evidence", "owner"),
    "people": ("people",),
    "allegations": ("allegations",),
    "threshold_met": ("limbs",),
    "meeting_arranged": ("planned_at",),
    "meeting_held": ("held_at",),
    "review_held": ("held_at",),
    "strand": ("strand", "status"),
    "proposed": ("outcomes",),
    "decided": ("outcomes",),
    "action": ("holder", "due_on"),
    "action_done": ("number",),
    "told": ("audience", "decision"),
    "onward": ("body", "decision"),
    "owner": ("owner",),
    "transfer_offered": ("authority",),
}
"""The answers that a kind of record cannot do without, so that a move which keeps it has to ask for them."""

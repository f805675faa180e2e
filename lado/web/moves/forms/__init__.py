"""The form of each move: one place that says which move is filled in on which form."""

from collections.abc import Mapping

from lado.web.moves.forms import actions, elsewhere, keeping, meetings, outcomes, threshold
from lado.web.moves.forms.base import MoveForm, Step

__all__ = ["MOVE_FORMS", "MoveForm", "Step"]

MOVE_FORMS: Mapping[str, type[MoveForm]] = {
    "ask_information": threshold.AskInformation,
    "information_arrived": threshold.InformationArrived,
    "advise": threshold.Advise,
    "return_to_employer": threshold.ReturnToEmployer,
    "no_further_action": threshold.NoFurtherAction,
    "meet_threshold": threshold.MeetThreshold,
    "arrange_meeting": meetings.ArrangeMeeting,
    "oversee": meetings.Oversee,
    "hold_meeting": meetings.HoldMeeting,
    "investigate": meetings.Investigate,
    "pause_for_police": meetings.PauseForPolice,
    "resume": meetings.Resume,
    "hold_review": meetings.HoldReview,
    "propose_outcome": outcomes.ProposeOutcome,
    "decide_outcome": outcomes.DecideOutcome,
    "follow_up": outcomes.FollowUp,
    "close": outcomes.Close,
    "reopen": threshold.Reopen,
    "reconsider": threshold.Reconsider,
    "offer_transfer": elsewhere.OfferTransfer,
    "accept_transfer": elsewhere.AcceptTransfer,
    "refuse_transfer": elsewhere.RefuseTransfer,
    "merge": elsewhere.Merge,
    "add_note": keeping.AddNote,
    "record_fact": keeping.RecordFact,
    "add_person": keeping.AddPerson,
    "add_allegation": keeping.AddAllegation,
    "change_strand": keeping.ChangeStrand,
    "set_action": actions.SetAction,
    "complete_action": actions.CompleteAction,
    "assign": actions.Assign,
    "tell": outcomes.Tell,
    "decide_onward": outcomes.DecideOnward,
    "send_minutes": meetings.SendMinutes,
    "send_receipt": keeping.SendReceipt,
    "explain_delay": meetings.ExplainDelay,
    "record_event": keeping.RecordEvent,
    "release_outcome": outcomes.ReleaseOutcome,
}
"""Every move of the procedure but the first, which is the referral itself."""

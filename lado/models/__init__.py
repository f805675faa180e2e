"""What is stored and what must always hold. Importing this package registers every table."""

from lado.models.absence import Absence
from lado.models.account import Account, Agency, Draft, FormToken, LoginFailure, LoginSession
from lado.models.agency import AgencyContact, AgencySetting, Invitation
from lado.models.attachment import Attachment, OnlineBeginning, OnlineDraft
from lado.models.authority import Authority, HolidayList, Installation, RuleSet
from lado.models.base import Base
from lado.models.chain import Certificate, Checkpoint, LedgerHead, Witness
from lado.models.change import Change, ChangedCase, HolidayReview
from lado.models.clock import CaseAction, CaseClock, DueMoment
from lado.models.conflict import Barred, Conflict, ConflictToken, IndependentContact
from lado.models.correction import Correction
from lado.models.demand import DemandAlarm, DemandLimit
from lado.models.directory import DirectoryLink, DirectoryReturn
from lado.models.escalation import Escalation, Heartbeat, LapsedForNobody, Node, Notice, SetAside, Unrecorded
from lado.models.factor import AccountLink, AskedForLink, Factor, SignIn, SignInStep, SpentChallenge
from lado.models.feed import Feed, FeedEntry
from lado.models.feedback import Feedback
from lado.models.handover import HandBack, HandOver, HandOverRung
from lado.models.kept_form import KeptForm
from lado.models.letter import Letter, LetterWording
from lado.models.look_reason import LookReason
from lado.models.name_index import NameIndex
from lado.models.out_of_hours import DutyPack, EdtAuthority, NightContact, NightRung, OnCall
from lado.models.partner_words import PartnerAnswer, PartnerMessage, SeenSentence, ShownSentence, Wording
from lado.models.read_entry import ReadEntry
from lado.models.referral import Grant, LedgerEntry, Referral, SearchToken
from lado.models.restriction import BrokenGlass, Listed, Restriction
from lado.models.role_request import RoleRequest
from lado.models.rota import CoverHistory, DutyChange, DutyRule, DutySwap, WorkingPattern
from lado.models.sealing_key import MasterKey, SealingKey
from lado.models.signed_off import SignedOff
from lado.models.standing import Standing
from lado.models.unusual_look import LookedThrough, Pace, SearchLook, UnusualLook

__all__ = [
    "Absence",
    "Account",
    "AccountLink",
    "Agency",
    "AgencyContact",
    "AgencySetting",
    "AskedForLink",
    "Attachment",
    "Authority",
    "Barred",
    "Base",
    "BrokenGlass",
    "CaseAction",
    "CaseClock",
    "Certificate",
    "Change",
    "ChangedCase",
    "Checkpoint",
    "Conflict",
    "ConflictToken",
    "Correction",
    "CoverHistory",
    "DemandAlarm",
    "DemandLimit",
    "DirectoryLink",
    "DirectoryReturn",
    "Draft",
    "DueMoment",
    "DutyChange",
    "DutyPack",
    "DutyRule",
    "DutySwap",
    "EdtAuthority",
    "Escalation",
    "Factor",
    "Feed",
    "FeedEntry",
    "Feedback",
    "FormToken",
    "Grant",
    "HandBack",
    "HandOver",
    "HandOverRung",
    "Heartbeat",
    "HolidayList",
    "HolidayReview",
    "IndependentContact",
    "Installation",
    "Invitation",
    "KeptForm",
    "LapsedForNobody",
    "LedgerEntry",
    "LedgerHead",
    "Letter",
    "LetterWording",
    "Listed",
    "LoginFailure",
    "LoginSession",
    "LookReason",
    "LookedThrough",
    "MasterKey",
    "NameIndex",
    "NightContact",
    "NightRung",
    "Node",
    "Notice",
    "OnCall",
    "OnlineBeginning",
    "OnlineDraft",
    "Pace",
    "PartnerAnswer",
    "PartnerMessage",
    "ReadEntry",
    "Referral",
    "Restriction",
    "RoleRequest",
    "RuleSet",
    "SealingKey",
    "SearchLook",
    "SearchToken",
    "SeenSentence",
    "SetAside",
    "ShownSentence",
    "SignIn",
    "SignInStep",
    "SignedOff",
    "SpentChallenge",
    "Standing",
    "Unrecorded",
    "UnusualLook",
    "Witness",
    "Wording",
    "WorkingPattern",
]

"""What is stored and what must always hold. Importing this package registers every table."""

from lado.models.absence import Absence
from lado.models.account import Account, Agency, Draft, FormToken, LoginFailure, LoginSession
from lado.models.authority import Authority, HolidayList, Installation, RuleSet
from lado.models.base import Base
from lado.models.clock import CaseAction, CaseClock, DueMoment
from lado.models.escalation import Escalation, Heartbeat, Notice, SetAside
from lado.models.referral import Grant, LedgerEntry, Referral, SearchToken
from lado.models.sealing_key import SealingKey

__all__ = [
    "Absence",
    "Account",
    "Agency",
    "Authority",
    "Base",
    "CaseAction",
    "CaseClock",
    "Draft",
    "DueMoment",
    "Escalation",
    "FormToken",
    "Grant",
    "Heartbeat",
    "HolidayList",
    "Installation",
    "LedgerEntry",
    "LoginFailure",
    "LoginSession",
    "Notice",
    "Referral",
    "RuleSet",
    "SealingKey",
    "SearchToken",
    "SetAside",
]

"""The one table that says who may do what. No entry means nobody."""

from typing import Any

from lado.errors import NotAllowed
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.predicates import (
    is_about_them,
    is_administrator,
    is_another_persons,
    is_anyone,
    is_auditor,
    is_day_staff,
    is_granted_to_them,
    is_leader,
    is_manager,
    is_not_their_own_wish,
    is_of_a_served_authority,
    is_of_the_same_authority,
    is_officer,
    is_out_of_hours,
    is_own_action,
    is_own_case,
    is_own_declaration,
    is_partner,
    is_staff,
    is_support,
    is_system,
    is_theirs_to_answer,
)

HERE = is_of_the_same_authority
SERVED = is_of_a_served_authority

RULES = {
    Permission.ACCESS_GIVE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.ACCOUNT_MANAGE: ((is_administrator, HERE), (is_system,)),
    Permission.ACTION_COMPLETE: ((is_officer, HERE), (is_manager, HERE), (is_own_action,)),
    Permission.AGENCY_KEEP: (
        (is_officer, HERE),
        (is_manager, HERE),
        (is_support, HERE),
        (is_administrator, HERE),
    ),
    Permission.CALENDAR_KEEP: ((is_administrator, HERE), (is_manager, HERE), (is_system,)),
    Permission.CERTIFICATE_MAKE: ((is_manager,), (is_system,)),
    Permission.CHANGE_APPLY: ((is_system,),),
    Permission.CHECKPOINT_KEEP: ((is_system,),),
    Permission.CHILD_CONTACT_READ: ((is_officer, HERE), (is_manager, HERE)),
    Permission.CLOCK_ADJUST: ((is_officer, HERE), (is_manager, HERE)),
    Permission.CONFLICT_DECLARE: ((is_officer, is_own_declaration, HERE), (is_manager, HERE)),
    Permission.CONFLICT_MANAGE: ((is_manager, HERE),),
    Permission.CORRECTION_ASK: ((is_officer, HERE), (is_manager, HERE)),
    Permission.CORRECTION_DECIDE: ((is_manager, HERE),),
    Permission.COVER_ARRANGE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.COVER_READ: ((is_day_staff, HERE),),
    Permission.COVER_WATCH: ((is_system,),),
    Permission.DEMAND_LIMIT: ((is_manager, HERE),),
    Permission.DEMAND_READ: ((is_officer, HERE), (is_manager, HERE), (is_leader, HERE), (is_auditor, HERE)),
    Permission.DIRECTORY_CONNECT: ((is_staff,),),
    Permission.DRAFT_KEEP: ((is_anyone,),),
    Permission.DUTY_PACK_MAKE: ((is_officer, HERE), (is_manager, HERE), (is_out_of_hours, SERVED)),
    Permission.ESCALATION_CLIMB: ((is_system,),),
    Permission.ESCALATION_READ: ((is_officer, HERE), (is_manager, HERE), (is_leader, HERE), (is_auditor, HERE)),
    Permission.FIGURES_READ: ((is_manager, HERE), (is_leader, HERE), (is_auditor, HERE)),
    Permission.GLASS_ANSWER: (
        (is_officer, is_not_their_own_wish, HERE),
        (is_manager, is_not_their_own_wish, HERE),
        (is_leader, is_not_their_own_wish, HERE),
    ),
    Permission.GLASS_BREAK: ((is_officer, HERE), (is_manager, HERE), (is_leader, HERE)),
    Permission.HANDOVER_KEEP: ((is_system,),),
    Permission.KEYS_KEEP: ((is_system,),),
    Permission.LOOKS_ANSWER: ((is_manager, is_theirs_to_answer, HERE), (is_leader, is_theirs_to_answer, HERE)),
    Permission.LOOKS_WATCH: ((is_system,),),
    Permission.MAIL_READ: ((is_staff,),),
    Permission.NIGHT_ESCALATE: ((is_system,),),
    Permission.NIGHT_READ: ((is_out_of_hours, SERVED),),
    Permission.NIGHT_RECORD: ((is_out_of_hours, SERVED),),
    Permission.NIGHT_TAKE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.NOTICE_REPEAT: ((is_officer, HERE), (is_manager, HERE)),
    Permission.NOTICE_SEND: ((is_system,),),
    Permission.ON_CALL_ARRANGE: ((is_manager, HERE),),
    Permission.PARTNER_KEEP: (
        (is_officer, HERE),
        (is_manager, HERE),
        (is_administrator, HERE),
        (is_system,),
    ),
    Permission.PARTNER_WRITE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.POLICE_READ: ((is_officer, HERE), (is_manager, HERE)),
    Permission.PORTAL_READ: ((is_partner, is_granted_to_them),),
    Permission.PROCEDURE_CHANGE: ((is_manager, HERE), (is_system,)),
    Permission.QUALITY_READ: ((is_manager, HERE), (is_leader, HERE), (is_auditor, HERE)),
    Permission.REACH_KEEP: ((is_officer, is_about_them, HERE), (is_leader, is_about_them, HERE), (is_manager, HERE)),
    Permission.READS_READ: ((is_manager, HERE), (is_auditor, HERE), (is_officer, is_own_case, HERE)),
    Permission.RECORD_EXPORT: ((is_manager,), (is_auditor,), (is_system,)),
    Permission.RECORD_READ: ((is_manager, HERE), (is_leader, HERE), (is_auditor, HERE)),
    Permission.RECORD_VERIFY: ((is_manager,), (is_auditor,), (is_system,)),
    Permission.REFERRAL_ASSIGN: ((is_officer, HERE), (is_manager, HERE)),
    Permission.REFERRAL_CLOSE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.REFERRAL_CREATE: ((is_officer,), (is_manager,), (is_support,)),
    Permission.REFERRAL_DECIDE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.REFERRAL_LIST: (
        (is_officer, HERE),
        (is_manager, HERE),
        (is_leader, HERE),
        (is_auditor, HERE),
        (is_support, HERE),
    ),
    Permission.REFERRAL_NOTE: (
        (is_officer, HERE),
        (is_manager, HERE),
        (is_support, HERE),
        (is_out_of_hours, SERVED),
    ),
    Permission.REFERRAL_READ: (
        (is_officer, HERE),
        (is_manager, HERE),
        (is_leader, HERE),
        (is_auditor, HERE),
        (is_support, HERE),
    ),
    Permission.REFERRAL_REOPEN: ((is_manager, HERE), (is_officer, HERE)),
    Permission.REFERRAL_SEND: ((is_partner,),),
    Permission.REFERRAL_TRANSFER: ((is_officer, HERE), (is_manager, HERE)),
    Permission.REFERRAL_WORK: ((is_officer, HERE), (is_manager, HERE)),
    Permission.ROLE_AGREE: ((is_administrator, is_another_persons, HERE), (is_manager, is_another_persons, HERE)),
    Permission.ROLE_GRANT: ((is_system,),),
    Permission.RESTRICTION_KEEP: ((is_manager, HERE), (is_leader, HERE)),
    Permission.RULES_CHANGE: ((is_manager, HERE),),
    Permission.RULES_READ: ((is_staff, HERE),),
    Permission.SENTENCE_APPROVE: ((is_manager, HERE),),
    Permission.SENTENCE_PROPOSE: ((is_officer, HERE), (is_manager, HERE)),
    Permission.SESSION_END: ((is_anyone,),),
    Permission.SWAP_WITHDRAW: ((is_officer, is_about_them, HERE), (is_manager, HERE)),
}
"""Granted when every predicate of at least one row holds."""

WHEN_LET_IN = frozenset({Permission.CHILD_CONTACT_READ, Permission.POLICE_READ, Permission.REFERRAL_READ})
"""What is left to somebody at a restricted case that two people opened to them: to read it as their role does."""


def can(who: Identity, permission: Permission, thing: Any = None) -> bool:
    """Whether the person may do this to the thing (None: to things of this kind at all)."""
    if who.is_let_in and permission not in WHEN_LET_IN:
        return False
    return any(all(holds(who, thing) for holds in row) for row in RULES.get(permission, ()))


def ensure(who: Identity, permission: Permission, thing: Any = None) -> None:
    """Raise NotAllowed unless the person may."""
    if not can(who, permission, thing):
        raise NotAllowed(f"{who.role.label} may not: {permission}")

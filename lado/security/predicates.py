"""The small questions that the policy table is made of. Each takes who asks and the thing asked about (or None)."""

from typing import Any, Protocol

from lado.security.identity import Identity, Role

OFFICERS = frozenset({Role.DESIGNATED_OFFICER, Role.COVER_OFFICER})
MANAGERS = frozenset({Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE})

HAVE_CASELOADS = OFFICERS | {Role.BUSINESS_SUPPORT}
"""Whose work is some of the cases; managers, leaders and auditors may have a reason to look at any."""

ANSWER = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR)
"""Who answers for what people looked at, each for those below."""


class OfAnAuthority(Protocol):
    """Anything that belongs to one authority."""

    authority_id: int


def is_officer(who: Identity, thing: Any) -> bool:
    """A designated officer or a cover officer."""
    return who.role in OFFICERS


def is_manager(who: Identity, thing: Any) -> bool:
    """The service manager or the head of service."""
    return who.role in MANAGERS


def is_leader(who: Identity, thing: Any) -> bool:
    """The director of children's services."""
    return who.role is Role.DIRECTOR


def is_support(who: Identity, thing: Any) -> bool:
    """Business support: they take calls."""
    return who.role is Role.BUSINESS_SUPPORT


def is_out_of_hours(who: Identity, thing: Any) -> bool:
    """The emergency duty team, which sees what keeps people safe tonight and no case record."""
    return who.role is Role.EDT_WORKER


def is_auditor(who: Identity, thing: Any) -> bool:
    """An auditor, who reads and changes nothing."""
    return who.role is Role.AUDITOR


def is_administrator(who: Identity, thing: Any) -> bool:
    """An administrator of accounts and settings, who reads no case."""
    return who.role is Role.ADMINISTRATOR


def is_partner(who: Identity, thing: Any) -> bool:
    """A person of a partner agency."""
    return who.role is Role.PARTNER


def is_staff(who: Identity, thing: Any) -> bool:
    """Anyone of the council."""
    return who.role not in {Role.PARTNER, Role.SYSTEM}


def is_day_staff(who: Identity, thing: Any) -> bool:
    """Anyone of the council but the emergency duty team, who may work for another one."""
    return is_staff(who, thing) and not is_out_of_hours(who, thing)


def is_anyone(who: Identity, thing: Any) -> bool:
    """Anyone who is signed in."""
    return who.role is not Role.SYSTEM


def is_system(who: Identity, thing: Any) -> bool:
    """The scheduler."""
    return who.role is Role.SYSTEM


def is_of_the_same_authority(who: Identity, thing: Any) -> bool:
    """The thing belongs to the person's authority. True of no thing at all: lists are scoped by query."""
    return thing is None or thing.authority_id == who.authority


def is_of_a_served_authority(who: Identity, thing: Any) -> bool:
    """The thing belongs to the person's authority, or to another one that they serve out of hours."""
    return thing is None or thing.authority_id == who.authority or thing.authority_id in who.serves


def is_own_action(who: Identity, thing: Any) -> bool:
    """The action was given to this very person."""
    return thing is not None and getattr(thing, "holder_id", None) == who.id and who.id is not None


def is_own_case(who: Identity, thing: Any) -> bool:
    """The person is the accountable officer of the case."""
    return thing is not None and who.id is not None and getattr(thing, "owner_id", None) == who.id


def is_own_declaration(who: Identity, thing: Any) -> bool:
    """The link is one of this very person's. True of no thing at all: lists are scoped by query."""
    return thing is None or (who.id is not None and getattr(thing, "declared_for_id", None) == who.id)


def is_about_them(who: Identity, thing: Any) -> bool:
    """The duty or the telephone number is this very person's. True of no thing at all: lists are scoped by query."""
    return thing is None or (who.id is not None and getattr(thing, "account_id", None) == who.id)


def is_another_persons(who: Identity, thing: Any) -> bool:
    """Somebody else asked for it, and for somebody else. True of no thing at all: lists are scoped by query."""
    asked_by, account = getattr(thing, "asked_by_id", None), getattr(thing, "account_id", None)
    return thing is None or (who.id is not None and who.id not in (asked_by, account))


def is_not_their_own_wish(who: Identity, thing: Any) -> bool:
    """Somebody else asks to be let into a restricted case. True of no thing at all: lists are scoped by query."""
    return thing is None or (who.id is not None and getattr(thing, "asked_by_id", None) != who.id)


def is_granted_to_them(who: Identity, thing: Any) -> bool:
    """The referral was granted to this very person. True of no thing at all: lists are scoped by query."""
    return thing is None or (who.id is not None and getattr(thing, "follower_id", None) == who.id)


def is_theirs_to_answer(who: Identity, thing: Any) -> bool:
    """The looks were somebody else's, and of those this role answers for. True of no thing at all."""
    goes_to = getattr(thing, "goes_to", ANSWER[0])
    return thing is None or (getattr(thing, "account_id", None) != who.id and goes_to in answers_for(who.role))


def answers_for(role: Role) -> frozenset[Role]:
    """The roles in whose place somebody of this role answers for looks: their own and those below."""
    return frozenset(ANSWER[: ANSWER.index(role) + 1]) if role in ANSWER else frozenset()


def answered_by(role: Role) -> tuple[Role, ...]:
    """Who answers for looks of somebody of this role, the first asked first: for a manager, the one above."""
    if role not in ANSWER:
        return ANSWER
    at = ANSWER.index(role)
    return (*ANSWER[at + 1 :], *reversed(ANSWER[:at]))

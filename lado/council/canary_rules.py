"""Who may see which planted string: partners field by field with the reason, a council's own people by the policy."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from lado.council.canary_facts import Facts, Reader
from lado.council.planting import Spot
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import can


class Follower(Protocol):
    """A partner: who they are, and the references that they may follow."""

    @property
    def id(self) -> int:
        """The number of their account."""

    @property
    def token(self) -> str:
        """The token of their address, in hexadecimal."""

    @property
    def own(self) -> Mapping[str, int]:
        """The references with the ids."""


Rule = Callable[[Facts, Spot, Follower], bool]


def _own_account(facts: Facts, spot: Spot, who: Follower) -> bool:
    return spot.where == f"account/{who.token}"


def _own_draft(facts: Facts, spot: Spot, who: Follower) -> bool:
    return facts.drafts.get(int(spot.where.partition("/")[2])) == who.id


def _own_file(facts: Facts, spot: Spot, who: Follower) -> bool:
    return facts.files.get(spot.where.partition("/")[2]) == who.id


def _on_own_case(rule: Rule, facts: Facts, spot: Spot, who: Follower) -> bool:
    case = int(spot.where.split("/")[1])
    return case in who.own.values() and rule(facts, spot, who)


def _asked_of_them(facts: Facts, spot: Spot, who: Follower) -> bool:
    """The words of an action stand on the note just before it."""
    following = facts.entry(spot.where.partition("/")[2], after=1)
    return following.kind == "ActionSet" and following.data["user"] == who.id


def _said_by_them(facts: Facts, spot: Spot, who: Follower) -> bool:
    return facts.entry(spot.where.partition("/")[2]).actor == who.id


def _to_or_from_them(facts: Facts, spot: Spot, who: Follower) -> bool:
    return bool(facts.entry(spot.where.partition("/")[2]).data["partner"] == who.id)


PARTNERS: Mapping[str, tuple[str, Rule]] = {
    "account.name": ("their own name, so that they see who is signed in", _own_account),
    "account.email": ("their own address, which goes with what they refer", _own_account),
    "account.phone": ("their own telephone number, which the form begins with", _own_account),
    "Noted.action": ("what they are asked to do", partial(_on_own_case, _asked_of_them)),
    "Noted.reply": ("what they answered", partial(_on_own_case, _said_by_them)),
    "MessageSent.message": ("what was written between them and the officers", partial(_on_own_case, _to_or_from_them)),
    "attachment.name": ("the files that they have added to what they are writing", _own_file),
    **{
        f"online_draft.parts.{part}.fields.{name}": ("what they have written and not sent", _own_draft)
        for part, names in {
            "you": ("role", "phone", "reach", "organisation"),
            "adult": ("subject_name", "subject_role", "setting"),
            "what": ("summary",),
            "children": ("safety_steps", "children-0-name"),
            "told": ("told_more",),
        }.items()
        for name in names
    },
}
"""The sealed fields that a partner may read, why, and which of them are theirs. Nothing else is."""

BY_NIGHT = frozenset(
    {
        "Opened.safety_steps",
        "Opened.setting",
        "PersonAdded.name",
        "PersonAdded.role",
        "referral.setting",
        "referral.subject",
    }
)
"""What the emergency duty team reads of an open case: who is to be kept safe from whom, and what was done for it."""

ABOUT_COUNCILS = frozenset({"account", "agency_contact", "wording", "letter_wording", "on_call"})
"""What the people of a council know of each other and of those whom they work with."""


CONTACT = frozenset({".contact", ".address", ".phone", ".email", ".agency", ".more", ".about"})
"""What is known of a child or a family that leads to them."""


def may_see(facts: Facts, spot: Spot, who: Reader) -> bool:
    """Whether this person may read the string at this spot, on any page, in any file or header that is theirs."""
    if who.who.role is Role.PARTNER:
        _, rule = PARTNERS.get(facts.label(spot), ("", None))
        return rule is not None and rule(facts, spot, who)
    table, _, rest = spot.where.partition("/")
    if table in ("draft", "kept_form"):
        return rest.split("/")[0] == str(who.id)
    belongs = facts.belongs(spot)
    if belongs is None:
        return False
    if table == "conflict":
        return belongs.account == who.id or can(who.who, Permission.CONFLICT_MANAGE, _Of(belongs.authority))
    if table == "night_contact":
        return _may_see_night(who, belongs.authority, belongs.case)
    if belongs.case is None:
        return table in ABOUT_COUNCILS and belongs.authority in who.councils
    if belongs.case in who.own.values():
        needed = _needed(facts, spot)
        return needed is None or can(who.who, needed, _Of(belongs.authority))
    return belongs.case in who.nights.values() and facts.label(spot) in BY_NIGHT


def _needed(facts: Facts, spot: Spot) -> Permission | None:
    """The permission that a field of a case has of its own: what the police said, and where a child is reached."""
    table, _, rest = spot.where.partition("/")
    if table != "ledger":
        return None
    entry = facts.entry(rest)
    if entry.kind == "PersonAdded":
        is_contact = entry.data["role"] in ("child", "family") and spot.field in CONTACT
        return Permission.CHILD_CONTACT_READ if is_contact else None
    to_whom = entry.data.get("partner") if entry.kind == "MessageSent" else entry.data.get("answers", {}).get("user")
    is_theirs = facts.police & {entry.actor, to_whom} or entry.data.get("move") == "pause_for_police"
    return Permission.POLICE_READ if is_theirs else None


def may_see_name(authority: int, account: int, who: Reader, serves: frozenset[int]) -> bool:
    """Whether this person may read the name of somebody who signs in: their own, or of whom they work with."""
    return account == who.id or authority in who.councils or bool(serves & who.councils)


class _Of:
    """Something of a council, for the policy."""

    def __init__(self, authority_id: int) -> None:
        self.authority_id = authority_id


def _may_see_night(who: Reader, authority: int, case: int | None) -> bool:
    """A contact out of hours: those who record them, and the day service that takes them, of cases that they know."""
    by_day = can(who.who, Permission.NIGHT_TAKE, _Of(authority)) and (case is None or case in who.own.values())
    by_night = can(who.who, Permission.NIGHT_READ, _Of(authority)) and (case is None or case in who.nights.values())
    return by_day or by_night

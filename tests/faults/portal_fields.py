"""What a partner may read, field by field and why; whatever else stands on a page or in mail of theirs is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.models import Account, Agency, Attachment, LedgerEntry, OnlineDraft
from lado.queries.portal import PortalAction, PortalCase, PortalRow
from lado.queries.portal_messages import PortalMessage
from lado.services.accounts import directory_key, person_of
from tests.support.planting import Spot
from workflows.events import read_data

SHOWN: Mapping[type, Mapping[str, str]] = {
    PortalCase: {
        "follower_id": "whom the page was granted to, for the policy; it is on no page",
        "reference": "to name the referral without naming anybody",
        "received_at": "whoever refers can check when it was received",
        "is_corrected": "a date that was corrected says so",
        "status": "one word of a fixed list, which hides whether it is the police that is waited for",
        "step": "the same as a step of four",
        "happening": "a sentence that two people approved",
        "do": "a sentence that two people approved",
        "by": "a sentence that two people approved",
        "update_due_at": "by when they hear from the officers next",
        "outcomes": "only once an officer has released them to this person",
        "acknowledged_at": "that they have said themselves that they read it",
        "actions": "what they were asked to do by name",
        "messages": "what they wrote and were written",
        "council": "whom to ring",
        "phone": "where to ring",
    },
    PortalRow: {
        "reference": "to name the referral without naming anybody",
        "received_at": "whoever refers can check when it was received",
        "is_corrected": "a date that was corrected says so",
        "status": "one word of a fixed list",
        "happening": "a sentence that two people approved",
        "do": "a sentence that two people approved",
        "by": "a sentence that two people approved",
        "open_actions": "how many of their own actions are open",
        "due_at": "when the first of their own actions is due",
        "unopened": "how many messages to them they have not opened",
    },
    PortalAction: {
        "number": "counts their own actions only",
        "what": "what they were asked to do",
        "due_at": "by when",
        "done_at": "when they said that it is done",
        "is_done": "whether they said so",
        "reply": "what they answered",
    },
    PortalMessage: {
        "is_mine": "whether they wrote it; never which officer did",
        "sent_at": "when it was sent",
        "words": "what was written between the two",
        "is_new": "whether they have opened it",
    },
}
"""Every field of every value that their pages are made of."""


def unlisted() -> set[str]:
    """The fields that a page of theirs could be made of and that the list above does not name, and the other way."""
    return {
        f"{kind.__name__}.{name}"
        for kind, listed in SHOWN.items()
        for name in {one.name for one in fields(kind)} ^ set(listed)
    }


@dataclass
class Partner:
    """Somebody whose pages are read: what is theirs now, and names that must never stand on a page of theirs."""

    name: str
    id: int
    token: str
    own: dict[str, int] = field(default_factory=dict)
    """The references that they may follow now, with the ids of the cases."""
    strangers: frozenset[str] = frozenset()
    """Names and addresses of everybody else, and of other organisations."""


class Entry(NamedTuple):
    """An entry of a record, without its words."""

    kind: str
    data: Mapping[str, Any]
    actor: int | None


@dataclass(frozen=True)
class Facts:
    """What is known of the places where strings were planted, from the plain part of the record."""

    entries: Mapping[tuple[int, int], Entry]
    drafts: Mapping[int, int]
    """Of each draft's key, whose draft it is."""
    files: Mapping[str, int]
    """Of each file of a draft, by its place, whose draft it is."""

    def label(self, spot: Spot) -> str:
        """The field by its name, with the kind of the entry where it stands on the record of a case."""
        table, _, rest = spot.where.partition("/")
        return f"{self.entry(rest).kind}{spot.field}" if table == "ledger" else f"{table}{spot.field}"

    def entry(self, place: str, after: int = 0) -> Entry:
        """The entry at a place of the record like `7/12`, or so many after it."""
        case, number = map(int, place.split("/"))
        return self.entries.get((case, number + after), Entry("nothing", {}, None))


def facts_of(act: Act) -> Facts:
    """Read them."""
    entries = act.session.execute(
        select(LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.kind, LedgerEntry.data, LedgerEntry.actor_id)
    )
    drafts = act.session.execute(select(OnlineDraft.id, OnlineDraft.key_id, OnlineDraft.account_id)).all()
    whose = {row.id: row.account_id for row in drafts}
    files = act.session.execute(select(Attachment.place, Attachment.draft_id).where(Attachment.draft_id.is_not(None)))
    return Facts(
        {(row[0], row[1]): Entry(row[2], read_data(row[3]), row[4]) for row in entries},
        {row.key_id: row.account_id for row in drafts},
        {row.place.hex(): whose[row.draft_id] for row in files},
    )


def partner_of(act: Act, name: str, account_id: int, own: Mapping[str, int]) -> Partner:
    """Somebody by their account, with what everybody else is called."""
    account = act.session.get_one(Account, account_id)
    words = set(act.session.scalars(select(Agency.name).where(Agency.id != account.agency_id)))
    for other in act.session.scalars(select(Account).where(Account.id != account_id)):
        person = person_of(act.vault, directory_key(act, other.authority_id), other)
        words |= {person["name"], person["email"]}
    return Partner(name, account_id, account.email_token.hex(), dict(own), frozenset(words))

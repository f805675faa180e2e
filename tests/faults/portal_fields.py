"""What a partner may read, field by field and why; whatever else stands on a page or in mail of theirs is found."""

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy import select

from lado.act import Act
from lado.council.canary_facts import Reader
from lado.models import Account, Agency
from lado.queries.portal import PortalAction, PortalCase, PortalRow
from lado.queries.portal_messages import PortalMessage
from lado.security.identity import Identity
from lado.services.accounts import directory_key, person_of

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


def partner_of(act: Act, name: str, who: Identity, own: Mapping[str, int]) -> Reader:
    """Somebody by their account, with what everybody else is called."""
    account = act.session.get_one(Account, who.id)
    words = set(act.session.scalars(select(Agency.name).where(Agency.id != account.agency_id)))
    for other in act.session.scalars(select(Account).where(Account.id != who.id)):
        person = person_of(act.vault, directory_key(act, other.authority_id), other)
        words |= {person["name"], person["email"]}
    return Reader(name, who, account.email_token.hex(), dict(own), strangers=frozenset(words))

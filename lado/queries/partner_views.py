"""What officers see of partners: who follows a case, what each of them saw and when, and how the outcome stands."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from lado.act import Act
from lado.domain.kept_fields import IN_PLACE, Kept
from lado.domain.partner_outcomes import KINDS, Release, release_of
from lado.models import (
    Account,
    Agency,
    Authority,
    Grant,
    LedgerEntry,
    PartnerMessage,
    Referral,
    SealingKey,
    SeenSentence,
    ShownSentence,
)
from lado.queries import grants, portal
from lado.queries.ledger import place_of
from lado.queries.permitted import is_with_police
from lado.queries.portal import PortalCase
from lado.queries.referrals import find
from workflows.events import from_plain, read_data

LARGEST_ID = 2**31 - 1
"""What either database can look for in a column of ids; an address may name any number."""


class Follower(NamedTuple):
    """Somebody who follows a case, or did: whether they may now, what they opened last, and what waits.

    `wants_news` is whether they chose to be e-mailed about news (None: they have not chosen), `unopened` counts
    messages to them that they have not opened, `waiting` theirs that wait for an answer.
    """

    account_id: int
    name: str
    agency: str
    is_following: bool
    wants_news: bool | None
    opened_at: datetime | None
    listed_at: datetime | None
    unopened: int
    waiting: int
    release: Release


class FollowedCase(NamedTuple):
    """A case and one of those who follow it; `events` is the number of the last entry, which forms are made from."""

    referral: Referral
    follower: Follower

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.referral.authority_id

    @property
    def reference(self) -> str:
        """Which case it is, for the log of reads."""
        return self.referral.reference


class Seen(NamedTuple):
    """One sentence as a partner saw it, from the first time to the last; `answer` is the outcome where it stood there.

    `is_list` is their list of referrals, and not the referral's own page.
    """

    status: str
    happening: str
    to_do: str
    by_when: str
    answer: str
    is_list: bool
    first_at: datetime
    last_at: datetime
    times: int


class Message(NamedTuple):
    """A message as an officer reads it: `author_id` is the officer who wrote it, or the partner."""

    number: int
    is_from_partner: bool
    author_id: int | None
    sent_at: datetime
    settled_at: datetime | None
    words: str


class OneMessage(NamedTuple):
    """What a partner wrote, and about which case. The policy is asked about the case."""

    case: FollowedCase
    message: Message

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.case.authority_id


def followers(act: Act, referral: Referral) -> list[Follower]:
    """Everybody who follows this case or did, those who may now first, in order of agency and name."""
    query = (
        select(
            Account.id,
            Account.email_token,
            Account.sealed,
            Account.wants_news,
            SealingKey.wrapped,
            Agency.name.label("agency"),
        )
        .join(Agency, Agency.id == Account.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.id.in_(select(Grant.account_id).where(Grant.referral_id == referral.id)))
    )
    following = grants.followers(act.session, referral.id, act.at)
    people = act.session.execute(query).all()
    seen, counts, entries = _last_seen(act, referral.id), _counts(act, referral.id), _entries(act, referral.id)
    found = [
        Follower(
            row.id,
            act.vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed)["name"],
            row.agency,
            row.id in following,
            row.wants_news,
            seen.get((row.id, False)),
            seen.get((row.id, True)),
            *counts.get(row.id, (0, 0)),
            release_of(entries, row.id),
        )
        for row in people
    ]
    return sorted(found, key=lambda one: (not one.is_following, one.agency, one.name))


def find_follower(act: Act, reference: str, partner_id: int) -> FollowedCase | None:
    """A case of the reader's own authority and one of those who follow it, or did; None where there is none."""
    referral = find(act, reference)
    if referral is None:
        return None
    one = next((found for found in followers(act, referral) if found.account_id == partner_id), None)
    return FollowedCase(referral, one) if one is not None else None


def find_message(act: Act, reference: str, message: int) -> OneMessage | None:
    """What a partner wrote about a case of the reader's own authority, by the number of its entry; or None."""
    referral = find(act, reference)
    if referral is None or message > LARGEST_ID:
        return None
    query = select(PartnerMessage.account_id).where(
        PartnerMessage.referral_id == referral.id, PartnerMessage.number == message, PartnerMessage.is_from_partner
    )
    partner_id = act.session.scalar(query)
    case = find_follower(act, reference, partner_id) if partner_id is not None else None
    if case is None:
        return None
    found = messages_with(act, case.referral, case.follower.account_id)
    return OneMessage(case, next(one for one in found if one.number == message))


def page_of(act: Act, found: FollowedCase) -> PortalCase | None:
    """The partner's own page now; None where they may not see it any more.

    Of the police it has a sentence in the place of the words, for whoever may not read what passes with them.
    """
    case = portal.as_seen_by(act, found.reference, found.follower.account_id)
    if case is None or not is_with_police(act, found.referral, found.follower.account_id):
        return case
    instead = IN_PLACE[Kept.POLICE]
    return replace(
        case,
        actions=tuple(replace(one, what=instead, reply=instead if one.reply else "") for one in case.actions),
        messages=tuple(replace(one, words=instead) for one in case.messages),
    )


def seen_by(act: Act, referral_id: int, account_id: int) -> list[Seen]:
    """What a partner saw of a case, word for word, the latest first."""
    query = (
        select(
            ShownSentence.status,
            ShownSentence.happening,
            ShownSentence.to_do,
            ShownSentence.by_when,
            ShownSentence.answer,
            SeenSentence.is_list,
            SeenSentence.first_at,
            SeenSentence.last_at,
            SeenSentence.times,
        )
        .join(ShownSentence, ShownSentence.id == SeenSentence.sentence_id)
        .where(SeenSentence.referral_id == referral_id, SeenSentence.account_id == account_id)
        .order_by(SeenSentence.last_at.desc(), SeenSentence.is_list, SeenSentence.number.desc())
    )
    return [Seen(*row) for row in act.session.execute(query)]


def messages_with(act: Act, referral: Referral, account_id: int) -> list[Message]:
    """The messages with one partner about a case, in order."""
    query = (
        select(
            PartnerMessage.number,
            PartnerMessage.is_from_partner,
            LedgerEntry.actor_id,
            PartnerMessage.sent_at,
            PartnerMessage.settled_at,
            LedgerEntry.sealed,
        )
        .where(
            LedgerEntry.referral_id == PartnerMessage.referral_id,
            LedgerEntry.number == PartnerMessage.number,
            PartnerMessage.referral_id == referral.id,
            PartnerMessage.account_id == account_id,
        )
        .order_by(PartnerMessage.number)
    )
    wrapped = referral.sealing_key.wrapped
    is_kept = is_with_police(act, referral, account_id)
    found = []
    for row in act.session.execute(query):
        words = act.vault.open(wrapped, place_of(referral.id, row.number), row.sealed)["message"]
        found.append(Message(*row[:-1], IN_PLACE[Kept.POLICE] if is_kept else words))
    return found


def _last_seen(act: Act, referral_id: int) -> dict[tuple[int, bool], datetime]:
    query = (
        select(SeenSentence.account_id, SeenSentence.is_list, func.max(SeenSentence.last_at).label("last_at"))
        .where(SeenSentence.referral_id == referral_id)
        .group_by(SeenSentence.account_id, SeenSentence.is_list)
    )
    return {(row.account_id, row.is_list): row.last_at for row in act.session.execute(query)}


def _counts(act: Act, referral_id: int) -> dict[int, tuple[int, int]]:
    """By account: messages to them that are not opened, and messages from them that wait for an answer."""
    query = (
        select(PartnerMessage.account_id, PartnerMessage.is_from_partner, func.count().label("count"))
        .where(PartnerMessage.referral_id == referral_id, PartnerMessage.settled_at.is_(None))
        .group_by(PartnerMessage.account_id, PartnerMessage.is_from_partner)
    )
    found: dict[int, tuple[int, int]] = {}
    for account_id, is_from_partner, count in act.session.execute(query):
        unopened, waiting = found.get(account_id, (0, 0))
        found[account_id] = (unopened, waiting + count) if is_from_partner else (unopened + count, waiting)
    return found


def _entries(act: Act, referral_id: int) -> Iterable[tuple[Any, datetime]]:
    query = (
        select(LedgerEntry.kind, LedgerEntry.data, LedgerEntry.recorded_at)
        .where(LedgerEntry.referral_id == referral_id, LedgerEntry.kind.in_(KINDS))
        .order_by(LedgerEntry.number)
    )
    return [(from_plain(row.kind, read_data(row.data)), row.recorded_at) for row in act.session.execute(query)]

"""Reading what a calendar feed sends: whose it is, what was sent, and what should stand now."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain import feed
from lado.domain.feed import KEPT, Entry, Sent
from lado.models import Account, Feed, FeedEntry
from lado.queries import accounts, cover
from lado.security.identity import Identity, Role

OWN, TEAM = "own", "team"
SCOPES = {OWN: "Your calendar", TEAM: "The team's calendar"}


class Found(NamedTuple):
    """A feed that is switched on: its id, whose it is as the policy sees them, and what it shows."""

    id: int
    who: Identity
    scope: str


class Kept(NamedTuple):
    """One entry as it was last sent, with the name by which calendars know it."""

    uid: str
    sent: Sent


def find(act: Act, digest: bytes) -> Found | None:
    """The feed whose address has this digest, of somebody who can sign in; None when there is none."""
    query = (
        select(Feed.id, Feed.scope, Account.id.label("account"), Account.role, Account.authority_id, Account.agency_id)
        .join(Account, Account.id == Feed.account_id)
        .where(Feed.digest == digest, Account.disabled_at.is_(None))
    )
    row = act.session.execute(query).one_or_none()
    if row is None:
        return None
    return Found(row.id, Identity(row.account, Role(row.role), row.authority_id, "", row.agency_id), row.scope)


def switched_on(act: Act) -> dict[str, datetime]:
    """Which of one's own feeds are switched on, and since when."""
    query = select(Feed.scope, Feed.made_at).where(Feed.account_id == act.who.id, Feed.digest.is_not(None))
    return {row.scope: row.made_at for row in act.session.execute(query)}


def wanted(act: Act, found: Found) -> list[Entry]:
    """What should stand in the feed now."""
    authority = found.who.authority or 0
    rota = cover.rota(act.session, authority, act.at)
    people = {person.id for person in cover.officers(act, authority)}
    if found.scope == OWN:
        return [entry for entry in feed.entries(people, act.at, rota) if feed.said(entry.key).person == found.who.id]
    return feed.entries(people, act.at, rota)


def sent(act: Act, feed_id: int) -> dict[str, Kept]:
    """What was sent of a feed and is not long over, by key."""
    query = (
        select(FeedEntry)
        .where(FeedEntry.feed_id == feed_id, FeedEntry.until_at > act.at - KEPT)
        .order_by(FeedEntry.from_at, FeedEntry.id)
    )
    return {
        row.key: Kept(row.uid, Sent(row.key, row.from_at, row.until_at, row.sequence, row.changed_at, row.is_cancelled))
        for row in act.session.scalars(query)
    }


def names(act: Act, kept: dict[str, Kept]) -> dict[int, str]:
    """The names of those of whom these entries speak."""
    spoken_of = [feed.said(key) for key in kept]
    people = {one.person for one in spoken_of} | {one.other for one in spoken_of if one.other is not None}
    return accounts.names_of(act, people)

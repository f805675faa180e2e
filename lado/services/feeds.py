"""The calendars that telephones read: making and renewing a secret address, switching it off, keeping what was sent."""

import hashlib
import secrets
from uuid import uuid4

from sqlalchemy import select

from lado.act import Act
from lado.domain import feed
from lado.errors import BadInput, NotFound
from lado.models import Feed, FeedEntry
from lado.queries import feeds
from lado.queries.feeds import SCOPES, Found, Kept
from lado.security.permissions import Permission
from lado.security.policy import ensure


def make(act: Act, scope: str) -> str:
    """Make a new secret address for one of one's own calendars and return the secret, which is not kept.

    An address that there was before is answered no more. Raises BadInput for a calendar that there is not, NotAllowed.
    """
    ensure(act.who, Permission.COVER_READ)
    if scope not in SCOPES or act.who.authority is None or act.who.id is None:
        raise BadInput({"scope": "Choose one of the calendars."})
    secret = secrets.token_urlsafe(32)
    found = _own(act, scope) or Feed(authority_id=act.who.authority, account_id=act.who.id, scope=scope)
    found.digest, found.made_at = digest(secret), act.at
    act.session.add(found)
    return secret


def switch_off(act: Act, scope: str) -> None:
    """Answer the address of one of one's own calendars no more. Raises BadInput when it is not switched on."""
    ensure(act.who, Permission.COVER_READ)
    found = _own(act, scope)
    if found is None or found.digest is None:
        raise BadInput({"scope": "This calendar is switched off already."})
    found.digest = None


def send(act: Act, found: Found) -> dict[str, Kept]:
    """What is to be sent of a feed now; what changed since it was last sent is kept, so that it can be taken back.

    Raises NotFound when the feed was switched off meanwhile, NotAllowed.
    """
    ensure(act.who, Permission.COVER_READ)
    held = act.session.get(Feed, found.id, with_for_update=True, populate_existing=True)
    if held is None or held.digest is None:
        raise NotFound("no such feed")
    kept = feeds.sent(act, found.id)
    changed = feed.changes({key: one.sent for key, one in kept.items()}, feeds.wanted(act, found), act.at)
    rows = {row.key: row for row in act.session.scalars(select(FeedEntry).where(FeedEntry.feed_id == found.id))}
    for one in changed:
        row = rows.get(one.key) or FeedEntry(feed_id=found.id, key=one.key, uid=str(uuid4()))
        row.from_at, row.until_at, row.sequence = one.from_at, one.until_at, one.sequence
        row.changed_at, row.is_cancelled = one.changed_at, one.is_cancelled
        act.session.add(row)
    act.session.flush()
    return feeds.sent(act, found.id)


def is_up_to_date(act: Act, found: Found, kept: dict[str, Kept]) -> bool:
    """Whether nothing changed since the feed was last sent."""
    return not feed.changes({key: one.sent for key, one in kept.items()}, feeds.wanted(act, found), act.at)


def digest(secret: str) -> bytes:
    """What is kept of a secret address."""
    return hashlib.sha256(secret.encode()).digest()


def _own(act: Act, scope: str) -> Feed | None:
    query = select(Feed).where(Feed.account_id == act.who.id, Feed.scope == scope).with_for_update()
    return act.session.scalars(query).one_or_none()

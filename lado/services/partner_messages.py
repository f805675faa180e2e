"""Messages between a partner and the officers about one case, and reminding a partner of what waits for them."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update

from lado.act import Act
from lado.clock import london_day
from lado.errors import BadInput, NotFound, Refused
from lado.models import PartnerMessage, Referral
from lado.queries import conflicts, portal, portal_news
from lado.queries.grants import is_referrer, may_follow
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import attachments, moves, notices, partner_news, still_there, updates
from lado.services.attachments import Checked
from lado.services.record import record
from workflows.case import Case
from workflows.events import Event, MessageSent, MessageSettled, PartnerReminded

LONGEST = 5_000
"""Characters of a message."""

MOST_A_DAY = 20
"""Messages that one partner may write about one referral in a day: an officer reads each of them."""

MISSING = "Write your message."
MISSING_REASON = "Say why no written answer is needed, for example that you rang them."
NOT_FOLLOWING = "This person may not follow the case any more."
TOO_MANY = "You have written many messages today. If it is urgent, ring the number on this page."
REMINDED_TODAY = "They were reminded today already."
NO_EMAILS = "They get no e-mails about news, and there is nothing for them to do on this case. Ring them."


def write(act: Act, reference: str, message: str, files: Sequence[Checked] = ()) -> None:
    """Let a partner write to the officers about a referral of theirs, with files; whoever has the case is told.

    Raises BadInput by field (message), Refused after too many on one day, and NotFound alike for what is not theirs
    and what does not exist.
    """
    held = portal.find_held(act, reference)
    if held is None:
        raise NotFound("no such referral of this partner")
    ensure(act.who, Permission.PORTAL_READ, held)
    _check(message)
    referral = still_there.hold(act, held.referral_id)
    if _written_today(act, referral, held.follower_id) >= MOST_A_DAY:
        raise Refused(TOO_MANY)
    case = _write(act, referral, MessageSent(held.follower_id, is_from_partner=True), {"message": message.strip()})
    _keep(act, referral, held.follower_id, is_from_partner=True)
    attachments.put_to_case(act, referral.id, files)
    _tell_officer(act, referral, case)


def answer(
    act: Act, referral_id: int, partner: int, message: str, *, is_update: bool = False, seen: int | None = None
) -> None:
    """Write to a partner who follows the case; their messages that waited are answered with it.

    `is_update` says that the referrer has the update with it that was promised to them. Raises BadInput by field
    (message), Refused where they do not follow it, Stale, NotFound, NotAllowed.
    """
    referral = _held(act, referral_id, partner, seen)
    _check(message)
    waiting = (PartnerMessage.referral_id == referral.id) & (PartnerMessage.account_id == partner)
    unsettled = PartnerMessage.is_from_partner & PartnerMessage.settled_at.is_(None)
    act.session.execute(update(PartnerMessage).where(waiting, unsettled).values(settled_at=act.at))
    _write(act, referral, MessageSent(partner, is_from_partner=False), {"message": message.strip()})
    _keep(act, referral, partner, is_from_partner=False)
    if is_update and is_referrer(act.session, partner, referral.id):
        updates.keep(act, referral, is_update=True)
    subject = f"{referral.reference}: a message for you"
    partner_news.tell(act, partner, referral, subject, f"There is a message for you about {referral.reference}.")


def settle(act: Act, referral_id: int, number: int, why: str) -> None:
    """Say that a partner's message needs no written answer, and why. Raises BadInput by field (why), Refused."""
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.PARTNER_WRITE, referral)
    one = (PartnerMessage.referral_id == referral.id) & (PartnerMessage.number == number)
    found = act.session.scalars(select(PartnerMessage).where(one, PartnerMessage.is_from_partner)).one_or_none()
    if found is None:
        raise NotFound("no such message of a partner")
    if found.settled_at is not None:
        raise Refused("This message has been dealt with already.")
    if not why.strip():
        raise BadInput({"why": MISSING_REASON})
    _write(act, referral, MessageSettled(number), {"why": why.strip()})
    act.session.execute(update(PartnerMessage).where(one).values(settled_at=act.at))


def remind(act: Act, referral_id: int, partner: int) -> None:
    """Remind a partner that something on their page waits for them, once a day at most.

    Raises Refused where they chose no e-mails about news and have nothing to do, and for a second time; NotAllowed.
    """
    referral = _held(act, referral_id, partner, None)
    if not portal_news.may_remind(act.session, partner, referral.id):
        raise Refused(NO_EMAILS)
    subject = f"{referral.reference}: please look at your page"
    body = f"Something about {referral.reference} waits for you to read or to do."
    key = f"reminder.{referral.id}.{partner}.{act.today.isoformat()}"
    if not notices.queue(act, partner, referral, subject, body, key=key):
        raise Refused(REMINDED_TODAY)
    _write(act, referral, PartnerReminded(partner), {})


def _held(act: Act, referral_id: int, partner: int, seen: int | None) -> Referral:
    """The case, held, for an officer who writes to a partner who follows it."""
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.PARTNER_WRITE, referral)
    moves.refuse_stale(act, referral, seen)
    if not may_follow(act.session, partner, referral.id, act.at):
        raise Refused(NOT_FOLLOWING)
    return referral


def _check(message: str) -> None:
    if not message.strip():
        raise BadInput({"message": MISSING})
    if len(message) > LONGEST:
        raise BadInput({"message": f"Shorten this to {LONGEST:,} characters or fewer."})


def _written_today(act: Act, referral: Referral, partner: int) -> int:
    query = select(PartnerMessage.sent_at).where(
        PartnerMessage.referral_id == referral.id,
        PartnerMessage.account_id == partner,
        PartnerMessage.is_from_partner,
    )
    return sum(london_day(at) == act.today for at in act.session.scalars(query))


def _write(act: Act, referral: Referral, event: Event, words: dict[str, str]) -> Case:
    case, practice = moves.in_hand(act, referral)
    record(act, referral, case, [event], practice, words)
    return case


def _keep(act: Act, referral: Referral, partner: int, *, is_from_partner: bool) -> None:
    """Keep that the entry that was just recorded is a message."""
    act.session.execute(
        insert(PartnerMessage),
        {
            "referral_id": referral.id,
            "number": referral.events,
            "authority_id": referral.authority_id,
            "account_id": partner,
            "is_from_partner": is_from_partner,
            "sent_at": act.at,
            "settled_at": None,
        },
    )


def _tell_officer(act: Act, referral: Referral, case: Case) -> None:
    """Tell whoever has the case now: its owner, or who covers for them as the one resolver says."""
    if case.owner is None:
        return
    barred = conflicts.barred_from(act.session, [referral.id]).get(referral.id, frozenset())
    person = conflicts.taker(act.session, referral.authority_id, case.owner, act.at, barred)
    subject = f"{referral.reference}: a message from a partner"
    body = f"A partner has written about {referral.reference}. It waits for an answer."
    notices.queue(act, case.owner if person is None else person, referral, subject, body, instead_of=case.owner)

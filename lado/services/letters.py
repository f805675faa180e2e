"""Making a letter about a case, sending an e-mail that says nothing of it, and recording who was told by a letter.

What went out is kept as it went, sealed with its case; the record of the case holds the digest. Files are made of it
whenever somebody asks, and are kept nowhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select

from lado.act import Act
from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import A_GAP, LONGEST_TO, NOTED, TELLS, Kind, Text, clean, gaps_in, lengths, tidied
from lado.domain.telling import BEFORE_AGREED, beyond
from lado.errors import BadInput, NotFound, Refused
from lado.models import Letter, Referral
from lado.queries import letter_wordings
from lado.queries.grants import may_follow
from lado.queries.letters import draft, place_of
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import moves, partner_news
from lado.services.partner_messages import NOT_FOLLOWING
from lado.services.partner_news import NO_EMAILS
from lado.services.record import record
from workflows.events import Noted
from workflows.london import london_day

MISSING_TO = "Say to whom the letter goes: name and address."
MISSING_HOW = "Say how they were given it, for example: by post, or by hand."
BEYOND = "This letter says more than was agreed for them. Look at what was agreed, and tick the box if it goes out."
WRONG_DAY = "Enter a day from the one on which the letter was made to today."
LONGEST_HOW = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter as an officer wants it. `is_despite`: it goes out although it says more than was agreed for them."""

    kind: Kind
    to: str
    text: Text
    is_despite: bool = False


def make(act: Act, referral_id: int, new: NewLetter, *, seen: int | None = None) -> int:
    """Make a letter and keep it as it goes out. Returns its number on the case.

    Raises BadInput by field (to, heading, body, despite), Stale, NotFound, NotAllowed.
    """
    referral = _held(act, referral_id, new.kind, seen, is_email=False)
    to, text = clean(new.to), tidied(new.text)
    if found := _problems(act, referral, new, to, text):
        raise BadInput(found)
    return _keep(act, referral, new.kind, to, text)


def send(act: Act, referral_id: int, kind: Kind, partner: int, *, seen: int | None = None) -> int:
    """Send somebody who follows the case the council's e-mail: the reference and the way to their page, and no name.

    Returns the number under which it is kept. Raises Refused where they do not follow the case or chose no
    e-mails, or the wording needs a day that is not known, Stale, NotFound, NotAllowed.
    """
    referral = _held(act, referral_id, kind, seen, is_email=True)
    if not may_follow(act.session, partner, referral.id, act.at):
        raise Refused(NOT_FOLLOWING)
    text = draft(act, referral, kind).text
    if gaps := gaps_in(text):
        raise Refused(A_GAP.format(gaps=", ".join(gaps)))
    if not partner_news.tell(act, partner, referral, text.heading, text.body):
        raise Refused(NO_EMAILS)
    return _keep(act, referral, kind, "", text, partner)


def tell(act: Act, referral_id: int, number: int, told_on: date, how: str, *, seen: int | None = None) -> None:
    """Record that the audience of a letter was told by it. Raises BadInput by field (how, told_on) too."""
    letter = act.session.get(Letter, (referral_id, number))
    if letter is None or letter.account_id is not None:
        raise NotFound("no such letter")
    if not how.strip():
        raise BadInput({"how": MISSING_HOW})
    if len(how) > LONGEST_HOW:
        raise BadInput({"how": f"Shorten this to {LONGEST_HOW} characters or fewer."})
    if not london_day(letter.made_at) <= told_on <= act.today:
        raise BadInput({"told_on": WRONG_DAY})
    told = {"decision": "told", "told_on": told_on, "extent": TELLS[letter.occasion]}
    answers = {"audience": letter.audience, **told}
    moves.make(act, referral_id, "tell", answers, {"note": f"By letter {number}: {how.strip()}"}, seen=seen)


def is_beyond(kind: Kind, extent: str) -> bool:
    """Whether a letter says more than was agreed for its audience; nothing is beyond what nobody agreed yet."""
    return beyond(extent or None, TELLS[kind.occasion]) not in ("", BEFORE_AGREED)


def _held(act: Act, referral_id: int, kind: Kind, seen: int | None, *, is_email: bool) -> Referral:
    """The case, held, for an officer who writes about it."""
    if kind not in SHIPPED or kind.is_email is not is_email:
        raise NotFound("no such letter")
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    moves.refuse_stale(act, referral, seen)
    return referral


def _problems(act: Act, referral: Referral, new: NewLetter, to: str, text: Text) -> dict[str, str]:
    found = lengths(text)
    if not to:
        found["to"] = MISSING_TO
    elif len(to) > LONGEST_TO:
        found["to"] = f"Shorten this to {LONGEST_TO} characters or fewer."
    if gaps := gaps_in(text):
        found.setdefault("body", A_GAP.format(gaps=", ".join(gaps)))
    case, _ = moves.in_hand(act, referral)
    if is_beyond(new.kind, case.agreed.get(new.kind.audience, "")) and not new.is_despite:
        found["despite"] = BEYOND
    return found


def _keep(act: Act, referral: Referral, kind: Kind, to: str, text: Text, partner: int | None = None) -> int:
    """Keep what goes out under the next number of the case, and put it on the record."""
    last = act.session.scalar(select(func.max(Letter.number)).where(Letter.referral_id == referral.id))
    number = (last or 0) + 1
    words = {"to": to, **text._asdict()}
    sealed = act.vault.seal(referral.sealing_key.wrapped, place_of(referral.id, number), words)
    digest = hashlib.sha256(sealed)
    row = {
        "referral_id": referral.id,
        "number": number,
        **kind._asdict(),
        "wording_id": letter_wordings.in_force(act, referral.authority_id)[kind].wording_id,
        "account_id": partner,
        "made_by_id": act.who.id,
        "made_at": act.at,
        "digest": digest.digest(),
        "sealed": sealed,
    }
    act.session.execute(insert(Letter), row)
    case, practice = moves.in_hand(act, referral)
    answers = {"letter": number, **kind._asdict(), "digest": digest.hexdigest()}
    record(act, referral, case, [Noted(NOTED, answers)], practice)
    return number

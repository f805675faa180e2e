"""Notices, written with the change that causes them and sent afterwards: a reference, a due time, never a name."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, text, update

from lado.act import Act
from lado.adapters.mail import Fate, Letter
from lado.domain import delivery, said
from lado.errors import Refused
from lado.models import Account, Authority, Notice, Referral, SealingKey
from lado.queries import account_links, invitations
from lado.queries.notices import Failed
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import bulk
from lado.services.insertion import insert_new
from workflows.case import Case

STUCK_AFTER = timedelta(minutes=15)
"""When a sending that nobody finished (the process was killed) is taken up again, under the same Message-ID."""

FROM_THE_NIGHT = "night."
"""How the key of a notice begins that is about a contact from out of hours."""

ABOUT_THE_RECORD, DIGEST, MOVED = "certificate.", "digest.", "moved."
"""How the keys of notices begin: about the record as a whole, a manager's day, and in the place of another notice."""

ABOUT_A_HAND_OVER = "handover."
"""How the key of a notice begins that is about cases handed over."""

REFERRING = "referring."
"""How the key of a notice begins that leads whoever has an account to referring on line."""

SENTENCES = "sentences."
"""How the key of a notice begins that is about the sentences for partners."""

LETTERS = "letters."
"""How the key of a notice begins that is about how letters are worded."""

LOOKS = "looks."
"""How the key of a notice begins that is about who looked at what."""

GLASS = "glass."
"""How the key of a notice begins that is about letting somebody into a restricted case."""

NOBODY_LEFT = "left."
"""How the key of a notice begins that says that everybody is kept from a case."""

OWN_SIGN_IN, LOST = "password.", "lost."
"""How the keys of notices begin that are about how one signs in, and about somebody's lost second step."""

PAGES: Mapping[str, str] = {
    GLASS: "/restricted",
    DIGEST: "/",
    ABOUT_A_HAND_OVER: "/cover/handover",
    FROM_THE_NIGHT: "/from-the-night",
    REFERRING: "/portal/refer",
    SENTENCES: "/settings/sentences",
    LETTERS: "/settings/letters",
    LOOKS: "/looks",
    ABOUT_THE_RECORD: "/record",
    OWN_SIGN_IN: "/your-sign-ins",
    LOST: "/lost-second-steps",
}
"""Where the link of a notice leads that is about no case, by how its key begins; any other leads to the cover."""

NAMES_NOBODY = "This message names nobody on purpose."
FOOTING = f"{NAMES_NOBODY} Sign in to read more."
NOT_SENT = text("state NOT IN ('sent', 'delivered')")
"""Word for word the condition of the index, which both databases ask for before they use it."""


PAUSE = timedelta(minutes=1)
"""How long nothing is tried after the mail server could not be reached."""

NOT_DELIVERED = {
    Fate.REFUSED: "the address does not take mail",
    Fate.NOT_NOW: "the mailbox did not take it for three days",
    Fate.BROKEN: "the sending service could not send it",
}


class Claimed(NamedTuple):
    """A notice that one process has in hand: its id, which try this is, and whether an earlier one may have worked.

    The number of the try fences: a process that was held up, and whose notice another one took, marks nothing.
    """

    id: int
    tries: int
    is_unsure: bool


class Asked(NamedTuple):
    """A message that the channel had taken, by the name under which the channel knows it."""

    id: int
    message_id: str


class Words(NamedTuple):
    """One notice to be written: to whom, about which case (None: about none), and the key under which it is one.

    `instead_of` is the colleague in whose place the person is told; `stands_for` the notice that did not reach them.
    """

    account_id: int
    referral_id: int | None
    subject: str
    body: str
    key: str
    instead_of: int | None = None
    stands_for: int | None = None


OWN = ("account_id", "referral_id", "subject", "body", "message_id", "instead_of_id", "stands_for_id")
"""The columns of a notice that its words fill. What the others say is the same in each new one."""


def queue(
    act: Act,
    account_id: int,
    referral: Referral | None,
    subject: str,
    body: str,
    *,
    key: str = "",
    failure: str = "",
    instead_of: int | None = None,
    stands_for: int | None = None,
) -> bool:
    """Write a notice for one person, to be sent after this act is saved. Its Message-ID is fixed once and for all.

    A notice with a `key` is written once for that key, whatever runs how often; says whether it is new. One with a
    `failure` is not sent: it stands as failed from the beginning, where pages show it. `instead_of` is the colleague in
    whose place the person is told, and `stands_for` the notice that did not reach somebody else.
    """
    about = referral.id if referral else None
    row = _row(act, Words(account_id, about, subject, body, key, instead_of, stands_for), failure)
    return bool(insert_new(act.session, Notice, [row], Notice.id))


def queue_all(act: Act, letters: Sequence[Words]) -> int:
    """Write many notices at once, each once for its key; how many of them are new."""
    if not letters:
        return 0
    columns = dict(zip(OWN, zip(*map(_own, letters), strict=True), strict=True))
    return bulk.insert(act.session, Notice, columns, _unsent(act), unless_there=True)


def _row(act: Act, letter: Words, failure: str = "") -> dict[str, Any]:
    return {**dict(zip(OWN, _own(letter), strict=True)), **_unsent(act, failure)}


def _own(letter: Words) -> tuple[Any, ...]:
    account, case, subject, body, key, instead_of, stands_for = letter
    key = key or secrets.token_hex(12)
    return account, case, subject, body, key, instead_of if instead_of != account else None, stands_for


def _unsent(act: Act, failure: str = "") -> dict[str, Any]:
    """What every new notice says of its sending: not tried yet, or failed from the beginning."""
    return {
        "state": "failed" if failure else "waiting",
        "tries": 0,
        "created_at": act.at,
        "next_try_at": act.at,
        "failure": failure,
        "is_unsure": False,
        "moved_at": act.at if failure else None,
    }


def after_move(
    act: Act, referral: Referral, case: Case, move: str, answers: Mapping[str, Any], owner_before: int | None
) -> None:
    """Tell those whom a move concerns: a new owner, and whoever was given an action."""
    if case.owner is not None and case.owner != owner_before and case.owner != act.who.id:
        queue(act, case.owner, referral, f"{referral.reference}: given to you", "You are now the accountable officer.")
    holder = answers.get("user") if move == "set_action" else None
    if holder is not None and holder != act.who.id:
        due_at = case.running[f"action:{len(case.actions)}"].due_at
        body = f"There is something for you to do on {referral.reference}, {said.by(due_at)}."
        queue(act, holder, referral, f"{referral.reference}: an action for you", body)


def claim(act: Act, limit: int) -> list[Claimed]:
    """Take notices that are due for sending, and those that nobody finished, oldest first; each counts as a try.

    No other process takes them before they are marked, or STUCK_AFTER has passed.
    """
    ensure(act.who, Permission.NOTICE_SEND)
    query = (
        select(Notice.id)
        .where(NOT_SENT, Notice.state.in_(("waiting", "sending")), Notice.next_try_at <= act.at)
        .order_by(Notice.next_try_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(act.session.scalars(query))
    claimed = {
        "state": "sending",
        "tries": Notice.tries + 1,
        "next_try_at": act.at + STUCK_AFTER,
        "is_unsure": Notice.is_unsure | (Notice.state == "sending"),
    }
    taken = update(Notice).where(Notice.id.in_(ids)).values(claimed)
    rows = act.session.execute(taken.returning(Notice.id, Notice.tries, Notice.is_unsure)) if ids else ()
    return [Claimed(*row) for row in sorted(rows, key=lambda row: ids.index(row.id))]


def hold(act: Act, one: Claimed) -> bool:
    """Keep a claimed notice for one sending more. False when another process has taken it since."""
    return _mark(act, one, next_try_at=act.at + STUCK_AFTER)


def letter(act: Act, notice_id: int, public_url: str) -> Letter:
    """The notice as it is sent, its address opened at this moment."""
    query = (
        select(Notice, Account, Referral.reference, SealingKey.wrapped)
        .join(Account, Account.id == Notice.account_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .outerjoin(Referral, Referral.id == Notice.referral_id)
        .where(Notice.id == notice_id)
    )
    notice, account, reference, wrapped = act.session.execute(query).one()
    person = act.vault.open(wrapped, f"account/{account.email_token.hex()}", account.sealed)
    words = f"{notice.body}\n\n{public_url}{_page(notice, reference, account.role)}\n\n{FOOTING}\n"
    if _is(notice, invitations.KEY):
        words = f"{notice.body}\n\n{public_url}{invitations.path_of(act, notice.message_id)}\n\n{NAMES_NOBODY}\n"
    if _is(notice, account_links.KEY):
        words = f"{notice.body}\n\n{public_url}{account_links.path_of(act, notice.message_id)}\n\n{NAMES_NOBODY}\n"
    return Letter(person["email"], notice.subject, words, outside(act, notice.message_id), act.at)


def outside(act: Act, message_id: str) -> str:
    """The name of a message outside: a key has numbers of rows in it, from which somebody could count what they may
    not know of; a name that was drawn stays."""
    return act.vault.token("message", message_id).hex() if "." in message_id else message_id


def mark_sent(act: Act, one: Claimed, *, is_followed: bool = False) -> None:
    """The channel has taken the message; one that says later what became of it is asked."""
    ask_at = delivery.next_asked_at(act.at, act.at) if is_followed else None
    _mark(act, one, state="sent", sent_at=act.at, failure="", ask_at=ask_at)


def mark_failed(act: Act, one: Claimed, failure: str) -> None:
    """The message will not be sent: it is shown as failed, with the reason, and moves to the next person."""
    _mark(act, one, state="failed", next_try_at=act.at, failure=failure)


def try_later(act: Act, one: Claimed, failure: str, *, is_unsure: bool = False) -> bool:
    """The message could not be sent now: wait longer after each try. Says whether it was given up instead."""
    wait = delivery.wait_after(one.tries)
    if wait is None:
        mark_failed(act, one, failure)
        return True
    unsure = one.is_unsure or is_unsure
    _mark(act, one, state="waiting", next_try_at=act.at + wait, failure=failure, is_unsure=unsure)
    return False


def put_back(act: Act, claimed: Sequence[Claimed], failure: str) -> None:
    """Give back what was claimed, because the mail server cannot be reached at all: no try is lost by that."""
    back = {"state": "waiting", "tries": Notice.tries - 1, "next_try_at": act.at + PAUSE, "failure": failure}
    for one in claimed:
        _mark(act, one, **back)


def due_to_ask(act: Act, limit: int) -> list[Asked]:
    """Take messages of which the channel may now say what became of them; no other process asks at the same time."""
    ensure(act.who, Permission.NOTICE_SEND)
    query = (
        select(Notice.id, Notice.message_id, Notice.sent_at)
        .where(Notice.ask_at.is_not(None), Notice.ask_at <= act.at)
        .order_by(Notice.ask_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = act.session.execute(query).all()
    for row in found:
        ask_at = delivery.next_asked_at(row.sent_at, act.at)
        act.session.execute(update(Notice).where(Notice.id == row.id).values(ask_at=ask_at))
    return [Asked(row.id, outside(act, row.message_id)) for row in found]


def settle(act: Act, notice_id: int, fate: Fate) -> None:
    """Write down what the channel says became of a message that it had taken: delivered, or failed after all."""
    if fate is Fate.DELIVERED:
        became = {"state": "delivered", "delivered_at": act.at, "ask_at": None}
    elif fate in NOT_DELIVERED:
        became = {"state": "failed", "next_try_at": act.at, "ask_at": None, "failure": NOT_DELIVERED[fate]}
    else:
        return
    act.session.execute(update(Notice).where(Notice.id == notice_id, Notice.state == "sent").values(became))


def send_again(act: Act, failed: Failed) -> None:
    """Send a failed notice again, to the same person, as when its address has been put right. Raises Refused."""
    ensure(act.who, Permission.NOTICE_REPEAT, failed)
    again = {"state": "waiting", "tries": 0, "next_try_at": act.at, "failure": "", "is_unsure": False, "sent_at": None}
    done = act.session.execute(
        update(Notice).where(Notice.id == failed.id, Notice.state == "failed").values(again).returning(Notice.id)
    )
    if done.first() is None:
        raise Refused("This message is not among those that failed any more. It is being sent, or was sent.")


def _mark(act: Act, one: Claimed, **values: Any) -> bool:
    mine = (Notice.id == one.id) & (Notice.state == "sending") & (Notice.tries == one.tries)
    return act.session.scalar(update(Notice).where(mine).values(**values).returning(Notice.id)) is not None


def moved_key(notice: Notice) -> str:
    """The name of the message that stands for this one: there is one at most. It keeps what the message is about."""
    kinds = (ABOUT_THE_RECORD, DIGEST, FROM_THE_NIGHT, SENTENCES, LETTERS)
    about = next((kind for kind in kinds if _is(notice, kind)), "")
    return f"{MOVED}{notice.id}.{about}".rstrip(".")


def _is(notice: Notice, kind: str) -> bool:
    return kind.rstrip(".") in notice.message_id.split(".")


def _page(notice: Notice, reference: str | None, role: str) -> str:
    """Where the link leads: a partner's own page, the case, or, for what concerns no case, the record or the cover."""
    if reference is None:
        return next((page for kind, page in PAGES.items() if _is(notice, kind)), "/cover")
    return f"/portal/{reference}" if role == Role.PARTNER.value else f"/referrals/{reference}"

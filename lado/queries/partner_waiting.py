"""What waits between officers and partners: messages without an answer, and partners who never opened theirs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, func, or_, select

from lado.act import Act
from lado.domain.urgency import bounds
from lado.models import (
    Account,
    Agency,
    Authority,
    Grant,
    PartnerAnswer,
    PartnerMessage,
    Referral,
    SealingKey,
    SeenSentence,
    ShownSentence,
)
from lado.queries import practices
from lado.queries.cover import IS_OPEN
from lado.queries.grants import following
from lado.queries.portal import STEP_OF, STEPS
from workflows.registry import PROCEDURES

SHOWN = 50
"""Rows of each list; above that the page says that there are more."""

LOOKED_BACK = timedelta(days=2 * 365)
"""How old a case may be whose partners are looked after here (a default of this product)."""

IS_WAITING = (PartnerMessage.settled_at.is_(None), PartnerMessage.is_from_partner)
"""That a message waits for an answer of the officers."""

ANSWERS = tuple(word for word, step in STEP_OF.items() if step == len(STEPS))
"""The words that tell a partner that their referral has been answered."""

ANSWERED = tuple(
    sorted({state.key for flow in PROCEDURES.values() for state in flow.states if state.partner_sees in ANSWERS})
)
"""The states in which they are shown one of these words."""


class WaitingMessage(NamedTuple):
    """A message from a partner that waits for an answer; `owner_id` is the accountable officer of its case."""

    reference: str
    owner_id: int | None
    account_id: int
    partner: str
    agency: str
    sent_at: datetime


class NeverOpened(NamedTuple):
    """A partner who has not opened the answer to their referral; `released_at` where it is an outcome, else None.

    `is_emailed` is whether they chose to be e-mailed when there is something new.
    """

    reference: str
    owner_id: int | None
    account_id: int
    partner: str
    agency: str
    released_at: datetime | None
    is_emailed: bool


class Ending(NamedTuple):
    """Access to an open case that ends by itself within a working week; `ends_at` is the first instant without it."""

    reference: str
    owner_id: int | None
    account_id: int
    partner: str
    agency: str
    ends_at: datetime


def messages(act: Act) -> list[WaitingMessage]:
    """The messages from partners that wait at the reader's council, the oldest first; one more than is shown."""
    query = (
        _people(Referral.reference, Referral.owner_id, PartnerMessage.sent_at)
        .join(PartnerMessage, PartnerMessage.account_id == Account.id)
        .join(Referral, Referral.id == PartnerMessage.referral_id)
        .where(
            PartnerMessage.authority_id == act.who.authority,
            *IS_WAITING,
        )
        .order_by(PartnerMessage.sent_at, PartnerMessage.referral_id, PartnerMessage.number)
        .limit(SHOWN + 1)
    )
    return [
        WaitingMessage(row.reference, row.owner_id, row.id, _name(act, row), row.agency, row.sent_at)
        for row in act.session.execute(query)
    ]


def count(act: Act) -> int:
    """How many messages from partners wait at the reader's council."""
    query = select(func.count()).where(PartnerMessage.authority_id == act.who.authority, *IS_WAITING)
    return act.session.scalar(query) or 0


def never_opened(act: Act) -> list[NeverOpened]:
    """Who follows a case of the last two years that was answered, and has not opened the answer; one more than shown.

    Answered is a case whose page says that it has concluded, and one whose outcome was released to them.
    """
    read_it = exists().where(
        SeenSentence.referral_id == Grant.referral_id,
        SeenSentence.account_id == Grant.account_id,
        SeenSentence.is_list.is_(False),
        ShownSentence.id == SeenSentence.sentence_id,
        ShownSentence.status.in_(ANSWERS),
    )
    is_unopened = (PartnerAnswer.stage == "released") & PartnerAnswer.opened_at.is_(None)
    query = (
        _people(
            Referral.reference, Referral.owner_id, PartnerAnswer.decided_at, PartnerAnswer.stage, Account.wants_news
        )
        .join(Grant, Grant.account_id == Account.id)
        .join(Referral, Referral.id == Grant.referral_id)
        .outerjoin(
            PartnerAnswer,
            (PartnerAnswer.referral_id == Grant.referral_id) & (PartnerAnswer.account_id == Grant.account_id),
        )
        .where(
            Referral.authority_id == act.who.authority,
            Referral.recorded_at >= act.at - LOOKED_BACK,
            Referral.state.in_(ANSWERED),
            or_(is_unopened, ~read_it),
            *following(act.at),
        )
        .order_by(Referral.recorded_at, Referral.id, Account.id)
        .limit(SHOWN + 1)
    )
    return [
        NeverOpened(
            row.reference,
            row.owner_id,
            row.id,
            _name(act, row),
            row.agency,
            row.decided_at if row.stage == "released" else None,
            row.wants_news is True,
        )
        for row in act.session.execute(query)
    ]


def ending(act: Act) -> list[Ending]:
    """Whose access to an open case ends by itself within five working days, the first first; one more than is shown."""
    calendar = practices.in_force(act.session, act.who.authority or 0, act.at).calendar
    query = (
        _people(Referral.reference, Referral.owner_id, Grant.ends_at)
        .join(Grant, Grant.account_id == Account.id)
        .join(Referral, Referral.id == Grant.referral_id)
        .where(
            Referral.authority_id == act.who.authority,
            IS_OPEN,
            Grant.ends_at <= bounds(act.at, calendar).later_at,
            *following(act.at),
        )
        .order_by(Grant.ends_at, Grant.id)
        .limit(SHOWN + 1)
    )
    return [
        Ending(row.reference, row.owner_id, row.id, _name(act, row), row.agency, row.ends_at)
        for row in act.session.execute(query)
    ]


def owners_in(rows: Iterable[WaitingMessage | NeverOpened | Ending]) -> set[int]:
    """The accountable officers of these cases."""
    return {row.owner_id for row in rows if row.owner_id is not None}


def _people(*columns: Any) -> Any:
    return (
        select(
            *columns, Account.id, Account.email_token, Account.sealed, SealingKey.wrapped, Agency.name.label("agency")
        )
        .select_from(Account)
        .join(Agency, Agency.id == Account.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
    )


def _name(act: Act, row: Any) -> str:
    name: str = act.vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed)["name"]
    return name

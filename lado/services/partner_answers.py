"""Telling partners that something on their page changed, and keeping to whom an outcome was released."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lado.act import Act
from lado.domain.partner_outcomes import RELEASED, WITHHELD
from lado.models import PartnerAnswer, Referral
from lado.queries import portal_words
from lado.queries.grants import followers
from lado.queries.portal_words import Place
from lado.services import partner_news
from workflows.events import Event, Moved, OutcomeReleased
from workflows.model import START, Workflow

KEY = ("referral_id", "account_id")
NEWS = "There is something new for you to read about {reference}."


def after_move(act: Act, referral: Referral, flow: Workflow, events: Iterable[Event]) -> frozenset[int]:
    """Tell everybody who follows the case of what a move changed on their page: what they are told, or the outcome.

    Called for a case that is held, once the events are on its record. Who released an outcome released it to everybody
    who follows the case and from whom it is not kept. Returns to whom the outcome was released.
    """
    is_released = any(isinstance(event, OutcomeReleased) for event in events)
    if not is_released and not any(_says_more(act, referral, flow, event) for event in events):
        return frozenset()
    told = followers(act.session, referral.id, act.at) - {act.who.id}
    if is_released:
        withheld = (PartnerAnswer.referral_id == referral.id) & (PartnerAnswer.stage == WITHHELD)
        told -= set(act.session.scalars(select(PartnerAnswer.account_id).where(withheld)))
    for partner in sorted(told):
        if is_released:
            keep(act, referral, partner, RELEASED)
        tell(act, referral, partner)
    return frozenset(told) if is_released else frozenset()


def _says_more(act: Act, referral: Referral, flow: Workflow, event: Event) -> bool:
    """Whether an event leads to a state in which partners are told something else than before."""
    if not isinstance(event, Moved) or event.leaves == event.enters or event.leaves == START:
        return False
    in_force = portal_words.in_force(act.session, [referral.authority_id])
    before, after = (
        in_force.told(Place(referral.authority_id, flow.key, flow.version, state))
        for state in (event.leaves, event.enters)
    )
    return before != after


def keep(act: Act, referral: Referral, partner: int, stage: str) -> None:
    """Keep that the outcome is released to a partner or withheld from them from now on, not opened by them yet."""
    insert = postgresql_insert if act.session.get_bind().dialect.name == "postgresql" else sqlite_insert
    now = {"stage": stage, "decided_at": act.at, "opened_at": None, "acknowledged_at": None}
    new = insert(PartnerAnswer).values(referral_id=referral.id, account_id=partner, **now)
    act.session.execute(new.on_conflict_do_update(index_elements=KEY, set_=now))


def tell(act: Act, referral: Referral, partner: int) -> None:
    """Tell a partner who chose to be told that there is something to read: the reference and the way there alone."""
    subject = f"{referral.reference}: something new for you to read"
    partner_news.tell(act, partner, referral, subject, NEWS.format(reference=referral.reference))

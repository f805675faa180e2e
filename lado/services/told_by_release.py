"""That the referrer was told the outcome by their own page: recorded with its release, once for what was decided."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from lado.act import Act
from lado.models import LedgerEntry, Referral
from lado.queries.grants import referrer_of
from lado.services.record import append
from workflows.attempt import Attempt, Refusal
from workflows.case import Case
from workflows.engine import decide
from workflows.events import Noted, OutcomeDecided, Told, from_plain, read_data
from workflows.practice import Practice

REFERRER, TELL = "referrer", "tell"
BY_THE_PORTAL = "By the portal: the outcome was shown to them on their own page."
KINDS = ("OutcomeDecided", "Noted", "Told")


def note(act: Act, referral: Referral, case: Case, practice: Practice, released_to: Collection[int]) -> None:
    """Record that the referrer was told today, where they are among those to whom the outcome was just released.

    The case is held, and `project` has to follow in the same act. Nothing is recorded where it stands on the record
    already that they were told of what was decided.
    """
    referrer = referrer_of(act.session, referral.id)
    if referrer is None or referrer not in released_to or not _is_news(act, referral.id):
        return
    answers: dict[str, Any] = {"audience": REFERRER, "decision": "told", "told_on": act.today, "extent": "outcome"}
    words = {"note": BY_THE_PORTAL}
    decided = decide(case, Attempt(TELL, act.at, answers, words), practice)
    if not isinstance(decided, Refusal):
        append(act, referral, case, decided, words)


def _is_news(act: Act, referral_id: int) -> bool:
    """Whether an outcome was decided of which nobody has recorded since that the referrer was told of it."""
    query = (
        select(LedgerEntry.kind, LedgerEntry.data)
        .where(LedgerEntry.referral_id == referral_id, LedgerEntry.kind.in_(KINDS))
        .order_by(LedgerEntry.number)
    )
    is_news, extent = False, ""
    for kind, data in act.session.execute(query):
        event = from_plain(kind, read_data(data))
        if isinstance(event, OutcomeDecided):
            is_news = True
        elif isinstance(event, Noted):
            extent = event.answers.get("extent", "")
        elif isinstance(event, Told) and event.audience == REFERRER and event.told and extent != "progress":
            is_news = False
    return is_news

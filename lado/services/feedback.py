"""Keeping whether each audience of a closed case was told: written with the case, and filled in for older cases."""

from sqlalchemy import bindparam, delete, exists, insert, select

from lado.act import Act
from lado.domain.feedback import closed, is_counted
from lado.models import Base, Feedback, Referral
from lado.queries import feedback, ledger, practices
from lado.security.permissions import Permission
from lado.security.policy import ensure
from workflows.case import Case
from workflows.practice import Practice

FEEDBACK = Base.metadata.tables[Feedback.__tablename__]
ADD = insert(FEEDBACK)
DROP = delete(FEEDBACK).where(FEEDBACK.c.referral_id == bindparam("referral"))
BATCH = 100


def keep(act: Act, referral: Referral, case: Case, practice: Practice, *, was_closed: bool) -> None:
    """Keep what the record now says of telling the audiences. Called for a case that is held, with each recording.

    An open case has nothing to keep, so all this costs it is looking at its state.
    """
    if is_counted(case, practice.flow):
        _derive(act, referral, case, practice)
    elif was_closed:
        act.session.execute(DROP, {"referral": referral.id})


def fill(act: Act) -> int:
    """Derive from the ledger what was not kept yet of closed cases; how many cases that were."""
    ensure(act.who, Permission.RECORD_VERIFY)
    last = filled = 0
    missing = (
        select(Referral)
        .where(
            Referral.id > bindparam("last"),
            Referral.is_open.is_(False),
            Referral.threshold == "met",
            ~exists().where(Feedback.referral_id == Referral.id),
        )
        .order_by(Referral.id)
        .limit(BATCH)
    )
    while referrals := act.session.scalars(missing, {"last": last}).all():
        for referral in referrals:
            practice = practices.of_case(act.session, referral)
            case = ledger.case_of(act.session, referral.id)
            filled += is_counted(case, practice.flow)
            keep(act, referral, case, practice, was_closed=False)
            last = referral.id
    return filled


def _derive(act: Act, referral: Referral, case: Case, practice: Practice) -> None:
    found = closed(feedback.record_of(act.session, referral.id), case, practice)
    act.session.execute(DROP, {"referral": referral.id})
    place = {"referral_id": referral.id, "authority_id": referral.authority_id}
    if found is not None:
        rows = [{**place, "audience": audience, **columns} for audience, columns in found.rows().items()]
        act.session.execute(ADD, rows)

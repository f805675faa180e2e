"""Writing down who looked at what: the one thing that a look may write."""

from sqlalchemy import bindparam, insert, select

from lado.act import Act
from lado.domain.reads import Look
from lado.domain.references import tidied
from lado.models import Base, ReadEntry, Referral

READS = Base.metadata.tables[ReadEntry.__tablename__]
ADD = insert(READS).values(
    referral_id=select(Referral.id).where(Referral.reference == bindparam("reference")).scalar_subquery()
)


def record(act: Act, what: Look, page: str, right: str, reference: str = "") -> None:
    """Write down that this person looked: at the case of this reference, or (empty) at a list of cases.

    `page` is the name of the page and `right` the permission that opened it. Saved when the act is, and only then
    is the page shown.
    """
    act.session.execute(
        ADD,
        {
            "at": act.at,
            "account_id": act.who.id,
            "role": act.who.role.value,
            "what": what.value,
            "page": page,
            "right": right,
            "reference": tidied(reference),
        },
    )

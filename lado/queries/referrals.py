"""Finding one referral by its reference, as every page about a case begins."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.domain.references import tidied
from lado.models import Referral


def find(act: Act, reference: str) -> Referral | None:
    """The referral of this reference in the person's own authority, its sealing key with it, or None.

    The reference may be written as people write it. Another authority's case answers as one that does not exist.
    """
    exact = tidied(reference)
    if not exact:
        return None
    query = (
        select(Referral)
        .where(Referral.reference == exact, Referral.authority_id == act.who.authority)
        .options(joinedload(Referral.sealing_key))
    )
    return act.session.scalars(query).one_or_none()

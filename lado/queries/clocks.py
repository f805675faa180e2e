"""What one clock of a case runs under: the rule that was promised when it was last derived."""

from sqlalchemy.orm import Session

from lado.queries import practices
from workflows.case import Clock
from workflows.practice import Practice


def practice_of(session: Session, authority_id: int, clock: Clock, practice: Practice) -> Practice:
    """The practice that a clock was last derived under, counting with the bank holidays that its case counts with.

    `practice` is that of the case, and the answer unless the clock kept its date when the council's rules changed.
    """
    if clock.rule in ("", practice.rules_version):
        return practice
    flow = practice.flow
    now = practices.terms(
        session, authority_id, flow.key, flow.version, practice.rules_version, practice.calendar_version
    )
    body = practices.body_of(session, authority_id, clock.rule)
    return practices.practice(flow.key, flow.version, body, now.snapshot)

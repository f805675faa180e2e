"""The auditor of the ladders: a rung that is due and has no record becomes an incident that managers hear of."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete

from lado.act import Act
from lado.domain import said
from lado.domain.escalation import UPWARDS
from lado.models import Unrecorded
from lado.queries import audit, conflicts, cover
from lado.queries.audit import Missing
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from lado.services.insertion import insert_many
from lado.services.notices import Words

GRACE = timedelta(minutes=10)
"""How long after it was due a rung may have no record: several ticks (a default of this product)."""


def run(act: Act) -> list[Missing]:
    """Look at every running clock, keep what is missing, and tell managers of what was not missing before.

    What it finds stands, and makes the product not ready, until an audit finds it settled.
    """
    ensure(act.who, Permission.ESCALATION_CLIMB)
    found = audit.first_of_each(list(audit.missing(act.session, act.at - GRACE)))
    known = {row.clock_id for row in audit.kept(act.session)}
    act.session.execute(delete(Unrecorded).where(Unrecorded.clock_id.not_in(found)))
    new = [one for clock_id, one in found.items() if clock_id not in known]
    insert_many(act.session, Unrecorded, [_row(act, one) for one in new])
    notices.queue_all(act, list(_letters(act, new)))
    return list(found.values())


def _row(act: Act, one: Missing) -> dict[str, object]:
    kept = {"clock_id": one.clock_id, "rung": one.rung, "why": one.why, "due_at": one.due_at}
    return {**kept, "found_at": act.at}


def _letters(act: Act, new: Iterable[Missing]) -> Iterable[Words]:
    found = list(new)
    barred = conflicts.barred_from(act.session, {one.referral_id for one in found})
    teams = {council: cover.team(act.session, council, act.at) for council in {one.authority_id for one in found}}
    for one in found:
        body = (
            f"On {one.reference} something was due {said.by(one.due_at)}, and no escalation of it is recorded. "
            "Please look at the case, and ring your system's keeper."
        )
        people = [person for role in UPWARDS for person in teams[one.authority_id].in_role.get(role, ())]
        for person in dict.fromkeys(people):
            if person not in barred.get(one.referral_id, ()):
                key = f"audit.{one.clock_id}.{one.rung.replace(' ', '-')}.{person}"
                yield Words(person, one.referral_id, f"{one.reference}: an escalation is missing", body, key)

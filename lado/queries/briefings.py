"""Reading several cases whole at once, for the briefings of a hand-over and for whoever comes back, and what happened.

In as many statements for thirty cases as for three, where they run under the same rules and calendar.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, Rota, on_cover
from lado.domain.handover import is_briefed_only
from lado.models import LedgerEntry, Referral
from lado.queries import accounts, conflicts, cover, handovers, ledger, practices
from lado.queries.case_file import CaseFile, Made, moves_of, people_in
from lado.queries.handovers import Offered, Return
from lado.queries.ledger import Entry
from lado.queries.queue import MOST
from workflows.case import Case
from workflows.engine import replay
from workflows.events import Opened
from workflows.practice import Practice

ROWS = (
    select(
        LedgerEntry.referral_id,
        LedgerEntry.number,
        LedgerEntry.kind,
        LedgerEntry.data,
        LedgerEntry.sealed,
        LedgerEntry.actor_id,
        LedgerEntry.recorded_at,
    )
    .where(LedgerEntry.referral_id.in_(bindparam("cases", expanding=True)))
    .order_by(LedgerEntry.referral_id, LedgerEntry.number)
)

CASES = (
    select(Referral)
    .where(Referral.id.in_(bindparam("cases", expanding=True)))
    .options(joinedload(Referral.sealing_key, innerjoin=True))
)

Terms = tuple[str, int, str, str]


class Inherited(NamedTuple):
    """A case that is handed over, read whole, and the hand-over itself."""

    offered: Offered
    file: CaseFile


class Missed(NamedTuple):
    """A case as somebody finds it who comes back: read whole, and what was recorded while they were away."""

    file: CaseFile
    made: tuple[Made, ...]


class Surroundings(NamedTuple):
    """What all the cases of one reading share; `known` are the practices that were looked up so far."""

    rota: Rota
    names: Mapping[int, str]
    barred: Mapping[int, frozenset[int]]
    known: dict[Terms, Practice]


def inherited(act: Act) -> list[Inherited]:
    """What is handed over to this person, what waits for their answer first."""
    offered = handovers.for_me(act)
    files = read(act, [one.case.id for one in offered], {one.owner for one in offered})
    return [Inherited(one, files[one.case.id]) for one in offered if one.case.id in files]


def briefed(act: Act) -> list[CaseFile]:
    """The cases that this person covers now and is asked no answer for, the most urgent first; MOST at most.

    Those of colleagues on a day off of a part-time week, and those of accounts that are shut.
    """
    rota = cover.rota(act.session, act.who.authority or 0, act.at)
    owners = [person for person in sorted(rota.not_there(act.at)) if is_briefed_only(person, act.at, rota)]
    if not owners:
        return []
    query = select(Referral.id, Referral.owner_id).where(
        cover.IS_OPEN, Referral.owner_id.in_(owners), Referral.authority_id == act.who.authority
    )
    rows = act.session.execute(query.order_by(Referral.next_due_at, Referral.id)).all()
    barred = conflicts.barred_from(act.session, [row.id for row in rows])
    mine = [
        row.id
        for row in rows
        if on_cover(row.owner_id, act.at, rota, barred.get(row.id, NOBODY_BARRED)).person == act.who.id
    ]
    return list(read(act, mine[:MOST]).values())


def missed(act: Act, since: Return) -> list[Missed]:
    """What happened to the cases of this person while they were away, the most urgent case first."""
    files = read(act, [case.id for case in handovers.handed_back(act, since)])
    return [Missed(file, tuple(_between(file, since.from_at, since.returned_at))) for file in files.values()]


def read(act: Act, cases: Collection[int], people: Collection[int] = ()) -> dict[int, CaseFile]:
    """Read cases whole, in the order in which they are asked for, with the names of those in them and of `people`.

    Asked for somebody who may read them; what the rungs of their clocks are is left out.
    """
    if not cases:
        return {}
    held = {one.id: one for one in act.session.scalars(CASES, {"cases": list(cases)})}
    entries = ledger.opened(act, held, act.session.execute(ROWS, {"cases": list(held)}))
    rota = cover.rota(act.session, act.who.authority or 0, act.at)
    barred = conflicts.barred_from(act.session, held)
    replayed = {case: replay(entry.event for entry in entries[case]) for case in cases if case in held}
    named = {
        person
        for case, one in replayed.items()
        for person in people_in(entries[case], one, rota, act.at, barred.get(case, NOBODY_BARRED))
    }
    surroundings = Surroundings(rota, accounts.names_of(act, named | set(people)), barred, {})
    return {case: _file(act, held[case], entries[case], one, surroundings) for case, one in replayed.items()}


def _file(act: Act, referral: Referral, entries: list[Entry], case: Case, around: Surroundings) -> CaseFile:
    terms = referral.procedure, referral.procedure_version, referral.rules, referral.calendar
    if terms not in around.known:
        around.known[terms] = practices.of_case(act.session, referral)
    headline = act.vault.open(referral.sealing_key.wrapped, f"referral/{referral.reference}", referral.sealed)
    opened = entries[0].event
    if not isinstance(opened, Opened):
        raise LookupError("the record of a case begins with its opening")
    return CaseFile(
        id=referral.id,
        reference=referral.reference,
        authority_id=referral.authority_id,
        events=referral.events,
        subject=headline["subject"],
        setting=headline["setting"],
        case=case,
        practice=around.known[terms],
        made=tuple(moves_of(entries)),
        opened=opened,
        raised=(),
        rota=around.rota,
        names=around.names,
        barred=around.barred.get(referral.id, NOBODY_BARRED),
    )


def _between(file: CaseFile, from_at: datetime, until_at: datetime) -> Iterable[Made]:
    return (made for made in file.made if from_at <= made.head.recorded_at <= until_at)

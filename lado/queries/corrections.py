"""Reading corrections: the record of a case as a correction needs it, what waits, and who may decide."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.corrections import ASKED, Involved, concerns_lateness, involved, why_not
from lado.domain.cover import NOBODY_BARRED, on_cover
from lado.models import Account, Correction, Referral, SealingKey
from lado.queries import cover, ledger, practices
from lado.queries.case_file import moves_of
from lado.queries.ledger import Entry
from lado.queries.queue import MOST
from lado.queries.referrals import LISTED, Listed, listed
from lado.security.predicates import MANAGERS
from workflows.case import Case
from workflows.corrections import Consequences, Find, Wanted, consequences, present
from workflows.dates import Dated, Group, dates_of
from workflows.events import Opened, OwnerAssigned, from_plain, read_data
from workflows.practice import Practice

WAITING = (
    select(*LISTED, Correction.number, Correction.name, Correction.asked_at)
    .join(Referral, Referral.id == Correction.referral_id)
    .join(SealingKey, SealingKey.id == Referral.key_id)
    .where(
        Correction.state == ASKED,
        Correction.authority_id == bindparam("authority"),
        Correction.asked_by_id != bindparam("me"),
    )
    .order_by(Correction.asked_at, Correction.id)
    .limit(bindparam("most"))
)


class WaitingCorrection(NamedTuple):
    """A correction that somebody else asked for, of a date by its name, and since when it waits."""

    case: Listed
    number: int
    name: str
    asked_at: datetime


class Dates(NamedTuple):
    """The dates of one case, with what has to be known to correct one."""

    case: Case
    groups: Sequence[Group]
    dates: tuple[Dated, ...]
    opened: Opened
    find: Find

    def one(self, entry: int, name: str) -> Dated | None:
        """The date of this name in this entry; None where there is none, or where it is a plan."""
        found = (dated for dated in self.dates if (dated.entry, dated.name) == (entry, name) and not dated.plan)
        return next(found, None)

    def moves_a_clock(self, dated: Dated) -> bool:
        """Whether any clock hangs on the date: tried with one that is a moment earlier."""
        value = present(self.case, dated)
        if not isinstance(value, datetime):
            return False
        return bool(self.consequences(Wanted(dated.entry, dated.name, value - timedelta(minutes=1))).effects)

    def consequences(self, wanted: Wanted) -> Consequences:
        """What the clocks would be."""
        return consequences(self.case, self.groups, wanted, self.find)


class Deciding(NamedTuple):
    """Who may decide a correction: the managers of the council, each with why not (empty: they may)."""

    managers: dict[int, str]
    people: Involved
    is_about_lateness: bool

    @property
    def able(self) -> tuple[int, ...]:
        """Those who may."""
        return tuple(person for person, why in self.managers.items() if not why)


def unopened(session: Session, referral_id: int) -> list[Entry]:
    """The record of a case without its words: enough for its dates and clocks."""
    return [
        Entry(row.number, from_plain(row.kind, read_data(row.data)), {}, row.actor_id, row.recorded_at)
        for row in ledger.rows(session, referral_id)
    ]


def dates(session: Session, referral: Referral, entries: Iterable[Entry], case: Case, practice: Practice) -> Dates:
    """Read the dates of a case from its entries, opened or not."""
    made = tuple(moves_of(entries))
    groups = tuple(one.entries for one in made)
    opened = made[0].head.event
    if not isinstance(opened, Opened):
        raise LookupError("the record of a case begins with its opening")
    found = dates_of(groups, practice.flow)
    return Dates(case, groups, found, opened, finder(session, referral.authority_id))


def finder(session: Session, authority_id: int) -> Find:
    """Finds the practice of a procedure, rules and a calendar; the newest calendar where that one is not kept."""

    def find(procedure: str, version: int, rules: str, calendar: str) -> Practice:
        try:
            return practices.of(session, authority_id, procedure, version, rules, calendar)
        except KeyError:
            body = session.execute(practices.BODY_OF_RULES, {"authority": authority_id, "rules": rules}).scalar_one()
            return practices.practice(procedure, version, body, practices.england(session))

    return find


def deciding(
    act: Act,
    authority_id: int,
    known: Dates,
    dated: Dated,
    asked_by: int | None,
    found: Consequences,
    barred: Collection[int] = NOBODY_BARRED,
) -> Deciding:
    """Ask of every manager whether they may decide, and if not why not. Those `barred` from the case are left out."""
    people = involved(known.case, known.groups, dated, _covers(act, authority_id, known, found), found)
    is_about_lateness = concerns_lateness(found, act.at)
    query = (
        select(Account.id)
        .where(
            Account.authority_id == authority_id,
            Account.role.in_([role.value for role in MANAGERS]),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    )
    managers = {
        person: why_not(person, asked_by, people, is_about_lateness=is_about_lateness)
        for person in act.session.scalars(query)
        if person not in barred
    }
    return Deciding(managers, people, is_about_lateness)


def waiting(act: Act) -> list[WaitingCorrection]:
    """The corrections that somebody else asked for and nobody has decided, the oldest first, at most MOST + 1."""
    values = {"authority": act.who.authority, "me": act.who.id, "most": MOST + 1}
    rows = act.session.execute(WAITING, values).all()
    return [
        WaitingCorrection(case, row.number, row.name, row.asked_at)
        for case, row in zip(listed(act, rows), rows, strict=True)
    ]


def _covers(act: Act, authority_id: int, known: Dates, found: Consequences) -> set[int]:
    """Who was there for the owners at the turning points of the clocks that hang on the date, and who is now."""
    owners = {line.event.owner for group in known.groups for line in group if isinstance(line.event, OwnerAssigned)}
    clocks = [clock for effect in found.effects for clock in (effect.before, effect.after)]
    moments = {at for clock in clocks for at in (clock.started_at, clock.due_at, clock.ended_at) if at is not None}
    moments = {at for at in moments if at <= act.at} | {act.at}
    rota = cover.rota(act.session, authority_id, min(moments))
    there = {on_cover(owner, at, rota).person for owner in owners for at in moments}
    return {person for person in there if person is not None}

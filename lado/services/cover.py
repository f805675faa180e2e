"""Arranging cover: booking an absence and who covers, changing it, cancelling it, and saying what follows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from lado.act import Act
from lado.domain import said
from lado.domain.cover import KINDS, Away, Rota, Stretch, stretches
from lado.domain.escalation import leader
from lado.domain.rota_changes import circle
from lado.errors import BadInput, NotFound, Refused, Stale
from lado.models import Absence, Account
from lado.queries import accounts
from lado.queries import cover as covers
from lado.queries.cover import Gap
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.rota_effects import Effect, what_changes
from lado.services.rotas import tell


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Who is away, why (a key of KINDS), from when until when (the end excluded), and who covers (None: nobody yet).

    `second` covers when the first who covers is not there.
    """

    account: int
    kind: str
    from_at: datetime
    until_at: datetime
    cover: int | None = None
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Arranged:
    """An absence as it was recorded, who is there over it, piece by piece, and the same in sentences with names.

    `gaps` is when nobody is there: for the person themselves, or for somebody whom they would have covered. `effect` is
    what it changed, for whomever, or in words why it changed nothing.
    """

    absence: Absence
    stretches: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]
    words: str
    effect: Effect


def book_leave(act: Act, new: NewAbsence) -> Arranged:
    """Record an absence and tell the person, the cover and, where nobody is there, a leader.

    Raises BadInput with a message a field (kind, from_at, until_at, cover, account), NotAllowed, NotFound.
    """
    account = _held(act, new.account)
    ensure(act.who, Permission.COVER_ARRANGE, account)
    _check(act, account, new)
    absence = Absence(
        authority_id=account.authority_id,
        account_id=account.id,
        kind=new.kind,
        from_at=new.from_at,
        until_at=new.until_at,
        cover_id=new.cover,
        second_id=new.second,
        recorded_by_id=act.who.id,
        recorded_at=act.at,
        cancelled_at=None,
    )
    effect = what_changes(act, account.authority_id, _away(new))
    act.session.add(absence)
    act.session.flush()
    return _arranged(act, absence, (), effect)


def change(act: Act, absence_id: int, new: NewAbsence, *, seen: int | None = None) -> Arranged:
    """Change the dates, the kind or the cover of an absence; whose it is stays.

    `seen` is the version that the form was made from: Stale is raised when somebody has changed it since. Raises what
    book_leave raises, and Refused for an absence that was cancelled.
    """
    absence, account = _found(act, absence_id)
    if seen is not None and absence.version != seen:
        raise Stale("Somebody else has changed this absence since you opened the form.")
    _check(act, account, replace(new, account=account.id), but=absence.id)
    effect = what_changes(act, account.authority_id, _away(new, absence), absence.id)
    former = _named(absence)
    absence.kind, absence.cover_id, absence.second_id = new.kind, new.cover, new.second
    absence.from_at, absence.until_at = new.from_at, new.until_at
    act.session.flush()
    return _arranged(act, absence, former, effect)


def arrange(act: Act, absence_id: int, cover: int | None, second: int | None = None) -> Arranged:
    """Say who covers an absence that is recorded already, in one step. Raises what change raises."""
    new, version = _as_recorded(act, absence_id)
    return change(act, absence_id, replace(new, cover=cover, second=second), seen=version)


def take(act: Act, absence_id: int) -> Arranged:
    """Cover for a colleague who is away: as their first cover where nobody is named yet, else as the second.

    Raises Refused where both are named already, and what change raises.
    """
    new, version = _as_recorded(act, absence_id)
    if act.who.id in (new.cover, new.second):
        raise Refused("You cover for this colleague already.")
    if new.cover is None:
        return change(act, absence_id, replace(new, cover=act.who.id), seen=version)
    if new.second is not None:
        raise Refused("Two colleagues cover already. Change the absence to name somebody else.")
    return change(act, absence_id, replace(new, second=act.who.id), seen=version)


def cancel(act: Act, absence_id: int) -> Absence:
    """Cancel an absence: the person is there after all. Raises Refused when it is cancelled or over already."""
    absence, _ = _found(act, absence_id)
    if absence.until_at <= act.at:
        raise Refused("This absence is over already.")
    absence.cancelled_at = act.at
    act.session.flush()
    span = said.span(absence.from_at, absence.until_at)
    tell(act, absence.account_id, "An absence is cancelled", f"Your absence {span} is cancelled.")
    for person in _named(absence):
        tell(act, person, "Cover is no longer needed", f"You no longer cover for a colleague {span}.")
    return absence


def in_words(found: Iterable[Stretch], names: Mapping[int, str]) -> str:
    """Say who is there over an absence: Carl covers from Monday to Friday. Dana covers Carl on Tuesday."""
    return " ".join(_sentence(stretch, names) for stretch in found)


def _sentence(stretch: Stretch, names: Mapping[int, str]) -> str:
    span, cover = said.span(stretch.from_at, stretch.until_at), stretch.cover
    if cover.person is None:
        return f"Nobody is there {span}."
    if len(cover.chain) == 1:
        return f"{names[cover.person]} is there {span}."
    if cover.stands_for is None:
        return f"{names[cover.person]} is on duty and covers {span}."
    covered = f" {names[cover.stands_for]}" if cover.stands_for != cover.chain[0] else ""
    return f"{names[cover.person]} covers{covered} {span}."


def _held(act: Act, account_id: int) -> Account:
    """The account, held until the act ends, so that two absences cannot be booked over each other."""
    query = select(Account).where(Account.id == account_id).with_for_update()
    account = act.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if account is None or account.role == Role.PARTNER.value:
        raise NotFound("no such person")
    return account


def _found(act: Act, absence_id: int) -> tuple[Absence, Account]:
    absence = act.session.get(Absence, absence_id, populate_existing=True)
    if absence is None:
        raise NotFound("no such absence")
    ensure(act.who, Permission.COVER_ARRANGE, absence)
    account = _held(act, absence.account_id)
    act.session.refresh(absence)
    if absence.cancelled_at is not None:
        raise Refused("This absence was cancelled. Book a new one.")
    return absence, account


def _check(act: Act, account: Account, new: NewAbsence, but: int | None = None) -> None:
    """Raise BadInput with every message: the dates first, then whether the cover can be there."""
    problems = {}
    if new.kind not in KINDS:
        problems["kind"] = "Select why the person is away."
    if new.until_at <= new.from_at:
        problems["until_at"] = "The absence ends before it begins. Check both dates."
    elif new.until_at <= act.at:
        problems["until_at"] = "This absence is over already. Enter one that still has to end."
    rota = covers.rota(act.session, account.authority_id, min(act.at, new.from_at))
    if "until_at" not in problems and (words := _overlap(rota, new, but)):
        problems["from_at"] = words
    others = replace(rota, absences=tuple(absence for absence in rota.absences if absence.id != but))
    for name, person in (("cover", new.cover), ("second", new.second)):
        if person is not None and (words := _cover_problem(act, account, replace(new, cover=person), others)):
            problems[name] = words
    if new.second is not None and new.second == new.cover:
        problems["second"] = "Choose somebody else than the first who covers."
    elif new.second is not None and new.cover is None:
        problems["second"] = "Choose who covers first."
    if problems:
        raise BadInput(problems)


def _overlap(rota: Rota, new: NewAbsence, but: int | None) -> str:
    for other in rota.absences:
        touches = other.from_at < new.until_at and new.from_at < other.until_at
        if other.person == new.account and other.id != but and touches:
            span = said.span(other.from_at, other.until_at)
            return f"{KINDS[other.kind]} is recorded {span} already. Change that one, or choose other dates."
    return ""


def _cover_problem(act: Act, account: Account, new: NewAbsence, rota: Rota) -> str:
    if new.cover == account.id:
        return "Nobody can cover for themselves. Choose somebody else."
    able = select(Account.id).where(
        Account.id == new.cover,
        Account.authority_id == account.authority_id,
        Account.disabled_at.is_(None),
        Account.role.in_([role.value for role in covers.WHO_COVER]),
    )
    if act.session.scalar(able) is None or new.cover is None:
        return "Choose an officer or a manager of this council who can sign in."
    if new.from_at < new.until_at:
        there = stretches(new.cover, new.from_at, new.until_at, rota)
        if all(stretch.cover.person != new.cover for stretch in there):
            return "This person is away themselves for the whole of it. Choose somebody else."
        for found in circle(account.id, (new.cover,), new.from_at, new.until_at, rota):
            span = said.span(found.from_at, found.until_at)
            return (
                f"They are away {span}, and the person you enter this for covers for them then. Choose somebody else, "
                "or change who covers for them first."
            )
    return ""


def _arranged(act: Act, absence: Absence, former: Collection[int], effect: Effect) -> Arranged:
    """Work out who is there over the absence, tell those whom it concerns, and say it."""
    rota = covers.rota(act.session, absence.authority_id, min(act.at, absence.from_at))
    found = stretches(absence.account_id, absence.from_at, absence.until_at, rota)
    gaps = _gaps(rota, absence)
    span = said.span(absence.from_at, absence.until_at)
    tell(act, absence.account_id, "An absence is recorded for you", f"You are away {span}.")
    for person in former:
        if person not in _named(absence):
            tell(act, person, "Cover is no longer needed", f"You no longer cover for a colleague {span}.")
    tell(act, absence.cover_id, "You cover for a colleague", f"You cover for a colleague {span}.")
    tell(act, absence.second_id, "You are second to cover", f"You cover {span} when the first who covers is not there.")
    _raise_gaps(act, absence, gaps)
    ids = {person for stretch in found for person in stretch.cover.chain} | {gap.person for gap in gaps}
    names = accounts.names_of(act, ids)
    others = [gap for gap in gaps if gap.person != absence.account_id]
    words = [in_words(found, names)]
    words += [f"Nobody is there for {names[gap.person]} {_when(gap)}." for gap in others]
    return Arranged(absence, found, gaps, " ".join(words), effect)


def _gaps(rota: Rota, absence: Absence) -> tuple[Gap, ...]:
    """When nobody is there for the person, or for somebody whose cover they are, during the absence."""
    people = dict.fromkeys((absence.account_id, *(other.person for other in rota.absences)))
    return tuple(
        Gap(person, stretch)
        for person in people
        for stretch in stretches(person, absence.from_at, absence.until_at, rota)
        if stretch.cover.is_nobody and absence.account_id in stretch.cover.chain
    )


def _raise_gaps(act: Act, absence: Absence, gaps: tuple[Gap, ...]) -> None:
    if not gaps:
        return
    told = leader(covers.team(act.session, absence.authority_id, act.at), act.at, besides=absence.account_id)
    spans = " and ".join(dict.fromkeys(_when(gap) for gap in gaps))
    tell(act, told.person, "Nobody is on cover", f"Nobody is there for a colleague {spans}. Please name who covers.")


def _when(gap: Gap) -> str:
    return said.span(gap.stretch.from_at, gap.stretch.until_at)


def _as_recorded(act: Act, absence_id: int) -> tuple[NewAbsence, int]:
    """An absence as it stands, to be changed in part, and its version."""
    absence = act.session.get(Absence, absence_id, populate_existing=True)
    if absence is None:
        raise NotFound("no such absence")
    ensure(act.who, Permission.COVER_ARRANGE, absence)
    new = NewAbsence(
        absence.account_id, absence.kind, absence.from_at, absence.until_at, absence.cover_id, absence.second_id
    )
    return new, absence.version


def _away(new: NewAbsence, absence: Absence | None = None) -> Away:
    """The absence as the resolver sees it."""
    account, number = (absence.account_id, absence.id) if absence else (new.account, 0)
    return Away(account, new.from_at, new.until_at, new.cover, new.kind, number, new.second)


def _named(absence: Absence) -> tuple[int, ...]:
    return tuple(person for person in (absence.cover_id, absence.second_id) if person is not None)

"""Breaking the glass: somebody asks to read a restricted case, and a second person lets them, for a day at most.

Whoever asks is answered alike, whether or not there is such a case. What they may do with it is to read it: nothing is
given to them, and nothing is recorded by them. It ends by itself at its minute.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from lado.act import Act
from lado.domain import said
from lado.domain.references import tidied
from lado.errors import BadInput, Refused
from lado.models import Authority, BrokenGlass, Referral, Restriction, SealingKey
from lado.queries import ledger, practices
from lado.queries import restrictions as reading
from lado.queries.restrictions import Asked
from lado.queries.wall import BARRED
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices, restricting
from lado.services.record import record
from lado.services.restrictions import LONGEST_REASON
from workflows.events import Event, GlassAnswered, GlassAsked

LONGEST = 24
"""Hours for which a restricted case can be opened at most."""

ANSWERED_ALREADY = "Somebody has answered this already."


@dataclass(frozen=True, slots=True)
class Wish:
    """Which case somebody asks to read, by its reference, for how many hours, and why."""

    reference: str
    hours: int
    why: str


def ask(act: Act, wish: Wish) -> None:
    """Ask to read a restricted case. Whoever can answer is told at once, and who keeps its list among them.

    Nothing happens, and nothing says so, where there is no such case, where it is open to whoever asks, or where a
    conflict of interest keeps them from it. Raises BadInput by field (reference, hours, why), NotAllowed.
    """
    ensure(act.who, Permission.GLASS_BREAK)
    if problems := _problems(wish):
        raise BadInput(problems)
    referral = _meant(act, wish.reference)
    restriction = reading.standing(act.session, referral.id) if referral is not None else None
    if referral is None or restriction is None or not _is_outside(act, referral.id):
        return
    _keep(act, referral, wish)
    _record(act, referral, GlassAsked(act.who.id or 0, wish.hours), wish.why)
    body = f"Somebody asks to read {referral.reference}. Read why, and say yes or no."
    for person in sorted({restriction.keeper_id, *_who_can_answer(act, referral)} - {act.who.id}):
        notices.queue(
            act, person, None, f"{referral.reference}: somebody asks to be let in", body, key=_key(act, person)
        )


def answer(act: Act, asked: Asked, *, agreed: bool, why: str) -> None:
    """Let somebody read the case from now on for the hours they asked for, or not; who keeps the list is told at once.

    Raises BadInput by field (why), Refused when it was answered already or no list stands, NotAllowed.
    """
    ensure(act.who, Permission.GLASS_ANSWER, asked)
    if not why.strip() or len(why) > LONGEST_REASON:
        raise BadInput({"why": f"Say why, in {LONGEST_REASON:,} characters or fewer."})
    glass = act.session.get_one(BrokenGlass, asked.id, with_for_update=True, populate_existing=True)
    if glass.answered_at is not None:
        raise Refused(ANSWERED_ALREADY)
    referral = restricting.held(act, glass.case_id)
    restriction = reading.standing(act.session, referral.id)
    if restriction is None or act.who.id not in _who_can_answer(act, referral):
        raise Refused("This case is not restricted any more.")
    until_at = act.at + timedelta(hours=glass.hours) if agreed else None
    glass.answered_at, glass.answered_by_id, glass.ends_at = act.at, act.who.id, until_at
    _record(act, referral, GlassAnswered(glass.asked_by_id, until_at), why)
    _tell(act, glass, restriction)


def _tell(act: Act, glass: BrokenGlass, restriction: Restriction) -> None:
    """Tell whoever asked, and whoever keeps the list."""
    if glass.ends_at is not None:
        until = said.moment(glass.ends_at)
        subject, body = f"{glass.reference}: you can read this case", f"You can read {glass.reference} until {until}."
        keeper = f"Two people opened {glass.reference} until {until} to somebody who is not on its list."
    else:
        subject, body = f"{glass.reference}: you were not let in", f"You were not let into {glass.reference}."
        keeper = f"Somebody who is not on the list of {glass.reference} asked to read it, and was not let in."
    notices.queue(act, glass.asked_by_id, None, subject, body, key=f"{notices.GLASS}{glass.id}.asked")
    told = f"{glass.reference}: somebody was let in" if glass.ends_at else f"{glass.reference}: somebody was not let in"
    notices.queue(act, restriction.keeper_id, None, told, keeper, key=f"{notices.GLASS}{glass.id}.keeper")


def _problems(wish: Wish) -> dict[str, str]:
    found = {}
    if not tidied(wish.reference):
        found["reference"] = "Enter the reference of the case, for example NB-7K3Q9M-4."
    if not 1 <= wish.hours <= LONGEST:
        found["hours"] = f"Enter a number of hours from 1 to {LONGEST}."
    if not wish.why.strip() or len(wish.why) > LONGEST_REASON:
        found["why"] = f"Say why you need to read it, in {LONGEST_REASON:,} characters or fewer."
    return found


def _meant(act: Act, reference: str) -> Referral | None:
    """The case that is meant, held, whether or not whoever asks may know of it."""
    query = select(Referral.id).where(
        Referral.reference == tidied(reference), Referral.authority_id == act.who.authority
    )
    found = act.session.scalar(query)
    return restricting.held(act, found) if found is not None else None


def _is_outside(act: Act, case_id: int) -> bool:
    """Whether the list alone keeps whoever asks from the case, and nothing that they are part of."""
    kept = act.session.execute(
        select(BARRED.c.conflict_id).where(
            BARRED.c.referral_id == case_id, BARRED.c.account_id == act.who.id, BARRED.c.ended_at.is_(None)
        )
    ).all()
    return bool(kept) and all(row.conflict_id is None for row in kept)


def _who_can_answer(act: Act, referral: Referral) -> set[int]:
    return set(act.session.scalars(reading.can_answer(referral.id, referral.authority_id)))


def _keep(act: Act, referral: Referral, wish: Wish) -> None:
    glass = BrokenGlass(
        authority_id=referral.authority_id,
        case_id=referral.id,
        reference=referral.reference,
        asked_by_id=act.who.id or 0,
        asked_at=act.at,
        hours=wish.hours,
        sealed=b"",
        answered_by_id=None,
        answered_at=None,
        ends_at=None,
    )
    act.session.add(glass)
    act.session.flush()
    query = select(SealingKey.wrapped).join(Authority, Authority.key_id == SealingKey.id)
    wrapped: bytes = act.session.execute(query.where(Authority.id == referral.authority_id)).scalar_one()
    glass.sealed = act.vault.seal(wrapped, reading.place_of(glass.id), {"why": wish.why.strip()})


def _record(act: Act, referral: Referral, event: Event, why: str) -> None:
    practice = practices.of_case(act.session, referral)
    record(act, referral, ledger.case_of(act.session, referral.id), [event], practice, {"why": why.strip()})


def _key(act: Act, person: int) -> str:
    return f"{notices.GLASS}{act.who.id}.{act.at.timestamp()}.{person}"

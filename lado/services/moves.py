"""Making a move on a case: the policy asked, the engine asked, and what it decides recorded."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.errors import NotFound, Refused, Stale
from lado.models import CaseAction, LedgerEntry, Referral, SearchToken
from lado.queries import ledger, name_tokens, practices
from lado.queries.wall import BARRED, kept_from
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import barring, notices, partner_answers, restricting, told_by_release
from lado.services.record import append, project
from lado.services.referrals import search_tokens
from workflows.attempt import Attempt, Refusal
from workflows.case import Case
from workflows.engine import decide
from workflows.practice import Practice

NO_ANSWERS: Mapping[str, Any] = {}

HELD = (
    select(Referral)
    .where(Referral.id == bindparam("referral"), Referral.id.not_in(kept_from(bindparam("who"))))
    .options(joinedload(Referral.sealing_key, innerjoin=True))
    .with_for_update(of=Referral)
    .execution_options(populate_existing=True)
)
"""Nobody waits for a case that they are kept from: that would tell them that somebody is working on it."""

KEPT_FROM = select(BARRED.c.account_id).where(
    BARRED.c.referral_id == bindparam("referral"), BARRED.c.account_id == bindparam("who"), BARRED.c.ended_at.is_(None)
)
"""Asked once more when the case is held: PostgreSQL answers the statement that waited as things stood before it did."""


class Step(NamedTuple):
    """One move with its answers, plain and in words."""

    move: str
    answers: Mapping[str, Any] = NO_ANSWERS
    words: Mapping[str, Any] = NO_ANSWERS


class InHand(NamedTuple):
    """A case that this act has just written: what it is now, after entry number `events`."""

    referral_id: int
    events: int
    case: Case
    practice: Practice


def make(
    act: Act,
    referral_id: int,
    move: str,
    answers: Mapping[str, Any] = NO_ANSWERS,
    words: Mapping[str, Any] = NO_ANSWERS,
    *,
    seen: int | None = None,
) -> Case:
    """Make a move and return the case as it then is.

    `answers` are plain codes, numbers, instants and days; `words` are sealed. `seen` is the number of the last entry
    that the form was made from: if somebody else has recorded something since, Stale is raised and nothing is saved.
    Raises Refused with what is missing, NotAllowed, NotFound.
    """
    return make_all(act, referral_id, [Step(move, answers, words)], seen=seen)


def make_all(act: Act, referral_id: int, steps: Sequence[Step], *, seen: int | None = None) -> Case:
    """Make the moves of one sitting in order, and write what comes of them once. Raises what `make` raises."""
    referral = locked(act, referral_id)
    case, practice = in_hand(act, referral)
    was_ended = practice.flow.state_by_key[case.state].final
    for place, step in enumerate(steps):
        _ensure(act, referral, practice, step)
        if place == 0:
            refuse_stale(act, referral, seen)
        barring.refuse_barred(act, referral.id, step.answers)
        before = case.owner
        decided = decide(case, Attempt(step.move, act.at, step.answers, step.words), practice)
        if isinstance(decided, Refusal):
            raise Refused(decided.reason, decided.missing)
        append(act, referral, case, decided, step.words)
        _find_new_names(act, referral, step.words)
        notices.after_move(act, referral, case, step.move, step.answers, before)
        if released_to := partner_answers.after_move(act, referral, practice.flow, decided):
            told_by_release.note(act, referral, case, practice, released_to)
    if any(step.words.get("people") for step in steps):
        barring.after_people_came(act, referral, case, practice)
        restricting.match(act, referral, case)
    elif was_ended:
        barring.give_on(act, referral, case, practice, barring.barred(act, referral.id))
    project(act, referral, case, practice, events=referral.events)
    act.session.info[InHand] = InHand(referral.id, referral.events, case, practice)
    return case


def _ensure(act: Act, referral: Referral, practice: Practice, step: Step) -> None:
    known = practice.flow.move_by_key.get(step.move)
    if known is None:
        raise NotFound(f"no move is called {step.move}")
    ensure(act.who, Permission(known.needs), _asked_about(act, referral, step.move, step.answers))


def locked(act: Act, referral_id: int) -> Referral:
    """The referral, held until the act ends, so that check and change are one.

    Raises NotFound, for whoever a conflict of interest keeps from it too.
    """
    asked = {"referral": referral_id, "who": act.who.id}
    referral = act.session.scalars(HELD, asked).one_or_none()
    if referral is None or act.session.scalars(KEPT_FROM, asked).first() is not None:
        raise NotFound("no such referral")
    return referral


def in_hand(act: Act, referral: Referral) -> tuple[Case, Practice]:
    """The case as its ledger leaves it, and the practice that it runs under.

    The referral must be held: then nobody else can write in between, and what this act has replayed it need not
    replay for the next move of the same sitting.
    """
    kept = act.session.info.get(InHand)
    if kept is None or kept.referral_id != referral.id or kept.events != referral.events:
        practice = practices.of_case(act.session, referral)
        return ledger.case_of(act.session, referral.id), practice
    return kept.case, kept.practice


def refuse_stale(act: Act, referral: Referral, seen: int | None) -> None:
    """Raise Stale where another person has recorded something after entry number `seen`, which a form was made from."""
    if seen is not None and changed_since(act, referral, seen):
        raise Stale("Somebody else has recorded something on this case since you opened the form.")


def changed_since(act: Act, referral: Referral, seen: int) -> bool:
    """Whether another person (not the scheduler) has recorded something after entry number `seen`."""
    query = (
        select(LedgerEntry.id)
        .where(
            LedgerEntry.referral_id == referral.id,
            LedgerEntry.number > seen,
            LedgerEntry.actor_id.is_not(None),
            LedgerEntry.actor_id != act.who.id,
        )
        .limit(1)
    )
    return act.session.scalar(query) is not None


class HeldAction(NamedTuple):
    """An action as the policy asks about it: whose case, whose action."""

    authority_id: int
    holder_id: int | None


def _asked_about(act: Act, referral: Referral, move: str, answers: Mapping[str, Any]) -> Any:
    """What the policy is asked about: the case, or for someone's own action that action."""
    if move != "complete_action":
        return referral
    query = select(CaseAction.holder_id).where(
        CaseAction.referral_id == referral.id, CaseAction.number == answers.get("number")
    )
    return HeldAction(referral.authority_id, act.session.scalar(query))


def _find_new_names(act: Act, referral: Referral, words: Mapping[str, Any]) -> None:
    names = [person.get("name", "") for person in words.get("people", ())]
    known = (
        set(act.session.scalars(select(SearchToken.token).where(SearchToken.referral_id == referral.id)))
        if names
        else set()
    )
    tokens = (search_tokens(act, names, "") | name_tokens.alike(act, names)) - known
    if tokens:
        act.session.execute(insert(SearchToken), [{"token": token, "referral_id": referral.id} for token in tokens])

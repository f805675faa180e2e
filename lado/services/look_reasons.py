"""Saying why one needs to open a case that is not one's own, and telling its owner that somebody did."""

from dataclasses import dataclass

from sqlalchemy import select

from lado.act import Act
from lado.domain.look_reasons import LASTS, problems
from lado.errors import BadInput, NotExplained
from lado.models import Account, LookReason, Referral, SealingKey
from lado.queries import cover
from lado.queries import look_reasons as reading
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from lado.services.insertion import insert_new


@dataclass(frozen=True, slots=True)
class Said:
    """Why somebody needs to look: one of the reasons of `lado.domain.look_reasons`, and what they add to it."""

    why: str
    words: str = ""


def give(act: Act, referral: Referral, said: Said) -> None:
    """Say why: the case opens to whoever acts from now on, for LASTS, and its owner is told.

    Raises BadInput by field (why, words), NotAllowed.
    """
    ensure(act.who, Permission.REFERRAL_READ, referral)
    if found := problems(said.why, said.words):
        raise BadInput(found)
    row = {
        "referral_id": referral.id,
        "account_id": act.who.id,
        "given_at": act.at,
        "until_at": act.at + LASTS,
        "why": said.why,
        "sealed": _sealed(act, referral, said.words.strip()),
    }
    for number in insert_new(act.session, LookReason, [row], LookReason.id):
        _tell(act, referral, number)


def ensure_right(act: Act, reference: str) -> None:
    """Raise NotExplained unless whoever acts may open the case now, by what it is to them or by a reason they gave."""
    if reading.right(act, reference) is None:
        raise NotExplained(reference)


def _tell(act: Act, referral: Referral, number: int) -> None:
    """Tell the owner of the case; where nobody has it who can sign in, whoever manages the service."""
    body = (
        f"Somebody opened {referral.reference}, which is not theirs, and said why. Who it was, and the reason, stand "
        "on the case under Who has looked."
    )
    for person in _whom(act, referral):
        notices.queue(
            act, person, referral, f"{referral.reference}: a colleague opened it", body, key=f"look.{number}.{person}"
        )


def _whom(act: Act, referral: Referral) -> list[int]:
    active = select(Account.id).where(Account.id == referral.owner_id, Account.disabled_at.is_(None))
    owner = act.session.scalar(active)
    if owner is not None:
        return [owner]
    in_role = cover.team(act.session, referral.authority_id, act.at).in_role
    managers = in_role.get(Role.SERVICE_MANAGER.value) or in_role.get(Role.HEAD_OF_SERVICE.value, ())
    return [person for person in managers if person != act.who.id]


def _sealed(act: Act, referral: Referral, words: str) -> bytes | None:
    if not words:
        return None
    wrapped = act.session.get_one(SealingKey, referral.key_id).wrapped
    return act.vault.seal(wrapped, reading.place_of(referral.id, act.who.id or 0, act.at), {"words": words})

"""What stands between a password and a second factor: one step that opens no page, and ends by itself.

A session begins only here, and only after two factors (OWASP ASVS 5.0 6.3.3).
"""

import secrets
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update

from lado.act import Act
from lado.errors import BadInput, NotFound
from lado.models import Account, SignInStep
from lado.services import account_links, factors, passkeys, sessions
from lado.services.accounts import directory_key
from lado.services.open_sessions import digest
from lado.services.passkeys import Site

LASTS = timedelta(minutes=10)
"""How long somebody may take over the second step (a default of this product)."""

TRIES = 5
OVER = "This took too long, or there were too many tries. Sign in again from the beginning."


def begin(act: Act, account: Account, link_id: int | None = None) -> str:
    """Begin the step of whoever gave the right password; with a link, that of setting a factor up.

    Returns the reference for the cookie.
    """
    act.session.execute(delete(SignInStep).where(SignInStep.ends_at <= act.at))
    reference = secrets.token_urlsafe(32)
    kept = digest(reference)
    sealed = _sealed(act, account, kept, factors.new_seed()) if link_id is not None else None
    act.session.add(
        SignInStep(
            digest=kept,
            account_id=account.id,
            link_id=link_id,
            sealed=sealed,
            tries=0,
            made_at=act.at,
            ends_at=act.at + LASTS,
            ended_at=None,
        )
    )
    act.session.flush()
    return reference


def begin_first(act: Act, account_id: int) -> str | None:
    """The step in which somebody who has just taken up an invitation sets up a factor; None where they have one."""
    account = act.session.get_one(Account, account_id)
    if factors.standing(act, account_id):
        return None
    return begin(act, account, account_links.make(act, account, account_links.FACTOR).id)


def begin_another(act: Act, account: Account) -> str:
    """The step in which somebody who is signed in, and has just proved it again, adds a factor."""
    return begin(act, account, account_links.make(act, account, account_links.FACTOR).id)


def find(act: Act, reference: str) -> tuple[SignInStep, Account] | None:
    """The step of this reference and whose it is, while it lasts."""
    query = (
        select(SignInStep, Account)
        .join(Account, Account.id == SignInStep.account_id)
        .where(
            SignInStep.digest == digest(reference),
            SignInStep.ended_at.is_(None),
            SignInStep.ends_at > act.at,
            SignInStep.tries < TRIES,
        )
    )
    row = act.session.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else None


def seed_of(act: Act, step: SignInStep, account: Account) -> str:
    """The seed that is being set up."""
    if step.sealed is None:
        raise NotFound("nothing is set up by this step")
    return str(act.vault.open(directory_key(act, account.authority_id), _place(step.digest), step.sealed))


class Onward(NamedTuple):
    """Where a right code leads: into a session, or to the step of setting up the passkey that somebody has to have."""

    session: str = ""
    step: str = ""


def by_code(act: Act, reference: str, code: str, device: str, *, strict: bool = False) -> Onward | None:
    """Go on with the code of an authenticator app; None for a wrong one.

    Where the council asks this person for a passkey (`strict`), a code leads to setting up the first one, and never
    past one that is there. A wrong code is counted, so this raises nothing for it. Raises BadInput when the step is
    over or codes must wait.
    """
    step, account = _open(act, reference)
    suffices = factors.codes_suffice(act, account, strict=strict)
    if not suffices and factors.standing(act, account.id, factors.PASSKEY):
        raise BadInput({"code": factors.USE_PASSKEY})
    if not factors.may_try_code(act, account):
        raise BadInput({"code": factors.TOO_MANY})
    if step.link_id is not None or not factors.prove_by_code(act, account, code):
        wrong(act, step)
        factors.wrong_code(act, account)
        return None
    if suffices:
        return Onward(session=finish(act, step, account, device))
    _end(act, step)
    return Onward(step=begin(act, account, account_links.make(act, account, account_links.FACTOR).id))


def by_passkey(act: Act, reference: str, account: Account, device: str) -> str:
    """Go on to a session after somebody's passkey has answered. Raises BadInput where the step is another person's."""
    step, owner = _open(act, reference)
    if owner.id != account.id or step.link_id is not None:
        raise BadInput({"form": passkeys.NOT_TAKEN})
    return finish(act, step, account, device)


def set_up_passkey(act: Act, reference: str, site: Site, challenge: bytes, answer: str, device: str) -> str:
    """Keep the passkey that was made, use the link up, and go on to a session. Raises BadInput."""
    step, account = _open(act, reference)
    if step.link_id is None:
        raise BadInput({"form": OVER})
    passkeys.add(act, account, site, challenge, answer)
    account_links.use(act, step.link_id)
    return finish(act, step, account, device)


def set_up_codes(act: Act, reference: str, code: str, device: str, *, strict: bool = False) -> str:
    """Keep the authenticator app that has shown it has the seed, use the link up, and go on to a session.

    Raises BadInput for `code` and when the step is over.
    """
    step, account = _open(act, reference)
    if step.link_id is None:
        raise BadInput({"code": OVER})
    if not factors.codes_suffice(act, account, strict=strict):
        raise BadInput({"form": factors.USE_PASSKEY})
    factors.add_codes(act, account, seed_of(act, step, account), code)
    account_links.use(act, step.link_id)
    return finish(act, step, account, device)


def finish(act: Act, step: SignInStep, account: Account, device: str) -> str:
    """End the step and begin the session. Raises BadInput when another request has ended it meanwhile."""
    _end(act, step)
    if step.link_id is not None:
        sessions.end_others(act, account.id)
    return sessions.begin(act, account, device)


def _end(act: Act, step: SignInStep) -> None:
    mine = update(SignInStep).where(SignInStep.digest == step.digest, SignInStep.ended_at.is_(None))
    if act.session.scalar(mine.values(ended_at=act.at).returning(SignInStep.digest)) is None:
        raise BadInput({"code": OVER})


def wrong(act: Act, step: SignInStep) -> None:
    """Count a wrong try."""
    these = update(SignInStep).where(SignInStep.digest == step.digest)
    act.session.execute(these.values(tries=SignInStep.tries + 1))


def _open(act: Act, reference: str) -> tuple[SignInStep, Account]:
    found = find(act, reference)
    if found is None:
        raise BadInput({"code": OVER})
    return found


def _sealed(act: Act, account: Account, kept: bytes, seed: str) -> bytes:
    return act.vault.seal(directory_key(act, account.authority_id), _place(kept), seed)


def _place(kept: bytes) -> str:
    return f"sign_in_step/{kept.hex()}"

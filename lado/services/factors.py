"""What somebody proves themselves with besides a password: codes of an authenticator app. Passkeys are in `passkeys`.

The seed of an app is shown once, to the person alone, and kept sealed. A code works once, on whichever node: the
database raises the step that it belongs to, and raises it once (OWASP ASVS 5.0 6.5.1, RFC 6238 section 5.2).
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import func, select, update

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Account, Factor, LoginFailure
from lado.queries import restrictions
from lado.security.identity import Role
from lado.services.accounts import directory_key, person_of

CODES, PASSKEY = "codes", "passkey"
STEP = 30
"""Seconds for which an app shows one code (RFC 6238)."""

AROUND = (-1, 0, 1)
"""A code of the step before or after counts too: clocks differ and people type slowly."""

GUESSES = 10
WITHIN = timedelta(minutes=15)
"""Wrong codes for one account in a quarter of an hour; then codes wait, and a passkey still works."""

NOT_RIGHT = "This code is not right, or it was used already. Wait for the next one in your app and enter that."
TOO_MANY = "There were too many wrong codes. Wait a quarter of an hour, or use a passkey."
ISSUER = "LADO referral tracker"


MUST_HAVE_PASSKEY = frozenset(
    {Role.ADMINISTRATOR, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.RECORDS_OFFICER}
)
"""Whose codes are not enough where a council asks for passkeys: a code can be typed into a false page."""

USE_PASSKEY = (
    "Whoever has your role, or is on the list of a restricted case, uses a passkey here. Use yours, or ask for a link "
    "to set one up."
)


def codes_suffice(act: Act, account: Account, *, strict: bool) -> bool:
    """Whether a code is enough of a second factor for this person. `strict`: the council asks some for a passkey.

    Those are whoever leads, administers or keeps the record, and whoever is on the list of a restricted case.
    """
    return not strict or (
        Role(account.role) not in MUST_HAVE_PASSKEY and not restrictions.is_listed(act.session, account.id)
    )


def new_seed() -> str:
    """A seed of 160 bits for an authenticator app (RFC 4226 section 4)."""
    return pyotp.random_base32()


def address_of(act: Act, account: Account, seed: str) -> str:
    """What the picture for the app holds: the seed, and under which name the app shows it."""
    email = person_of(act.vault, directory_key(act, account.authority_id), account)["email"]
    return pyotp.TOTP(seed).provisioning_uri(name=email, issuer_name=ISSUER)


def standing(act: Act, account_id: int, kind: str | None = None) -> Sequence[Factor]:
    """The factors that somebody can prove themselves with, oldest first."""
    query = select(Factor).where(Factor.account_id == account_id, Factor.ended_at.is_(None))
    if kind is not None:
        query = query.where(Factor.kind == kind)
    return act.session.scalars(query.order_by(Factor.id)).all()


def add_codes(act: Act, account: Account, seed: str, code: str) -> Factor:
    """Keep a new authenticator app, once it has shown that it has the seed; an earlier app is ended by it.

    Raises BadInput for `code`.
    """
    used = _step_of(seed, code, act.at)
    if used is None:
        raise BadInput({"code": NOT_RIGHT})
    return keep_codes(act, account, seed, used)


def keep_codes(act: Act, account: Account, seed: str, used: int = 0) -> Factor:
    """Keep the seed of an authenticator app, sealed; `used` is the last step whose code was used."""
    _end(act, account.id, CODES)
    return keep(act, account, CODES, secrets.token_bytes(16), {"name": "Authenticator app", "seed": seed}, used)


def keep(
    act: Act,
    account: Account,
    kind: str,
    credential: bytes,
    words: dict[str, str],
    used: int,
    public_key: bytes | None = None,
) -> Factor:
    """Keep a factor with its words sealed."""
    factor = Factor(
        account_id=account.id,
        kind=kind,
        credential=credential,
        sealed=act.vault.seal(directory_key(act, account.authority_id), _place(credential), words),
        public_key=public_key,
        last_used=used,
        added_at=act.at,
        used_at=None,
        ended_at=None,
    )
    act.session.add(factor)
    act.session.flush()
    return factor


def words_of(act: Act, account: Account, factor: Factor) -> dict[str, str]:
    """What is sealed of a factor: its name, and of an app the seed."""
    found: dict[str, str] = act.vault.open(
        directory_key(act, account.authority_id), _place(factor.credential), factor.sealed
    )
    return found


def prove_by_code(act: Act, account: Account, code: str) -> bool:
    """Whether the code is right, and nobody used it before. It is used up by this."""
    for factor in standing(act, account.id, CODES):
        step = _step_of(words_of(act, account, factor)["seed"], code, act.at)
        if step is not None and raise_to(act, factor, step):
            return True
    return False


def raise_to(act: Act, factor: Factor, used: int) -> bool:
    """Note how far a factor was used by now. False when it was used as far already: somebody was first."""
    risen = update(Factor).where(Factor.id == factor.id, Factor.last_used < used, Factor.ended_at.is_(None))
    return act.session.scalar(risen.values(last_used=used, used_at=act.at).returning(Factor.id)) is not None


def may_try_code(act: Act, account: Account) -> bool:
    """Whether another code may be tried for this account now."""
    query = select(func.count()).where(
        LoginFailure.token == _guessing(act, account), LoginFailure.failed_at > act.at - WITHIN
    )
    return (act.session.scalar(query) or 0) < GUESSES


def wrong_code(act: Act, account: Account) -> None:
    """Remember a wrong code."""
    act.session.add(LoginFailure(token=_guessing(act, account), failed_at=act.at))


def code_of_the_moment(act: Act, account: Account) -> str | None:
    """The next code that works, for the page of a demonstration; None while all of the moment are used up."""
    for factor in standing(act, account.id, CODES):
        now = int(act.at.timestamp()) // STEP
        step = max(now, factor.last_used + 1)
        if step <= now + max(AROUND):
            return pyotp.HOTP(words_of(act, account, factor)["seed"]).at(step)
    return None


def code_at(seed: str, at: datetime) -> str:
    """The code of this seed at an instant."""
    return pyotp.HOTP(seed).at(int(at.timestamp()) // STEP)


def end(act: Act, account: Account, factor_id: int) -> None:
    """End one of somebody's factors. Raises Refused for the last one: nobody can sign in without."""
    mine = standing(act, account.id)
    if factor_id not in {factor.id for factor in mine}:
        raise Refused("This is not among your ways to sign in any more.")
    if len(mine) == 1:
        raise Refused("This is the only second step that you have. Add another one first.")
    act.session.execute(update(Factor).where(Factor.id == factor_id).values(ended_at=act.at))


def end_all(act: Act, account_id: int) -> None:
    """End every factor of somebody, as when they lost them."""
    _end(act, account_id)


def _end(act: Act, account_id: int, kind: str | None = None) -> None:
    these = update(Factor).where(Factor.account_id == account_id, Factor.ended_at.is_(None))
    act.session.execute((these.where(Factor.kind == kind) if kind else these).values(ended_at=act.at))


def _step_of(seed: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, among those that count at this instant."""
    typed = "".join(code.split()).encode()
    now = int(at.timestamp()) // STEP
    made = pyotp.HOTP(seed)
    return next((now + by for by in AROUND if hmac.compare_digest(made.at(now + by).encode(), typed)), None)


def _guessing(act: Act, account: Account) -> bytes:
    return act.vault.token("code", str(account.id))


def _place(credential: bytes) -> str:
    return f"factor/{credential.hex()}"

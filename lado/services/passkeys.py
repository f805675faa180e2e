"""Passkeys: a key in somebody's device that answers our own site alone, after the device has made sure who holds it.

One that was used is two factors: the device, and what unlocked it (OWASP ASVS 5.0 6.3.3; NIST SP 800-63B-4 2.2).
Each challenge is answered once on whichever node, and a passkey whose count falls was copied.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lado.act import Act
from lado.errors import BadInput
from lado.models import Account, Factor, SpentChallenge
from lado.services import factors
from lado.services.accounts import directory_key, person_of
from lado.services.insertion import insert_new

NAME = "LADO referral tracker"
KEPT = timedelta(hours=1)
"""How long it is remembered that a challenge was answered; a cookie holds it for less."""

LONGEST = 20_000
"""Characters of an answer: those that devices give are far shorter."""

NOT_TAKEN = "The passkey was not taken. Try again, or use a code."
BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)
"""What the library says of an answer that is not right, or is none at all."""


@dataclass(frozen=True, slots=True)
class Site:
    """Whom a passkey belongs to: the host of the product's public address, and that address; never what is asked."""

    host: str
    origin: str


def site_of(public_url: str) -> Site:
    """The site at this address."""
    parts = urlsplit(public_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def options_to_add(act: Act, account: Account, site: Site, challenge: bytes) -> str:
    """What the browser is asked when somebody adds a passkey, as JSON."""
    person = person_of(act.vault, directory_key(act, account.authority_id), account)
    known = factors.standing(act, account.id, factors.PASSKEY)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=act.vault.token("passkey", str(account.id)),
        user_name=person["email"],
        user_display_name=person["name"],
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=factor.credential) for factor in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options)


def options_to_prove(site: Site, challenge: bytes) -> str:
    """What the browser is asked when somebody uses a passkey, as JSON: the same for all, so it tells of nobody."""
    options = generate_authentication_options(
        rp_id=site.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options)


def add(act: Act, account: Account, site: Site, challenge: bytes, answer: str) -> Factor:
    """Keep a new passkey. Raises BadInput for the form where the answer is not right."""
    spend(act, challenge)
    try:
        found = verify_registration_response(
            credential=_shape(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except BROKEN as wrong:
        raise BadInput({"form": NOT_TAKEN}) from wrong
    if act.session.scalar(select(Factor.id).where(Factor.credential == found.credential_id)) is not None:
        raise BadInput({"form": "This passkey is kept already. Use another one."})
    words = {"name": "Passkey"}
    key = found.credential_public_key
    return factors.keep(act, account, factors.PASSKEY, found.credential_id, words, found.sign_count, key)


def prove(act: Act, site: Site, challenge: bytes, answer: str) -> Account:
    """Whose passkey answered. Raises BadInput for the form, in the same words whatever was wrong."""
    spend(act, challenge)
    try:
        shape = _shape(answer)
        factor = _of(act, base64url_to_bytes(shape["id"]))
        found = verify_authentication_response(
            credential=shape,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=factor.public_key or b"",
            credential_current_sign_count=factor.last_used,
            require_user_verification=True,
        )
    except BROKEN as wrong:
        raise BadInput({"form": NOT_TAKEN}) from wrong
    _count(act, factor, found.new_sign_count)
    return act.session.get_one(Account, factor.account_id)


def spend(act: Act, challenge: bytes) -> None:
    """Use a challenge up. Raises BadInput for the form where it was answered before."""
    act.session.execute(delete(SpentChallenge).where(SpentChallenge.spent_at <= act.at - KEPT))
    row = {"digest": hashlib.sha256(challenge).digest(), "spent_at": act.at}
    if not insert_new(act.session, SpentChallenge, [row], SpentChallenge.digest):
        raise BadInput({"form": NOT_TAKEN})


def _shape(answer: str) -> dict[str, str]:
    """The answer as the library takes it. Raises ValueError for what can be none."""
    shape = json.loads(answer) if len(answer) <= LONGEST else None
    if not isinstance(shape, dict) or not isinstance(shape.get("id"), str):
        raise ValueError("not an answer of a passkey")
    return shape


def _of(act: Act, credential: bytes) -> Factor:
    query = select(Factor).where(
        Factor.credential == credential, Factor.kind == factors.PASSKEY, Factor.ended_at.is_(None)
    )
    factor = act.session.scalars(query).one_or_none()
    if factor is None:
        raise ValueError("no such passkey")
    return factor


def _count(act: Act, factor: Factor, used: int) -> None:
    """Note the passkey's own count. Many passkeys do not count and say nought; one that does never says less."""
    mine = update(Factor).where(Factor.id == factor.id, Factor.ended_at.is_(None))
    if used:
        mine = mine.where(Factor.last_used < used)
    if act.session.scalar(mine.values(last_used=used, used_at=act.at).returning(Factor.id)) is None:
        raise BadInput({"form": NOT_TAKEN})

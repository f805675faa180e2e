"""Who refers on line: what their own account says of them, for the form and for the case."""

from dataclasses import dataclass

from sqlalchemy import select

from lado.act import Act
from lado.models import Account, Agency, Authority, SealingKey


@dataclass(frozen=True, slots=True)
class Referrer:
    """A partner by their account: these things are not typed, and reach the officer as they stand here."""

    name: str
    email: str
    phone: str
    agency: str
    kind: str
    council: str


def referrer(act: Act) -> Referrer:
    """The partner who asks."""
    query = (
        select(Account.email_token, Account.sealed, SealingKey.wrapped, Agency.name, Agency.kind, Authority.name)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .join(Agency, Agency.id == Account.agency_id)
        .where(Account.id == act.who.id)
    )
    token, sealed, wrapped, agency, kind, council = act.session.execute(query).one()
    person = act.vault.open(wrapped, f"account/{token.hex()}", sealed)
    return Referrer(person["name"], person["email"], person.get("phone", ""), agency, kind, council)

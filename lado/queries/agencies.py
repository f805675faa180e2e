"""The organisations of partners, as their officers see them: places, named contacts, and who signs in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from lado.act import Act
from lado.domain.agencies import ACTIVE, ENDED, INVITED, SHUT
from lado.models import Account, Agency, AgencyContact, AgencySetting, Authority, Grant, Invitation, SealingKey
from lado.queries.access import NOT_THERE_YET
from lado.queries.conflicts import LARGEST_ID
from lado.queries.grants import can_sign_in, counted

PAGE = 50
"""Organisations on one page of the list."""


class Row(NamedTuple):
    """One organisation in the list, with how many of its people can sign in."""

    id: int
    name: str
    kind: str
    people: int


class Body(NamedTuple):
    """One organisation."""

    id: int
    authority_id: int
    name: str
    kind: str


class Setting(NamedTuple):
    """A place of an organisation."""

    id: int
    authority_id: int
    agency_id: int
    name: str


class Contact(NamedTuple):
    """Somebody of an organisation whom one may speak to, opened; `safe` is what to know before one does."""

    id: int
    authority_id: int
    agency_id: int
    setting_id: int | None
    setting: str
    name: str
    part: str
    phone: str
    email: str
    safe: str
    version: int


class Known(NamedTuple):
    """An organisation with whom one may speak to there."""

    agency: str
    contacts: tuple[Contact, ...]


class Member(NamedTuple):
    """Somebody of an organisation who signs in, opened. `standing` is a code of `lado.domain.agencies`."""

    id: int
    authority_id: int
    agency_id: int
    agency: str
    name: str
    email: str
    phone: str
    standing: str
    ends_at: datetime | None
    follows: int
    """How many referrals they may follow now."""
    invited_until_at: datetime | None
    """Until when the last link that was sent to them works, where it has not been used; else None."""


def listed(act: Act, after: str = "") -> list[Row]:
    """The organisations of one's authority by name, one more than a page; `after` is the last name seen."""
    people = (
        select(func.count())
        .where(Account.agency_id == Agency.id, can_sign_in(act.at))
        .correlate(Agency)
        .scalar_subquery()
    )
    query = (
        select(Agency.id, Agency.name, Agency.kind, people)
        .where(Agency.authority_id == act.who.authority, Agency.name > after)
        .order_by(Agency.name, Agency.id)
        .limit(PAGE + 1)
    )
    return [Row(*row) for row in act.session.execute(query)]


def names(act: Act) -> Mapping[int, str]:
    """The names of all organisations of one's authority, by id, in order of name."""
    query = select(Agency.id, Agency.name).where(Agency.authority_id == act.who.authority)
    return {row.id: row.name for row in act.session.execute(query.order_by(Agency.name, Agency.id))}


def find(act: Act, agency_id: int) -> Body | None:
    """An organisation of one's own authority, or None."""
    if agency_id > LARGEST_ID:
        return None
    query = select(Agency.id, Agency.authority_id, Agency.name, Agency.kind).where(
        Agency.id == agency_id, Agency.authority_id == act.who.authority
    )
    row = act.session.execute(query).one_or_none()
    return None if row is None else Body(*row)


def settings_of(act: Act, agency_id: int) -> list[Setting]:
    """The places of an organisation that stand, by name."""
    return _settings(act, AgencySetting.agency_id == agency_id)


def find_setting(act: Act, setting_id: int) -> Setting | None:
    """A place of an organisation of one's own authority that stands, or None."""
    found = _settings(act, AgencySetting.id == setting_id) if setting_id <= LARGEST_ID else ()
    return found[0] if found else None


def contacts_of(act: Act, agency_id: int) -> list[Contact]:
    """The named contacts of an organisation that stand, by name."""
    return sorted(_contacts(act, AgencyContact.agency_id == agency_id), key=lambda contact: contact.name)


def contacts_around(act: Act, referral_id: int) -> list[Known]:
    """Whom one may speak to in each organisation whose people follow a case or did; those that know of somebody."""
    whose = (
        select(Account.agency_id).join(Grant, Grant.account_id == Account.id).where(Grant.referral_id == referral_id)
    )
    contacts = sorted(_contacts(act, AgencyContact.agency_id.in_(whose)), key=lambda contact: contact.name)
    query = select(Agency.id, Agency.name).where(Agency.id.in_(whose)).order_by(Agency.name, Agency.id)
    known = [
        Known(row.name, tuple(one for one in contacts if one.agency_id == row.id)) for row in act.session.execute(query)
    ]
    return [one for one in known if one.contacts]


def find_contact(act: Act, agency_contact_id: int) -> Contact | None:
    """A named contact that stands, of an organisation of one's own authority, or None."""
    found = _contacts(act, AgencyContact.id == agency_contact_id) if agency_contact_id <= LARGEST_ID else ()
    return found[0] if found else None


def members_of(act: Act, agency_id: int) -> list[Member]:
    """The people of an organisation who sign in or once did, by name."""
    return sorted(_members(act, Account.agency_id == agency_id), key=lambda member: member.name)


def find_member(act: Act, partner_id: int) -> Member | None:
    """Somebody of a partner organisation of one's own authority, or None."""
    found = _members(act, Account.id == partner_id) if partner_id <= LARGEST_ID else ()
    return found[0] if found else None


def place_of_contact(contact_id: int) -> str:
    """Where the words of a contact are bound to."""
    return f"agency_contact/{contact_id}"


def _settings(act: Act, *where: Any) -> list[Setting]:
    query = (
        select(AgencySetting.id, Agency.authority_id, AgencySetting.agency_id, AgencySetting.name)
        .join(Agency, Agency.id == AgencySetting.agency_id)
        .where(AgencySetting.ended_at.is_(None), Agency.authority_id == act.who.authority, *where)
        .order_by(AgencySetting.name, AgencySetting.id)
    )
    return [Setting(*row) for row in act.session.execute(query)]


def _contacts(act: Act, *where: Any) -> list[Contact]:
    query = (
        select(
            AgencyContact.id,
            Agency.authority_id,
            AgencyContact.agency_id,
            AgencyContact.setting_id,
            AgencySetting.name,
            AgencyContact.sealed,
            AgencyContact.version,
            SealingKey.wrapped,
        )
        .join(Agency, Agency.id == AgencyContact.agency_id)
        .join(Authority, Authority.id == Agency.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .outerjoin(AgencySetting, AgencySetting.id == AgencyContact.setting_id)
        .where(AgencyContact.ended_at.is_(None), Agency.authority_id == act.who.authority, *where)
    )
    found = []
    for row in act.session.execute(query):
        said = act.vault.open(row.wrapped, place_of_contact(row.id), row.sealed)
        words = (said["name"], said["part"], said["phone"], said["email"], said["safe"])
        found.append(
            Contact(row.id, row.authority_id, row.agency_id, row.setting_id, row.name or "", *words, row.version)
        )
    return found


def _members(act: Act, *where: Any) -> list[Member]:
    rows = act.session.execute(_asked(act).where(*where)).all()
    follows = counted(act.session, [row.id for row in rows], act.at) if rows else {}
    return [_member(act, row, follows.get(row.id, 0)) for row in rows]


def _asked(act: Act) -> Any:
    invited_until_at = (
        select(func.max(Invitation.ends_at))
        .where(Invitation.account_id == Account.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )
    return (
        select(
            Account.id,
            Account.authority_id,
            Account.agency_id,
            Account.email_token,
            Account.sealed,
            Account.disabled_at,
            Account.ends_at,
            Agency.name,
            SealingKey.wrapped,
            NOT_THERE_YET.label("is_invited"),
            invited_until_at.label("invited_until_at"),
        )
        .join(Agency, Agency.id == Account.agency_id)
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.authority_id == act.who.authority)
    )


def _member(act: Act, row: Any, follows: int) -> Member:
    said = act.vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed)
    standing = INVITED if row.is_invited else ACTIVE
    if row.ends_at is not None and row.ends_at <= act.at:
        standing = ENDED
    if row.disabled_at is not None:
        standing = SHUT
    return Member(
        id=row.id,
        authority_id=row.authority_id,
        agency_id=row.agency_id,
        agency=row.name,
        name=said["name"],
        email=said["email"],
        phone=said.get("phone", ""),
        standing=standing,
        ends_at=row.ends_at,
        follows=follows,
        invited_until_at=row.invited_until_at,
    )

"""Reading what happened in the night: what waits for the day service, one contact whole, and what a worker recorded."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from lado.act import Act
from lado.models import Authority, NightContact, NightRung, Referral, SealingKey
from lado.queries import accounts
from lado.queries.reads import LARGEST_ID

MOST = 50
"""At most so many contacts in one list."""


class Listed(NamedTuple):
    """A contact as a list shows it: no name and no word. `reference` is empty for a new matter."""

    id: int
    authority_id: int
    council: str
    reference: str
    happened_at: datetime
    due_at: datetime
    in_danger: str
    accepted_at: datetime | None


class Contact(NamedTuple):
    """One contact whole, its words opened: caller, phone, about, done, asks."""

    listed: Listed
    worker: str
    words: dict[str, str]
    accepted_by: str

    @property
    def authority_id(self) -> int:
        """Whose it is, for the policy."""
        return self.listed.authority_id

    @property
    def reference(self) -> str:
        """Which case it is about, for the log of reads; empty for a new matter."""
        return self.listed.reference


COLUMNS = (
    NightContact.id,
    NightContact.authority_id,
    Authority.name,
    func.coalesce(Referral.reference, "").label("reference"),
    NightContact.happened_at,
    NightContact.due_at,
    NightContact.in_danger,
    NightContact.accepted_at,
)
OF_CASE, OF_COUNCIL = aliased(SealingKey), aliased(SealingKey)


def waiting(act: Act) -> list[Listed]:
    """What the day service of the person's authority has not taken yet, the most urgent first."""
    query = _listed().where(NightContact.authority_id == act.who.authority, NightContact.accepted_at.is_(None))
    return _rows(act, query.order_by(NightContact.due_at, NightContact.id).limit(MOST))


def recorded_by(act: Act) -> list[Listed]:
    """What this worker recorded, the newest first; only for authorities that they still serve."""
    authorities = {act.who.authority, *act.who.serves} - {None}
    query = _listed().where(NightContact.worker_id == act.who.id, NightContact.authority_id.in_(authorities))
    return _rows(act, query.order_by(NightContact.id.desc()).limit(MOST))


def find(act: Act, contact_id: int) -> Contact | None:
    """One contact of the person's authority, whole, or None."""
    if contact_id > LARGEST_ID:
        return None
    query = _listed(NightContact, OF_CASE.wrapped, OF_COUNCIL.wrapped)
    query = query.join(OF_COUNCIL, OF_COUNCIL.id == Authority.key_id).outerjoin(OF_CASE, OF_CASE.id == Referral.key_id)
    query = query.where(NightContact.id == contact_id, NightContact.authority_id == act.who.authority)
    row = act.session.execute(query).one_or_none()
    if row is None:
        return None
    *plain, contact, of_case, of_council = row
    words = act.vault.open(of_case or of_council, place_of(contact.worker_id, contact.recorded_at), contact.sealed)
    names = accounts.names_of(act, {contact.worker_id, contact.accepted_by_id} - {None})
    return Contact(Listed._make(plain), names[contact.worker_id], words, names.get(contact.accepted_by_id or 0, ""))


def overdue(act: Act, limit: int) -> list[int]:
    """The contacts that nobody took in time and that nobody was told of yet."""
    query = (
        select(NightContact.id)
        .outerjoin(NightRung, NightRung.contact_id == NightContact.id)
        .where(NightContact.accepted_at.is_(None), NightContact.due_at <= act.at, NightRung.contact_id.is_(None))
        .order_by(NightContact.due_at, NightContact.id)
        .limit(limit)
    )
    return list(act.session.scalars(query))


def place_of(worker_id: int, recorded_at: datetime) -> str:
    """Where the words of a contact are bound to."""
    return f"night_contact/{worker_id}/{recorded_at.isoformat()}"


def _listed(*more: Any) -> Select[*tuple[Any, ...]]:
    query = select(*COLUMNS, *more).join(Authority, Authority.id == NightContact.authority_id)
    return query.outerjoin(Referral, Referral.id == NightContact.referral_id)


def _rows(act: Act, query: Select[*tuple[Any, ...]]) -> list[Listed]:
    rows: list[Row[Any]] = list(act.session.execute(query))
    return [Listed._make(row) for row in rows]

"""Keeping the organisations of partners: their names, places and named contacts, and how it is safe to reach them."""

from dataclasses import dataclass

from sqlalchemy import select

from lado.act import Act
from lado.domain import telephone
from lado.domain.agencies import KINDS
from lado.errors import BadInput, NotFound, Refused, Stale
from lado.models import Agency, AgencyContact, AgencySetting
from lado.queries import agencies
from lado.queries.agencies import Contact, Setting
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.accounts import directory_key

LONGEST_NAME, LONGEST_WORDS = 200, 2_000
STALE = "Somebody else has changed this contact since you opened the form. What stands now is below; send yours again."


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody of an organisation whom one may speak to: `part` is what they do there, `safe` what to know before."""

    name: str
    part: str = ""
    setting: int | None = None
    phone: str = ""
    email: str = ""
    safe: str = ""


def add(act: Act, name: str, kind: str) -> int:
    """Add an organisation of one's own council. Raises BadInput by field (name, kind), NotAllowed."""
    ensure(act.who, Permission.AGENCY_KEEP)
    authority_id = act.who.authority
    if authority_id is None:
        raise Refused("An organisation belongs to one council.")
    if problems := _problems(act, authority_id, name, kind):
        raise BadInput(problems)
    agency = Agency(authority_id=authority_id, name=name.strip(), kind=kind)
    act.session.add(agency)
    act.session.flush()
    return agency.id


def change(act: Act, agency_id: int, name: str, kind: str) -> None:
    """Name an organisation otherwise. Raises BadInput by field (name, kind), NotAllowed, NotFound."""
    agency = _held(act, agency_id)
    if problems := _problems(act, agency.authority_id, name, kind, but=agency.id):
        raise BadInput(problems)
    agency.name, agency.kind = name.strip(), kind
    act.session.flush()


def add_setting(act: Act, agency_id: int, name: str) -> None:
    """Add a place of an organisation. Raises BadInput by field (name), NotAllowed, NotFound."""
    agency = _held(act, agency_id)
    known = {setting.name.casefold() for setting in agencies.settings_of(act, agency.id)}
    problem = _problem_with_name(name)
    if problem or name.strip().casefold() in known:
        raise BadInput({"name": problem or "This place is there already."})
    setting = AgencySetting(
        agency_id=agency.id,
        name=name.strip(),
        added_at=act.at,
        added_by_id=act.who.id or 0,
        ended_at=None,
        ended_by_id=None,
    )
    act.session.add(setting)
    act.session.flush()


def end_setting(act: Act, found: Setting) -> None:
    """Take a place off the list; contacts keep what they had. Raises Refused, NotAllowed."""
    ensure(act.who, Permission.AGENCY_KEEP, found)
    setting = act.session.get_one(AgencySetting, found.id, with_for_update=True, populate_existing=True)
    if setting.ended_at is not None:
        raise Refused("This place has been taken off the list already.")
    setting.ended_at, setting.ended_by_id = act.at, act.who.id
    act.session.flush()


def add_contact(act: Act, agency_id: int, new: NewContact) -> None:
    """Add a named contact. Raises BadInput by field (name, setting, phone, email, safe), NotAllowed, NotFound."""
    agency = _held(act, agency_id)
    _check(act, agency.id, new)
    contact = AgencyContact(
        agency_id=agency.id,
        setting_id=new.setting,
        sealed=b"",
        changed_at=act.at,
        changed_by_id=act.who.id or 0,
        ended_at=None,
        ended_by_id=None,
    )
    act.session.add(contact)
    act.session.flush()
    _seal(act, contact, agency.authority_id, new)


def change_contact(act: Act, found: Contact, new: NewContact, *, seen: int) -> None:
    """Keep what is known of a contact in place of the version that was seen.

    Raises BadInput by field, Refused when the contact was taken off the list, Stale, NotAllowed.
    """
    contact = _held_contact(act, found)
    _check(act, found.agency_id, new)
    if contact.version != seen:
        raise Stale(STALE)
    contact.setting_id = new.setting
    contact.changed_at, contact.changed_by_id = act.at, act.who.id or 0
    _seal(act, contact, found.authority_id, new)


def end_contact(act: Act, found: Contact) -> None:
    """Take a contact off the list. Raises Refused, NotAllowed."""
    contact = _held_contact(act, found)
    contact.ended_at, contact.ended_by_id = act.at, act.who.id
    act.session.flush()


def _seal(act: Act, contact: AgencyContact, authority_id: int, new: NewContact) -> None:
    words = {"name": new.name, "part": new.part, "phone": new.phone, "email": new.email, "safe": new.safe}
    said = {field: text.strip() for field, text in words.items()}
    contact.sealed = act.vault.seal(directory_key(act, authority_id), agencies.place_of_contact(contact.id), said)
    act.session.flush()


def _held(act: Act, agency_id: int) -> Agency:
    query = select(Agency).where(Agency.id == agency_id)
    agency = act.session.scalars(query.with_for_update()).one_or_none()
    if agency is None:
        raise NotFound("no such organisation")
    ensure(act.who, Permission.AGENCY_KEEP, agency)
    return agency


def _held_contact(act: Act, found: Contact) -> AgencyContact:
    ensure(act.who, Permission.AGENCY_KEEP, found)
    contact = act.session.get_one(AgencyContact, found.id, with_for_update=True, populate_existing=True)
    if contact.ended_at is not None:
        raise Refused("This contact has been taken off the list already.")
    return contact


def _problems(act: Act, authority_id: int, name: str, kind: str, but: int | None = None) -> dict[str, str]:
    found = {}
    same = select(Agency.id).where(Agency.authority_id == authority_id, Agency.name == name.strip(), Agency.id != but)
    if problem := _problem_with_name(name):
        found["name"] = problem
    elif act.session.scalar(same.limit(1)) is not None:
        found["name"] = "There is an organisation of this name already."
    if kind not in KINDS:
        found["kind"] = "Choose what kind of organisation it is."
    return found


def _check(act: Act, agency_id: int, new: NewContact) -> None:
    found = {}
    if problem := _problem_with_name(new.name):
        found["name"] = problem
    if problem := telephone.problem(new.phone.strip()):
        found["phone"] = problem
    email = new.email.strip()
    if email and ("@" not in email or " " in email or len(email) > LONGEST_NAME):
        found["email"] = "Enter an e-mail address, for example name@example.gov.uk."
    if len(new.part) > LONGEST_NAME:
        found["part"] = f"Shorten this to {LONGEST_NAME} characters or fewer."
    if len(new.safe) > LONGEST_WORDS:
        found["safe"] = f"Shorten this to {LONGEST_WORDS:,} characters or fewer."
    if new.setting is not None and new.setting not in {one.id for one in agencies.settings_of(act, agency_id)}:
        found["setting"] = "Choose a place of this organisation."
    if found:
        raise BadInput(found)


def _problem_with_name(name: str) -> str:
    if not name.strip():
        return "Enter the name."
    return f"Shorten the name to {LONGEST_NAME} characters or fewer." if len(name) > LONGEST_NAME else ""

"""What the emergency duty team did in the night: recorded, handed over to the day, and raised when nobody takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lado.act import Act
from lado.domain import said
from lado.domain.codes import SAFE_NOW
from lado.domain.escalation import leader
from lado.domain.night import handed_over_by
from lado.errors import BadInput, NotFound, Refused
from lado.models import NightContact, NightRung, Referral
from lado.queries import cover, nights, practices
from lado.queries import night_contacts as contacts
from lado.queries.nights import Served
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import drafts, moves, notices
from lado.services.accounts import directory_key
from lado.services.insertion import insert_new
from workflows.london import LONDON

REFERRAL_DRAFT = "referral"
"""The name under which the form for a new referral is kept while somebody types."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """Who rang when, about what, what was done and what the day has to do.

    `reference` is that of an open case of the authority, empty for a new matter; `in_danger` a code of SAFE_NOW.
    """

    authority: int
    happened_at: datetime
    reference: str
    caller: str
    phone: str
    about: str
    done: str
    asks: str
    in_danger: str


def record(act: Act, new: NewContact) -> NightContact:
    """Record a contact: it stands before the day service of that authority until somebody takes it.

    About a case, it is noted on the case's record at once. Raises BadInput with a message a field, or NotAllowed.
    """
    ensure(act.who, Permission.NIGHT_RECORD, Served(new.authority, "", "", ""))
    about = _checked(act, new)
    referral = act.session.get_one(Referral, about.id) if about else None
    words = {"caller": new.caller, "phone": new.phone, "about": new.about, "done": new.done, "asks": new.asks}
    if referral is None:
        wrapped = directory_key(act, new.authority)
    else:
        act.session.refresh(referral, ["sealing_key"])
        wrapped = referral.sealing_key.wrapped
    calendar = practices.in_force(act.session, new.authority, act.at).calendar
    contact = NightContact(
        authority_id=new.authority,
        worker_id=act.who.id,
        referral_id=referral.id if referral else None,
        happened_at=new.happened_at,
        recorded_at=act.at,
        due_at=handed_over_by(new.happened_at, calendar),
        in_danger=new.in_danger,
        sealed=act.vault.seal(wrapped, contacts.place_of(act.who.id or 0, act.at), words),
        accepted_at=None,
        accepted_by_id=None,
    )
    act.session.add(contact)
    act.session.flush()
    if referral is not None:
        moves.make(act, referral.id, "add_note", {}, {"note": _note(new)})
    return contact


def take(act: Act, contact_id: int) -> NightContact:
    """Take a contact over for the day service. Raises Refused when a colleague was first, NotFound, NotAllowed."""
    contact = _held(act, contact_id)
    ensure(act.who, Permission.NIGHT_TAKE, contact)
    if contact.accepted_at is not None and contact.accepted_by_id != act.who.id:
        raise Refused("A colleague has taken this over already.")
    if contact.accepted_at is None:
        contact.accepted_at, contact.accepted_by_id = act.at, act.who.id
    return contact


def begin_referral(act: Act, contact_id: int) -> None:
    """Put what the night wrote into this officer's form for a new referral. Raises Refused while a draft is open."""
    found = contacts.find(act, contact_id)
    if found is None:
        raise NotFound("no such contact")
    ensure(act.who, Permission.NIGHT_TAKE, found)
    ensure(act.who, Permission.REFERRAL_CREATE, found)
    if found.listed.reference:
        raise Refused(f"This contact is about {found.listed.reference}. It is noted there.")
    if drafts.kept(act, REFERRAL_DRAFT) is not None:
        raise Refused("You have a draft of a referral already. Send it or throw it away, then come back here.")
    words = found.words
    rang = found.listed.happened_at.astimezone(LONDON)
    fields = {
        "caller_name": words["caller"],
        "caller_phone": words["phone"],
        "summary": words["about"],
        "safety_steps": words["done"],
        "notes": words["asks"],
        "late_reason": "It came in out of hours, through the emergency duty team.",
        "received-day": str(rang.day),
        "received-month": str(rang.month),
        "received-year": str(rang.year),
        "received-time": f"{rang:%H:%M}",
    }
    if found.listed.in_danger == "yes":
        fields["children_safe"] = "no"
    drafts.keep(act, REFERRAL_DRAFT, {name: [value] for name, value in fields.items()})


def escalate(act: Act, contact_ids: Sequence[int]) -> int:
    """Tell the service manager, or whoever leads and is there, of contacts that nobody took in time: once for each.

    While no leader is there, nothing is written and the next tick asks again. Returns how many were raised.
    """
    ensure(act.who, Permission.NIGHT_ESCALATE)
    return sum(_raised(act, contact_id) for contact_id in contact_ids)


def _raised(act: Act, contact_id: int) -> bool:
    contact = _held(act, contact_id)
    if contact.accepted_at is not None or contact.due_at > act.at:
        return False
    team = cover.team(act.session, contact.authority_id, act.at)
    told = leader(team, act.at, besides=0).person
    if told is None:
        return False
    row = {"contact_id": contact.id, "due_at": contact.due_at, "recorded_at": act.at, "told_id": told}
    if not insert_new(act.session, NightRung, [row], NightRung.contact_id):
        return False
    body = f"A contact from out of hours was to be taken over {said.by(contact.due_at)}. Nobody has taken it yet."
    subject = "From the night: nobody has taken a contact over"
    return notices.queue(act, told, None, subject, body, key=f"{notices.FROM_THE_NIGHT}{contact.id}")


def _held(act: Act, contact_id: int) -> NightContact:
    query = select(NightContact).where(NightContact.id == contact_id).with_for_update()
    contact = act.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if contact is None:
        raise NotFound("no such contact")
    return contact


def _checked(act: Act, new: NewContact) -> nights.Safety | None:
    """The case that it is about, or None for a new matter. Raises BadInput with every message."""
    problems = {}
    if new.happened_at > act.at:
        problems["happened"] = "This time has not come yet. Enter when they rang."
    if new.in_danger not in SAFE_NOW:
        problems["in_danger"] = "Choose whether anyone is in danger now."
    about = nights.case(act, new.reference) if new.reference else None
    if new.reference and (about is None or about.authority_id != new.authority):
        problems["reference"] = "There is no open case with this reference at the council that you chose."
    if problems:
        raise BadInput(problems)
    return about


def _note(new: NewContact) -> str:
    """What is noted on the case, in one text."""
    lines = [
        f"Out of hours, at {said.moment(new.happened_at)}. Rang: {new.caller}.",
        f"What it was about: {new.about}",
        f"Is anyone in danger now? {SAFE_NOW[new.in_danger]}.",
        f"What was done: {new.done}",
        f"What the day service has to do: {new.asks}" if new.asks else "",
    ]
    return "\n".join(line for line in lines if line)

"""What is known of the places where strings were planted, from the plain part of the record, and of who reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.council.planting import Spot
from lado.models import (
    Account,
    Agency,
    AgencyContact,
    Attachment,
    Barred,
    Conflict,
    EdtAuthority,
    Grant,
    HolidayReview,
    LedgerEntry,
    LetterWording,
    NightContact,
    OnCall,
    OnlineDraft,
    Referral,
    Wording,
)
from lado.queries import agencies, night_contacts, on_call, proposals
from lado.queries.grants import may_follow
from lado.security.identity import Identity, Role
from lado.security.permissions import Permission
from lado.security.policy import can
from workflows.events import read_data


class Entry(NamedTuple):
    """An entry of a record, without its words."""

    kind: str
    data: Mapping[str, Any]
    actor: int | None


class Belongs(NamedTuple):
    """To whom something belongs that was sealed: a council, and the case or the person that it is about."""

    authority: int
    case: int | None = None
    account: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of the places where strings were planted."""

    entries: Mapping[tuple[int, int], Entry]
    drafts: Mapping[int, int]
    """Of each draft's key, whose draft it is."""
    files: Mapping[str, int]
    """Of each file of a draft, by its place, whose draft it is."""
    places: Mapping[str, Belongs] = field(default_factory=dict)
    """To whom whatever was sealed belongs, where the place alone does not say it."""
    cases: Mapping[int, int] = field(default_factory=dict)
    """Whose case each is: the council's."""
    police: frozenset[int] = frozenset()
    """The accounts of partners of the police."""

    def label(self, spot: Spot) -> str:
        """The field by its name, with the kind of the entry where it stands on the record of a case."""
        table, _, rest = spot.where.partition("/")
        return f"{self.entry(rest).kind}{spot.field}" if table == "ledger" else f"{table}{spot.field}"

    def entry(self, place: str, after: int = 0) -> Entry:
        """The entry at a place of the record like `7/12`, or so many after it."""
        case, number = map(int, place.split("/"))
        return self.entries.get((case, number + after), Entry("nothing", {}, None))

    def belongs(self, spot: Spot) -> Belongs | None:
        """To whom what is sealed here belongs, or None where nobody knows."""
        table, _, rest = spot.where.partition("/")
        if table in ("ledger", "letter", "hand_over", "look_reason"):
            case = int(rest.partition("/")[0])
            return Belongs(self.cases.get(case, 0), case)
        return self.places.get(spot.where)


@dataclass
class Reader:
    """Somebody whose pages are read: what is theirs to know of now."""

    name: str
    who: Identity
    token: str
    own: dict[str, int] = field(default_factory=dict)
    """The references that they may read, or as a partner follow, with the ids of the cases."""
    nights: dict[str, int] = field(default_factory=dict)
    """Those of which they may know out of hours what keeps people safe."""
    strangers: frozenset[str] = frozenset()
    """Names that must never stand on a page of theirs."""

    @property
    def id(self) -> int:
        """The number of their account."""
        return self.who.id or 0

    @property
    def councils(self) -> frozenset[int]:
        """The councils that they work for; a partner works for none."""
        is_staff = self.who.role is not Role.PARTNER
        return frozenset({self.who.authority or 0, *self.who.serves}) if is_staff else frozenset()


def facts_of(act: Act) -> Facts:
    """Read them."""
    entries = act.session.execute(
        select(LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.kind, LedgerEntry.data, LedgerEntry.actor_id)
    )
    drafts = act.session.execute(select(OnlineDraft.id, OnlineDraft.key_id, OnlineDraft.account_id)).all()
    whose = {row.id: row.account_id for row in drafts}
    files = act.session.execute(select(Attachment.place, Attachment.draft_id).where(Attachment.draft_id.is_not(None)))
    cases = act.session.execute(select(Referral.id, Referral.reference, Referral.authority_id)).all()
    of_case = {row.id: row.authority_id for row in cases}
    return Facts(
        {(row[0], row[1]): Entry(row[2], read_data(row[3]), row[4]) for row in entries},
        {row.key_id: row.account_id for row in drafts},
        {row.place.hex(): whose[row.draft_id] for row in files},
        {f"referral/{row.reference}": Belongs(row.authority_id, row.id) for row in cases} | _places(act, of_case),
        of_case,
        frozenset(act.session.scalars(select(Account.id).join(Agency).where(Agency.kind == "police"))),
    )


def _places(act: Act, of_case: Mapping[int, int]) -> dict[str, Belongs]:
    """To whom things belong that are about a case or a person, by the place that they are bound to."""
    found: dict[str, Belongs] = {}
    session = act.session
    for grant in session.execute(select(Grant.id, Grant.referral_id)):
        found[f"grant/{grant.id}"] = Belongs(of_case[grant.referral_id], grant.referral_id)
    for file in session.execute(select(Attachment.place, Attachment.referral_id).where(Attachment.draft_id.is_(None))):
        found[f"attachment/{file.place.hex()}"] = Belongs(of_case.get(file.referral_id, 0), file.referral_id)
    for review in session.execute(select(HolidayReview.id, HolidayReview.referral_id)):
        found[f"holiday_review/{review.id}"] = Belongs(of_case[review.referral_id], review.referral_id)
    for conflict in session.execute(select(Conflict.id, Conflict.authority_id, Conflict.account_id)):
        found[f"conflict/{conflict.id}"] = Belongs(conflict.authority_id, account=conflict.account_id)
    return found | _of_councils(act)


def _of_councils(act: Act) -> dict[str, Belongs]:
    """The same of what a council has besides its cases."""
    found: dict[str, Belongs] = {}
    session = act.session
    for contact in session.scalars(select(NightContact)):
        place = night_contacts.place_of(contact.worker_id, contact.recorded_at)
        found[place] = Belongs(contact.authority_id, contact.referral_id, contact.worker_id)
    for shift in session.scalars(select(OnCall)):
        place = on_call.place_of(shift.recorded_by_id, shift.recorded_at, shift.from_at)
        found[place] = Belongs(shift.authority_id, account=shift.account_id)
    of_agency = select(AgencyContact.id, Agency.authority_id).join(Agency, Agency.id == AgencyContact.agency_id)
    for contact_id, authority in session.execute(of_agency):
        found[agencies.place_of_contact(contact_id)] = Belongs(authority)
    for model in (Wording, LetterWording):
        for number, authority in session.execute(select(model.id, model.authority_id)):
            found[proposals.place_of(model, number)] = Belongs(authority)
    for account in session.scalars(select(Account)):
        found[f"account/{account.email_token.hex()}"] = Belongs(account.authority_id, account=account.id)
    return found


def reader_of(act: Act, name: str, account: Account) -> Reader:
    """Somebody by their account, with every case that they may know of by the policy and the walls."""
    served = act.session.scalars(select(EdtAuthority.authority_id).where(EdtAuthority.account_id == account.id))
    who = Identity(account.id, Role(account.role), account.authority_id, name, account.agency_id, serves=tuple(served))
    found = Reader(name, who, account.email_token.hex())
    kept = set(
        act.session.scalars(
            select(Barred.referral_id).where(Barred.account_id == account.id, Barred.ended_at.is_(None))
        )
    )
    for case in act.session.scalars(select(Referral).order_by(Referral.id)):
        is_followed = who.role is Role.PARTNER and may_follow(act.session, account.id, case.id, act.at)
        if is_followed or (case.id not in kept and can(who, Permission.REFERRAL_READ, case)):
            found.own[case.reference] = case.id
        if case.id not in kept and case.is_open and can(who, Permission.NIGHT_READ, case):
            found.nights[case.reference] = case.id
    return found

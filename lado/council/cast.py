"""The people of a synthetic council: two invented authorities, their officers and partners, and how they sign in.

Everybody knows these passwords. That is why they exist only on a database that is marked as a demonstration.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.errors import Refused
from lado.models import Account, Authority, Installation
from lado.security.identity import Identity, Role
from lado.services import accounts, demonstration, installation
from lado.services.standing_accounts import LONGEST_STAY, needs_end

PASSWORD = "demonstration only"  # noqa: S105 - see above: it opens invented records and nothing else

YEARS = timedelta(days=20 * 365)
"""How far off the last day of an invented cover officer is: nobody puts theirs off each quarter."""

COUNCILS: Mapping[str, installation.NewAuthority] = {
    "northbrook": installation.NewAuthority("northbrook", "Northbrook Council", "NB", phone="01632 960 001"),
    "southmere": installation.NewAuthority(
        "southmere", "Southmere Council", "SM", colour="#5b2a6e", phone="01632 960 002"
    ),
}


class Member(NamedTuple):
    """Someone of the cast; `deputy` stands in where no cover is named, `agency` is a partner's name and kind."""

    key: str
    name: str
    role: Role
    council: str
    deputy: str | None = None
    agency: tuple[str, str] | None = None
    setting: tuple[str, str] | None = None
    """The sector and the place whose referrals a partner makes."""


CAST = (
    Member("hal", "Hal Heronsgate", Role.HEAD_OF_SERVICE, "northbrook"),
    Member("mina", "Mina Meadowlight", Role.SERVICE_MANAGER, "northbrook", deputy="hal"),
    Member("carl", "Carl Cloverdown", Role.COVER_OFFICER, "northbrook", deputy="mina"),
    Member("olive", "Olive Otterbourne", Role.DESIGNATED_OFFICER, "northbrook", deputy="carl"),
    Member("dana", "Dana Dapplewood", Role.DESIGNATED_OFFICER, "northbrook", deputy="carl"),
    Member("dee", "Dee Drizzlecombe", Role.DIRECTOR, "northbrook"),
    Member("edie", "Edie Emberly", Role.EDT_WORKER, "northbrook"),
    Member("bea", "Bea Brackenby", Role.BUSINESS_SUPPORT, "northbrook"),
    Member("abe", "Abe Ashgrovely", Role.AUDITOR, "northbrook"),
    Member("ada", "Ada Appleyarrow", Role.ADMINISTRATOR, "northbrook"),
    Member(
        "pat",
        "Pat Paperwhite, head teacher",
        Role.PARTNER,
        "northbrook",
        agency=("Willow Lane Primary School", "school"),
        setting=("primary", "Willow Lane Primary School"),
    ),
    Member("pol", "DS Pol Pebblewick", Role.PARTNER, "northbrook", agency=("Northbrook Police", "police")),
    Member(
        "holly",
        "Holly Harebellow, HR adviser",
        Role.PARTNER,
        "northbrook",
        agency=("Larkrise Academies Trust", "school"),
        setting=("secondary", "Larkrise Secondary School"),
    ),
    Member(
        "carys",
        "Carys Candlemere, manager",
        Role.PARTNER,
        "northbrook",
        agency=("Bramble House", "care_provider"),
        setting=("childrens_home", "Bramble House"),
    ),
    Member("sil", "Sil Silverbirch", Role.HEAD_OF_SERVICE, "southmere"),
    Member("nora", "Nora Nettleship", Role.SERVICE_MANAGER, "southmere", deputy="sil"),
    Member("sam", "Sam Saltmarshall", Role.DESIGNATED_OFFICER, "southmere", deputy="nora"),
    Member("kit", "Kit Kestrelby", Role.COVER_OFFICER, "southmere", deputy="nora"),
)
"""Those who cover stand before those they cover, and deputies before those they stand in for."""


@dataclass(frozen=True)
class Cast:
    """The people of one database, each as the policy sees them, by their key."""

    people: Mapping[str, Identity]
    councils: tuple[str, ...]

    def of(self, council: str, *roles: Role) -> tuple[Identity, ...]:
        """The people of a council in these roles, in the order of the cast."""
        members = (member for member in CAST if member.council == council and member.role in roles)
        return tuple(self.people[member.key] for member in members)

    def by_id(self) -> dict[int, Identity]:
        """Everybody under the id of their account."""
        return {person.id: person for person in self.people.values() if person.id is not None}


def email_of(member: Member) -> str:
    """The address that someone of the cast signs in with."""
    return f"{member.key}@{member.council}.example"


def settle(act: Act, councils: Collection[str]) -> Cast:
    """Set the councils up with their people in an empty database that is marked as a demonstration."""
    ids = {key: installation.add_authority(act, COUNCILS[key]).id for key in councils}
    people: dict[str, Identity] = {}
    for member in CAST:
        if member.council not in ids:
            continue
        authority = ids[member.council]
        agency = accounts.add_agency(act, authority, *member.agency).id if member.agency else None
        deputy = people[member.deputy].id if member.deputy else None
        ends_on = act.today + LONGEST_STAY if needs_end(member.role, is_temporary=False) else None
        new = accounts.NewAccount(
            email_of(member), member.name, member.role, authority, agency=agency, deputy=deputy, ends_on=ends_on
        )
        account = accounts.add(act, new, PASSWORD)
        stand_for_years(act, account)
        account.wants_news = True if member.agency else None
        demonstration.give_codes(act, account)
        people[member.key] = Identity(account.id, member.role, authority, member.name, agency)
    return Cast(people, tuple(ids))


def stand_for_years(act: Act, account: Account) -> None:
    """Let an invented person's account neither end nor be suspended while a council lives on for years."""
    account.suspends_at = None
    account.ends_at = None if account.ends_at is None else act.at + YEARS


def sign_ins(act: Act) -> str:
    """Who can sign in to this demonstration, as text. Raises Refused for any other database."""
    found = act.session.get(Installation, 1)
    if found is None or not found.is_demonstration:
        raise Refused("This database is not a demonstration, so there are no sign-ins to show.")
    lines = [
        f"Everybody's password: {PASSWORD}",
        "The second page shows the code that it asks for, as only a demonstration does.",
        "",
    ]
    for key, council in COUNCILS.items():
        here = [member for member in CAST if member.council == key and _is_active(act, member)]
        if here:
            lines.append(council.name)
            lines += [f"  {email_of(member):26} {member.name}: {member.role.label}" for member in here]
    return "\n".join(lines)


def is_empty(act: Act) -> bool:
    """Whether nobody has begun to use this database."""
    return act.session.get(Installation, 1) is None and act.session.scalar(select(Authority.id).limit(1)) is None


def _is_active(act: Act, member: Member) -> bool:
    account = accounts.of_email(act, email_of(member))
    return account is not None and account.disabled_at is None

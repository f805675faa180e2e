"""The people of the canary world: three councils, three partner organisations in each, and somebody in every role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from lado.act import Act
from lado.council.canary_scan import Named
from lado.council.cast import COUNCILS, PASSWORD
from lado.council.planting import named
from lado.models import Account
from lado.security.identity import Identity, Role
from lado.services import accounts, agencies, installation
from lado.services.agencies import NewContact

THREE: Mapping[str, installation.NewAuthority] = {
    **COUNCILS,
    "eastvale": installation.NewAuthority("eastvale", "Eastvale Council", "EV", phone="01632 960 003"),
}

STAYS = timedelta(days=80)
"""How long those are here who are here for a time: each account of a cover officer ends."""

STAFF = (
    ("hal", Role.HEAD_OF_SERVICE, None),
    ("mina", Role.SERVICE_MANAGER, "hal"),
    ("carl", Role.COVER_OFFICER, "mina"),
    ("olive", Role.DESIGNATED_OFFICER, "carl"),
    ("dana", Role.DESIGNATED_OFFICER, "carl"),
    ("dee", Role.DIRECTOR, None),
    ("edie", Role.EDT_WORKER, None),
    ("bea", Role.BUSINESS_SUPPORT, None),
    ("abe", Role.AUDITOR, None),
    ("rex", Role.RECORDS_OFFICER, None),
    ("ada", Role.ADMINISTRATOR, None),
)
"""The people of each council with who stands in for them; deputies come first."""

AGENCIES = (
    ("pat", "Willow Lane Primary School", "school"),
    ("pol", "Police", "police"),
    ("penny", "Bramble House", "care_provider"),
)
"""The partners of each council and where they work."""


@dataclass(frozen=True)
class People:
    """Everybody by council and key, and the string in the name of each."""

    everyone: Mapping[tuple[str, str], Identity]
    names: Mapping[str, Named]

    def of(self, council: str, key: str) -> Identity:
        """One person of a council."""
        return self.everyone[council, key]

    def key_of(self, council: str, key: str) -> str:
        """How a finding calls them."""
        return f"{key} of {council}"


def email_of(council: str, key: str) -> str:
    """The address that somebody signs in with."""
    return f"{key}@{council}.example"


def settle(act: Act) -> People:
    """Set all of them up in an empty migrated database."""
    ids = {key: installation.add_authority(act, new).id for key, new in THREE.items()}
    everyone: dict[tuple[str, str], Identity] = {}
    for council, authority in ids.items():
        for key, role, deputy in STAFF:
            stands_in = everyone[council, deputy].id if deputy else None
            everyone[council, key] = _add(act, council, key, role, authority, deputy=stands_in)
        for key, agency, kind in AGENCIES:
            agency_id = accounts.add_agency(act, authority, f"{agency} {council}", kind).id
            everyone[council, key] = _add(act, council, key, Role.PARTNER, authority, agency=agency_id)
    worker = everyone["northbrook", "edie"]
    accounts.serve(act, act.session.get_one(Account, worker.id), ids["southmere"])
    serves = {worker.id: frozenset({ids["southmere"]})}
    names = {
        _last_name(council, key).lower(): Named(who.authority or 0, who.id or 0, serves.get(who.id, frozenset()))
        for (council, key), who in everyone.items()
    }
    return People(everyone, names)


def leave_contacts(act: Act, agency: int) -> None:
    """Let an organisation have somebody to be rung, as the officer who acts."""
    agencies.add_contact(act, agency, NewContact("Chris Chair", "Chair of governors", phone="01632 960 101"))


def full_name(council: str, key: str) -> str:
    """What somebody is called."""
    return f"{key.title()} {_last_name(council, key)}"


def _last_name(council: str, key: str) -> str:
    keys = [*(key for key, *_ in STAFF), *(key for key, *_ in AGENCIES)]
    return named(list(THREE).index(council) * 100 + keys.index(key))


def _add(
    act: Act,
    council: str,
    key: str,
    role: Role,
    authority: int,
    *,
    agency: int | None = None,
    deputy: int | None = None,
) -> Identity:
    ends_on = act.today + STAYS if role is Role.COVER_OFFICER else None
    new = accounts.NewAccount(
        email_of(council, key), full_name(council, key), role, authority, "01632 960 444", agency, deputy, ends_on
    )
    account = accounts.add(act, new, PASSWORD)
    account.wants_news = True if role is Role.PARTNER else None
    return Identity(account.id, role, authority, full_name(council, key), agency)

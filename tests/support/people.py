"""The cast of the tests: a few named people of two invented councils, with known standing."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1

from pyotp import HOTP

from lado.act import Act
from lado.council.cast import stand_for_years
from lado.security.identity import SYSTEM, Identity, Role
from lado.services import accounts, factors, installation
from lado.services.standing_accounts import LONGEST_STAY, needs_end

PASSWORD = "a long enough password for tests"

CAST = (
    ("olive", "Olive Officer", Role.DESIGNATED_OFFICER, "northbrook"),
    ("carl", "Carl Cover", Role.COVER_OFFICER, "northbrook"),
    ("dana", "Dana Deputy", Role.DESIGNATED_OFFICER, "northbrook"),
    ("mina", "Mina Manager", Role.SERVICE_MANAGER, "northbrook"),
    ("hal", "Hal Head", Role.HEAD_OF_SERVICE, "northbrook"),
    ("bea", "Bea Support", Role.BUSINESS_SUPPORT, "northbrook"),
    ("ada", "Ada Admin", Role.ADMINISTRATOR, "northbrook"),
    ("abe", "Abe Auditor", Role.AUDITOR, "northbrook"),
    ("dee", "Dee Director", Role.DIRECTOR, "northbrook"),
    ("pat", "Pat Partner", Role.PARTNER, "northbrook"),
    ("pol", "Pol Police", Role.PARTNER, "northbrook"),
    ("sam", "Sam Southmere", Role.DESIGNATED_OFFICER, "southmere"),
    ("edie", "Edie Emergency", Role.EDT_WORKER, "northbrook"),
    ("noel", "Noel Night", Role.EDT_WORKER, "southmere"),
)
SERVES = {"edie": ("southmere",)}
"""Whom an emergency duty worker serves besides their own council; Noel serves his own alone."""

AGENCIES = {"pat": ("Willow Lane Primary School", "school"), "pol": ("Northbrook Police", "police")}


@dataclass(frozen=True, slots=True)
class People:
    """The cast by name, each as the policy sees them."""

    everyone: dict[str, Identity]

    def __getattr__(self, name: str) -> Identity:
        try:
            return self.everyone[name]
        except KeyError:
            raise AttributeError(name) from None


def email_of(name: str) -> str:
    """The address that someone of the cast signs in with."""
    return f"{name}@example.test"


def seed_of(name: str) -> str:
    """The seed of somebody's authenticator app."""
    return b32encode(sha1(name.encode(), usedforsecurity=False).digest()).decode()


def code_of(name: str, at: datetime, later: int = 0) -> str:
    """The code that somebody's authenticator app shows at an instant, or so many codes later."""
    return HOTP(seed_of(name)).at(int(at.timestamp()) // factors.STEP + later)


def settle(act: Act) -> People:
    """Set up both councils and their people in an empty migrated database."""
    councils = {
        "northbrook": installation.add_authority(
            act, installation.NewAuthority("northbrook", "Northbrook Council", "NB", phone="01632 960 001")
        ),
        "southmere": installation.add_authority(
            act, installation.NewAuthority("southmere", "Southmere Council", "SM", phone="01632 960 002")
        ),
    }
    everyone = {}
    for name, full_name, role, council in CAST:
        authority = councils[council].id
        agency = accounts.add_agency(act, authority, *AGENCIES[name]).id if name in AGENCIES else None
        ends_on = act.today + LONGEST_STAY if needs_end(role, is_temporary=False) else None
        new = accounts.NewAccount(email_of(name), full_name, role, authority, agency=agency, ends_on=ends_on)
        account = accounts.add(act, new, PASSWORD)
        factors.keep_codes(act, account, seed_of(name))
        stand_for_years(act, account)
        account.wants_news = True if role is Role.PARTNER else None
        serves = tuple(councils[other].id for other in SERVES.get(name, ()))
        for other in serves:
            accounts.serve(act, account, other)
        everyone[name] = Identity(account.id, role, authority, full_name, agency, serves=serves)
    return People(everyone | {"system": SYSTEM})

"""People who sign in: adding, disabling, passwords. Names and addresses are sealed under their authority's key."""

from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Account, Agency, Authority, EdtAuthority
from lado.security import passwords
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import restricting, standing_accounts, subjects
from lado.services.grants import end_of
from lado.services.hashing import BoundedHasher
from lado.vault import Vault

HASHER = BoundedHasher(PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1))
"""Argon2id at OWASP's floor, so that two cores let 200 people in at once."""

SHORTEST_PASSWORD = passwords.SHORTEST


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Someone who will sign in. `agency` is the id of a partner's agency, None for the council's own people."""

    email: str
    name: str
    role: Role
    authority: int
    phone: str = ""
    agency: int | None = None
    deputy: int | None = None
    ends_on: date | None = None
    """The last day of the account; whoever covers or is here for a time has one."""
    is_temporary: bool = False

    @property
    def authority_id(self) -> int:
        """Whose person this is, for the policy."""
        return self.authority


def add(act: Act, new: NewAccount, password: str) -> Account:
    """Add an account. One of the council's own is added for two people who agreed, or for the operator.

    Raises BadInput when the address is taken or a value cannot be, or NotAllowed.
    """
    ensure(act.who, Permission.PARTNER_KEEP if new.role is Role.PARTNER else Permission.ROLE_GRANT, new)
    problems = _problems(new, password)
    if fault := standing_accounts.problem_with_end(act, new.role, new.ends_on, is_temporary=new.is_temporary):
        problems["ends_on"] = fault
    token = act.vault.token("email", new.email)
    if of_email(act, new.email) is not None:
        problems["email"] = "There is an account with this address already."
    if problems:
        raise BadInput(problems)
    authority = act.session.get_one(Authority, new.authority)
    account = Account(
        authority_id=authority.id,
        agency_id=new.agency,
        role=new.role.value,
        email_token=token,
        sealed=b"",
        password_hash=HASHER.hash(password),
        deputy_id=new.deputy,
        created_at=act.at,
        disabled_at=None,
        ends_at=end_of(new.ends_on),
        suspends_at=act.at + standing_accounts.UNUSED,
        is_temporary=new.is_temporary,
    )
    person = {"name": new.name, "email": new.email, "phone": new.phone}
    account.sealed = act.vault.seal(directory_key(act, authority.id), place_of(token), person)
    act.session.add(account)
    act.session.flush()
    subjects.keep_apart(act, account, new.name)
    if new.role is not Role.PARTNER:
        restricting.bring_all_into_line(act, authority.id)
    return account


@dataclass(frozen=True, slots=True)
class Service:
    """That an emergency duty worker serves an authority besides their own, for the policy."""

    authority_id: int


def serve(act: Act, account: Account, authority_id: int, *, is_served: bool = True) -> None:
    """Let an emergency duty worker serve another authority besides their own, or no longer.

    Whoever says so has to manage the accounts of both, as the system's operator does. Raises Refused, NotAllowed.
    """
    for thing in (account, Service(authority_id)):
        ensure(act.who, Permission.ACCOUNT_MANAGE, thing)
    if account.role != Role.EDT_WORKER.value or account.authority_id == authority_id:
        raise Refused("Only an emergency duty worker serves another council, and everybody serves their own.")
    known = act.session.get(EdtAuthority, (account.id, authority_id))
    if is_served and known is None:
        act.session.add(EdtAuthority(account_id=account.id, authority_id=authority_id))
    elif not is_served and known is not None:
        act.session.delete(known)
    restricting.bring_all_into_line(act, authority_id)


def of_email(act: Act, email: str) -> Account | None:
    """The account that signs in with this address, or None."""
    return act.session.scalar(select(Account).where(Account.email_token == act.vault.token("email", email)))


def disable(act: Act, account: Account) -> None:
    """Shut an account from the next request on. What the person did stays theirs; their cases go to cover."""
    ensure(act.who, needed(Role(account.role)), account)
    if account.disabled_at is not None:
        raise Refused("This account is disabled already.")
    account.disabled_at = act.at


def needed(role: Role) -> Permission:
    """What it takes to keep an account: those who work with partners keep theirs."""
    return Permission.PARTNER_KEEP if role is Role.PARTNER else Permission.ACCOUNT_MANAGE


def password_is_right(account: Account, password: str) -> bool:
    """Whether the password is the account's."""
    try:
        return HASHER.verify(account.password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def directory_key(act: Act, authority_id: int) -> bytes:
    """The wrapped key under which an authority's people and drafts are sealed."""
    authority = act.session.get_one(Authority, authority_id)
    act.session.refresh(authority, ["sealing_key"])
    return authority.sealing_key.wrapped


def place_of(token: bytes) -> str:
    """Where an account's sealed part is bound to."""
    return f"account/{token.hex()}"


def add_agency(act: Act, authority: int, name: str, kind: str) -> Agency:
    """Add a body whose people refer: a school, a police force, a care provider."""
    agency = Agency(authority_id=authority, name=name, kind=kind)
    act.session.add(agency)
    act.session.flush()
    return agency


def problems_with_person(name: str, email: str) -> dict[str, str]:
    """What is wrong with a name and an address, by field."""
    problems = {}
    if "@" not in email or email != email.strip() or " " in email:
        problems["email"] = "Enter an e-mail address, for example name@example.gov.uk."
    if not name.strip():
        problems["name"] = "Enter the person's name."
    return problems


def _problems(new: NewAccount, password: str) -> dict[str, str]:
    problems = problems_with_person(new.name, new.email)
    if fault := passwords.fault(password, (new.name, new.email)):
        problems["password"] = fault
    if (new.role is Role.PARTNER) != (new.agency is not None):
        problems["agency"] = "A partner belongs to an agency, and nobody else does."
    return problems


def person_of(vault: Vault, wrapped: bytes, account: Account) -> dict[str, str]:
    """The name, address and telephone of an account, opened."""
    person: dict[str, str] = vault.open(wrapped, place_of(account.email_token), account.sealed)
    return person

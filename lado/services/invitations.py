"""Inviting somebody by a link, of an organisation or of the council, and their choosing a password with it.

The account is there from the invitation on, with a password that nobody knows, so that access can be given to it at
once. The link goes to its address alone, works once, and shows nobody anything but their own name.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, Agency, Authority, Invitation
from lado.queries import agencies
from lado.queries.invitations import KEY, digest_of, secret_of
from lado.queries.invitations import find as find_open
from lado.security import passwords
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import accounts, notices, subjects
from lado.services.accounts import HASHER, NewAccount, directory_key, person_of, place_of
from lado.services.grants import end_of
from lado.services.open_sessions import end_others
from lado.services.sessions import has_ended
from lado.services.standing_accounts import counted_anew

LASTS = timedelta(days=7)
"""How long a link works (a default of this product)."""

NOT_OPEN = "This link does not work any more. Ask the designated officer's team for a new one."
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to invite. `ends_on` is the last day of the account; `is_checked`: somebody looked at the address twice,
    which is asked for where nobody of the organisation has one at the same domain."""

    agency: int
    name: str
    email: str
    phone: str = ""
    ends_on: date | None = None
    is_checked: bool = False


def invite(act: Act, new: NewPerson) -> Account:
    """Make an account for somebody and send them a link to choose their password.

    Raises BadInput by field (name, email, ends_on), NotAllowed, NotFound.
    """
    agency = act.session.get(Agency, new.agency)
    if agency is None:
        raise NotFound("no such organisation")
    ensure(act.who, Permission.PARTNER_KEEP, agency)
    if problems := _problems(act, agency, new):
        raise BadInput(problems)
    wanted = NewAccount(new.email, new.name, Role.PARTNER, agency.authority_id, new.phone, agency.id)
    account = accounts.add(act, wanted, secrets.token_urlsafe(32))
    account.ends_at = end_of(new.ends_on)
    act.session.flush()
    send_link(act, account)
    return account


def send_link(act: Act, account: Account) -> None:
    """Send somebody a new link, as when the last one ended or they forgot their password; earlier links work no more.

    Raises Refused where the account is shut or has ended, NotAllowed.
    """
    ensure(act.who, accounts.needed(Role(account.role)), account)
    if has_ended(act, account):
        raise Refused("This account is shut or has ended. Nobody can sign in with it.")
    withdraw(act, account)
    nonce = secrets.token_bytes(16)
    invitation = Invitation(
        account_id=account.id,
        nonce=nonce,
        digest=digest_of(secret_of(act.vault, nonce)),
        made_at=act.at,
        made_by_id=act.who.id,
        ends_at=act.at + LASTS,
        accepted_at=None,
        withdrawn_at=None,
    )
    act.session.add(invitation)
    act.session.flush()
    council = act.session.get_one(Authority, account.authority_id).name
    then = "follow your referrals on line" if account.role == Role.PARTNER.value else "sign in"
    body = f"Choose a password within {LASTS.days} days at this address. Then you can {then}."
    notices.queue(act, account.id, None, f"An invitation from {council}", body, key=f"{KEY}{invitation.id}")


def send_first_link(act: Act, account: Account) -> None:
    """Send a new link to somebody who never signed in; whoever has recovers their account themselves.

    Raises Refused, NotAllowed.
    """
    if account.used_at is not None:
        raise Refused("They have signed in before. Whoever cannot any more recovers their account themselves.")
    send_link(act, account)


def withdraw(act: Act, account: Account) -> None:
    """Let no link that was sent to somebody work any more. Who may say so is asked before."""
    standing = (
        Invitation.account_id == account.id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    act.session.execute(update(Invitation).where(*standing).values(withdrawn_at=act.at))


def accept(act: Act, secret: str, name: str, password: str, *, wants_news: bool | None = None) -> int:
    """Choose a name and a password with a link; whoever was signed in with the account is signed out.

    `wants_news` says whether they are e-mailed about news; None leaves it as it is. Returns the account. Raises
    BadInput by field (name, password), and NotFound alike for a link that was never made, was used, was withdrawn or
    has ended.
    """
    held = select(Invitation.id).where(Invitation.digest == digest_of(secret)).with_for_update()
    act.session.execute(held)
    opened = find_open(act, secret)
    if opened is None:
        raise NotFound(NOT_OPEN)
    if problems := _problems_with(name, password, (opened.name, opened.council, opened.agency)):
        raise BadInput(problems)
    account = act.session.get_one(Account, opened.account_id, with_for_update=True, populate_existing=True)
    key, place = directory_key(act, account.authority_id), place_of(account.email_token)
    person = person_of(act.vault, key, account)
    account.sealed = act.vault.seal(key, place, {**person, "name": name.strip()})
    account.password_hash = HASHER.hash(password)
    account.wants_news = account.wants_news if wants_news is None else wants_news
    counted_anew(act, account)
    subjects.keep_apart(act, account, name)
    act.session.execute(update(Invitation).where(Invitation.id == opened.id).values(accepted_at=act.at))
    end_others(act, account.id)
    act.session.flush()
    return account.id


def _problems(act: Act, agency: Agency, new: NewPerson) -> dict[str, str]:
    found = {}
    if len(new.name) > LONGEST_NAME:
        found["name"] = f"Shorten the name to {LONGEST_NAME} characters or fewer."
    if new.ends_on is not None and new.ends_on < act.today:
        found["ends_on"] = "The last day is in the past. Choose today or a later day."
    domain = _domain(new.email)
    if not new.is_checked and domain and domain not in _domains(act, agency.id):
        found["email"] = (
            f"Nobody of this organisation has an address at {domain} yet. Look at it again letter by letter, and say "
            "below that you did."
        )
    return found


def _problems_with(name: str, password: str, known: Sequence[str]) -> dict[str, str]:
    found = {}
    if not name.strip():
        found["name"] = "Enter your name."
    elif len(name) > LONGEST_NAME:
        found["name"] = f"Shorten your name to {LONGEST_NAME} characters or fewer."
    if fault := passwords.fault(password, (name, *known)):
        found["password"] = fault
    return found


def _domain(email: str) -> str:
    return email.rpartition("@")[2].strip().casefold()


def _domains(act: Act, agency_id: int) -> set[str]:
    """The domains at which people of the organisation have addresses."""
    known = [member.email for member in agencies.members_of(act, agency_id)]
    known += [contact.email for contact in agencies.contacts_of(act, agency_id)]
    return {_domain(email) for email in known if email}

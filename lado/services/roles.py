"""Giving somebody of the council a role: one administrator asks, a second person agrees, nobody does for themselves.

Until then nothing has changed: somebody new has no account, and somebody who is here keeps what they have.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, RoleRequest
from lado.queries import people
from lado.queries.people import ASKED, Request
from lado.security.identity import SYSTEM, Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import accounts, invitations, notices, open_sessions, restricting
from lado.services.accounts import NewAccount, directory_key, person_of
from lado.services.grants import end_of
from lado.services.standing_accounts import UNUSED, problem_with_end

AGREED, REFUSED, WITHDRAWN = "agreed", "refused", "withdrawn"

GIVEN = frozenset(set(Role) - {Role.PARTNER, Role.SYSTEM})
"""The roles of the council's own people. Partners are invited by the officers who work with them."""

AGREEING = (Role.ADMINISTRATOR, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
"""Who hears that a role waits: those who may agree."""

TWICE = "A role for this person waits for a second person already."
SUBJECT = "A role waits for a second person"
BODY = "An administrator asks for a role for somebody. A second person agrees or not: see People, Roles that wait."

BY_OPERATOR = "Whoever runs the machine added an account and gave it a role, without a second person. See People."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role for somebody, and why. `ends_on` is the last day of the account."""

    role: Role
    why: str
    ends_on: date | None = None
    is_temporary: bool = False


@dataclass(frozen=True, slots=True)
class NewColleague:
    """Somebody who has no account yet."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose people it is about, for the policy."""

    authority_id: int


def ask_for_new(act: Act, person: NewColleague, wanted: Wanted) -> int:
    """Ask that somebody new be invited with a role. Returns the request.

    Raises BadInput by field (name, email, role, ends_on, why), NotAllowed.
    """
    authority = act.who.authority or 0
    ensure(act.who, Permission.ACCOUNT_MANAGE, _Of(authority))
    problems = accounts.problems_with_person(person.name, person.email)
    if "email" not in problems and accounts.of_email(act, person.email) is not None:
        problems["email"] = "There is an account with this address already."
    return _ask(act, authority, None, act.vault.token("email", person.email), person, wanted, problems)


def ask_for(act: Act, account_id: int, wanted: Wanted) -> int:
    """Ask that somebody be given another role, or that a shut account be opened again with one. Returns the request.

    Raises BadInput by field (role, ends_on, why), Refused for oneself, NotAllowed, NotFound.
    """
    account = held(act, account_id)
    ensure(act.who, Permission.ACCOUNT_MANAGE, account)
    if account.id == act.who.id:
        raise Refused("Nobody asks for a role for themselves. Ask another administrator.")
    opened = person_of(act.vault, directory_key(act, account.authority_id), account)
    person = NewColleague(opened["name"], opened["email"], opened.get("phone", ""))
    problems = {}
    if wanted.role.value == account.role and account.disabled_at is None:
        problems["role"] = "They have this role already."
    return _ask(act, account.authority_id, account.id, account.email_token, person, wanted, problems)


def agree(act: Act, request_id: int) -> int:
    """Agree to a role that another person asked for, for somebody else: from now on they have it. Returns the account.

    Raises BadInput by field where something stands in its way by now, Refused, NotAllowed, NotFound.
    """
    row, request = _decided(act, request_id, AGREED)
    last_day = date.fromisoformat(request.ends_on) if request.ends_on else None
    if problem := problem_with_end(act, request.role, last_day, is_temporary=request.is_temporary):
        raise BadInput({"ends_on": problem})
    if row.account_id is not None:
        account = _changed(act, held(act, row.account_id), request, last_day)
    else:
        account = _invited(act, request, last_day)
    act.session.flush()
    return account.id


def refuse(act: Act, request_id: int) -> None:
    """Say no to a role that another person asked for. Raises Refused, NotAllowed, NotFound."""
    _decided(act, request_id, REFUSED)


def withdraw(act: Act, request_id: int) -> None:
    """Take back what one asked for, or any administrator of the council does. Raises Refused, NotAllowed, NotFound."""
    row = _held_request(act, request_id)
    ensure(act.who, Permission.ACCOUNT_MANAGE, row)
    _close(act, row, WITHDRAWN)


def shut(act: Act, account_id: int) -> None:
    """Shut an account at once: the person is out at their next request on every node, and their cases go to cover.

    One administrator may, for it takes something away. Raises Refused, NotAllowed, NotFound.
    """
    account = held(act, account_id)
    accounts.disable(act, account)
    open_sessions.end_of(act, account)
    invitations.withdraw(act, account)
    act.session.flush()


def held(act: Act, account_id: int) -> Account:
    """An account of the council's own people, held until the act ends. Raises NotFound."""
    query = select(Account).where(Account.id == account_id, Account.agency_id.is_(None))
    account = act.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise NotFound("no such account")
    return account


def _ask(
    act: Act,
    authority: int,
    account_id: int | None,
    token: bytes,
    person: NewColleague,
    wanted: Wanted,
    problems: dict[str, str],
) -> int:
    problems |= _problems(act, wanted)
    if problems:
        raise BadInput(problems)
    waits = select(RoleRequest.id).where(RoleRequest.email_token == token, RoleRequest.stage == ASKED)
    if act.session.scalar(waits) is not None:
        raise Refused(TWICE)
    row = RoleRequest(
        authority_id=authority,
        account_id=account_id,
        email_token=token,
        role=wanted.role.value,
        sealed=b"",
        stage=ASKED,
        asked_at=act.at,
        asked_by_id=act.who.id,
        decided_at=None,
        decided_by_id=None,
    )
    last_day = wanted.ends_on.isoformat() if wanted.ends_on else ""
    row.sealed = act.vault.seal(
        directory_key(act, authority),
        people.place_of(row),
        {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "why": wanted.why.strip(),
            "ends_on": last_day,
            "is_temporary": wanted.is_temporary,
        },
    )
    act.session.add(row)
    act.session.flush()
    _tell(act, row)
    return row.id


def _problems(act: Act, wanted: Wanted) -> dict[str, str]:
    found = {}
    if wanted.role not in GIVEN:
        found["role"] = "Choose a role of the council’s own people."
    if problem := problem_with_end(act, wanted.role, wanted.ends_on, is_temporary=wanted.is_temporary):
        found["ends_on"] = problem
    if not wanted.why.strip():
        found["why"] = "Say why they need it."
    return found


def tell_of_operator(act: Act, authority_id: int) -> int:
    """Tell those who agree to roles that the operator gave one alone; returns how many were told, 0 where none are.

    Nobody is told while a council has not two people who could have done it on the pages.
    """
    ensure(act.who, Permission.ROLE_GRANT)
    told = _agreeing(act, authority_id)
    asks = select(Account.id).where(
        Account.authority_id == authority_id,
        Account.role == Role.ADMINISTRATOR.value,
        Account.disabled_at.is_(None),
    )
    if len(told) < 2 or act.session.scalar(asks.limit(1)) is None:
        return 0
    for person in told:
        notices.queue(act, person, None, "An account was added by the operator", BY_OPERATOR)
    return len(told)


def _agreeing(act: Act, authority_id: int, *but: int | None) -> list[int]:
    query = select(Account.id).where(
        Account.authority_id == authority_id,
        Account.role.in_([role.value for role in AGREEING]),
        Account.disabled_at.is_(None),
        Account.id.not_in([one for one in but if one is not None]),
    )
    return list(act.session.scalars(query.order_by(Account.id)))


def _tell(act: Act, row: RoleRequest) -> None:
    """Tell everybody who may agree, but those whom it is about."""
    for person in _agreeing(act, row.authority_id, row.asked_by_id, row.account_id):
        notices.queue(act, person, None, SUBJECT, BODY, key=f"role.{row.id}.{person}")


def _held_request(act: Act, request_id: int) -> RoleRequest:
    row = act.session.get(RoleRequest, request_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("no such request")
    return row


def _decided(act: Act, request_id: int, stage: str) -> tuple[RoleRequest, Request]:
    row = _held_request(act, request_id)
    ensure(act.who, Permission.ROLE_AGREE, row)
    request = people.find_request(act, request_id)
    _close(act, row, stage)
    if request is None:
        raise NotFound("no such request")
    return row, request


def _close(act: Act, row: RoleRequest, stage: str) -> None:
    if row.stage != ASKED:
        raise Refused("Somebody has decided about this already.")
    row.stage, row.decided_at, row.decided_by_id = stage, act.at, act.who.id
    act.session.flush()


def _changed(act: Act, account: Account, request: Request, last_day: date | None) -> Account:
    """Give somebody who has an account the role; whoever was signed in with the old one signs in anew."""
    account.role = request.role.value
    account.ends_at, account.is_temporary = end_of(last_day), request.is_temporary
    if account.disabled_at is not None:
        account.disabled_at, account.suspends_at = None, act.at + UNUSED
    open_sessions.end_others(act, account.id, because=open_sessions.ROLE_CHANGED)
    restricting.bring_all_into_line(act, account.authority_id)  # an auditor is kept from no list, and an officer is
    return account


def _invited(act: Act, request: Request, last_day: date | None) -> Account:
    """Make the account that two people asked for, and send its person a link."""
    by_two = Act(SYSTEM, act.at, act.session, act.vault)
    new = NewAccount(
        request.email,
        request.name,
        request.role,
        request.authority_id,
        request.phone,
        ends_on=last_day,
        is_temporary=request.is_temporary,
    )
    account = accounts.add(by_two, new, secrets.token_urlsafe(32))
    invitations.send_link(by_two, account)
    return account

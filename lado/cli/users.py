"""`flask users`: add people who sign in, and shut their accounts."""

import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import click
from sqlalchemy import select

from lado.act import Act
from lado.cli.commands import Commands, installed, open_database, report
from lado.errors import NotFound
from lado.models import Account, Agency, Authority
from lado.queries import accounts as queries
from lado.security.identity import LABELS, SYSTEM, Role
from lado.services import account_links, accounts, installation, roles

users = Commands("users", help="Add people who sign in, and shut their accounts.")

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
ALSO_CALLED: Mapping[str, Role] = {
    "referrer": Role.PARTNER,
    "lado": Role.DESIGNATED_OFFICER,
    "officer": Role.DESIGNATED_OFFICER,
    "cover": Role.COVER_OFFICER,
    "manager": Role.SERVICE_MANAGER,
    "head": Role.HEAD_OF_SERVICE,
    "edt": Role.EDT_WORKER,
    "support": Role.BUSINESS_SUPPORT,
    "admin": Role.ADMINISTRATOR,
}
"""What councils also call a role."""

PASSWORD_BYTES = 15


class RoleName(click.ParamType[Role]):
    """A role by its key, its label, or what councils also call it."""

    name = "role"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Role:
        """Find the role."""
        key = re.sub(r"[\s-]+", "_", value.strip().lower())
        labels = {label.lower(): role for role, label in LABELS.items()}
        found = ALSO_CALLED.get(key) or labels.get(value.strip().lower()) or next((r for r in ROLES if r == key), None)
        if found not in ROLES:
            self.fail(f"{value!r} is not a role. Use one of: {', '.join(ROLES)}.")
        return found


@dataclass(frozen=True, slots=True)
class Named:
    """The agency of a partner as the command names it; no name takes the part of the address after the @."""

    name: str | None
    kind: str


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=RoleName(), required=True, help=f"One of {', '.join(ROLES)}.")
@click.option("--authority", required=True, help="The council they belong to, by its short or full name.")
@click.option("--agency", help="The school, police force or other body of a partner.")
@click.option("--agency-kind", default="other", show_default=True, help="What kind of body that is.")
@click.option("--deputy", help="The address of whoever stands in when no cover is named.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the account; cover officers have one."
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--password", envvar="LADO_NEW_PASSWORD", hidden=True)
def add_command(
    email: str,
    name: str,
    role: Role,
    authority: str,
    agency: str | None,
    agency_kind: str,
    deputy: str | None,
    until: datetime | None,
    password_stdin: bool,
    password: str | None,
) -> None:
    """Add the person who signs in as EMAIL.

    The password is read from standard input or LADO_NEW_PASSWORD; else one is made and shown this once. The link
    that is shown sets up their second step; it works for a quarter of an hour (`flask users let-in` makes another one).
    The first person of a new installation brings their council with them.

    On the pages a role is given by two people. This command is for the first administrators, who have no second person
    yet; where there is one, everybody who could have agreed is told that it was used.
    """
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else password
    chosen = given or secrets.token_urlsafe(PASSWORD_BYTES)
    body = Named(agency, agency_kind)
    with open_database().work(SYSTEM) as act:
        installation.begin_if_new(act)
        council = _council(act, authority)
        new = accounts.NewAccount(
            email=email,
            name=name,
            role=role,
            authority=council.id,
            agency=_agency(act, council.id, email, body) if role is Role.PARTNER or agency else None,
            deputy=_account(act, deputy).id if deputy else None,
            ends_on=until.date() if until else None,
        )
        account = accounts.add(act, new, chosen)
        _say_so(act, council.id, role)
        found = {"email": email, "name": name, "role": role.value, "authority": council.key}
        found["link"] = _link(act, account)
    report(found if given else {**found, "password": chosen})


def _say_so(act: Act, authority_id: int, role: Role) -> None:
    """Where two people could have given the role on the pages, say that the operator alone did."""
    if role is Role.PARTNER:
        return
    if told := roles.tell_of_operator(act, authority_id):
        click.echo(f"Roles are given by two people on the page People. {told} of them hear of this.", err=True)


@users.command("let-in")
@click.argument("email")
def let_in_command(email: str) -> None:
    """Make the link by which the person who signs in as EMAIL sets up their second step, with their password.

    It works once, for a quarter of an hour, and only for somebody who has no second step yet. Hand it to them yourself.
    """
    with open_database().work(SYSTEM) as act:
        link = _link(act, _account(act, email))
    report({"email": email, "link": link})


def _link(act: Act, account: Account) -> str:
    """Where somebody sets up their second step."""
    return f"{installed().settings.public_url}{account_links.let_in(act, account)}"


@users.command("disable")
@click.argument("email")
def disable_command(email: str) -> None:
    """Shut the account that signs in as EMAIL, from the next request on."""
    with open_database().work(SYSTEM) as act:
        accounts.disable(act, _account(act, email))
        found = {"email": email, "disabled_at": act.at.isoformat()}
    report(found)


@users.command("serves")
@click.argument("email")
@click.argument("authority")
@click.option("--no-longer", is_flag=True, help="They stop serving it.")
def serves_command(email: str, authority: str, no_longer: bool) -> None:
    """Let the emergency duty worker who signs in as EMAIL serve AUTHORITY besides their own council, or no longer."""
    with open_database().work(SYSTEM) as act:
        council = _known(list(act.session.scalars(select(Authority).order_by(Authority.key))), authority)
        if council is None:
            raise NotFound(f"There is no council called {authority}.")
        account = _account(act, email)
        accounts.serve(act, account, council.id, is_served=not no_longer)
        served = queries.served_by(act.session, account.id)
        keys = act.session.scalars(select(Authority.key).where(Authority.id.in_(served)).order_by(Authority.key)).all()
    report({"email": email, "serves_besides_their_own": list(keys)})


def _known(councils: list[Authority], named: str) -> Authority | None:
    """The council of this short or full name, or None."""
    wanted = named.strip().lower()
    return next((council for council in councils if wanted in (council.key, council.name.lower())), None)


def _account(act: Act, email: str) -> Account:
    found = accounts.of_email(act, email)
    if found is None:
        raise NotFound(f"There is no account with the address {email}.")
    return found


def _council(act: Act, named: str) -> Authority:
    """The council of this short or full name; the first of a new installation is added."""
    councils = list(act.session.scalars(select(Authority).order_by(Authority.key)))
    if (found := _known(councils, named)) is not None:
        return found
    if councils:
        known = ", ".join(council.key for council in councils)
        raise NotFound(f"There is no council called {named}. There are: {known}. Add one with: flask authority add")
    letters = re.sub(r"[^a-z]+", "-", named.lower()).strip("-")
    first = installation.NewAuthority(letters, named.strip(), letters.replace("-", "")[:2].upper())
    click.echo(f"{first.name} is the first council of this installation and was added.", err=True)
    return installation.add_authority(act, first)


def _agency(act: Act, authority_id: int, email: str, named: Named) -> int:
    name = named.name or email.rpartition("@")[2]
    query = select(Agency.id).where(Agency.authority_id == authority_id, Agency.name == name)
    found = act.session.scalar(query)
    return found if found is not None else accounts.add_agency(act, authority_id, name, named.kind).id

"""Beginning to refer without an account: an address is proved by a link before anything can be sent.

Whoever asks is answered alike, whether the address has an account or not; who owns the mailbox is told which.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from re import fullmatch

from sqlalchemy import delete, func, select

from lado.act import Act
from lado.domain.online import ON_LINE, YOU
from lado.domain.self_check import Check
from lado.errors import BadInput, Refused
from lado.models import Account, Agency, Invitation, OnlineBeginning
from lado.security.identity import Identity, Role
from lado.services import accounts, invitations, notices, online_drafts
from lado.services.accounts import HASHER
from lado.services.invitations import NewPerson
from lado.services.sessions import has_ended

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST_OF_ONE, MOST_OF_ALL = 3, 60
"""Messages to one address in an hour, and to all addresses together (defaults of this product): a form that anybody may
send must not fill a mailbox, nor the mail server's good name."""

TOO_MANY = "Many people are beginning to refer just now. Ring us instead, or try again in an hour."
KNOWN_ALREADY = "You have an account here already"
GO_ON = "Somebody, perhaps you, began to refer with this address. You have an account: sign in here and go on."


@dataclass(frozen=True, slots=True)
class NewBeginning:
    """Who begins, in their own words, and what they answered to the four questions. `authority` is whom they tell."""

    authority: int
    name: str
    email: str
    organisation: str
    source: str
    role: str
    phone: str
    check: Check


def begin(act: Act, new: NewBeginning) -> None:
    """Send a link to the address. Asked in the name of the system, for nobody has signed in.

    Raises BadInput by field, and Refused when too many people began within the hour. Of one address no more is sent
    than MOST_OF_ONE in an hour, and nothing is said of that.
    """
    if problems := _problems(new):
        raise BadInput(problems)
    token = act.vault.token("email", new.email)
    act.session.execute(delete(OnlineBeginning).where(OnlineBeginning.asked_at <= act.at - A_DAY))
    if _asked(act) >= MOST_OF_ALL:
        raise Refused(TOO_MANY)
    is_often = _asked(act, token) >= MOST_OF_ONE
    act.session.add(OnlineBeginning(token=token, asked_at=act.at))
    known = accounts.of_email(act, new.email)
    if known is None and not is_often:
        _invite(act, new)
        return
    HASHER.hash(new.email)  # so that the answer takes as long as where an account is made
    if known is not None and not is_often and not has_ended(act, known):
        _remind(act, known)


def _invite(act: Act, new: NewBeginning) -> None:
    """Make an account that opens by the link alone, with what was said so far waiting in it."""
    person = NewPerson(_agency(act, new.authority), new.name, new.email, new.phone, is_checked=True)
    account = invitations.invite(act, person)
    theirs = replace(act, who=Identity(account.id, Role.PARTNER, account.authority_id, agency=account.agency_id))
    online_drafts.begin(theirs, new.check)
    said = {"source": new.source, "organisation": new.organisation, "role": new.role, "phone": new.phone}
    online_drafts.keep(theirs, YOU, {name: [value] for name, value in said.items()}, is_whole=True)


def _remind(act: Act, known: Account) -> None:
    """Tell whoever owns the address that they have an account, or send them its link once more."""
    links = select(func.count(), func.count(Invitation.accepted_at)).where(Invitation.account_id == known.id)
    made, accepted = act.session.execute(links).one()
    if made and not accepted and known.role == Role.PARTNER.value:
        invitations.send_link(act, known)
    else:
        notices.queue(
            act, known.id, None, KNOWN_ALREADY, GO_ON, key=f"{notices.REFERRING}{known.id}.{act.at:%Y%m%d%H%M}"
        )


def _agency(act: Act, authority: int) -> int:
    """The organisation that stands for none, made when the first needs it."""
    found = act.session.scalar(select(Agency.id).where(Agency.authority_id == authority, Agency.name == ON_LINE))
    return found if found is not None else accounts.add_agency(act, authority, ON_LINE, "other").id


def _asked(act: Act, token: bytes | None = None) -> int:
    query = select(func.count()).where(OnlineBeginning.asked_at > act.at - AN_HOUR)
    if token is not None:
        query = query.where(OnlineBeginning.token == token)
    return act.session.scalar(query) or 0


def _problems(new: NewBeginning) -> dict[str, str]:
    found = {}
    if not new.name.strip():
        found["name"] = "Enter your name."
    if not fullmatch(r"[^@\s,;:<>\"]{1,64}@[^@\s,;:<>\"]+\.[^@\s,;:<>\"]+", new.email):
        found["email"] = "Enter an e-mail address, for example name@school.sch.uk."
    return found

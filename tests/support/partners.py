"""Examples of what there is about the partners' side, and what reaches a partner by mail."""

import re
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from lado.db import Database
from lado.jobs import notices as post
from lado.models import AgencyContact, AgencySetting, Grant, Referral
from lado.security.identity import Identity
from lado.services import access, agencies, invitations
from lado.services.access import NewAccess
from lado.services.agencies import NewContact
from lado.services.invitations import NewPerson
from tests.support.builders import Caseload
from tests.support.mail import Pigeon
from tests.support.people import People

URL = "https://lado.council.example"
WEEK = timedelta(days=7)


def settle_partners(caseload: Caseload, people: People, referral: Referral) -> Mapping[str, int]:
    """Give Pat's school a place and a contact. The ids, by the names of addresses, of these and of Pat's access."""
    agency = people.pat.agency or 0
    with caseload.database.work(people.olive) as act:
        agencies.add_setting(act, agency, "The annexe")
        agencies.add_contact(act, agency, NewContact("Chris Chair", "Chair of governors", phone="01632 960 101"))
        return {
            "agency_id": agency,
            "partner_id": people.pat.id or 0,
            "setting_id": act.session.scalars(select(AgencySetting.id)).one(),
            "agency_contact_id": act.session.scalars(select(AgencyContact.id)).one(),
            "grant_id": act.session.scalars(select(Grant.id).where(Grant.referral_id == referral.id)).one(),
        }


def invited(database: Database, officer: Identity, person: NewPerson) -> int:
    """Let an officer invite somebody; the id of the account."""
    with database.work(officer) as act:
        return invitations.invite(act, person).id


def given_access(caseload: Caseload, referral: Referral, account_id: int, why: str = "A person concerned.") -> None:
    """Let somebody follow a referral."""
    with caseload.database.work(caseload.officer) as act:
        access.give(act, referral.id, NewAccess(account_id, why))


def asked_to(caseload: Caseload, referral: Referral, account_id: int, what: str) -> None:
    """Let a partner be asked to do something within a week."""
    answers = {"due_on": (caseload.clock.now() + WEEK).date(), "holder": "partner", "user": account_id}
    caseload.make(referral, "set_action", answers, {"action": what})


def post_to(database: Database, address: str) -> list[str]:
    """The paths of the links in the new mail to somebody, in order; whatever else waits is sent with it."""
    pigeon = Pigeon()
    post.tick(database, pigeon, URL)
    texts = [letter.text for letter in pigeon.letters if letter.to == address]
    return [found[1] for text in texts if (found := re.search(rf"{re.escape(URL)}(/\S+)", text))]

"""Examples of what there is about the partners' side: an organisation with its place, contact, person and access."""

from collections.abc import Mapping

from sqlalchemy import select

from lado.models import AgencyContact, AgencySetting, Grant, Referral
from lado.services import agencies
from lado.services.agencies import NewContact
from tests.support.builders import Caseload
from tests.support.people import People


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

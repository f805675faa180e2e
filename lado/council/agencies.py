"""What the synthetic council knows of the organisations of its partners: places, and whom one may speak to there."""

from collections.abc import Mapping
from dataclasses import replace

from lado.act import Act
from lado.council.cast import Cast
from lado.services import agencies
from lado.services.agencies import NewContact

CONTACTS: Mapping[str, tuple[NewContact, ...]] = {
    "pat": (
        NewContact(
            "Chris Candlemere",
            "Chair of governors",
            phone="01632 960 110",
            email="chris@willow-lane.example",
            safe="Ring in the evening. Leave no message with the school office: staff hear it.",
        ),
    ),
    "holly": (
        NewContact(
            "Sorrel Snowdroply",
            "Head of people",
            phone="01632 960 120 ext 4",
            email="sorrel@larkrise-trust.example",
            safe="Write to this address alone; the shared one of the trust is read by many.",
        ),
    ),
    "carys": (
        NewContact(
            "Reed Ravelstone",
            "Responsible individual",
            phone="01632 960 130",
            safe="Ring only. The manager opens the post.",
        ),
    ),
}
"""By the partner whose organisation it is."""

PLACES: Mapping[str, tuple[str, ...]] = {"holly": ("Larkrise Secondary School", "Copperfield Road Academy")}


def settle(act: Act, people: Cast) -> None:
    """Let an officer write down what is known, as far as these partners are of the council."""
    officer = people.people.get("olive")
    if officer is None:
        return
    theirs = replace(act, who=officer)
    for key, person in people.people.items():
        if person.agency is None:
            continue
        for place in PLACES.get(key, ()):
            agencies.add_setting(theirs, person.agency, place)
        for contact in CONTACTS.get(key, ()):
            agencies.add_contact(theirs, person.agency, contact)

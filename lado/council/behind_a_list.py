"""A restricted case, and a colleague who is not on its list and asks to be let in: nobody has answered yet."""

from datetime import timedelta

from lado.council.cast import Cast
from lado.db import Database
from lado.services import glass, referrals, restrictions
from lado.services.glass import Wish
from lado.services.referrals import NewReferral
from lado.services.restrictions import NewList

RANG = timedelta(minutes=40)
"""How long before the end the caller rang."""

WHY_RESTRICTED = "He is the brother of a colleague in business support, who sits with the team and takes its calls."
WHY_LET_IN = (
    "The club’s secretary rang me. He is due at the pool with children today, and neither Olive nor Carl can be "
    "reached. I need to read what was agreed, and nothing more."
)
HOURS = 4


def leave(database: Database, cast: Cast) -> None:
    """Leave both to whoever opens the demonstration, as far as these people are of the council."""
    people = cast.people
    if not {"mina", "olive", "carl", "hal"} <= people.keys():
        return
    olive, carl = (people[name].id or 0 for name in ("olive", "carl"))
    with database.work(people["mina"]) as act:
        referral = referrals.log(
            act,
            NewReferral(
                received_at=act.at - RANG,
                channel="call",
                evidence="call_note",
                source="voluntary",
                category="emotional",
                summary="Is said to have shouted at one swimmer until she would not come out of the changing room.",
                subject={"name": "Rowan Brackenby", "role": "Coach", "basis": "volunteer"},
                setting="Teal Lake Swimming Club",
                sector="sport",
                referrer={"name": "Ivy Inkpenny", "role": "Club secretary", "phone": "01632 960 160"},
                children_safe="not_known",
                children=({"name": "Merle Honeyfold"},),
                owner=olive,
            ),
        )
        restrictions.restrict(act, referral.id, NewList((olive, carl), WHY_RESTRICTED))
        reference = referral.reference
    with database.work(people["hal"]) as act:
        glass.ask(act, Wish(reference, HOURS, WHY_LET_IN))

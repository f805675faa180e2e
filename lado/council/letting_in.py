"""Who is let in to follow cases: somebody who was invited, access that was ended, and access that ends soon."""

from datetime import timedelta

from sqlalchemy import select

from lado.act import Act
from lado.council.cast import Cast
from lado.db import Database
from lado.models import Grant, Referral
from lado.services import access, invitations
from lado.services.access import NewAccess
from lado.services.invitations import NewPerson

BY_MISTAKE = "Given by mistake: a colleague of theirs leads on this one."
WHILE_AWAY = "Follows it while the head teacher is away."
LASTS = timedelta(days=2)


def leave(database: Database, cast: Cast) -> None:
    """Leave all of this to whoever opens the demonstration, as far as these people are of the council."""
    people = cast.people
    if not {"olive", "pat", "pol", "holly"} <= people.keys():
        return
    pat, pol, holly = people["pat"], people["pol"], people["holly"]
    with database.work(people["olive"]) as act:
        deputy = NewPerson(pat.agency or 0, "Wren Waxwingham", "wren@willow-lane.example", is_checked=True)
        invitations.invite(act, deputy)
        followed = _followed(act, pat.id or 0, pol.id or 0, holly.id or 0)
        for referral_id in followed[:1]:
            access.give(act, referral_id, NewAccess(holly.id or 0, WHILE_AWAY, act.today + LASTS))
        for referral_id in followed[1:2]:
            access.give(act, referral_id, NewAccess(pol.id or 0, "Leads the enquiry."))
            given = Grant.referral_id == referral_id, Grant.account_id == pol.id
            access.end(act, referral_id, act.session.scalars(select(Grant.id).where(*given)).one(), BY_MISTAKE)


def _followed(act: Act, partner: int, *others: int) -> list[int]:
    """The open cases that this partner follows and none of the others ever did, the newest first."""
    theirs = select(Grant.referral_id).where(Grant.account_id == partner)
    known = select(Grant.referral_id).where(Grant.account_id.in_(others))
    query = select(Referral.id).where(Referral.is_open, Referral.id.in_(theirs), Referral.id.not_in(known))
    return list(act.session.scalars(query.order_by(Referral.id.desc())))

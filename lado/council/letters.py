"""The letters of a synthetic council: wording of its own, a proposal that waits, and what went out about two cases."""

from sqlalchemy import select

from lado.act import Act
from lado.council.cast import Cast
from lado.db import Database
from lado.domain.letters import Kind, Text
from lado.models import Grant, Referral
from lado.queries import letters as queries
from lado.queries import portal_news
from lado.queries.grants import followers
from lado.queries.letter_wordings import Place
from lado.security.identity import Identity, Role
from lado.services import letter_words, letters
from lado.services.letter_words import NewWording
from lado.services.letters import NewLetter

SIGNED = "{officer}\nDesignated officer, {council}\n{telephone}"
OWN = Text(
    "What was concluded",
    "Dear colleague,\n\nThe referral that we received on {received} about {subject}, {workplace}, is concluded.\n\n"
    "The conclusion is: {outcome}. {meaning}\n\nPlease tell the person, and ring us before you decide what follows for "
    f"their work. We keep a note of what you decide.\n\n{SIGNED}",
)
"""How Northbrook words what it writes to employers: it asks them to ring first."""

PROPOSED = Text(
    "Where the matter stands",
    "Dear parent or carer,\n\nThis is where it stands on {today}. {happening}\n\n{publicity}\n\nYou hear from us again "
    f"by {{next_update}}. Ring us before that whenever you like.\n\n{SIGNED}",
)
TO = "The head teacher\nIn confidence"


def leave(database: Database, cast: Cast) -> None:
    """Leave all of this to whoever opens the demonstration, for each council that has two officers and a manager."""
    for council in cast.councils:
        officers = cast.of(council, Role.DESIGNATED_OFFICER)
        managers = cast.of(council, Role.SERVICE_MANAGER)
        if len(officers) > 1 and managers:
            _word(database, officers[0], managers[0])
            with database.work(officers[1]) as act:
                _propose(act, Kind("parents", "progress"), PROPOSED, "Parents ask when they may ring.")
            _write(database, cast, officers[0])


def _word(database: Database, officer: Identity, manager: Identity) -> None:
    """One kind of letter is worded by the council itself, and signed off by a second person."""
    with database.work(officer) as act:
        number = _propose(act, Kind("employer", "outcome"), OWN, "Employers decided before they had rung us.")
    with database.work(manager) as act:
        letter_words.decide(act, number, approve=True, answer="Agreed at the team meeting.")


def _propose(act: Act, kind: Kind, text: Text, why: str) -> int:
    return letter_words.propose(act, NewWording(Place(act.who.authority or 0, kind), text, why))


def _write(database: Database, cast: Cast, officer: Identity) -> None:
    """The employer of a case that has an outcome is written to, and whoever follows an open one is sent an e-mail."""
    with database.reading(officer) as act:
        here = Referral.authority_id == officer.authority
        concluded = act.session.scalars(
            select(Referral).where(here, Referral.outcome.is_not(None)).order_by(Referral.id.desc()).limit(1)
        ).one_or_none()
        followed = act.session.scalars(
            select(Referral)
            .join(Grant, Grant.referral_id == Referral.id)
            .where(here, Referral.is_open)
            .order_by(Referral.id)
            .limit(1)
        ).one_or_none()
    known = cast.by_id()
    if concluded is not None and concluded.owner_id in known:
        with database.work(known[concluded.owner_id]) as act:
            _write_to_employer(act, concluded.reference)
    if followed is not None and followed.owner_id in known:
        with database.work(known[followed.owner_id]) as act:
            for partner in sorted(portal_news.wanting(act.session, followers(act.session, followed.id, act.at))):
                letters.send(act, followed.id, Kind("referrer", "email"), partner)


def _write_to_employer(act: Act, reference: str) -> None:
    wanted = queries.find_wanted(act, reference, "employer", "outcome")
    if wanted is not None:
        text = queries.draft(act, wanted.referral, wanted.kind).text
        letters.make(act, wanted.referral.id, NewLetter(wanted.kind, TO, text))

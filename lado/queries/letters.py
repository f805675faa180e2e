"""Reading letters: what went out about a case, one of them opened, and a new one filled in from its case."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain import said
from lado.domain.codes import OUTCOME_MEANINGS, OUTCOMES
from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import NOTED, Kind, Sheet, Text, filled, publicity, whole
from lado.domain.telling import police_at_work
from lado.models import Authority, Letter, Referral
from lado.queries import accounts, letter_wordings, moves, noted, portal_words
from lado.queries.portal_words import Place
from lado.queries.proposals import LARGEST_ID
from lado.queries.referrals import find as find_case
from workflows.case import Case
from workflows.events import Opened, PersonAdded
from workflows.london import london_day
from workflows.model import NEXT_UPDATE
from workflows.updates import REFERRER

PARTS: Mapping[str, str] = {
    "referrer": "referrer",
    "employer": "employer",
    "subject": "subject",
    "parents": "family",
    "child": "child",
}
"""Under which part on the case people of an audience are named."""


class Listed(NamedTuple):
    """One letter or e-mail that went out. `wording_id`: the council's wording that it was made from, if it was."""

    number: int
    kind: Kind
    to: str
    text: Text
    made_by_id: int
    made_at: datetime
    wording_id: int | None
    account_id: int | None


@dataclass(frozen=True)
class AboutACase:
    """Something of a case, as the policy and the log of reads ask about it."""

    referral: Referral

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.referral.authority_id

    @property
    def reference(self) -> str:
        """The reference of the case."""
        return self.referral.reference


@dataclass(frozen=True)
class OfCase(AboutACase):
    """One letter of a case, opened. `is_as_recorded`: what is sealed has the digest that the case's record names."""

    letter: Listed
    is_as_recorded: bool


@dataclass(frozen=True)
class Wanted(AboutACase):
    """A kind of letter that somebody asks for, about a case that they may work on."""

    kind: Kind


class Draft(NamedTuple):
    """A letter as it could be made now: the wording that holds, filled in from the case.

    `people` are the words about those on the case to whom it may go, and `extent` how much they may be told
    (`codes.EXTENTS`), empty while nothing was agreed. `is_police`: the police are at work on the case.
    """

    to: str
    text: Text
    wording_id: int | None
    people: tuple[Mapping[str, Any], ...]
    extent: str
    is_police: bool


def of_case(act: Act, referral: Referral) -> list[Listed]:
    """What went out about a case, the newest first."""
    query = select(Letter).where(Letter.referral_id == referral.id).order_by(Letter.number.desc())
    return [_opened(act, referral, row) for row in act.session.scalars(query)]


def find(act: Act, reference: str, number: int) -> OfCase | None:
    """One letter of a case by its number, or None."""
    referral = find_case(act, reference)
    row = act.session.get(Letter, (referral.id, number)) if referral is not None and number <= LARGEST_ID else None
    if referral is None or row is None:
        return None
    digest = hashlib.sha256(row.sealed).hexdigest()
    is_as_recorded = digest == noted.digest(act, referral.id, NOTED, "letter", number)
    return OfCase(referral, _opened(act, referral, row), is_as_recorded)


def find_paper(act: Act, reference: str, number: int) -> OfCase | None:
    """One letter of a case that was made to be printed, or None: an e-mail is no such thing."""
    found = find(act, reference, number)
    return None if found is None or found.letter.kind.is_email else found


def find_wanted(act: Act, reference: str, audience: str, occasion: str) -> Wanted | None:
    """The case and the kind of letter, or None where either does not exist."""
    kind = Kind(audience, occasion)
    referral = find_case(act, reference)
    return Wanted(referral, kind) if referral is not None and kind in SHIPPED else None


def draft(act: Act, referral: Referral, kind: Kind) -> Draft:
    """The letter as it could be made now."""
    sheet = moves.sheet(act, referral, with_people=False)
    holds = letter_wordings.in_force(act, referral.authority_id)[kind]
    part = PARTS.get(kind.audience)
    people = tuple(one.words for one in sheet.entries if isinstance(one.event, PersonAdded) and one.event.role == part)
    text = filled(holds.text, _values(act, sheet, kind.audience))
    to = people[0].get("name", "") if len(people) == 1 else ""
    is_police = police_at_work(sheet.case, sheet.practice)
    return Draft(to, text, holds.wording_id, people, sheet.case.agreed.get(kind.audience, ""), is_police)


def printed(act: Act, found: OfCase) -> Sheet:
    """The letter as any file shows it."""
    council, telephone = _council(act, found.authority_id)
    letter = found.letter
    written_on = london_day(letter.made_at)
    return Sheet(council, telephone, found.reference, written_on, letter.to, letter.text)


def place_of(referral_id: int, number: int) -> str:
    """Where the sealed part of a letter is bound to."""
    return f"letter/{referral_id}/{number}"


def _opened(act: Act, referral: Referral, row: Letter) -> Listed:
    words = act.vault.open(referral.sealing_key.wrapped, place_of(referral.id, row.number), row.sealed)
    text = Text(words["heading"], words["body"])
    kind = Kind(row.audience, row.occasion)
    return Listed(row.number, kind, words["to"], text, row.made_by_id, row.made_at, row.wording_id, row.account_id)


def _values(act: Act, sheet: moves.Sheet, audience: str) -> dict[str, str]:
    """What each placeholder is replaced by; a gap where the case does not say it."""
    referral, case = sheet.referral, sheet.case
    council, telephone = _council(act, referral.authority_id)
    place = Place(referral.authority_id, referral.procedure, referral.procedure_version, case.state)
    opened = sheet.entries[0].event
    return whole(
        {
            "reference": referral.reference,
            "council": council,
            "telephone": telephone,
            "next_update": _promised(sheet, audience),
            "officer": accounts.names_of(act, {case.owner}).get(case.owner, "") if case.owner is not None else "",
            "today": said.whole_day(sheet.today),
            "received": said.whole_day(london_day(referral.corrected_received_at or referral.received_at)),
            "subject": sheet.subject,
            "workplace": sheet.setting,
            "happening": portal_words.in_force(act.session, [referral.authority_id]).words(place).happening,
            **_outcome(case),
            "publicity": publicity(opened.sector if isinstance(opened, Opened) else ""),
        }
    )


def _promised(sheet: moves.Sheet, audience: str) -> str:
    """The day that was promised, to the referrer alone; one that has passed is no promise any more."""
    update = sheet.case.running.get(NEXT_UPDATE)
    if update is None or audience != REFERRER or london_day(update.due_at) < sheet.today:
        return ""
    return said.whole_day(london_day(update.due_at))


def _outcome(case: Case) -> dict[str, str]:
    """What was concluded, and what it means; nothing while an allegation has no outcome."""
    outcomes = [one.outcome for _, one in sorted(case.allegations.items())]
    if not outcomes or "" in outcomes:
        return {}
    if len(outcomes) == 1:
        return {"outcome": OUTCOMES[outcomes[0]], "meaning": OUTCOME_MEANINGS[outcomes[0]]}
    each = [f"{OUTCOMES[outcome]} (allegation {place})" for place, outcome in enumerate(outcomes, start=1)]
    means = [f"{OUTCOMES[outcome]}: {OUTCOME_MEANINGS[outcome]}" for outcome in dict.fromkeys(outcomes)]
    return {"outcome": ", ".join(each), "meaning": " ".join(means)}


def _council(act: Act, authority_id: int) -> tuple[str, str]:
    query = select(Authority.name, Authority.phone).where(Authority.id == authority_id)
    row = act.session.execute(query).one()
    return row.name, row.phone

"""What the form of a move needs to know: the case as it stands, its words opened, and whom things can be given to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, Cover, on_cover
from lado.models import Referral
from lado.queries import accounts, conflicts, cover, grants, ledger, practices
from lado.queries.ledger import Entry
from workflows.case import NOTHING, Case
from workflows.engine import replay
from workflows.events import ActionSet, AllegationAdded, PersonAdded
from workflows.london import london_day
from workflows.practice import Practice


class Named(NamedTuple):
    """A person on the case, by number: the code of their part in it, and their name."""

    role: str
    name: str


class Given(NamedTuple):
    """An action: what has to be done, by when, and whether it is done."""

    what: str
    due_at: datetime
    is_done: bool


class Officer(NamedTuple):
    """Someone to whom a case or an action can be given, and who is there for them now."""

    id: int
    name: str
    cover: Cover
    away_until_at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """One case as the form of a move sees it, at one instant. Words are opened; nothing here changes anything.

    `officers` and `partners` (by account) are read only when asked for.
    """

    referral: Referral
    case: Case
    practice: Practice
    at: datetime
    subject: str
    setting: str
    entries: tuple[Entry, ...]
    allegations: Mapping[int, str]
    people: Mapping[int, Named]
    actions: Mapping[int, Given]
    officers: tuple[Officer, ...]
    partners: Mapping[int, str]

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.at)


def sheet(act: Act, referral: Referral, *, with_people: bool) -> Sheet:
    """Read the case for a form, with the people to whom something can be given if asked for."""
    entries = tuple(ledger.entries(act, referral))
    case = replay(entry.event for entry in entries)
    headline = act.vault.open(referral.sealing_key.wrapped, f"referral/{referral.reference}", referral.sealed)
    return Sheet(
        referral,
        case,
        practices.of_case(act.session, referral),
        act.at,
        headline["subject"],
        headline["setting"],
        entries,
        {number: words.get("summary", "") for number, words in _words(entries, AllegationAdded).items()},
        {
            number: Named(case.people[number], words.get("name", ""))
            for number, words in _words(entries, PersonAdded).items()
        },
        _actions(entries, case),
        _officers(act, referral) if with_people else (),
        _partners(act, referral.id) if with_people else NOTHING,
    )


def since(act: Act, entries: tuple[Entry, ...], seen: int) -> tuple[list[Entry], Mapping[int, str]]:
    """What people recorded after entry number `seen`, and the names of those who did."""
    later = [entry for entry in entries if entry.number > seen and entry.actor_id is not None]
    return later, accounts.names_of(act, {entry.actor_id for entry in later if entry.actor_id is not None})


def _words(entries: tuple[Entry, ...], kind: type[PersonAdded] | type[AllegationAdded]) -> dict[int, dict[str, Any]]:
    return {entry.event[0]: entry.words for entry in entries if isinstance(entry.event, kind)}


def _actions(entries: tuple[Entry, ...], case: Case) -> dict[int, Given]:
    """The actions by number. What has to be done is sealed with the first entry of the move."""
    said: dict[int, str] = {}
    what = ""
    for entry in entries:
        what = entry.words.get("action", what)
        if isinstance(entry.event, ActionSet):
            said[entry.event.number] = what
    due = {clock.key: clock.due_at for clock in (*case.ended, *case.running.values())}
    return {
        number: Given(said.get(number, ""), due[f"action:{number}"], action.is_done)
        for number, action in case.actions.items()
    }


def _officers(act: Act, referral: Referral) -> tuple[Officer, ...]:
    """Whom the case or an action can be given to: nobody who is kept from it."""
    rota = cover.rota(act.session, referral.authority_id, act.at)
    barred = conflicts.barred_from(act.session, [referral.id]).get(referral.id, NOBODY_BARRED)
    found = []
    for person in cover.officers(act, referral.authority_id):
        if person.id in barred:
            continue
        absence = rota.away(person.id, act.at)
        away_until_at = absence.until_at if absence else None
        found.append(Officer(person.id, person.name, on_cover(person.id, act.at, rota, barred), away_until_at))
    return tuple(found)


def _partners(act: Act, referral_id: int) -> dict[int, str]:
    """The partners who may follow the case now, by account, with their names."""
    return accounts.names_of(act, grants.followers(act.session, referral_id, act.at))

"""Finding what is unusual in the log of reads, week by week, telling whoever asks about it, and keeping the answer.

It goes to the service manager; what a manager looked at goes to the one above, and nobody answers for themselves.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from itertools import chain
from typing import NamedTuple

from sqlalchemy import update

from lado.act import Act
from lado.domain import unusual
from lado.domain.demand import ONE_WEEK, monday_of
from lado.domain.unusual import ANSWERS, Answer, Around, Finding, Kind, Look
from lado.errors import BadInput, Refused
from lado.models import Authority, LookedThrough, SealingKey, UnusualLook
from lado.queries import accounts, conflicts, practices
from lado.queries import unusual as reading
from lado.queries.accounts import Person
from lado.queries.unusual import Found
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import HAVE_CASELOADS, answered_by
from lado.services import notices
from lado.services.insertion import insert_new
from lado.services.subjects import own_name
from lado.vault import folded
from workflows.london import instant_on
from workflows.practice import Practice

MOST_WEEKS = 8
"""How many weeks are caught up with when nothing ran for long."""

LONGEST_NOTE = 2_000
MIDNIGHT = time.min


class Names(NamedTuple):
    """Who has the name, or the surname, of somebody in a case, as (person, case); and the digests of own names."""

    same: set[tuple[int, int]]
    surname: set[tuple[int, int]]
    digests: dict[int, set[bytes]]


def go_through(act: Act, authority_id: int) -> int:
    """Go through each whole week that was not gone through yet, in office hours; how many findings are new.

    Those whom a finding is for are told once a week that there is something, and nothing of what it is.
    """
    ensure(act.who, Permission.LOOKS_WATCH)
    practice = practices.in_force(act.session, authority_id, act.at)
    hours = practice.rules.office.open_on(act.today, practice.calendar)
    if hours is None or not hours[0] <= act.at < hours[1]:
        return 0
    this_week, last = monday_of(act.today), reading.last_week(act, authority_id)
    following = max(last + ONE_WEEK if last else this_week - ONE_WEEK, this_week - MOST_WEEKS * ONE_WEEK)
    new: list[list[int]] = []
    while following < this_week:
        new += _week(act, authority_id, following, practice)
        following += ONE_WEEK
    _tell(act, new, f"{notices.LOOKS}{authority_id}.{this_week}")
    return len(new)


def tell_of_bulk(act: Act) -> None:
    """Write down that the brake stopped this person, and tell whoever asks about it, once a day."""
    authority_id, who = act.who.authority or 0, act.who.id or 0
    mark = f"{Kind.BULK}.{unusual.bulk_mark(who, act.today)}"
    finding = Finding(Kind.BULK, who, None, act.at, act.at, 1, mark)
    told = _keep(act, authority_id, [finding])
    _tell(act, told, f"{notices.LOOKS}{mark}")


def answer(act: Act, found: Found, said: Answer, note: str) -> None:
    """Say what came of asking. Raises BadInput (note), Refused where it was answered already, and NotAllowed."""
    ensure(act.who, Permission.LOOKS_ANSWER, found)
    if len(note) > LONGEST_NOTE:
        raise BadInput({"note": f"Shorten this to {LONGEST_NOTE:,} characters or fewer."})
    row = act.session.get_one(UnusualLook, found.id, with_for_update=True, populate_existing=True)
    if row.answer is not None:
        raise Refused("This has been answered already.")
    authority = act.session.get_one(Authority, row.authority_id)
    wrapped = act.session.get_one(SealingKey, authority.key_id).wrapped
    sealed = act.vault.seal(wrapped, reading.place_of(row.mark), {"note": note.strip()}) if note.strip() else None
    values = {"answer": said.value, "answered_at": act.at, "answered_by_id": act.who.id, "sealed": sealed}
    act.session.execute(update(UnusualLook).where(UnusualLook.id == row.id).values(**values))


def answer_named(text: str) -> Answer:
    """The answer of this name. Raises BadInput (answer)."""
    if text not in ANSWERS:
        raise BadInput({"answer": "Choose what came of it."})
    return Answer(text)


def _week(act: Act, authority_id: int, week_on: date, practice: Practice) -> list[list[int]]:
    """Go through one week, once: whom each new finding is for."""
    row = {"authority_id": authority_id, "week_on": week_on, "at": act.at}
    found = _of_week(act, authority_id, week_on, practice)
    if not insert_new(act.session, LookedThrough, [{**row, "found": len(found)}], LookedThrough.authority_id):
        return []
    return _keep(act, authority_id, found)


def _of_week(act: Act, authority_id: int, week_on: date, practice: Practice) -> list[Finding]:
    from_at, until_at = (instant_on(day, MIDNIGHT) for day in (week_on, week_on + ONE_WEEK))
    looks = reading.looks(act, authority_id, from_at, until_at)
    searches = reading.searches(act, authority_id, from_at, until_at)
    cases = sorted({look.case for look in looks if look.case is not None})
    people = accounts.people_of(act, authority_id)
    names = _names(act, people, looks, cases)
    around = Around(
        week_on,
        lambda day: practice.rules.office.open_on(day, practice.calendar),
        reading.owners(act, cases),
        reading.bound(act, cases),
        reading.stood(act, authority_id, from_at, until_at),
        {one.id for one in people if one.role in HAVE_CASELOADS},
        {one.id for one in people if one.role is Role.EDT_WORKER},
        names.same,
        names.surname,
        names.digests,
    )
    return unusual.findings(looks, searches, around)


def _names(act: Act, people: list[Person], looks: list[Look], cases: list[int]) -> Names:
    words = {one.id: own_name(one.name).split() for one in people if one.role is not Role.PARTNER}
    tokens = {
        person: [act.vault.token("name", word) for word in said if len(folded(word)) >= conflicts.SHORTEST]
        for person, said in words.items()
    }
    there = reading.tokens(act, cases, {token for own in tokens.values() for token in own})
    pairs = {
        (look.person, look.case): there[look.case]
        for look in looks
        if look.case in there and tokens.get(look.person) and look.case is not None
    }
    same = {pair for pair, found in pairs.items() if len(tokens[pair[0]]) > 1 and found >= set(tokens[pair[0]])}
    surname = {pair for pair, found in pairs.items() if tokens[pair[0]][-1] in found}
    digests = {
        one.id: {act.vault.token("search", folded(name)) for name in (one.name, own_name(one.name))}
        for one in people
        if one.id in words
    }
    return Names(same, surname, digests)


def _keep(act: Act, authority_id: int, found: list[Finding]) -> list[list[int]]:
    """Write down the findings that are new; for each of them, the people whom it is for.

    One about a case goes past those who are kept from the case: that there is something to ask would tell them of it.
    """
    roles = dict(reading.own_people(act, authority_id))
    barred = conflicts.barred_from(act.session, {one.case for one in found if one.case is not None})
    told: list[list[int]] = []
    for one in found:
        kept = barred.get(one.case, ()) if one.case is not None else ()
        asked = {other: role for other, role in roles.items() if other == one.person or other not in kept}
        goes_to, whom = _goes_to(one.person, asked)
        row = {
            "authority_id": authority_id,
            "account_id": one.person,
            "kind": one.kind.value,
            "referral_id": one.case,
            "first_at": one.first_at,
            "last_at": one.last_at,
            "times": one.times,
            "goes_to": goes_to.value,
            "mark": one.mark,
            "found_at": act.at,
        }
        if insert_new(act.session, UnusualLook, [row], UnusualLook.id):
            told.append(whom)
    return told


def _goes_to(person: int, roles: Mapping[int, Role]) -> tuple[Role, list[int]]:
    """The role that answers for a person's looks, and who has it: the first of those that somebody else has."""
    order = answered_by(roles.get(person, Role.PARTNER))
    for role in order:
        if whom := [other for other, theirs in roles.items() if theirs is role and other != person]:
            return role, whom
    return order[0], []


def _tell(act: Act, told: list[list[int]], key: str) -> None:
    for person, number in Counter(chain.from_iterable(told)).items():
        stands = "1 thing stands" if number == 1 else f"{number} things stand"
        body = (
            f"{stands} in the log of who looked at what that you may want to ask about. Most looks have a work reason; "
            "what each is, and how to answer it, is said under Who looked."
        )
        notices.queue(act, person, None, "Who looked: something to ask about", body, key=f"{key}.{person}")

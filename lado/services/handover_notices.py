"""What is said when cases are handed over, or nobody accepted one: references and a link, never more."""

from collections.abc import Iterable, Mapping, Sequence

from lado.act import Act
from lado.models import HandOver, Referral
from lado.services import notices

MOST_NAMED = 20
"""References in one message; the page behind the link has all of them."""

KEY = notices.ABOUT_A_HAND_OVER

Handed = tuple[Referral, HandOver]


def offered(act: Act, new: Sequence[Handed]) -> int:
    """Tell each person once of all the cases that were just offered to them; returns how many were told.

    That nobody is there at all is raised as every gap in the cover is. Where somebody was there and said why not, and
    nobody is left, the notice stands as failed, so that every page says so.
    """
    told = 0
    for person, cases in _by_person((hand_over.to_id, (referral, hand_over)) for referral, hand_over in new).items():
        subject = "A case is handed over to you" if len(cases) == 1 else "Cases are handed over to you"
        body = f"You are there for a colleague who is away. Please accept, or say why not:\n{_named(cases)}"
        told += _queue(act, person, subject, body, f"{KEY}{_first(cases)}.offered")
    for referral, hand_over in new:
        if hand_over.to_id is None and hand_over.number > 1:
            told += _to_nobody(act, referral, hand_over)
    return told


def not_accepted(act: Act, rung: str, found: Mapping[int, Sequence[Handed]]) -> int:
    """Tell each person once of all the cases that nobody had accepted in time; returns how many were told."""
    told = 0
    for person, cases in found.items():
        body = "Nobody has accepted what was handed over yet. Please accept, or see to it that somebody does:\n"
        key = f"{KEY}{_first(cases)}.{rung}.{person}"
        told += _queue(act, person, "A hand-over is not accepted yet", body + _named(cases), key)
    return told


def _queue(act: Act, person: int, subject: str, body: str, key: str) -> int:
    return int(notices.queue(act, person, None, subject, body, key=key))


def _to_nobody(act: Act, referral: Referral, hand_over: HandOver) -> int:
    body = f"{referral.reference} was handed over, and nobody who could take it is there."
    key, failure = f"{KEY}{hand_over.id}.nobody", "nobody was there to be told"
    return int(notices.queue(act, hand_over.from_id, referral, "Nobody is on cover", body, key=key, failure=failure))


def _by_person(found: Iterable[tuple[int | None, Handed]]) -> dict[int, list[Handed]]:
    by_person: dict[int, list[Handed]] = {}
    for person, handed in found:
        if person is not None:
            by_person.setdefault(person, []).append(handed)
    return by_person


def _first(cases: Sequence[Handed]) -> int:
    return min(hand_over.id for _, hand_over in cases)


def _named(cases: Sequence[Handed]) -> str:
    named = "\n".join(f"- {referral.reference}" for referral, _ in cases[:MOST_NAMED])
    more = len(cases) - MOST_NAMED
    return f"{named}\n- and {more} more" if more > 0 else named

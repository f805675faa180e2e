"""Entries of a feed as iCalendar (RFC 5545): instants in UTC, initials for names, what is gone as cancelled."""

from collections.abc import Mapping
from datetime import timedelta

from icalendar import Calendar, Event

from lado.domain import feed
from lado.domain.presence import AWAY, COVERS, DUTY, UNCOVERED
from lado.domain.rota import PRIMARY
from lado.queries.feeds import OWN, Kept
from lado.web.cover.board import initials_of

MAKER = "-//LADO//Rota//EN"
READ_AGAIN = timedelta(hours=1)


def text_of(name: str, scope: str, kept: Mapping[str, Kept], names: Mapping[int, str]) -> bytes:
    """The whole feed as it is sent."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    for one in kept.values():
        calendar.add_component(_event(one, scope, names))
    return bytes(calendar.to_ical())


def _event(one: Kept, scope: str, names: Mapping[int, str]) -> Event:
    event = Event()
    sent = one.sent
    event.add("uid", one.uid)
    event.add("dtstamp", sent.changed_at)
    event.add("last-modified", sent.changed_at)
    event.add("sequence", sent.sequence)
    event.add("dtstart", sent.from_at)
    event.add("dtend", sent.until_at)
    event.add("summary", summary(sent.key, scope, names))
    event.add("status", "CANCELLED" if sent.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def summary(key: str, scope: str, names: Mapping[int, str]) -> str:
    """What an entry says: On duty; Covering for OO. In the team's calendar whose it is comes first.

    Why somebody is away is not said: a telephone shows it to whoever looks over a shoulder.
    """
    said = feed.said(key)
    who = initials_of(names.get(said.person, "?"))
    words = {
        AWAY: "Away",
        COVERS: f"Covering for {initials_of(names.get(said.other or 0, '?'))}",
        UNCOVERED: "Nobody covers",
    }
    for rank, what in DUTY.items():
        words[what] = "On duty" if rank == PRIMARY else "Second on duty"
    return words[said.what] if scope == OWN else f"{who}: {words[said.what]}"

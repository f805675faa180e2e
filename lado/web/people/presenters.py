"""Accounts, roles that wait and sessions in the words of a page."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import url_for
from markupsafe import Markup

from lado.clock import london_day
from lado.domain.devices import words_of
from lado.queries.logins import OpenSession
from lado.queries.people import Entry, Request
from lado.web.components import Fact
from lado.web.templating import day, moment

LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
MORE = Markup('<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>')

SHUT, ENDED, SUSPENDED, OPEN = "Shut", "Ended", "Suspended: nobody signed in for 45 days", "Can sign in"


def standing(one: Entry, at: datetime) -> str:
    """How an account stands."""
    if one.disabled_at is not None:
        return SHUT
    if one.ends_at is not None and one.ends_at <= at:
        return ENDED
    return SUSPENDED if is_suspended(one, at) else OPEN


def is_suspended(one: Entry, at: datetime) -> bool:
    """Whether the account is suspended because nobody used it."""
    return one.suspends_at is not None and one.suspends_at <= at


def last_day(one: Entry) -> date | None:
    """The last day of the account in London, where it has one."""
    return None if one.ends_at is None else london_day(one.ends_at - timedelta(seconds=1))


def used(one: Entry) -> str:
    """When somebody last signed in."""
    return "Never" if one.used_at is None else day(london_day(one.used_at))


def rows(found: Iterable[Entry], at: datetime) -> list[tuple[str, ...]]:
    """Accounts as rows of the list."""
    return [
        (
            LINK.format(url_for("people.show", person_id=one.id), one.name),
            one.role.label,
            standing(one, at),
            _until(one),
            used(one),
        )
        for one in found
    ]


def ending_rows(found: Iterable[Entry], at: datetime, *, may_keep: bool) -> list[tuple[str, ...]]:
    """What ends or is unused, as rows; whoever keeps accounts goes on from there."""
    return [
        (
            LINK.format(url_for("people.show", person_id=one.id), one.name) if may_keep else one.name,
            one.role.label,
            standing(one, at),
            _until(one),
            used(one),
            _suspends(one, at),
        )
        for one in found
    ]


def facts(one: Entry, at: datetime) -> list[Fact]:
    """One account."""
    keeps = one.disabled_at is None
    return [
        Fact("E-mail address", one.email),
        Fact("Telephone", one.phone or "Not known"),
        Fact("Role", one.role.label, url_for("people.role", person_id=one.id), "Ask for another"),
        Fact("Account", standing(one, at)),
        Fact("Last day", _until(one), url_for("people.until", person_id=one.id) if keeps else "", "Change"),
        Fact("Here for a time", "Yes" if one.is_temporary else "No"),
        Fact("Last signed in", used(one)),
        Fact("Suspended if unused", _suspends(one, at)),
    ]


def waiting_rows(found: Iterable[Request], who: int | None, *, may_keep: bool) -> list[tuple[str, ...]]:
    """Roles that wait, each with what this person may do about it."""
    return [
        (one.name, one.role.label, f"{one.asked_by}, {day(london_day(one.asked_at))}", _to_do(one, who, may_keep))
        for one in found
    ]


def request_facts(one: Request) -> list[Fact]:
    """One role that waits."""
    return [
        Fact("Name", one.name),
        Fact("E-mail address", one.email),
        Fact("Role", one.role.label),
        Fact("Account", "They have one" if one.account_id else "A new one; a link goes to their address"),
        Fact("Last day", day(date.fromisoformat(one.ends_on)) if one.ends_on else "None"),
        Fact("Here for a time", "Yes" if one.is_temporary else "No"),
        Fact("Why", one.why),
        Fact("Asked by", f"{one.asked_by}, {moment(one.asked_at)}"),
    ]


def session_words(one: OpenSession) -> str:
    """Where and since when somebody is signed in."""
    return f"{words_of(one.device)}, since {moment(one.created_at)}, last used {moment(one.seen_at)}"


def _to_do(one: Request, who: int | None, may_keep: bool) -> str:
    if who not in (one.asked_by_id, one.account_id):
        return MORE.format(url_for("people_waiting.decide", role_request_id=one.id), "Decide", f"about {one.name}")
    if may_keep:
        return MORE.format(url_for("people_waiting.withdraw", role_request_id=one.id), "Take back", one.name)
    return "Another person decides"


def _until(one: Entry) -> str:
    last = last_day(one)
    return "None" if last is None else day(last)


def _suspends(one: Entry, at: datetime) -> str:
    if one.suspends_at is None:
        return "Never: a demonstration"
    words = day(london_day(one.suspends_at))
    return f"Since {words}" if is_suspended(one, at) else f"On {words}"

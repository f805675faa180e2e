"""Organisations, their places, contacts and people, in plain values."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup

from lado.domain.agencies import ACTIVE, INVITED, KINDS, SHUT, STANDINGS
from lado.queries.agencies import Contact, Member, Setting
from lado.queries.agencies import Row as Listed
from lado.web.components import Fact
from lado.web.templating import day
from workflows.london import london_day

Row = tuple[Any, ...]

LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
MORE = Markup('<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>')
LINES = Markup("<br>")


def agency_rows(found: Iterable[Listed]) -> list[Row]:
    """The organisations: the way to each, its kind, and how many of its people can sign in."""
    return [
        (LINK.format(url_for("agencies.show", agency_id=one.id), one.name), kind(one.kind), str(one.people))
        for one in found
    ]


def setting_rows(found: Iterable[Setting]) -> list[Row]:
    """The places, each with the way to take it off the list."""
    return [
        (one.name, MORE.format(url_for("agencies.end_setting", setting_id=one.id), "Take off the list", one.name))
        for one in found
    ]


def contact_rows(found: Iterable[Contact]) -> list[Row]:
    """The named contacts: who, where, how they are reached, and what to know before."""
    return [(_who(one), _reached(one), one.safe or "Nothing is noted", _change(one)) for one in found]


def member_rows(found: Iterable[Member]) -> list[Row]:
    """Those who sign in: who, how they stand, how many referrals they follow."""
    return [
        (
            LINK.format(url_for("agency_people.show", partner_id=one.id), one.name),
            standing(one),
            follows(one.follows),
        )
        for one in found
    ]


def member_facts(one: Member) -> list[Fact]:
    """What there is to know of one of them, with what can be changed."""
    facts = [
        Fact("Organisation", one.agency, _if_stands(one, "agency_people.move"), "Change"),
        Fact("E-mail address", one.email),
        Fact("Telephone", one.phone or "Not known"),
        Fact("Account", standing(one), _if_stands(one, "agency_people.until"), "Change the last day"),
        Fact("Follows", follows(one.follows)),
    ]
    if one.invited_until_at is not None and stands(one):
        facts.append(Fact("Their link", f"Works until {day(one.invited_until_at)}, once"))
    return facts


def stands(one: Member) -> bool:
    """Whether the account has neither been shut nor ended."""
    return one.standing in (ACTIVE, INVITED)


def standing(one: Member) -> str:
    """How somebody stands, with the last day of their account where there is one."""
    words = STANDINGS[one.standing]
    last = last_day(one)
    return words if last is None else f"{words}; last day {day(last)}"


def last_day(one: Member) -> date | None:
    """The last day of the account in London, where it has one."""
    return None if one.ends_at is None else london_day(one.ends_at - timedelta(seconds=1))


def follows(number: int) -> str:
    """Follows 1 referral, 3 referrals, or none."""
    return "1 referral" if number == 1 else f"{number or 'No'} referrals"


def kind(code: str) -> str:
    """The kind of an organisation in words; one that was entered on the command line stands as it was typed."""
    return KINDS.get(code, code.replace("_", " ").capitalize())


def _who(one: Contact) -> Markup:
    return LINES.join([part for part in (one.name, one.part, one.setting) if part])


def _reached(one: Contact) -> Markup:
    return LINES.join([part for part in (one.phone, one.email) if part]) or Markup("Not known")


def _change(one: Contact) -> Markup:
    return LINES.join(
        [
            MORE.format(url_for("agencies.contact", agency_contact_id=one.id), "Change", one.name),
            MORE.format(url_for("agencies.end_contact", agency_contact_id=one.id), "Take off the list", one.name),
        ]
    )


def _if_stands(one: Member, endpoint: str) -> str:
    return "" if one.standing == SHUT else url_for(endpoint, partner_id=one.id)

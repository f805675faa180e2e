"""Setting a database up: its authorities, their rules and the bank holidays that clocks are counted with."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Authority, HolidayList, Installation, Referral, RuleSet
from lado.queries.practices import NEWEST_HOLIDAYS
from lado.services import changes, sealing
from workflows.calendar import Calendar
from workflows.rules import NATIONAL, Rules, faults

COLOUR = "#0b5c62"
"""What a council's pages look like until it says otherwise: a teal that white text can be read on."""


@dataclass(frozen=True, slots=True)
class NewAuthority:
    """A council: `key` is its short name in commands, `prefix` begins its references."""

    key: str
    name: str
    prefix: str
    colour: str = COLOUR
    phone: str = ""


def begin(act: Act, *, is_demonstration: bool) -> None:
    """Mark what this database is for. Raises Refused when it already says something else or holds cases."""
    found = act.session.get(Installation, 1)
    if found is not None and found.is_demonstration != is_demonstration:
        raise Refused("This database is already in use for something else. Name an empty one in DATABASE_URL.")
    if is_demonstration and act.session.scalar(select(Referral.id).limit(1)) is not None:
        raise Refused("This database already holds referrals. Name an empty one in DATABASE_URL.")
    if found is None:
        act.session.add(
            Installation(id=1, is_demonstration=is_demonstration, keys=act.vault.fingerprint, created_at=act.at)
        )


def begin_if_new(act: Act) -> None:
    """Mark a database that nothing has been said about yet as a council's own; leave any other as it is."""
    if act.session.get(Installation, 1) is None:
        begin(act, is_demonstration=False)


def refuse_demonstration_in_production(act: Act, *, production: bool) -> None:
    """Raise Refused when a production setting meets a demonstration database: its passwords are known to everybody."""
    found = act.session.get(Installation, 1)
    if production and found is not None and found.is_demonstration:
        raise Refused(
            "This database is a demonstration, whose passwords everybody knows, and LADO_PRODUCTION is set. "
            "Name the council's own database in DATABASE_URL."
        )


def ensure_keys(act: Act) -> None:
    """Raise Refused when the keys at hand are not those that this database was sealed with."""
    sealing.ensure_keys(act)


def add_authority(act: Act, new: NewAuthority, rules: Rules = NATIONAL) -> Authority:
    """Add a council with its rules in force from now on. Raises BadInput when a value cannot be."""
    if problems := _problems(act, new):
        raise BadInput(problems)
    authority = Authority(
        key=new.key,
        name=new.name,
        colour=new.colour,
        phone=new.phone,
        prefix=new.prefix,
        sealing_key=sealing.new_key(act),
    )
    act.session.add(authority)
    act.session.flush()
    publish_rules(act, authority.id, rules)
    return authority


def publish_rules(act: Act, authority_id: int, rules: Rules, why: str = "") -> int:
    """Put rules in force from this instant; returns their number. Raises Refused with every fault in words."""
    wrong = faults(rules)
    if wrong:
        raise Refused(" ".join(wrong))
    published = RuleSet(
        authority_id=authority_id,
        version=rules.version,
        body=rules.to_json(),
        effective_from_at=act.at,
        published_at=act.at,
        published_by_id=act.who.id,
        why=why,
    )
    act.session.add(published)
    act.session.flush()
    return published.id


def keep_holidays(act: Act, calendar: Calendar) -> bool:
    """Keep a snapshot of the bank holidays, once for each content, and begin to bring running cases under a new one.

    Nothing of a case changes here: each council's cases follow one by one, with an entry in each record. Says whether
    the snapshot is new.
    """
    if act.session.get(HolidayList, calendar.version) is not None:
        return False
    before = act.session.scalar(NEWEST_HOLIDAYS)
    body = {
        "name": calendar.name,
        "holidays": {day.isoformat(): label for day, label in sorted(calendar.holidays.items())},
        "known_from": calendar.known_from.isoformat(),
        "known_to": calendar.known_to.isoformat(),
    }
    act.session.add(HolidayList(version=calendar.version, body=body, first_used_at=act.at))
    act.session.flush()
    if before is not None:
        for authority_id in act.session.scalars(select(Authority.id).order_by(Authority.id)).all():
            changes.begin(act, authority_id, "calendar", before, calendar.version)
    return True


def _problems(act: Act, new: NewAuthority) -> dict[str, str]:
    problems = {}
    if not re.fullmatch(r"[a-z][a-z0-9-]*", new.key):
        problems["key"] = "Give the council a short name of small letters, for example northbrook."
    elif act.session.scalar(select(Authority.id).where(Authority.key == new.key)) is not None:
        problems["key"] = f"There is a council called {new.key} already."
    if not new.name.strip():
        problems["name"] = "Enter the council's name."
    if not re.fullmatch(r"[A-Z]{1,4}", new.prefix):
        problems["prefix"] = "References begin with one to four capital letters, for example NB."
    elif act.session.scalar(select(Authority.id).where(Authority.prefix == new.prefix)) is not None:
        problems["prefix"] = f"The references of another council begin with {new.prefix} already."
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", new.colour):
        problems["colour"] = "Give the colour as # and six digits, for example #0b5c62."
    return problems

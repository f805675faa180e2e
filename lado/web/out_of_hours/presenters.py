"""What the pages of the night and the duty pack say: safety in facts, who is on call, and what waits for the day."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from flask import url_for
from markupsafe import Markup

from lado.act import Act
from lado.domain import said
from lado.domain.codes import SAFE_NOW
from lado.domain.night import Stretch
from lado.queries import night_contacts
from lado.queries.duty_packs import Made
from lado.queries.night_contacts import Contact, Listed
from lado.queries.nights import Running, Safety
from lado.queries.on_call import Roster, Senior
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.case_rows import clock_label, initials, shortened
from lado.web.components import Fact
from lado.web.due import point
from lado.web.templating import moment
from workflows.registry import PROCEDURES

Say = Callable[[datetime], str]
"""How an instant is said: on a page as of today, in a file for good."""

NEW_MATTER = "A new matter"
MOST_GAPS = 10


def safety_facts(case: Safety, say: Say, at: datetime) -> list[Fact]:
    """What keeps people safe on one open case as of an instant, the most pressing first."""
    flow = PROCEDURES[case.procedure]
    found = [
        Fact("Are the children safe?", f"{SAFE_NOW[case.safe]}, as the first caller said it"),
        *(Fact(f"What was done ({moment(at)})", words) for at, words in case.steps),
        Fact("Who it is about", ", ".join(filter(None, (case.subject or "Not named", case.role)))),
        Fact("Where", case.setting or "Not known"),
        Fact("Children", ", ".join(case.children) or "None named"),
        Fact("Where it stands", flow.state_by_key[case.state].label),
        Fact("Accountable officer", case.owner or "Nobody"),
        *(Fact(clock_label(flow, clock.key), _due(clock, say, at)) for clock in case.clocks),
    ]
    if case.is_urgent:
        found.insert(0, Fact("Urgent", "A child’s safety is at stake now"))
    return found


def _due(clock: Running, say: Say, at: datetime) -> str:
    return f"Late: was due by {say(clock.due_at)}" if clock.due_at <= at else f"Due by {say(clock.due_at)}"


def case_rows(cases: Iterable[Safety]) -> list[tuple[str, ...]]:
    """Open cases as rows of a table: initials until one is opened."""
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    return [
        (
            link.format(url_for("out_of_hours.case", reference=case.reference), case.reference),
            initials(case.subject),
            shortened(case.setting) or "Not known",
            "Urgent" if case.is_urgent else f"Children safe: {SAFE_NOW[case.safe].lower()}",
            case.owner or "Nobody",
        )
        for case in cases
    ]


def on_call_facts(roster: Roster, at: datetime) -> list[Fact]:
    """Who is on call now and next, and the next time at which nobody is."""
    say = partial(point, at=at)
    nobody = "Nobody" if is_gap(roster, at) else "Nobody: the office is open"
    facts = [
        Fact("On call now", senior_words(roster.now, say) if roster.now else nobody),
        Fact("Next", senior_words(roster.following, say, is_next=True) if roster.following else "Nobody is named"),
    ]
    later = [gap for gap in roster.gaps if gap.from_at > at]
    return [*facts, Fact("Nobody is on call", said.span(*later[0]))] if later else facts


def is_gap(roster: Roster, at: datetime) -> bool:
    """Whether the office is closed now and nobody is on call."""
    return any(gap.from_at <= at < gap.until_at for gap in roster.gaps)


def gap_now(roster: Roster, at: datetime) -> str:
    """That nobody is on call now, where somebody should be; otherwise empty."""
    return "Nobody is on call now. Ring the police on 999 if a child is in danger." if is_gap(roster, at) else ""


def senior_words(senior: Senior, say: Say, *, is_next: bool = False) -> str:
    """Hal Head, 01632 960 009, until 09:00 on Tuesday 3 March."""
    begins = f"from {say(senior.from_at)} " if is_next else ""
    return f"{senior.name}, {senior.phone}, {begins}until {say(senior.until_at)}"


def gap_words(gaps: list[Stretch]) -> list[str]:
    """When nobody is on call outside office hours; the first ones of many."""
    found = [said.span(*gap) for gap in gaps[:MOST_GAPS]]
    more = len(gaps) - MOST_GAPS
    return [*found, f"and {more} more {'night' if more == 1 else 'nights'}"] if more > 0 else found


def shift_rows(seniors: Iterable[Senior], at: datetime) -> list[tuple[Senior, str, str]]:
    """Each time on call: the shift itself, from when and until when."""
    return [(one, point(one.from_at, at), point(one.until_at, at)) for one in seniors]


def waiting_rows(waiting: Iterable[Listed], at: datetime) -> list[tuple[str, ...]]:
    """What waits for the day service, as rows of a table: no name and no word."""
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    return [
        (
            link.format(url_for("from_the_night.show", contact_id=one.id), point(one.happened_at, at)),
            one.reference or NEW_MATTER,
            SAFE_NOW[one.in_danger],
            hand_over_words(one, at),
        )
        for one in waiting
    ]


def waiting_here(act: Act) -> list[tuple[str, ...]]:
    """What waits for the day service on its home page; nothing for those who do not take over."""
    return waiting_rows(night_contacts.waiting(act), act.at) if can(act.who, Permission.NIGHT_TAKE) else []


def hand_over_words(one: Listed, at: datetime) -> str:
    """By when it is to be taken over, or that it should have been, or that it was."""
    if one.accepted_at is not None:
        return f"Taken over at {point(one.accepted_at, at)}"
    if one.due_at <= at:
        return f"Late: was to be taken over by {point(one.due_at, at)}"
    return f"By {point(one.due_at, at)}"


def recorded_rows(recorded: Iterable[Listed], at: datetime) -> list[tuple[str, ...]]:
    """What a worker recorded, as rows of a table."""
    return [
        (point(one.happened_at, at), one.council, one.reference or NEW_MATTER, hand_over_words(one, at))
        for one in recorded
    ]


def contact_facts(found: Contact, at: datetime) -> list[Fact]:
    """One contact from the night, whole."""
    one, words = found.listed, found.words
    case = Fact("About", NEW_MATTER)
    if one.reference:
        case = Fact("About", one.reference, url_for("referrals.show", reference=one.reference), "Open")
    return [
        Fact("When", point(one.happened_at, at)),
        case,
        Fact("Is anyone in danger now?", SAFE_NOW[one.in_danger]),
        Fact("Who rang", ", ".join(filter(None, (words["caller"], words["phone"])))),
        Fact("What they said", words["about"]),
        Fact("What was done in the night", words["done"]),
        Fact("What the day has to do", words["asks"] or "Nothing was asked for"),
        Fact("Recorded by", found.worker),
        Fact("Hand-over", hand_over_words(one, at) + (f" by {found.accepted_by}" if found.accepted_by else "")),
    ]


def pack_cells(pack: Made, at: datetime) -> tuple[str, ...]:
    """A duty pack that was made, as a row of a table."""
    over = " (expired)" if pack.expires_at <= at else ""
    opens = f"{point(pack.expires_at, at)}{over}"
    return point(pack.made_at, at), pack.council, pack.made_by, opens, str(pack.cases)

"""The page of one case as it was known at a past moment, in plain values."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from lado.queries.case_file import CaseFile
from lado.queries.then import CaseThen
from lado.security.identity import SYSTEM, Identity
from lado.web.components import DeadlineView, Place, TimelineItem
from lado.web.due import counted
from lado.web.pictures import Picture
from lado.web.referrals.presenters import CasePage, Identified, case_page, identified
from lado.web.then.differences import Difference, differences
from lado.web.then.moments import Moment, in_words, iso, moment
from workflows.case import Case

UNKNOWABLE = (
    "Names and the heading of the case are today’s: what people were called then is not kept.",
    "Leave that was changed since is shown with its later dates, and standing deputies are today’s. "
    "Leave that was booked or cancelled after this moment is left out.",
    "A page that somebody had open may have been a little older than this moment.",
)
"""What this page cannot know, said plainly."""


@dataclass(frozen=True, slots=True)
class CaseThenPage:
    """Everything on the page. `page` is None while nothing had been recorded; `bar` is then that of the case now."""

    moment: Moment
    bar: Identified
    page: CasePage | None
    entries: str
    steps: tuple[Place, ...]
    twin_href: str
    rows: tuple[tuple[str, str, str], ...]
    is_now: bool
    first: str
    unknowable: tuple[str, ...] = UNKNOWABLE


def case_then_page(found: CaseThen, who: Identity, now: datetime) -> CaseThenPage:
    """Say the case as it was known at the moment. Nobody can act on the past, so it is shown as to one who may not."""
    file, said = found.file, moment(found.at)
    return CaseThenPage(
        said,
        identified(file or found.now, found.at if file else now, who, "then"),
        _page(file, found.at) if file else None,
        _entries(found),
        tuple(_steps(found)),
        _href(found, said.twin) if said.twin and said.twin <= now else "",
        tuple(_row(each) for each in differences(file.case if file else Case(), found.held, found.at, found.now.names)),
        found.at >= found.recorded[-1],
        in_words(found.recorded[0]),
    )


def _page(file: CaseFile, at: datetime) -> CasePage:
    page = case_page(file, SYSTEM, at, whole=True)
    return replace(
        page,
        clocks=tuple(map(_without_way, page.clocks)),
        ended=tuple(map(_without_way, page.ended)),
        picture=_still(page.picture),
        record=_newest_first(page.record),
    )


def _row(each: Difference) -> tuple[str, str, str]:
    return each.what, each.then, each.now


def _newest_first(items: tuple[TimelineItem, ...]) -> tuple[TimelineItem, ...]:
    return items[::-1]


def _without_way(view: DeadlineView) -> DeadlineView:
    """The clock without the way to its page, which says how the date of today was reached."""
    return replace(view, href="")


def _still(picture: Picture) -> Picture:
    return replace(picture, lanes=tuple(replace(lane, line=replace(lane.line, href="")) for lane in picture.lanes))


def _entries(found: CaseThen) -> str:
    known, every = (found.file.events if found.file else 0), found.now.events
    return f"{known} of the {counted(every, 'entry').replace('entrys', 'entries')} of its record had been made."


def _steps(found: CaseThen) -> list[Place]:
    ways = (("Earlier recording", found.earlier), ("Later recording", found.later))
    return [Place(f"{name}: {in_words(at)}", _href(found, at)) for name, at in ways if at is not None]


def _href(found: CaseThen, at: datetime) -> str:
    return url_for("then.case", reference=found.now.reference, at=iso(at))

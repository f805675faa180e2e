"""The bank holidays that clocks are counted with, what a new list changed, and the clocks that a late one concerns."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.models import HolidayReview
from lado.queries import accounts, calendars, changes, holiday_reviews, practices
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import changes as changing
from lado.web.changes import presenters
from lado.web.changes.forms import ReviewForm
from lado.web.guards import needs, reading, save, whoever
from workflows.changing import CALENDAR

bp = Blueprint("calendar", __name__, url_prefix="/settings/calendar")


@bp.get("")
@needs(Permission.RULES_READ)
def home() -> ResponseReturnValue:
    """The days that are not counted, year by year; where the list is from, and what newer lists changed."""
    act = reading()
    authority = act.who.authority or 0
    calendar = practices.in_force(act.session, authority, act.at).calendar
    year = presenters.year_of(request.args.get("year", ""), calendar, act.today)
    kept = calendars.snapshots(act.session)
    listed = changes.listing(act.session, authority, CALENDAR)
    may_review = can(whoever(), Permission.CORRECTION_DECIDE)
    return render_template(
        "changes/calendar.html",
        days=presenters.closed_days(calendar, year),
        years=presenters.years(calendar, year),
        year=year,
        ends=presenters.ends_soon(calendar, act.today),
        snapshots=presenters.snapshot_rows(kept),
        changes=presenters.change_rows(listed, kept, may_look=can(whoever(), Permission.QUALITY_READ)),
        waiting=holiday_reviews.waiting(act.session, authority) if may_review else 0,
    )


@bp.get("/reviews")
@needs(Permission.CORRECTION_DECIDE)
def reviews() -> ResponseReturnValue:
    """The clocks that ended or lapsed over a day announced too late, those first that nobody has looked at."""
    act = reading()
    authority = act.who.authority or 0
    after = request.args.get("after", 0, type=int)
    waiting = holiday_reviews.listing(
        act.session, authority, is_open=True, after=max(0, min(after, holiday_reviews.LARGEST_ID))
    )
    done = holiday_reviews.listing(act.session, authority, is_open=False)
    names = accounts.names_of(act, {row.reviewed_by_id for row in done if row.reviewed_by_id is not None})
    return render_template(
        "changes/reviews.html",
        waiting=presenters.review_rows(waiting, {}),
        done=presenters.review_rows(done, names),
        next_after=waiting[-1].id if len(waiting) == holiday_reviews.SHOWN else None,
    )


@bp.route("/reviews/<hidden:review_id>", methods=["GET", "POST"])
@needs(Permission.CORRECTION_DECIDE, find=holiday_reviews.to_make)
def review(found: HolidayReview) -> ResponseReturnValue:
    """One of them: in time or late, then and with the day counted; what the manager found."""
    form = ReviewForm()
    if request.method == "POST" and form.validate():
        return save(partial(_review, review_id=found.id, note=form.note.data))
    row = holiday_reviews.one(reading().session, found.id)
    page = render_template("changes/review.html", form=form, facts=presenters.review_facts(row))
    return page, 400 if request.method == "POST" else 200


def _review(act: Act, review_id: int, note: str) -> str:
    changing.review(act, review_id, note)
    flash("Recorded: you have looked at it. The clock itself is as it was.")
    return url_for("calendar.reviews")

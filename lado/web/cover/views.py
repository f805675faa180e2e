"""Who is there, where the gaps are, and booking, changing and cancelling an absence."""

from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain import said
from lado.domain.cover import KINDS, Away, Rota, stretches
from lado.domain.rota_changes import applied
from lado.errors import Stale
from lado.queries import accounts, cover, month, practices, presence
from lado.queries.accounts import Person
from lado.queries.month import Booked
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.security.predicates import OFFICERS
from lado.services import cover as arranging
from lado.web.components import Place
from lado.web.cover import presenters
from lado.web.cover.board import Board, view_of
from lado.web.cover.forms import AbsenceForm
from lado.web.cover.spans import Month, Week
from lado.web.fields import choices
from lado.web.gaps.ahead import strip_for, warnings_of
from lado.web.guards import needs, reading, save, whoever
from lado.web.sending import sent
from lado.web.who_has import name_of
from workflows.calendar import Calendar
from workflows.london import london_day

bp = Blueprint("cover", __name__, url_prefix="/cover")

AHEAD = timedelta(weeks=4)
LONGEST_NUMBER = 16
"""Digits that are read of the number of an absence; more are of none."""

BOTH_VERSIONS = "Both versions are below; send yours again."


@bp.get("")
@needs(Permission.COVER_READ)
def home() -> ResponseReturnValue:
    """Who is there now, the gaps ahead, the month or the week, and what is booked."""
    act = reading()
    authority = act.who.authority or 0
    people = cover.officers(act, authority)
    booked = month.coming(act)
    names = _names(act, {person.id: person.name for person in people}, booked)
    practice = practices.in_force(act.session, authority, act.at)
    days = practice.calendar
    owners = [person.id for person in people if person.role in OFFICERS]
    may_change = can(whoever(), Permission.COVER_ARRANGE)
    shown = _shown(act)
    as_list = request.args.get("as") == "list"
    rota = cover.rota(act.session, authority, min(act.at, shown.from_at))
    return render_template(
        "cover/home.html",
        strip=strip_for(act, rota, practice),
        gaps=presenters.gap_sentences(_gaps(act, owners), names, days),
        there=presenters.there_now(people, act.at, rota, names),
        month=view_of(shown, _board(act, shown, people, rota, days, names)),
        as_list=as_list,
        switch=_switch(shown, act, as_list=as_list),
        booked=presenters.absence_rows(booked, names, may_change=may_change),
        may_change=may_change,
    )


def _shown(act: Act) -> Month | Week:
    """The week or the month that was asked for."""
    if request.args.get("view") == "week":
        return Week.read(request.args.get("week", ""), act.today)
    return Month.read(request.args.get("month", ""), act.today)


def _switch(shown: Month | Week, act: Act, *, as_list: bool) -> tuple[Place, ...]:
    """Ways between the month, the week, and the same in words."""
    near = act.today if shown.from_at <= act.at < shown.until_at else shown.first
    week, this_month = Week.read(near.isoformat(), act.today), Month(near.replace(day=1))
    is_week = isinstance(shown, Week)
    return (
        Place("Month", f"{this_month.href}#calendar", not is_week and not as_list),
        Place("Week", f"{week.href}#calendar", is_week and not as_list),
        Place("The same in words", f"{shown.href}&as=list#calendar", as_list),
    )


def _board(
    act: Act, shown: Month | Week, people: list[Person], rota: Rota, days: Calendar, names: dict[int, str]
) -> Board:
    may_list = can(whoever(), Permission.REFERRAL_LIST)  # an administrator sees who is there, and no case
    due = month.falling_due(act, shown.from_at, shown.until_at) if may_list else []
    ids = {person.id for person in people}
    pieces = presence.between(act, act.who.authority or 0, ids, shown.from_at, shown.until_at, rota)
    may_change = can(whoever(), Permission.COVER_ARRANGE)
    return Board(people, pieces, rota, days, due, act.at, names, may_change)


@bp.route("/leave/new", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE)
def book() -> ResponseReturnValue:
    """Book an absence; who would be there is said beside the form, and again when it is saved."""
    act = reading()
    mine = str(act.who.id) if request.method == "GET" else None
    form = _with_choices(AbsenceForm(account=mine))
    return sent(form, partial(_book, form=form), partial(_page, form))


@bp.route("/leave/<int:absence_id>", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE, find=month.absence)
def change(absence: Booked) -> ResponseReturnValue:
    """Change an absence, or see both versions when somebody else did meanwhile."""
    form = _with_choices(_form_of(absence))
    do, page = partial(_change, absence=absence, form=form), partial(_page, form, absence)
    return sent(form, do, page, partial(_overtaken, form, absence.id))


@bp.post("/leave/<int:absence_id>/cancel")
@needs(Permission.COVER_ARRANGE, find=month.absence)
def cancel(absence: Booked) -> ResponseReturnValue:
    """Cancel an absence: the person is there after all."""
    return save(partial(_cancel, absence=absence))


@bp.post("/leave/preview")
@needs(Permission.COVER_ARRANGE)
def preview() -> ResponseReturnValue:
    """Who would be there, as a piece of a page."""
    form = _with_choices(AbsenceForm())
    but = request.form.get("absence", "")
    return render_template("cover/_preview.html", preview=_preview(form, but), warnings=_warnings(form, but))


def _overtaken(form: AbsenceForm, absence_id: int, stale: Stale) -> str:
    form.refuse({"form": f"{stale} {BOTH_VERSIONS}"})
    return _page(form, month.absence(reading(), absence_id), is_stale=True)


def _book(act: Act, form: AbsenceForm) -> str:
    arranged = arranging.book_leave(act, form.answers())
    flash(f"Booked. {arranged.words}")
    return _month_of(arranged.absence.from_at)


def _change(act: Act, absence: Booked, form: AbsenceForm) -> str:
    seen = int(form.seen.data) if (form.seen.data or "").isdigit() else absence.version
    arranged = arranging.change(act, absence.id, form.answers(), seen=seen)
    flash(f"Changed. {arranged.words}")
    return _month_of(arranged.absence.from_at)


def _cancel(act: Act, absence: Booked) -> str:
    arranging.cancel(act, absence.id)
    name = accounts.names_of(act, {absence.account_id}).get(absence.account_id, "")
    flash(f"Cancelled. {name} is there {said.span(absence.from_at, absence.until_at)} after all.")
    return url_for("cover.home")


def _month_of(at: datetime) -> str:
    return Month(london_day(at).replace(day=1)).href


def _form_of(absence: Booked) -> AbsenceForm:
    if request.method == "POST":
        form = AbsenceForm()
        form.account.data = str(absence.account_id)
        return form
    return AbsenceForm(
        account=str(absence.account_id),
        kind=absence.kind,
        from_at=absence.from_at,
        until_at=absence.until_at,
        cover=str(absence.cover_id or ""),
        second=str(absence.second_id or ""),
        seen=str(absence.version),
    )


def _with_choices(form: AbsenceForm) -> AbsenceForm:
    act = reading()
    people = {str(person.id): person.name for person in cover.officers(act, act.who.authority or 0)}
    form.account.choices = choices(people, empty="Choose")
    form.cover.choices = choices(people, empty="Nobody yet")
    form.second.choices = choices(people, empty="Nobody yet")
    return form


def _page(form: AbsenceForm, absence: Booked | None = None, *, is_stale: bool = False) -> str:
    names = {int(choice.value): choice.label for choice in form.account.choices if choice.value}
    if is_stale and absence is not None:
        form.seen.data = str(absence.version)
    return render_template(
        "cover/absence.html",
        form=form,
        absence=absence,
        away=name_of(absence.account_id, names) if absence else "",
        preview=_preview(form, str(absence.id) if absence else ""),
        warnings=_warnings(form, str(absence.id) if absence else ""),
        versions=_versions(form, absence, names) if is_stale and absence else [],
    )


def _versions(form: AbsenceForm, saved: Booked, names: dict[int, str]) -> list[dict[str, str]]:
    mine = form.answers()
    return [
        {"label": "Why", "theirs": KINDS.get(saved.kind, saved.kind), "mine": KINDS.get(mine.kind, mine.kind)},
        {
            "label": "When",
            "theirs": said.span(saved.from_at, saved.until_at),
            "mine": said.span(mine.from_at, mine.until_at),
        },
        {
            "label": "Who covers",
            "theirs": name_of(saved.cover_id, names) if saved.cover_id else "Nobody yet",
            "mine": name_of(mine.cover, names) if mine.cover else "Nobody yet",
        },
        {
            "label": "Who covers when they are not there",
            "theirs": name_of(saved.second_id, names) if saved.second_id else "Nobody yet",
            "mine": name_of(mine.second, names) if mine.second else "Nobody yet",
        },
    ]


def _preview(form: AbsenceForm, but: str) -> str:
    """Who would be there over the absence as typed, asked of the one resolver; empty while too little is known."""
    names, new = _people_of(form), _would_be(form)
    if new is None:
        return ""
    act = reading()
    found = cover.rota(act.session, act.who.authority or 0, min(act.at, new.from_at))
    over = stretches(new.person, new.from_at, new.until_at, applied(found, new, _number(but)))
    people = {person for stretch in over for person in stretch.cover.chain}
    return arranging.in_words(over, names if people <= set(names) else accounts.names_of(reading(), people))


def _warnings(form: AbsenceForm, but: str) -> list[str]:
    """What the absence as typed would leave open, and what would close it; it can be saved all the same."""
    new = _would_be(form)
    return [] if new is None else warnings_of(reading(), new, _number(but))


def _number(text: str) -> int:
    """The number of the absence that is changed; 0 where it is a new one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


def _would_be(form: AbsenceForm) -> Away | None:
    """The absence as typed, for the resolver; None while too little is known."""
    names = _people_of(form)
    new = form.answers() if form.is_ready else None
    if new is None or new.account not in names or not {new.cover, new.second} <= {None, *names}:
        return None
    return Away(new.account, new.from_at, new.until_at, new.cover, new.kind or "leave", second=new.second)


def _people_of(form: AbsenceForm) -> dict[int, str]:
    return {int(choice.value): choice.label for choice in form.account.choices if choice.value}


def _gaps(act: Act, owners: list[int]) -> list[cover.Gap]:
    return cover.gaps(act.session, act.who.authority or 0, owners, act.at, act.at + AHEAD)


def _names(act: Act, names: dict[int, str], booked: list[Booked]) -> dict[int, str]:
    others = {
        person for absence in booked for person in (absence.account_id, absence.cover_id, absence.second_id) if person
    }
    missing = others - set(names)
    return names | accounts.names_of(act, missing) if missing else names

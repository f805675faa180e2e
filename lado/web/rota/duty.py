"""Duty and working hours: who has which day, changes of it for a while, and who works when."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.queries import accounts, cover, swaps
from lado.queries.swaps import Changed
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import rotas
from lado.web.guards import needs, reading, save, whoever
from lado.web.rota import presenters
from lado.web.rota.checked import TOO_LITTLE, offer, page, piece
from lado.web.rota.forms import ALL, THESE, WORKING_DAYS, ChangeForm, DutyForm, PatternForm
from lado.web.sending import sent

bp = Blueprint("duty", __name__, url_prefix="/cover/duty")


@bp.get("")
@needs(Permission.COVER_READ)
def home() -> ResponseReturnValue:
    """The weekly duty, the hours that people work, changes to come, and swaps that somebody could take."""
    act = reading()
    people = cover.officers(act, act.who.authority or 0)
    rota = cover.rota(act.session, act.who.authority or 0, act.at)
    names = {person.id: person.name for person in people}
    may_change = can(whoever(), Permission.COVER_ARRANGE)
    return render_template(
        "rota/duty.html",
        weekly=presenters.weekly_rows(rota, act.today, names),
        hours=presenters.hours_rows(rota, act.today, people, may_change=may_change),
        changes=presenters.change_rows(swaps.coming_changes(act), names),
        swaps=presenters.swap_rows(swaps.open_swaps(act), names),
        may_change=may_change,
    )


@bp.route("/days", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE)
def days() -> ResponseReturnValue:
    """Say who has one rank of duty on which weekday."""
    act = reading()
    form = _duty_form(act)
    show = partial(_show, "rota/days.html", form, rank=presenters.RANKS.get(form.rank.data, presenters.RANKS["1"]))
    return sent(form, partial(_set_days, form=form), show)


@bp.post("/days/preview")
@needs(Permission.COVER_ARRANGE)
def preview_days() -> ResponseReturnValue:
    """What the days as typed would change."""
    form = _duty_form(reading())
    return piece(form.would_be(reading()))


@bp.route("/change", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE)
def change() -> ResponseReturnValue:
    """Add somebody to a duty, take somebody off it or replace somebody, for a stretch of time."""
    form = _change_form(reading())
    return sent(form, partial(_change, form=form), partial(_show, "rota/change.html", form))


@bp.post("/change/preview")
@needs(Permission.COVER_ARRANGE)
def preview_change() -> ResponseReturnValue:
    """What the change as typed would change."""
    return piece(_change_form(reading()).would_be(reading()))


@bp.post("/change/<int:duty_change_id>/cancel")
@needs(Permission.COVER_ARRANGE, find=lambda act, duty_change_id: swaps.duty_change(act, duty_change_id))
def cancel(changed: Changed) -> ResponseReturnValue:
    """Take a change back: the weekly days hold again."""
    return save(partial(_cancel, changed=changed))


@bp.route("/hours", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE)
def hours() -> ResponseReturnValue:
    """Say which hours somebody works."""
    form = _pattern_form(reading())
    again = partial(page, "rota/hours.html", form, form.would_be())
    return sent(form, partial(_set_hours, form=form), again)


@bp.post("/hours/preview")
@needs(Permission.COVER_ARRANGE)
def preview_hours() -> ResponseReturnValue:
    """What the hours as typed would change."""
    return piece(_pattern_form(reading()).would_be())


def _show(template: str, form: DutyForm | ChangeForm, rank: str = "") -> str:
    return page(template, form, form.would_be(reading()), rank=rank)


def _duty_form(act: Act) -> DutyForm:
    rank = request.args.get("rank", "1")
    if request.method == "GET":
        rota = cover.rota(act.session, act.who.authority or 0, act.at)
        held = presenters.holders(rota, 2 if rank == "2" else 1, act.today)
        now = {f"day_{day}": str(held.get(day) or "") for day in range(len(WORKING_DAYS))}
        form = DutyForm(rank="2" if rank == "2" else "1", from_on=act.today, **now)
    else:
        form = DutyForm()
    offer(act, *form.days, empty="Nobody")
    return form


def _change_form(act: Act) -> ChangeForm:
    form = ChangeForm()
    offer(act, form.person)
    offer(act, form.by, empty="Nobody")
    return form


def _pattern_form(act: Act) -> PatternForm:
    account = request.args.get("account", "")
    if request.method == "GET":
        rota = cover.rota(act.session, act.who.authority or 0, act.at)
        week = presenters.week_of(rota, int(account), act.today) if account.isascii() and account.isdigit() else None
        boxes: dict[str, str] = {}
        for day, opening in enumerate(week[: len(WORKING_DAYS)] if week else ()):
            boxes |= {f"begin_{day}": f"{opening[0]:%H:%M}", f"end_{day}": f"{opening[1]:%H:%M}"} if opening else {}
        form = PatternForm(account=account, from_on=act.today, hours=THESE if week else ALL, **boxes)
    else:
        form = PatternForm()
    offer(act, form.account)
    return form


def _set_days(act: Act, form: DutyForm) -> str:
    new = form.answers(act)
    if new is None:
        raise BadInput({"form": TOO_LITTLE})
    saved = rotas.set_duty(act, new)
    flash(f"Saved. {saved.effect.words}")
    return url_for("duty.home")


def _change(act: Act, form: ChangeForm) -> str:
    new = form.answers(act)
    if new is None:
        raise BadInput({"form": TOO_LITTLE})
    saved = rotas.change_duty(act, new)
    flash(f"Saved. {saved.effect.words}")
    return url_for("duty.home")


def _set_hours(act: Act, form: PatternForm) -> str:
    new = form.answers()
    if new is None:
        raise BadInput({"form": TOO_LITTLE})
    saved = rotas.set_pattern(act, new)
    flash(f"Saved. {saved.effect.words}")
    return url_for("duty.home")


def _cancel(act: Act, changed: Changed) -> str:
    try:
        rotas.cancel_change(act, changed.id)
    except Refused as refused:
        flash(str(refused))
        return url_for("duty.home")
    names = accounts.names_of(act, {changed.account_id, changed.by_id or changed.account_id})
    flash(f"Cancelled. {presenters.change_words(changed, names)} holds no more.")
    return url_for("duty.home")

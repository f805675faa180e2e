"""Swapping duty: asking colleagues, taking it, withdrawing it; covering for a colleague; and going sick."""

from functools import partial

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain import said
from lado.domain.rota import REPLACE, Away, DutyChange
from lado.errors import BadInput
from lado.queries import accounts, month, swaps
from lado.queries.month import Booked
from lado.queries.swaps import Swap
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import cover as arranging
from lado.services import swaps as swapping
from lado.web.cover.spans import Month
from lado.web.guards import needs, reading, whoever
from lado.web.rota import presenters
from lado.web.rota.checked import TOO_LITTLE, names_of, offer, page, piece
from lado.web.rota.forms import NothingForm, SickForm, SwapForm, tomorrow
from lado.web.sending import sent
from workflows.london import london_day

bp = Blueprint("swapping", __name__, url_prefix="/cover")


@bp.route("/swaps/new", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE)
def ask() -> ResponseReturnValue:
    """Ask colleagues to take a stretch of somebody's duty."""
    form = _swap_form(reading())
    return sent(form, partial(_ask, form=form), lambda: page("rota/swap_new.html", form, form.would_be(reading())))


@bp.post("/swaps/preview")
@needs(Permission.COVER_ARRANGE)
def preview_swap() -> ResponseReturnValue:
    """What would be so if nobody had the duty."""
    return piece(_swap_form(reading()).would_be(reading()))


@bp.route("/swaps/<int:swap_id>", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE, find=lambda act, swap_id: swaps.swap(act, swap_id))
def take(swap: Swap) -> ResponseReturnValue:
    """What taking a swap would change, and taking it."""
    act = reading()
    would_be = None
    if act.who.id is not None and act.who.id != swap.account_id and swap.state == "open":
        would_be = DutyChange(REPLACE, swap.rank, swap.from_at, swap.until_at, swap.account_id, act.who.id)
    form = NothingForm()
    return sent(form, partial(_take, swap=swap), partial(_swap_page, form, swap, would_be))


@bp.route("/swaps/<int:swap_id>/withdraw", methods=["POST"])
@needs(Permission.SWAP_WITHDRAW, find=lambda act, swap_id: swaps.swap(act, swap_id))
def withdraw(swap: Swap) -> ResponseReturnValue:
    """Say that the duty stays where it is."""
    form = NothingForm()
    return sent(form, partial(_withdraw, swap=swap), partial(_swap_page, form, swap, None))


@bp.route("/leave/<int:absence_id>/take", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE, find=month.absence)
def take_cover(absence: Booked) -> ResponseReturnValue:
    """What covering for a colleague would change, and covering for them."""
    act = reading()
    away = accounts.names_of(act, {absence.account_id}).get(absence.account_id, "")
    span = said.span(absence.from_at, absence.until_at)
    would_be = None
    if act.who.id != absence.account_id and str(act.who.id) in names_of(act) and absence.cover_id is None:
        would_be = Away(absence.account_id, absence.from_at, absence.until_at, act.who.id, absence.kind, absence.id)
    form = NothingForm()
    again = partial(page, "rota/take.html", form, would_be, replaces=absence.id, absence=absence, away=away, span=span)
    return sent(form, partial(_take_cover, absence=absence), again)


@bp.route("/sick", methods=["GET", "POST"])
@needs(Permission.COVER_ARRANGE)
def sick() -> ResponseReturnValue:
    """Go sick today, or say that somebody is, and who covers: in one step."""
    form = _sick_form(reading())
    return sent(form, partial(_sick, form=form), lambda: page("rota/sick.html", form, form.would_be(reading())))


@bp.post("/sick/preview")
@needs(Permission.COVER_ARRANGE)
def preview_sick() -> ResponseReturnValue:
    """What it would change that somebody is sick."""
    return piece(_sick_form(reading()).would_be(reading()))


def _swap_page(form: NothingForm, swap: Swap, would_be: DutyChange | None) -> str:
    """The swap as it stands now: somebody may have settled it since."""
    now = swaps.swap(reading(), swap.id) or swap
    return page(
        "rota/swap.html",
        form,
        would_be,
        swap=now,
        words=presenters.swap_words(now, accounts.names_of(reading(), {now.account_id})),
        is_mine=whoever().id == now.account_id,
        may_withdraw=can(whoever(), Permission.SWAP_WITHDRAW, now),
    )


def _swap_form(act: Act) -> SwapForm:
    form = SwapForm(account=str(act.who.id)) if request.method == "GET" else SwapForm()
    offer(act, form.account)
    return form


def _sick_form(act: Act) -> SickForm:
    is_new = request.method == "GET"
    form = SickForm(account=str(act.who.id), until_at=tomorrow(act)) if is_new else SickForm()
    offer(act, form.account)
    offer(act, form.cover, empty="Nobody yet: the deputy or whoever is on duty is asked")
    return form


def _ask(act: Act, form: SwapForm) -> str:
    new = form.answers()
    if new is None:
        raise BadInput({"until_at": "The duty ends before it begins. Check both dates."})
    swapping.ask(act, new)
    span = said.span(new.from_at, new.until_at)
    flash(f"Asked. Your colleagues are told. Until somebody takes it, the duty {span} stays where it is.")
    return url_for("duty.home")


def _take(act: Act, swap: Swap) -> str:
    taken = swapping.take(act, swap.id)
    flash(f"Taken. {taken.saved.effect.words}")
    return url_for("duty.home")


def _withdraw(act: Act, swap: Swap) -> str:
    swapping.withdraw(act, swap.id)
    flash("Withdrawn. The duty stays where it is.")
    return url_for("duty.home")


def _take_cover(act: Act, absence: Booked) -> str:
    taken = arranging.take(act, absence.id)
    flash(f"Taken. {taken.words}")
    return Month(london_day(absence.from_at).replace(day=1)).href


def _sick(act: Act, form: SickForm) -> str:
    new = form.answers(act)
    if new is None:
        raise BadInput(
            {"until_at": "This day is over already. Enter today or a later day."}
            if form.until_at.data
            else {"form": TOO_LITTLE}
        )
    arranged = arranging.book_leave(act, new)
    flash(f"Recorded. {arranged.words}")
    return url_for("cover.home")

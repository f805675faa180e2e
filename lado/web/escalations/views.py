"""What lapsed and who has it: mine or everyone's, those that found nobody, and what could not be delivered."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import accounts, audit, lapsed, notices, practices, rungs
from lado.queries.lapsed import Told
from lado.queries.rungs import SHOWN, Rung
from lado.security.permissions import Permission
from lado.security.predicates import MANAGERS, OFFICERS
from lado.services import escalations
from lado.web.components import Place
from lado.web.escalations.presenters import Cards, people_in, set_aside_rows, unrecorded_rows
from lado.web.guards import needs, reading, save, whoever
from lado.web.notices.presenters import people_in as people_written_to
from lado.web.notices.presenters import undelivered

bp = Blueprint("escalations", __name__, url_prefix="/escalations")

MINE, ALL, NOBODY = "mine", "all", "nobody"
TITLES = {MINE: "Waiting for my answer", ALL: "Reached lately", NOBODY: "Nobody was there"}


@bp.get("")
@needs(Permission.ESCALATION_READ)
def home() -> ResponseReturnValue:
    """What waits for my answer, what was reached lately, or what found nobody; and what could not be done."""
    act = reading()
    authority = act.who.authority or 0
    show = _chosen(request.args.get("show", ""))
    empty = lapsed.nobody(act.session, authority)
    reached = _reached(act, show, authority, empty)
    failed = notices.failed(act.session, authority, act.at)
    listed = lapsed.lapses(act, [*empty, *reached])
    names = accounts.names_of(act, people_in(listed) | people_written_to(failed))
    cards = Cards(act.at, practices.in_force(act.session, authority, act.at).calendar, names, act.who.id)
    shown = {lapsed.place_of(rung) for rung in reached}
    return render_template(
        "escalations/home.html",
        filters=_filters(show),
        title=TITLES[show],
        show=show,
        cards=[cards.card(lapse) for lapse in listed if lapse.place in shown],
        at_the_end=sum(lapse.is_at_the_end for lapse in listed),
        unrecorded=unrecorded_rows(audit.kept(act.session, authority), act.at),
        set_aside=set_aside_rows(rungs.set_aside(act.session, authority), act.at),
        failed=undelivered(failed, names, act.at, act.who),
        next_url=_next(show, reached),
    )


@bp.post("/<hidden:escalation_id>/acknowledge")
@needs(Permission.REFERRAL_WORK, find=lapsed.found)
def acknowledge(told: Told) -> ResponseReturnValue:
    """Say that one deals with it: with this, and with whatever else one was told of the same clock."""
    return save(partial(_acknowledge, told=told))


def _acknowledge(act: Act, told: Told) -> str:
    for escalation_id in lapsed.to_answer(act, told):
        escalations.acknowledge(act, escalation_id)
    flash(f"{told.reference}: noted that you deal with it. The ladder goes on until the work is recorded on the case.")
    return url_for("escalations.home", show=MINE)


def _reached(act: Act, show: str, authority: int, empty: list[Rung]) -> list[Rung]:
    if show == NOBODY:
        return empty
    if show == ALL:
        return rungs.recent(act.session, authority, before=_before(request.args.get("before", "")))
    return rungs.waiting_for(act.session, act.who.id, act.at) if act.who.id is not None else []


def _chosen(text: str) -> str:
    if text in TITLES:
        return text
    return MINE if whoever().role in OFFICERS | MANAGERS else ALL


def _before(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _filters(show: str) -> list[Place]:
    return [
        Place("Waiting for me", url_for("escalations.home", show=MINE), show == MINE),
        Place("Everyone’s", url_for("escalations.home", show=ALL), show == ALL),
        Place("Nobody was there", url_for("escalations.home", show=NOBODY), show == NOBODY),
    ]


def _next(show: str, reached: list[Rung]) -> str | None:
    if show != ALL or len(reached) < SHOWN:
        return None
    return url_for("escalations.home", show=ALL, before=reached[-1].id)

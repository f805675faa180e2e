"""The partners of a case: who follows it, what each sees now, messages, the outcome, and what waits everywhere."""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.errors import Refused
from lado.models import Referral
from lado.queries import accounts, agencies, partner_views, partner_waiting, portal
from lado.queries.partner_views import FollowedCase, OneMessage
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import partner_messages, partner_outcomes
from lado.web.agencies.presenters import contact_rows
from lado.web.forms import made_from
from lado.web.guards import needs, reading, save, whoever
from lado.web.partners import presenters
from lado.web.partners.forms import AnswerForm, OutcomeForm, SettleForm
from lado.web.portal.presenters import CaseView, case_view
from lado.web.sending import sent

bp = Blueprint("partners", __name__)

PERSON = "/referrals/<reference>/partners/<int:partner_id>"


@bp.get("/partners")
@needs(Permission.REFERRAL_LIST)
def waiting() -> ResponseReturnValue:
    """Which partners wait for us, who never opened our answer, and whose access ends soon?"""
    act = reading()
    lists = partner_waiting.messages(act), partner_waiting.never_opened(act), partner_waiting.ending(act)
    messages, unopened, ending = lists
    names = accounts.names_of(act, partner_waiting.owners_in([*messages, *unopened, *ending]))
    return render_template(
        "partners/waiting.html",
        messages=presenters.waiting_rows(messages[: partner_waiting.SHOWN], names),
        unopened=presenters.unopened_rows(unopened[: partner_waiting.SHOWN], names),
        ending=presenters.ending_rows(ending[: partner_waiting.SHOWN], names),
        more=any(len(found) > partner_waiting.SHOWN for found in lists),
        most=partner_waiting.SHOWN,
    )


@bp.get("/referrals/<reference>/partners")
@needs(Permission.REFERRAL_READ, find=find)
def home(referral: Referral) -> ResponseReturnValue:
    """Who follows this case, what have they opened, what waits, and whom may one speak to?"""
    found = partner_views.followers(reading(), referral)
    views = [presenters.follower_view(referral.reference, one) for one in found]
    known = agencies.contacts_around(reading(), referral.id) if can(whoever(), Permission.AGENCY_KEEP) else []
    return render_template(
        "partners/home.html",
        reference=referral.reference,
        followers=views,
        contacts=[(one.agency, contact_rows(one.contacts)) for one in known],
    )


@bp.get(PERSON)
@needs(Permission.REFERRAL_READ, find=partner_views.find_follower)
def show(found: FollowedCase) -> ResponseReturnValue:
    """What does this partner see now, and what did they see before?"""
    act, referral, one = reading(), found.referral, found.follower
    messages = partner_views.messages_with(act, referral, one.account_id)
    names = accounts.names_of(act, {message.author_id for message in messages if message.author_id is not None})
    return render_template(
        "partners/show.html",
        reference=referral.reference,
        one=presenters.follower_view(referral.reference, one),
        outside=presenters.OUTSIDE,
        case=as_they_see_it(act, found),
        messages=presenters.message_views(referral.reference, messages, one, names),
        seen=presenters.seen_rows(partner_views.seen_by(act, referral.id, one.account_id)),
    )


@bp.route(f"{PERSON}/message", methods=["GET", "POST"])
@needs(Permission.PARTNER_WRITE, find=partner_views.find_follower)
def write(found: FollowedCase) -> ResponseReturnValue:
    """Write to this partner."""
    form = AnswerForm()
    return sent(form, partial(_write, found=found, form=form), partial(_write_page, found, form))


@bp.route(f"{PERSON}/outcome", methods=["GET", "POST"])
@needs(Permission.REFERRAL_DECIDE, find=partner_views.find_follower)
def outcome(found: FollowedCase) -> ResponseReturnValue:
    """Release the outcome to this partner, or keep it from them with a reason."""
    form = OutcomeForm()
    return sent(form, partial(_outcome, found=found, form=form), partial(_outcome_page, found, form))


@bp.post(f"{PERSON}/remind")
@needs(Permission.PARTNER_WRITE, find=partner_views.find_follower)
def remind(found: FollowedCase) -> ResponseReturnValue:
    """Remind this partner of what waits on their page."""
    return save(partial(_remind, found=found))


@bp.route("/referrals/<reference>/partners/messages/<int:message>", methods=["GET", "POST"])
@needs(Permission.PARTNER_WRITE, find=partner_views.find_message)
def settle(found: OneMessage) -> ResponseReturnValue:
    """Say that a message needs no written answer."""
    form = SettleForm()
    page = partial(
        render_template,
        "partners/settle.html",
        form=form,
        reference=found.case.reference,
        one=presenters.follower_view(found.case.reference, found.case.follower),
        message=found.message,
    )
    return sent(form, partial(_settle, found=found, form=form), page)


def as_they_see_it(act: Act, found: FollowedCase) -> CaseView | None:
    """The partner's own page at this moment, by the same template; None where they may not see it any more."""
    case = partner_views.page_of(act, found)
    return case_view(case, [""] * len(case.actions), act.at) if case is not None else None


def _again(found: FollowedCase) -> FollowedCase:
    """The case as it stands now: the reading before ended when saving was tried."""
    return partner_views.find_follower(reading(), found.reference, found.follower.account_id) or found


def _write_page(found: FollowedCase, form: AnswerForm) -> str:
    found = _again(found)
    act, referral, one = reading(), found.referral, found.follower
    messages = partner_views.messages_with(act, referral, one.account_id)
    names = accounts.names_of(act, {message.author_id for message in messages if message.author_id is not None})
    return render_template(
        "partners/write.html",
        form=form,
        seen=referral.events,
        reference=referral.reference,
        one=presenters.follower_view(referral.reference, one),
        messages=presenters.message_views(referral.reference, messages, one, names),
        is_promised=_is_promised(act, found),
    )


def _is_promised(act: Act, found: FollowedCase) -> bool:
    """Whether an update is promised to this partner, so that a message can be it."""
    case = portal.as_seen_by(act, found.reference, found.follower.account_id)
    return case is not None and case.update_due_at is not None


def _outcome_page(found: FollowedCase, form: OutcomeForm) -> str:
    found = _again(found)
    return render_template(
        "partners/outcome.html",
        form=form,
        seen=found.referral.events,
        reference=found.reference,
        one=presenters.follower_view(found.reference, found.follower),
        outcomes=presenters.outcome_facts(found.follower.release),
        stands=presenters.outcome_words(found.follower.release),
    )


def _page_of(found: FollowedCase) -> str:
    return url_for("partners.show", reference=found.reference, partner_id=found.follower.account_id)


def _write(act: Act, found: FollowedCase, form: AnswerForm) -> str:
    seen = made_from(found.referral.events)
    partner_id, message, is_update = found.follower.account_id, form.message.data or "", bool(form.is_update.data)
    partner_messages.answer(act, found.referral.id, partner_id, message, is_update=is_update, seen=seen)
    flash(f"Sent. It is on their page now. {presenters.told_how(found.follower)}")
    return _page_of(found)


def _outcome(act: Act, found: FollowedCase, form: OutcomeForm) -> str:
    seen = made_from(found.referral.events)
    referral_id, partner_id, why = found.referral.id, found.follower.account_id, form.why.data or ""
    if form.is_release:
        partner_outcomes.release(act, referral_id, partner_id, why, seen=seen)
        flash(f"Released. It is on their page now. {presenters.told_how(found.follower)}")
    else:
        partner_outcomes.withhold(act, referral_id, partner_id, why, seen=seen)
        flash("The outcome is kept from them until somebody releases it to them.")
    return _page_of(found)


def _remind(act: Act, found: FollowedCase) -> str:
    try:
        partner_messages.remind(act, found.referral.id, found.follower.account_id)
        flash("Reminded. The e-mail names nobody and leads to their page.")
    except Refused as refused:
        flash(str(refused))
    return _page_of(found)


def _settle(act: Act, found: OneMessage, form: SettleForm) -> str:
    partner_messages.settle(act, found.case.referral.id, found.message.number, form.why.data or "")
    flash("The message does not wait any more. Why stands in the record.")
    return _page_of(found.case)

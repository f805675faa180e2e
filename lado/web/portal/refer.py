"""Referring on line: four questions, a list of parts, what was written to be checked, and a receipt."""

from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lado.act import Act
from lado.domain import online, self_check
from lado.domain.online import PARTS
from lado.errors import BadInput
from lado.queries import portal, portal_referrer
from lado.queries.portal import PortalCase
from lado.security.permissions import Permission
from lado.services import online_drafts, online_referrals
from lado.services.online_drafts import Fields, Written
from lado.web.forms import Form
from lado.web.guards import needs, reading, save
from lado.web.portal import refer_presenters as presenters
from lado.web.portal.refer_forms import FORMS, MOST_CHILDREN, CheckForm, SendForm, WhatForm
from lado.web.sending import sent

bp = Blueprint("referring", __name__, url_prefix="/portal")

NOT_WHOLE = "Something is not right any more in: {}. Open it, mend it and come back."
KEPT = "Saved. It waits here for you for 28 days. Nothing has been sent to us yet."
SENT_APART = "We have received your referral. An officer rings you about it."


class PartInHand(NamedTuple):
    """One part of the referral that somebody is writing; `written` is None where they have not begun."""

    key: str
    written: Written | None


def part_in_hand(act: Act, part: str) -> PartInHand | None:
    """A part by the name in its address, or None where no part is called that."""
    return PartInHand(part, online_drafts.written(act)) if part in PARTS else None


@bp.get("/refer")
@needs(Permission.REFERRAL_SEND)
def home() -> ResponseReturnValue:
    """What do you need from me?"""
    written = online_drafts.written(reading())
    if written is None:
        return redirect(url_for("referring.check"))
    addresses = {key: url_for("referring.part", part=key) for key in PARTS}
    return render_template(
        "portal/refer/home.html",
        tasks=presenters.tasks(written, addresses),
        is_whole=not written.missing,
        files=len(online_drafts.files_of(reading())),
    )


@bp.route("/refer/check", methods=["GET", "POST"])
@needs(Permission.REFERRAL_SEND)
def check() -> ResponseReturnValue:
    """Is this for the designated officer? The answers advise; whoever is unsure goes on."""
    form = CheckForm()
    council = portal_referrer.referrer(reading()).council
    if request.method != "POST" or not form.validate():
        return render_template(
            "portal/refer/check.html", form=form, back=url_for("portal.home")
        ), 400 if form.errors else 200
    answers = form.answers()
    advice = self_check.advise(answers, council)
    if "go_on" not in request.form and (advice.is_danger or not advice.is_for_us):
        return render_template("portal/refer/advice.html", form=form, advice=advice, back=url_for("referring.check"))

    def begin(act: Act) -> str:
        online_drafts.begin(act, answers)
        return url_for("referring.home")

    return save(begin)


@bp.route("/refer/<part>", methods=["GET", "POST"])
@needs(Permission.REFERRAL_SEND, find=part_in_hand)
def part(found: PartInHand) -> ResponseReturnValue:
    """One part: kept when it is whole, or as far as it is for later."""
    if found.written is None:
        return redirect(url_for("referring.home"))
    form = _of(found.key) if request.method == "POST" else _begun(found.key, found.written)
    is_later = "later" in request.form

    def keep(act: Act) -> str:
        problems = _date_problems(form, found.written, act)
        if problems and not is_later:
            raise BadInput(problems)
        online_drafts.keep(act, found.key, _typed(form), is_whole=not problems and bool(form.validate()))
        if is_later:
            flash(KEPT)
        return url_for("referring.home")

    def page() -> str:
        return render_template(
            f"portal/refer/{found.key}.html",
            form=form,
            title=PARTS[found.key],
            me=portal_referrer.referrer(reading()),
            may_add_child=len(form.children.entries) < MOST_CHILDREN if "children" in form else False,
        )

    if "add_child" in request.form and "children" in form:
        if len(form.children.entries) < MOST_CHILDREN:
            form.children.append_entry()
        return page()
    if is_later:
        return save(keep)
    return sent(form, keep, page)


@bp.route("/refer/send", methods=["GET", "POST"])
@needs(Permission.REFERRAL_SEND)
def send() -> ResponseReturnValue:
    """Check everything, and send it."""
    written = online_drafts.written(reading())
    if written is None and request.method == "POST":
        return save(lambda act: url_for("referring.home"))  # a second sending leads where the first one did
    if written is None or written.missing:
        return redirect(url_for("referring.home"))
    forms = {key: _stored(key, written.parts[key].fields) for key in PARTS}
    wrong = [PARTS[key] for key, stored in forms.items() if not stored.validate()]
    form = SendForm()
    if wrong:
        form.refuse({"form": NOT_WHOLE.format("; ".join(wrong))})

    def pass_on(act: Act) -> str:
        if wrong:
            raise BadInput({"form": NOT_WHOLE.format("; ".join(wrong))})
        referral = online_referrals.send(act, presenters.answers(forms))
        if online_referrals.may_follow(act, referral):
            return url_for("referring.received", reference=referral.reference)
        flash(SENT_APART)
        return url_for("portal.home")

    def page() -> str:
        parts = [
            (title, presenters.facts(forms[key], url_for("referring.part", part=key))) for key, title in PARTS.items()
        ]
        files = [one.name for one in online_drafts.files_of(reading())]
        me = portal_referrer.referrer(reading())
        return render_template("portal/refer/send.html", form=form, parts=parts, me=me, files=files)

    return sent(form, pass_on, page)


@bp.route("/refer/throw-away", methods=["GET", "POST"])
@needs(Permission.REFERRAL_SEND)
def throw_away() -> ResponseReturnValue:
    """Throw away what was written, after being asked once more."""
    if online_drafts.written(reading()) is None:
        return redirect(url_for("portal.home"))
    form = SendForm()

    def do(act: Act) -> str:
        online_drafts.throw_away(act)
        flash("What you had written is thrown away. Nothing was sent to us.")
        return url_for("portal.home")

    return sent(form, do, lambda: render_template("portal/refer/throw_away.html", form=form))


@bp.get("/<reference>/received")
@needs(Permission.PORTAL_READ, find=portal.case)
def received(found: PortalCase) -> ResponseReturnValue:
    """The receipt: the reference, what happens next, and by when."""
    return render_template("portal/refer/received.html", case=found)


def _begun(key: str, written: Written) -> Any:
    """The form of a part as it was kept, or with what is known already."""
    if key in written.parts:
        return _stored(key, written.parts[key].fields, is_sent=True)
    me = portal_referrer.referrer(reading())
    known = {"source": online.SOURCES_OF.get(me.kind), "phone": me.phone} if key == online.YOU else {}
    return _of(key, formdata=None, **known)


def _stored(key: str, fields: Fields, *, is_sent: bool = False) -> Any:
    """The form of a part from what was kept; it has a token of its own only where it is to be sent."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    return _of(key, formdata=MultiDict(pairs), meta={"csrf": is_sent})


def _of(key: str, **given: Any) -> Any:
    """The form of a part. Where somebody works is asked only of those whose account does not say it."""
    form = FORMS[key](**given)
    if key == online.YOU and portal_referrer.referrer(reading()).agency != online.ON_LINE:
        del form["organisation"]
    return form


def _typed(form: Form) -> dict[str, list[str]]:
    """What was typed into the fields of this form, and nothing else that was sent."""
    names = tuple(name for name in form._fields if name != "csrf_token")
    return {
        name: values
        for name, values in request.form.lists()
        if any(name == known or name.startswith(f"{known}-") for known in names)
    }


def _date_problems(form: Any, written: Written | None, act: Act) -> dict[str, str]:
    """What the dates of this part cannot be; a date that is no date at all is not asked about."""
    if not isinstance(form, WhatForm) or written is None or form.incident.process_errors:
        return {}
    you = written.parts.get(online.YOU)
    return form.date_problems(act.at, is_employer=you is not None and "employer" in you.fields.get("source", ()))

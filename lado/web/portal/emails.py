"""A partner chooses whether we e-mail them when there is something new for them to read."""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import portal_news
from lado.security.permissions import Permission
from lado.services import partner_news
from lado.web.guards import needs, reading, save
from lado.web.portal.forms import YES, NewsForm, said_of
from lado.web.sending import tried

bp = Blueprint("portal_emails", __name__, url_prefix="/portal/emails")

SAVED = "Saved. We e-mail you when there is something new for you to read."
SAVED_NONE = "Saved. We do not e-mail you when there is something new. Look here for it, or ring us."


@bp.get("")
@needs(Permission.PORTAL_READ)
def show() -> ResponseReturnValue:
    """May they e-mail me when there is something new?"""
    return _page(NewsForm(news=said_of(portal_news.chosen(reading()))))


@bp.post("")
@needs(Permission.PORTAL_READ)
def choose() -> ResponseReturnValue:
    """Choose."""
    form = NewsForm()
    return tried(form, partial(save, partial(_choose, form=form)), partial(_page, form))


def _page(form: NewsForm) -> str:
    return render_template("portal/emails.html", form=form)


def _choose(act: Act, form: NewsForm) -> str:
    wants = form.news.data == YES
    partner_news.choose(act, wants=wants)
    flash(SAVED if wants else SAVED_NONE)
    return url_for("portal.home")
